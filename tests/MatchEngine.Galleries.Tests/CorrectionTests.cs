using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;

namespace MatchEngine.Galleries.Tests;

public class CorrectionTests
{
    private static readonly byte[] Photo = FakeImage.Of(new FakeFace(1));

    [Fact]
    public async Task A_correction_is_in_the_next_list_and_what_was_wrong_is_nowhere()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", Photo, ("name", "wrong name"), ("sex", "F"), ("note", "wrong note"));
        var encounter = test.Search(Photo).Candidates.Single().Encounter.Id;

        Assert.True(
            test.Gallery.CorrectSubject(
                "anna", new Dictionary<string, string?> { ["name"] = "right", ["note"] = null, ["age"] = "4" }, NoAudit.Record));
        Assert.True(test.Gallery.CorrectEncounter(
            encounter, new Dictionary<string, string?> { ["name"] = "right", ["note"] = null }, NoAudit.Record));

        var candidate = test.Search(Photo).Candidates.Single();
        Assert.Equal([new("name", "right"), new("sex", "F"), new("age", "4")], candidate.Biographics);
        Assert.Equal([new("name", "right"), new("sex", "F")], candidate.Encounter.Metadata);
        Assert.False(FolderBytes.Contain(test.Data, "wrong n"u8));
        Assert.False(test.Gallery.CorrectSubject("nobody", new Dictionary<string, string?>(), NoAudit.Record));
        Assert.False(test.Gallery.CorrectEncounter("none", new Dictionary<string, string?>(), NoAudit.Record));
    }

    [Fact]
    public async Task Enrolling_again_does_not_undo_a_correction()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", Photo, ("name", "wrong"));
        test.Gallery.CorrectSubject("anna", new Dictionary<string, string?> { ["name"] = "right" }, NoAudit.Record);

        await test.EnrolAsync("anna", Photo, ("name", "wrong"));

        Assert.Equal("right", test.Gallery.FindSubject("anna")!.Biographics["name"]);
    }

    [Fact]
    public async Task Corrections_of_an_encrypted_gallery_are_encrypted()
    {
        using var folder = new TemporaryFolder();
        var extractor = new FakeExtractor();
        using var gallery = SqliteDataFolder.Open(
            folder, keys: DataKeys.Parse(new string('a', 64), "test")).Create("g", extractor.Model, NoAudit.Record);
        await gallery.EnrolAsync(extractor, new ListSource([TestGallery.Item("anna", Photo, ("name", "wrong"))]), NoAudit.Next);

        gallery.CorrectSubject("anna", new Dictionary<string, string?> { ["name"] = "corrected value" }, NoAudit.Record);

        Assert.Equal("corrected value", gallery.FindSubject("anna")!.Biographics["name"]);
        Assert.False(FolderBytes.Contain(folder, "corrected value"u8));
    }
}
