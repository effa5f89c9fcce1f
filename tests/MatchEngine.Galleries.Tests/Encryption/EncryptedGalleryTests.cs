using System.Text;
using Dapper;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Galleries.Tests.Encryption;

public class EncryptedGalleryTests
{
    private static readonly string Old = new('a', 64);
    private static readonly string New = new('b', 64);
    private static readonly byte[] Photo = FakeImage.Picture("a salt to look for", new FakeFace(1));

    [Fact]
    public async Task Images_and_biographics_are_on_the_disk_encrypted_and_come_back_in_the_clear()
    {
        using var folder = new TemporaryFolder();
        byte[] face;
        using (var gallery = await FilledAsync(folder, DataKeys.Parse(Old, "test")))
        {
            var candidate = gallery.Search(new FakeExtractor(), Photo).Candidates[0];
            Assert.Equal([new("name", "Hildegard"), new("town", "Bingen")], candidate.Biographics);
            Assert.Equal([new("name", "Hildegard")], candidate.Encounter.Metadata);
            Assert.Equal(Photo, gallery.ReadPhoto(candidate.Encounter.Id));
            face = gallery.ReadFace(candidate.Encounter.Id)!;
            Assert.Equal([0xFF, 0xD8], face.Take(2));
            Assert.Equal("Hildegard", gallery.FindSubject("S1")!.Biographics["name"]);
        }

        foreach (var secret in new[] { "Hildegard", "Bingen", "a salt to look for" })
            Assert.False(FolderBytes.Contain(folder, Encoding.UTF8.GetBytes(secret)), secret);
        // As much of it as does not come about by chance in what is sealed.
        Assert.False(FolderBytes.Contain(folder, face.AsSpan(0, 16)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cc")]
    public async Task Without_the_right_key_nothing_is_shown_and_nothing_is_written(string? pair)
    {
        using var folder = new TemporaryFolder();
        var right = DataKeys.Parse(Old, "test");
        (await FilledAsync(folder, right)).Dispose();
        var keys = pair is null ? null : DataKeys.Parse(string.Concat(Enumerable.Repeat(pair, 32)), "test");
        using var gallery = SqliteDataFolder.Open(folder, keys: keys).Open("g");
        var id = EncounterId.Of("S1", System.Security.Cryptography.SHA256.HashData(Photo), 1);

        foreach (var error in new[]
        {
            Assert.Throws<StoreException>(() => gallery.Search(new FakeExtractor(), Photo)),
            Assert.Throws<StoreException>(() => gallery.ReadPhoto(id)),
            Assert.Throws<StoreException>(() => gallery.ReadFace(id)),
            await Assert.ThrowsAsync<StoreException>(
                () => gallery.EnrolAsync(
                    new FakeExtractor(), new ListSource([TestGallery.Item("new", FakeImage.Of(new FakeFace(9)))]), NoAudit.Next)),
        })
        {
            Assert.Equal(StoreFault.WrongKey, error.Fault);
            Assert.Contains(right.CurrentId, error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(2, gallery.Summarize().Subjects);
        Assert.True(gallery.RemoveSubject("S2", NoAudit.Record));
    }

    [Fact]
    public async Task A_value_moved_to_another_row_is_refused()
    {
        using var folder = new TemporaryFolder();
        var keys = DataKeys.Parse(Old, "test");
        (await FilledAsync(folder, keys)).Dispose();
        using (var connection = new SqliteConnection($"Data Source={folder.Sub("galleries", "g", "gallery.db")};Pooling=False"))
            connection.Execute(
                "UPDATE subject SET biographics = (SELECT biographics FROM subject WHERE subject_id = 'S1') WHERE subject_id = 'S2'");
        using var gallery = SqliteDataFolder.Open(folder, keys: keys).Open("g");

        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreException>(() => gallery.FindSubject("S2")).Fault);
        Assert.NotNull(gallery.FindSubject("S1"));
    }

    [Fact]
    public async Task A_gallery_in_the_clear_is_encrypted_by_rekeying_and_a_key_can_be_replaced()
    {
        using var folder = new TemporaryFolder();
        (await FilledAsync(folder, null)).Dispose();
        Assert.True(FolderBytes.Contain(folder, "Hildegard"u8));

        using (var gallery = SqliteDataFolder.Open(folder, keys: DataKeys.Parse(Old, "test")).Open("g"))
        {
            // Two subjects, three encounters, three photos with a face each.
            Assert.Equal(11, gallery.Rekey(NoAudit.Next));
            Assert.Equal(0, gallery.Rekey(NoAudit.Next));
        }
        Assert.False(FolderBytes.Contain(folder, "Hildegard"u8));
        Assert.False(FolderBytes.Contain(folder, "a salt to look for"u8));

        using (var gallery = SqliteDataFolder.Open(folder, keys: DataKeys.Parse($"{New} {Old}", "test")).Open("g"))
            Assert.Equal(11, gallery.Rekey(NoAudit.Next));
        using (var gallery = SqliteDataFolder.Open(folder, keys: DataKeys.Parse(New, "test")).Open("g"))
        {
            var candidate = gallery.Search(new FakeExtractor(), Photo).Candidates[0];
            Assert.Equal("Hildegard", candidate.Biographics["name"]);
            Assert.Equal(Photo, gallery.ReadPhoto(candidate.Encounter.Id));
        }
        using (var gallery = SqliteDataFolder.Open(folder, keys: DataKeys.Parse(Old, "test")).Open("g"))
            Assert.Equal(StoreFault.WrongKey, Assert.Throws<StoreException>(() => gallery.FindSubject("S1")).Fault);
        using (var gallery = SqliteDataFolder.Open(folder).Open("g"))
            Assert.Throws<InvalidOperationException>(() => gallery.Rekey(NoAudit.Next));
    }

    private static async Task<Gallery> FilledAsync(string folder, DataKeys? keys)
    {
        var extractor = new FakeExtractor();
        var gallery = SqliteDataFolder.Open(folder, keys: keys).Create("g", extractor.Model, NoAudit.Record);
        var report = await gallery.EnrolAsync(
            extractor,
            new ListSource(
            [
                TestGallery.Item("S1", Photo, ("name", "Hildegard")),
                TestGallery.Item("S1", FakeImage.Picture("2", new FakeFace(1, 1)), ("town", "Bingen")),
                TestGallery.Item("S2", FakeImage.Picture("3", new FakeFace(2))),
            ]), NoAudit.Next,
            new EnrolmentOptions { KeepImages = true });
        Assert.Equal(3, report.Enrolled);
        return gallery;
    }
}
