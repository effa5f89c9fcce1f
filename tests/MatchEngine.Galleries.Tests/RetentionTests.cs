using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;

namespace MatchEngine.Galleries.Tests;

public class RetentionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(RetentionBasis.Enrolled)]
    [InlineData(RetentionBasis.Captured)]
    public async Task What_has_expired_goes_with_everything_and_the_rest_stays(RetentionBasis basis)
    {
        using var folder = new TemporaryFolder();
        var (clock, extractor) = (new TestClock(Start), new FakeExtractor());
        using var gallery = SqliteDataFolder.Open(folder, clock).Create(
            "g", extractor.Model, NoAudit.Record, new GalleryProperties { Retention = new RetentionRule(10, basis) });
        // 2,500 subjects are more than a batch; of every fifth the newer encounter stays.
        var day = basis == RetentionBasis.Captured ? "2025-12-20" : "2026-12-20";
        await gallery.EnrolAsync(extractor, new ListSource(Enumerable.Range(0, 2500).Select(
            i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i)), (RetentionRule.CaptureKey, day), ("note", "old note")))),
                NoAudit.Next);
        clock.Now += TimeSpan.FromDays(5);
        await gallery.EnrolAsync(extractor, new ListSource(Enumerable.Range(0, 500).Select(
            i => TestGallery.Item($"S{5 * i}", FakeImage.Of(new FakeFace(5 * i, 1)), (RetentionRule.CaptureKey, "2026-01-04")))),
                NoAudit.Next);
        gallery.Load();

        Assert.Equal((0, 0), gallery.PurgeExpired(basis == RetentionBasis.Captured ? Start.AddDays(-3) : Start.AddDays(9), NoAudit.Next));
        Assert.Equal((2500, 2000), gallery.PurgeExpired(Start.AddDays(10), NoAudit.Next));

        Assert.Equal((500, 500), (gallery.Summarize().Subjects, gallery.Summarize().Encounters));
        Assert.Equal(500, gallery.Load());
        Assert.DoesNotContain(
            gallery.Search(extractor, FakeImage.Of(new FakeFace(1)), new SearchOptions { ListLength = 1000 }).Candidates,
            candidate => candidate.SubjectId == "S1");
        Assert.False(FolderBytes.Contain(folder.Sub("galleries"), "S2499"u8));
    }

    [Fact]
    public async Task Without_a_rule_nothing_expires()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));

        Assert.Equal((0, 0), test.Gallery.PurgeExpired(DateTimeOffset.MaxValue, NoAudit.Next));
    }

    [Theory]
    [InlineData(RetentionBasis.Enrolled)]
    [InlineData(RetentionBasis.Captured)]
    public async Task What_has_expired_is_not_there_before_it_is_removed(RetentionBasis basis)
    {
        using var folder = new TemporaryFolder();
        var (clock, extractor) = (new TestClock(Start), new FakeExtractor());
        var catalog = SqliteDataFolder.Open(folder, clock);
        using var gallery = catalog.Create(
            "g", extractor.Model, NoAudit.Record, new GalleryProperties { Retention = new RetentionRule(10, basis) });
        // More than a search comes upon at once; the newer encounter of S7 and all of S999 stay.
        await gallery.EnrolAsync(
            extractor,
            new ListSource(Enumerable.Range(0, 60).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))), NoAudit.Next);
        clock.Now += TimeSpan.FromDays(5);
        await gallery.EnrolAsync(
            extractor,
            new ListSource([
                TestGallery.Item("S7", FakeImage.Of(new FakeFace(7, 1))), TestGallery.Item("S999", FakeImage.Of(new FakeFace(999)))]),
            NoAudit.Next);
        var (old, young) = (gallery.FindSubject("S1")!.Encounters[0].Id, gallery.FindSubject("S7")!.Encounters);
        clock.Now = Start.AddDays(10).AddTicks(-1);
        Assert.Equal(61, Found().Count);
        Assert.NotNull(gallery.FindEncounter(old));
        var template = gallery.FindTemplate(old);
        Assert.NotNull(template);
        template.Value.Template.Template.Erase();

        clock.Now = Start.AddDays(10);

        Assert.Equal(["S7", "S999"], Found().Order(StringComparer.Ordinal));
        Assert.Equal(["S7", "S999"], gallery.Subjects().Select(subject => subject.Id).Order(StringComparer.Ordinal));
        Assert.Null(gallery.FindSubject("S1"));
        Assert.Null(gallery.FindEncounter(old));
        Assert.Null(gallery.FindTemplate(old));
        Assert.Null(gallery.ReadPhoto(old));
        Assert.Null(gallery.ReadFace(old));
        Assert.Equal([young[1].Id], gallery.FindSubject("S7")!.Encounters.Select(encounter => encounter.Id));
        // One that opens the gallery only now finds as little, and a rule that keeps longer brings all of it back.
        using (var another = catalog.Open("g"))
            Assert.Equal(2, another.Search(extractor, FakeImage.Of(new FakeFace(1)), All).Candidates.Count);
        Assert.Equal(62, gallery.Summarize().Encounters);
        using (var archive = new MemoryStream())
        {
            catalog.Export("g", archive);
            archive.Position = 0;
            using var copy = catalog.Restore(archive, NoAudit.Record, "copy");
            Assert.Equal((2, 2), (copy.Summarize().Subjects, copy.Summarize().Encounters));
        }
        gallery.SetProperties(new GalleryProperties { Retention = new RetentionRule(11, basis) }, NoAudit.Record);
        Assert.Equal(61, Found().Count);
        gallery.SetProperties(new GalleryProperties { Retention = new RetentionRule(10, basis) }, NoAudit.Record);
        Assert.Equal(2, Found().Count);
        Assert.Equal((60, 59), gallery.PurgeExpired(clock.Now, NoAudit.Next));
        Assert.Equal(2, Found().Count);
        Assert.Equal(2, gallery.Load());

        List<string> Found() =>
            [.. gallery.Search(extractor, FakeImage.Of(new FakeFace(1)), All).Candidates.Select(candidate => candidate.SubjectId)];
    }

    [Fact]
    public async Task An_index_in_a_file_neither_keeps_nor_loses_what_has_expired()
    {
        using var folder = new TemporaryFolder();
        var (clock, extractor) = (new TestClock(Start), new FakeExtractor());
        var catalog = SqliteDataFolder.Open(folder, clock);
        using (var gallery = catalog.Create(
            "g", extractor.Model, NoAudit.Record, new GalleryProperties { Retention = new RetentionRule(10) }))
        {
            await gallery.EnrolAsync(
                extractor,
                new ListSource(Enumerable.Range(0, 5001).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))),
                NoAudit.Next);
            gallery.Load();
        }
        Assert.True(File.Exists(folder.Sub("galleries", "g", "gallery.index")));
        clock.Now = Start.AddDays(10);
        var warnings = new List<string>();
        using (var gallery = catalog.Open("g"))
        {
            gallery.IndexWarned += warnings.Add;
            Assert.Empty(gallery.Search(extractor, FakeImage.Of(new FakeFace(1)), All).Candidates);
            gallery.SetProperties(new GalleryProperties(), NoAudit.Record);
            Assert.Equal("S1", gallery.Search(extractor, FakeImage.Of(new FakeFace(1)), All).Candidates[0].SubjectId);
        }
        using (var gallery = catalog.Open("g"))
        {
            gallery.IndexWarned += warnings.Add;
            Assert.Equal("S1", gallery.Search(extractor, FakeImage.Of(new FakeFace(1)), All).Candidates[0].SubjectId);
        }
        Assert.Empty(warnings);
    }

    private static SearchOptions All => new() { ListLength = 1000 };
}
