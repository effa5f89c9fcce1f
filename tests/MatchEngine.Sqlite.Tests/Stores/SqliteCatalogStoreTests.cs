using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Stores;

public class SqliteCatalogStoreTests
{
    private static readonly EmbedderCard Card = new FakeExtractor().Model;

    [Fact]
    public void A_data_folder_without_galleries_lists_none_and_nothing_is_made()
    {
        using var folder = new TemporaryFolder();

        Assert.Empty(SqliteDataFolder.Open(folder.Sub("data")).List());

        Assert.False(Directory.Exists(folder.Sub("data")));
    }

    [Fact]
    public void A_created_gallery_is_listed_and_opened_by_another_catalog()
    {
        using var folder = new TemporaryFolder();
        var created = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        SqliteDataFolder.Open(folder, new FixedClock(created)).Create("mugshots", Card, NoAudit.Record).Dispose();
        var catalog = SqliteDataFolder.Open(folder);
        catalog.Create("Alpha", Card, NoAudit.Record).Dispose();

        using var opened = catalog.Open("mugshots");
        var list = catalog.List();

        Assert.Equal(GalleryModel.Of(Card), opened.Model);
        Assert.Equal(["Alpha", "mugshots"], list.Select(entry => entry.Name));
        var summary = list[1].Summary!;
        Assert.Equal(
            ("mugshots", GalleryModel.Of(Card), created, 0L, 0L, 0L),
            (summary.Name, summary.Model, summary.Created, summary.Subjects, summary.Encounters, summary.Templates));
        Assert.True(summary.Bytes > 0);
        Assert.Null(list[1].Problem);
    }

    [Theory]
    [InlineData("g")]
    [InlineData("G")]
    public void A_name_that_is_taken_is_refused_in_any_case(string name)
    {
        using var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder);
        catalog.Create("g", Card, NoAudit.Record).Dispose();

