using Dapper;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Galleries.Tests.Properties;

public class GalleryPropertiesTests
{
    [Fact]
    public void A_new_gallery_is_the_local_owners_approved_and_keeps_everything()
    {
        using var test = new TestGallery();

        Assert.Equal(
            new GalleryProperties { Owner = "local", Profile = "default", Approved = true, Retention = null }, test.Gallery.Properties);
        Assert.Empty(test.Gallery.Permissions);
    }

    [Fact]
    public async Task A_gallery_of_the_first_schema_gets_the_defaults_and_keeps_its_rows()
    {
        using var folder = new TemporaryFolder();
        var extractor = new FakeExtractor();
        Directory.CreateDirectory(folder.Sub("galleries", "old"));
        using (var connection = new SqliteConnection($"Data Source={folder.Sub("galleries", "old", "gallery.db")};Pooling=False"))
        {
            connection.Open();
            SqliteSchema.Migrate(connection, "old", [SqliteSchema.Migrations[0]]);
            connection.Execute(
                "INSERT INTO gallery (id, model, model_digest, dimension, created) "
                    + "VALUES (1, 'fake', @Digest, 64, '2025-01-01T00:00:00.000Z')", new { extractor.Model.Digest });
        }

        using var gallery = GalleryCatalog.Open(folder).Open("old");
        await gallery.EnrolAsync(extractor, new ListSource([TestGallery.Item("anna", FakeImage.Of(new FakeFace(1)))]));

        Assert.Equal(new GalleryProperties(), gallery.Properties);
        Assert.Equal("anna", gallery.Search(extractor, FakeImage.Of(new FakeFace(1))).Candidates.Single().SubjectId);
    }

    [Fact]
    public void Properties_given_or_changed_are_there_for_the_next_one_who_opens()
    {
        using var folder = new TemporaryFolder();
        var catalog = GalleryCatalog.Open(folder);
        var given = new GalleryProperties
        {
            Owner = "County of X",
            Profile = "state-lea",
            Approved = false,
            Retention = new RetentionRule(30, RetentionBasis.Captured),
        };
        catalog.Create("g", new FakeExtractor().Model, given).Dispose();
        using var gallery = catalog.Open("g");
        Assert.Equal(given, gallery.Properties);

        gallery.SetProperties(given with { Approved = true, Retention = null });

        using var again = catalog.Open("g");
        Assert.Equal(given with { Approved = true, Retention = null }, again.Properties);
    }

    [Fact]
    public void Permissions_are_given_replaced_and_taken_away()
    {
        using var test = new TestGallery();
        test.Gallery.SetProperties(new GalleryProperties { Owner = "owner" });

        test.Gallery.Grant(new GalleryPermission("b", true, BiographicFields.Only("sex", "age")));
        test.Gallery.Grant(new GalleryPermission("a", false, BiographicFields.None));
        test.Gallery.Grant(new GalleryPermission("a", true, BiographicFields.All));

        Assert.Equal([new("a", true, BiographicFields.All), new("b", true, BiographicFields.Only("age", "sex"))], test.Gallery.Permissions);
        Assert.Equal(new GalleryPermission("owner", true, BiographicFields.All), test.Gallery.PermissionOf("owner"));
        Assert.Equal(new GalleryPermission("stranger", false, BiographicFields.None), test.Gallery.PermissionOf("stranger"));
        Assert.True(test.Gallery.Revoke("b"));
        Assert.False(test.Gallery.Revoke("b"));
        Assert.Equal(new GalleryPermission("b", false, BiographicFields.None), test.Gallery.PermissionOf("b"));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using var test = new TestGallery();
        Assert.Throws<ArgumentException>(() => new GalleryProperties { Owner = " " });
        Assert.Throws<ArgumentException>(() => new GalleryProperties { Profile = "a\nb" });
        Assert.Throws<ArgumentException>(() => test.Gallery.Grant(new GalleryPermission("", true, BiographicFields.All)));
    }

    [Fact]
    public void A_deleted_gallery_takes_no_properties()
    {
        using var test = new TestGallery();
        test.Catalog.Delete(TestGallery.Name);

        Assert.Throws<GalleryNotFoundException>(() => test.Gallery.SetProperties(new GalleryProperties()));
        Assert.Throws<GalleryNotFoundException>(() => test.Gallery.Grant(new GalleryPermission("a", true, BiographicFields.All)));
    }
}
