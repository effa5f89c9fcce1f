using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Sqlite.Tests.Archives;

public class ArrivedRowsTests
{
    private static readonly byte[] Sound = PoisonedArchive.Sound();

    public static TheoryData<string, string> Poisons => new(PoisonedArchive.Poisons);

    [Fact]
    public void Every_column_of_every_table_has_a_poison_or_is_replaced()
    {
        var poisoned = PoisonedArchive.Poisons.Select(poison => poison.Column).Concat(PoisonedArchive.Replaced);
        Assert.Equal(PoisonedArchive.Columns(Sound).Order(StringComparer.Ordinal), poisoned.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_archive_that_is_poisoned_is_sound_before()
    {
        using var target = new TemporaryFolder();
        // Through the same hands, which change nothing.
        var archive = PoisonedArchive.Of(Sound, "gallery.change", "change");

        using var restored = SqliteDataFolder.Open(target).Restore(new MemoryStream(archive), NoAudit.Record);

        Assert.Equal(3, restored.Summarize().Subjects);
        Assert.Single(restored.Links("S1"));
    }

    [Theory, MemberData(nameof(Poisons))]
    public void A_value_out_of_its_domain_is_refused_and_leaves_nothing(string column, string value)
    {
        using var target = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(target);
        var archive = PoisonedArchive.Of(Sound, column, value);

        var error = Assert.Throws<ArchiveException>(() => catalog.Restore(new MemoryStream(archive), NoAudit.Record));

        Assert.Equal("gallery.db", error.Entry);
        Assert.DoesNotContain(target, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(target.Sub("galleries")));
    }

    [Theory]
    [InlineData("DELETE FROM template WHERE encounter = 1")]
    [InlineData("DELETE FROM encounter WHERE id = 1")]
    [InlineData("INSERT INTO sqlite_sequence (name, seq) VALUES ('subject', 3)")]
    [InlineData("INSERT INTO photo (image_sha256, bytes) VALUES (zeroblob(32), x'00')")]
    public void Rows_that_do_not_fit_each_other_are_refused(string sql)
    {
        using var target = new TemporaryFolder();
        var archive = PoisonedArchive.Of(Sound, sql);
        Assert.Throws<ArchiveException>(() => SqliteDataFolder.Open(target).Restore(new MemoryStream(archive), NoAudit.Record));
        Assert.Empty(Directory.GetFileSystemEntries(target.Sub("galleries")));
    }

    [Fact]
    public void What_claims_to_be_sealed_with_a_key_that_is_here_is_opened_and_refused()
    {
        using var target = new TemporaryFolder();
        var keys = DataKeys.Parse(new string('a', 64), "test");
        var sealedText = $"'{{\"sealed\":\"{Convert.ToBase64String(new byte[64])}\"}}', key_id = '{keys.CurrentId}'";
        var archive = PoisonedArchive.Of(Sound, "subject.biographics", sealedText);

        Assert.Throws<ArchiveException>(
            () => SqliteDataFolder.Open(target, keys: keys).Restore(new MemoryStream(archive), NoAudit.Record));
    }

    [Theory, MemberData(nameof(Poisons))]
    public void A_poisoned_database_in_the_folder_hides_no_other_and_is_told_as_damage(string column, string value)
    {
        using var data = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(data);
        catalog.Restore(new MemoryStream(Sound), NoAudit.Record, "sound").Dispose();
        PlaceUnchecked(data, PoisonedArchive.Of(Sound, column, value));

        // One that says of itself that it is being deleted is none any more.
        Assert.Equal(
            column == "gallery.deleting" ? ["sound"] : ["poisoned", "sound"], catalog.List().Select(entry => entry.Name));
        Assert.NotNull(catalog.List()[^1].Summary);
        try
        {
            using var gallery = catalog.Open("poisoned");
            gallery.Load();
            _ = (gallery.Properties, gallery.Permissions);
            foreach (var subject in gallery.Subjects())
                gallery.Links(subject.Id);
            gallery.PurgeExpired(DateTimeOffset.UnixEpoch, NoAudit.Next);
        }
        catch (Exception e) when (e is StoreException or GalleryNotFoundException)
        {
            // Damaged, by whatever it is that is read first; no other error.
        }
    }

    private static void PlaceUnchecked(TemporaryFolder data, byte[] archive)
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(archive));
        Directory.CreateDirectory(data.Sub("galleries", "poisoned"));
        using var stream = zip.GetEntry("gallery.db")!.Open();
        using var file = File.Create(data.Sub("galleries", "poisoned", "gallery.db"));
        stream.CopyTo(file);
    }
}