        Assert.Equal("g", Assert.Throws<GalleryExistsException>(() => catalog.Create(name, Card, NoAudit.Record)).Gallery);
    }

    [Fact]
    public async Task Of_many_that_create_the_same_gallery_at_once_one_succeeds()
    {
        using var folder = new TemporaryFolder();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            try
            {
                SqliteDataFolder.Open(folder).Create("g", Card, NoAudit.Record).Dispose();
                return 1;
            }
            catch (GalleryExistsException)
            {
                return 0;
            }
        })));

        Assert.Equal(1, outcomes.Sum());
    }

    [Fact]
    public async Task Whoever_opens_a_gallery_that_is_being_made_finds_none_or_a_whole_one()
    {
        using var folder = new TemporaryFolder();
        for (var round = 0; round < 10; round++)
        {
            var name = $"g{round}";
            var opening = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                var catalog = SqliteDataFolder.Open(folder);
                while (true)
                {
                    using var opened = catalog.TryOpen(name);
                    if (opened is not null)
                        return opened.Summarize().Encounters;
                }
            })).ToList();
            SqliteDataFolder.Open(folder).Create(name, Card, NoAudit.Record).Dispose();

            Assert.All(await Task.WhenAll(opening), encounters => Assert.Equal(0, encounters));
        }
    }

    [Fact]
    public void An_unknown_gallery_is_named_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder);
        catalog.Create("Mugshots", Card, NoAudit.Record).Dispose();

        var unknown = Assert.Throws<GalleryNotFoundException>(() => catalog.Open("none"));
        var otherCase = Assert.Throws<GalleryNotFoundException>(() => catalog.Open("mugshots"));

        Assert.Contains("no gallery 'none'", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("there is 'Mugshots'", otherCase.Message, StringComparison.Ordinal);
        Assert.Null(catalog.TryOpen("../galleries/Mugshots"));
        Assert.Throws<GalleryNotFoundException>(() => catalog.Delete("none", NoAudit.Record));
        Assert.Throws<ArgumentException>(() => catalog.Create("../x", Card, NoAudit.Record));
    }

    [Fact]
    public async Task Deleting_leaves_no_file_behind()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));
        test.Gallery.Dispose();

        test.Catalog.Delete(TestGallery.Name, NoAudit.Record);

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(test.Data, "galleries")));
        Assert.Empty(test.Catalog.List());
        test.Catalog.Create(TestGallery.Name, Card, NoAudit.Record).Dispose();
    }

    [Fact]
    public async Task A_gallery_that_is_open_elsewhere_is_gone_for_its_user_when_it_is_deleted()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));
        Assert.Single(test.Search(FakeImage.Of(new FakeFace(1))).Candidates);

        SqliteDataFolder.Open(test.Data).Delete(TestGallery.Name, NoAudit.Record);

        Assert.Throws<GalleryNotFoundException>(() => test.Search(FakeImage.Of(new FakeFace(1))));
        await Assert.ThrowsAsync<GalleryNotFoundException>(() => test.EnrolAsync("bert", FakeImage.Of(new FakeFace(2))));
        Assert.Throws<GalleryNotFoundException>(() => test.Gallery.RemoveSubject("anna", NoAudit.Record));
    }

    [Fact]
    public void An_interrupted_deletion_is_finished_at_the_next_start()
    {
        using var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder);
        catalog.Create("g", Card, NoAudit.Record).Dispose();
        // The state after the first step of a deletion.
        Directory.Move(folder.Sub("galleries", "g"), folder.Sub("galleries", ".deleted-0"));

        Assert.Empty(catalog.List());
        SqliteDataFolder.Open(folder);

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Sub("galleries")));
    }

    [Fact]
    public void A_creation_that_was_interrupted_is_not_listed_and_can_be_repeated()
    {
        using var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder);
        folder.Write("galleries/empty/gallery.db", "");
        catalog.Create("schema", Card, NoAudit.Record).Dispose();
        Execute(folder, "schema", "DELETE FROM gallery");

        Assert.Empty(catalog.List());
        Assert.Throws<GalleryNotFoundException>(() => catalog.Open("schema"));
        catalog.Create("empty", Card, NoAudit.Record).Dispose();
        catalog.Create("schema", Card, NoAudit.Record).Dispose();
        Assert.Equal(["empty", "schema"], catalog.List().Select(entry => entry.Name));
    }

    [Fact]
    public void A_damaged_gallery_is_listed_with_its_problem_hides_no_other_and_can_be_deleted()
    {
        using var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder);
        catalog.Create("good", Card, NoAudit.Record).Dispose();
        var garbage = new byte[20_000];
        new Random(1).NextBytes(garbage);
        folder.Write("galleries/bad/gallery.db", garbage);

        var list = catalog.List();

        Assert.Equal(["bad", "good"], list.Select(entry => entry.Name));
        Assert.Equal(StoreFault.Damaged, list[0].Problem!.Fault);
        Assert.Contains("gallery.db", list[0].Problem!.Message, StringComparison.Ordinal);
        Assert.NotNull(list[1].Summary);
        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreException>(() => catalog.Open("bad")).Fault);
        Assert.Throws<StoreException>(() => catalog.Create("bad", Card, NoAudit.Record));
        catalog.Delete("bad", NoAudit.Record);
        Assert.Equal(["good"], catalog.List().Select(entry => entry.Name));
    }

    [Fact]
    public void A_gallery_of_a_newer_version_is_refused_politely()
    {
        using var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder);
        catalog.Create("g", Card, NoAudit.Record).Dispose();
        Execute(folder, "g", "PRAGMA user_version = 999");

        var error = Assert.Throws<StoreException>(() => catalog.Open("g"));

        Assert.Equal(StoreFault.NewerSchema, error.Fault);
        Assert.Contains("newer version", error.Message, StringComparison.Ordinal);
        Assert.Equal(StoreFault.NewerSchema, catalog.List().Single().Problem!.Fault);
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_a_clear_error()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("data", "not a folder");

        var error = Assert.Throws<StoreException>(() => SqliteDataFolder.Open(file).Create("g", Card, NoAudit.Record));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_a_copy_of_a_gallery_is_a_gallery_of_the_folders_name()
    {
        using var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder);
        catalog.Create("g", Card, NoAudit.Record).Dispose();
        folder.Write("galleries/copy/gallery.db", File.ReadAllBytes(folder.Sub("galleries", "g", "gallery.db")));

        Assert.Equal(["copy", "g"], catalog.List().Select(entry => entry.Summary!.Name));
    }

    private static void Execute(TemporaryFolder folder, string gallery, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Sub("galleries", gallery, "gallery.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
