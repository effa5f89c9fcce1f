using System.Text;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;

namespace MatchEngine.Galleries.Tests;

public class SubjectLinkTests
{
    private static readonly DateTimeOffset Entered = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task A_link_is_seen_from_both_sides_is_replaced_by_the_next_one_and_taken_out_from_either()
    {
        using var test = await FilledAsync();
        Assert.True(test.Gallery.Link("b", Link("a", "first"), NoAudit.Record));
        Assert.True(test.Gallery.Link("a", Link("b", "second"), NoAudit.Record));
        Assert.True(test.Gallery.Link("a", Link("c", "third"), NoAudit.Record));
        Assert.Equal([Link("b", "second"), Link("c", "third")], test.Gallery.Links("a"));
        Assert.Equal([Link("a", "second")], test.Gallery.Links("b"));
        Assert.True(test.Gallery.Unlink("b", "a", NoAudit.Record));
        Assert.False(test.Gallery.Unlink("b", "a", NoAudit.Record));
        Assert.Empty(test.Gallery.Links("b"));
        Assert.False(test.Gallery.Link("a", Link("nobody", ""), NoAudit.Record));
        Assert.Throws<ArgumentException>(() => test.Gallery.Link("a", Link("a", ""), NoAudit.Record));
    }

    [Fact]
    public async Task A_link_goes_with_either_subject_and_does_not_come_back_with_its_id()
    {
        using var test = await FilledAsync();
        test.Gallery.Link("a", Link("b", "a note that nobody may find again"), NoAudit.Record);
        test.Gallery.RemoveSubject("b", NoAudit.Record);
        await test.EnrolAsync("b", FakeImage.Of(new FakeFace(2)));
        Assert.Empty(test.Gallery.Links("a"));
        Assert.Empty(test.Gallery.Links("b"));
        Assert.False(FolderBytes.Contain(test.Data, Encoding.UTF8.GetBytes("a note that nobody")));
    }

    [Fact]
    public async Task Links_are_in_the_archive_of_the_gallery()
    {
        using var test = await FilledAsync();
        test.Gallery.Link("a", Link("b", "kin"), NoAudit.Record);
        using var archive = new MemoryStream();
        test.Catalog.Export(TestGallery.Name, archive);
        using var elsewhere = new TemporaryFolder();
        using var restored = SqliteDataFolder.Open(elsewhere).Restore(archive, NoAudit.Record);
        Assert.Equal([Link("b", "kin")], restored.Links("a"));
    }

    [Fact]
    public async Task Their_notes_are_encrypted_where_biographics_are_and_sealed_anew_under_a_new_key()
    {
        var (old, anew) = (new string('a', 64), new string('b', 64));
        using var folder = new TemporaryFolder();
        using (var gallery = SqliteDataFolder.Open(
            folder, keys: DataKeys.Parse(old, "test")).Create("g", new FakeExtractor().Model, NoAudit.Record))
        {
            await gallery.EnrolAsync(
                new FakeExtractor(),
                new ListSource([.. new[] { "a", "b" }.Select((id, i) => TestGallery.Item(id, FakeImage.Of(new FakeFace(i))))]),
                    NoAudit.Next);
            gallery.Link("b", Link("a", "told in confidence"), NoAudit.Record);
        }
        Assert.False(FolderBytes.Contain(folder, Encoding.UTF8.GetBytes("told in confidence")));
        using (var gallery = SqliteDataFolder.Open(folder, keys: DataKeys.Parse($"{anew}\n{old}", "test")).Open("g"))
            gallery.Rekey(NoAudit.Next);
        using (var gallery = SqliteDataFolder.Open(folder, keys: DataKeys.Parse(anew, "test")).Open("g"))
            Assert.Equal("told in confidence", Assert.Single(gallery.Links("a")).Note);
        using var locked = SqliteDataFolder.Open(folder).Open("g");
        Assert.Equal(StoreFault.WrongKey, Assert.Throws<StoreException>(() => locked.Links("a")).Fault);
    }

    private static SubjectLink Link(string other, string note) => new(other, note, "somebody", Entered);

    private static async Task<TestGallery> FilledAsync()
    {
        var test = new TestGallery();
        foreach (var (place, id) in new[] { "c", "a", "b" }.Index())
            await test.EnrolAsync(id, FakeImage.Of(new FakeFace(place)));
        return test;
    }
}
