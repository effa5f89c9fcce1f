using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class GalleryCatalogStoreContract(IStoreUnderTest under) : StoreContract(under)
{
    [Fact]
    public void Galleries_are_named_and_listed_with_their_numbers_in_ordinal_order()
    {
        var catalog = Under.OpenCatalog();
        Assert.Empty(catalog.Names());
        Assert.Empty(catalog.List());
        foreach (var name in (string[])["b", "B2", "a"])
            catalog.Create(name, Model, new GalleryProperties(), NoAudit.Record);
        using (var a = catalog.Open("a")!)
            Enrol(a, Image("anna", 1));

        Assert.Equal(["B2", "a", "b"], Under.OpenCatalog().Names());
        Assert.Equal([("B2", 0L), ("a", 1L), ("b", 0L)], Under.OpenCatalog().List().Select(entry => (entry.Name, entry.Summary!.Subjects)));
    }

    [Fact]
    public void A_name_is_given_once_whatever_its_case()
    {
        var catalog = Under.OpenCatalog();
        catalog.Create("Mug", Model, new GalleryProperties(), NoAudit.Record);

        foreach (var name in (string[])["Mug", "mug"])
            Assert.Throws<GalleryExistsException>(() => catalog.Create(name, Model, new GalleryProperties(), NoAudit.Record));

        Assert.Null(catalog.Open("mug"));
        Assert.Null(catalog.IdentityOf("nowhere"));
    }

    [Fact]
    public async Task Of_many_who_make_the_same_gallery_at_once_one_makes_it()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            try
            {
                Under.OpenCatalog().Create(Name, Model, new GalleryProperties(), NoAudit.Record);
                return true;
            }
            catch (GalleryExistsException)
            {
                return false;
            }
        })));

        Assert.Single(made, one => one);
        Assert.NotNull(Under.OpenCatalog().IdentityOf(Name));
    }

    [Fact]
    public void A_deleted_gallery_is_gone_for_everybody_and_its_name_is_free()
    {
        var store = New();
        Enrol(store, Image("anna", 1));
        var identity = store.Feed.Identity;
        var catalog = Under.OpenCatalog();
        Assert.Equal(identity, catalog.IdentityOf(Name));

        Assert.True(catalog.Delete(Name, NoAudit.Record));

        Assert.False(catalog.Delete(Name, NoAudit.Record));
        Assert.Null(catalog.Open(Name));
        Assert.Null(catalog.IdentityOf(Name));
        Assert.Empty(catalog.Names());
        Assert.Throws<GalleryNotFoundException>(() => store.Subjects.RemoveSubject("anna", NoAudit.Record));
        Assert.Equal(0, New().Summarize().Subjects);
    }

    [Fact]
    public void What_is_exported_is_restored_whole_under_a_free_name_with_an_identity_of_its_own()
    {
        var store = New(properties: new GalleryProperties { Owner = "unit" });
        Enrol(
            store, Image("anna", 1, new Dictionary<string, string> { ["name"] = "Anna" }, [1, 2, 3], [0xFF, 0xD8, 0xFF]), Image("bert", 2));
        var catalog = Under.OpenCatalog();
        using var archive = new MemoryStream();
        Assert.True(catalog.Export(Name, archive, null, CancellationToken.None));
        Assert.False(catalog.Export("nowhere", new MemoryStream(), null, CancellationToken.None));

        Assert.Throws<GalleryExistsException>(() => Restore(null));
        Assert.Equal("copy", Restore("copy"));

        using var copy = catalog.Open("copy")!;
        Assert.Equal("adopted by unit", copy.Properties.Read().Owner);
        Assert.NotEqual(store.Feed.Identity, copy.Feed.Identity);
        Assert.Equal(
            Feed(store).Added.Select(row => Convert.ToHexString(row.Template.ToBytes())),
            Feed(copy).Added.Select(row => Convert.ToHexString(row.Template.ToBytes())));
        var anna = copy.Subjects.FindSubject("anna")!;
        Assert.Equal("Anna", anna.Biographics["name"]);
        Assert.Equal([1, 2, 3], copy.Images.ReadPhoto(anna.Encounters[0].Id));
        catalog.Delete(Name, NoAudit.Record);
        Assert.Equal(Name, Restore(null));

        string Restore(string? name)
        {
            archive.Position = 0;
            return catalog.Restore(
                archive, name, properties => properties with { Owner = "adopted by " + properties.Owner }, false, NoAudit.Record, null,
                CancellationToken.None);
        }
    }

    [Fact]
    public void An_archive_that_is_none_leaves_nothing()
    {
        var catalog = Under.OpenCatalog();

        Assert.Throws<ArchiveException>(() => catalog.Restore(
            new MemoryStream([.. "no archive"u8]), Name, kept => kept, false, NoAudit.Record, null, CancellationToken.None));

        Assert.Empty(catalog.Names());
    }
}
