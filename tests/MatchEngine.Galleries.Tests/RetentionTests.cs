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
}
