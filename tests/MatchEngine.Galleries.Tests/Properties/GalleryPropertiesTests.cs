using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;

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
    public void Properties_given_or_changed_are_there_for_the_next_one_who_opens()
    {
        using var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder);
        var given = new GalleryProperties
        {
            Owner = "County of X",
            Profile = "state-lea",
            Approved = false,
            Retention = new RetentionRule(30, RetentionBasis.Captured),
        };
        catalog.Create("g", new FakeExtractor().Model, NoAudit.Record, given).Dispose();
        using var gallery = catalog.Open("g");
        Assert.Equal(given, gallery.Properties);

        gallery.SetProperties(given with { Approved = true, Retention = null }, NoAudit.Record);

        using var again = catalog.Open("g");
        Assert.Equal(given with { Approved = true, Retention = null }, again.Properties);
    }

    [Fact]
    public void Permissions_are_given_replaced_and_taken_away()
    {
        using var test = new TestGallery();
        test.Gallery.SetProperties(new GalleryProperties { Owner = "owner" }, NoAudit.Record);

        test.Gallery.Grant(new GalleryPermission("b", true, BiographicFields.Only("sex", "age")), NoAudit.Record);
        test.Gallery.Grant(new GalleryPermission("a", false, BiographicFields.None), NoAudit.Record);
        test.Gallery.Grant(new GalleryPermission("a", true, BiographicFields.All), NoAudit.Record);

        Assert.Equal([new("a", true, BiographicFields.All), new("b", true, BiographicFields.Only("age", "sex"))], test.Gallery.Permissions);
        Assert.Equal(new GalleryPermission("owner", true, BiographicFields.All), test.Gallery.PermissionOf("owner"));
        Assert.Equal(new GalleryPermission("stranger", false, BiographicFields.None), test.Gallery.PermissionOf("stranger"));
        Assert.True(test.Gallery.Revoke("b", NoAudit.Record));
        Assert.False(test.Gallery.Revoke("b", NoAudit.Record));
        Assert.Equal(new GalleryPermission("b", false, BiographicFields.None), test.Gallery.PermissionOf("b"));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using var test = new TestGallery();
        Assert.Throws<ArgumentException>(() => new GalleryProperties { Owner = " " });
        Assert.Throws<ArgumentException>(() => new GalleryProperties { Profile = "a\nb" });
        Assert.Throws<ArgumentException>(() => test.Gallery.Grant(new GalleryPermission("", true, BiographicFields.All), NoAudit.Record));
    }

    [Fact]
    public void A_deleted_gallery_takes_no_properties()
    {
        using var test = new TestGallery();
        test.Catalog.Delete(TestGallery.Name, NoAudit.Record);

        Assert.Throws<GalleryNotFoundException>(() => test.Gallery.SetProperties(new GalleryProperties(), NoAudit.Record));
        Assert.Throws<GalleryNotFoundException>(
            () => test.Gallery.Grant(new GalleryPermission("a", true, BiographicFields.All), NoAudit.Record));
    }
}
