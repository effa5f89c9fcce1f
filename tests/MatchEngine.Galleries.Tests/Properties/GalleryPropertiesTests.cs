using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Stores;
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
        Assert.Equal(
            new GalleryPermission("owner", true, BiographicFields.All) { MayEnrol = true, State = SharingState.Accepted },
            test.Gallery.PermissionOf("owner"));
        Assert.Equal(new GalleryPermission("stranger", false, BiographicFields.None), test.Gallery.PermissionOf("stranger"));
        Assert.True(test.Gallery.Revoke("b", NoAudit.Record));
        Assert.False(test.Gallery.Revoke("b", NoAudit.Record));
        Assert.Equal(new GalleryPermission("b", false, BiographicFields.None), test.Gallery.PermissionOf("b"));
    }

    [Fact]
    public void A_permission_is_in_effect_from_its_acceptance_to_its_withdrawal()
    {
        using var test = new TestGallery();
        Assert.False(test.Gallery.Answer("a", accepted: true, NoAudit.Record));
        test.Gallery.Grant(new GalleryPermission("a", true, BiographicFields.Only("sex")), NoAudit.Record);
        Assert.Equal(new GalleryPermission("a", false, BiographicFields.None), test.Gallery.PermissionOf("a"));

        Assert.True(test.Gallery.Answer("a", accepted: true, NoAudit.Record));
        Assert.Equal(
            (true, BiographicFields.Only("sex")), (test.Gallery.PermissionOf("a").MaySearch, test.Gallery.PermissionOf("a").Fields));

        Assert.True(test.Gallery.Answer("a", accepted: false, NoAudit.Record));
        Assert.Equal((false, BiographicFields.None), (test.Gallery.PermissionOf("a").MaySearch, test.Gallery.PermissionOf("a").Fields));
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

    [Fact]
    public async Task They_are_read_again_after_a_commit_of_anybody_and_only_then()
    {
        using var test = new TestGallery();
        using var counting = new CountingStore(test.Catalog.OpenStore(TestGallery.Name)!);
        using var gallery = new Gallery(counting);
        for (var i = 0; i < 10; i++)
            Assert.Equal(GalleryProperties.LocalOwner, gallery.Properties.Owner);
        Assert.False(gallery.PermissionOf("friend").MaySearch);
        Assert.Equal(1, counting.Reads);

        // By another one who has the gallery open, as another process would.
        test.Gallery.Grant(new GalleryPermission("friend", true, BiographicFields.All), NoAudit.Record);
        Assert.False(gallery.PermissionOf("friend").MaySearch);
        test.Gallery.Answer("friend", accepted: true, NoAudit.Record);
        Assert.True(gallery.PermissionOf("friend").MaySearch);
        test.Gallery.SetProperties(new GalleryProperties { Owner = "other" }, NoAudit.Record);
        Assert.Equal("other", gallery.Properties.Owner);
        gallery.Revoke("friend", NoAudit.Record);
        Assert.False(gallery.PermissionOf("friend").MaySearch);
        var reads = counting.Reads;
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));
        Assert.Equal("anna", gallery.Search(test.Extractor, FakeImage.Of(new FakeFace(1))).Candidates.Single().SubjectId);
        Assert.Equal("other", gallery.Properties.Owner);
        Assert.Equal("other", gallery.Properties.Owner);
        Assert.Equal(reads + 1, counting.Reads);
    }

    /// <summary>Counts how often the properties are read.</summary>
    private sealed class CountingStore(IGalleryStore store) : IGalleryStore, IPropertyStore
    {
        public int Reads { get; private set; }

        public string Name => store.Name;

        public GalleryModel Model => store.Model;

        public IChangeFeed Feed => store.Feed;

        public IEnrolmentStore Enrolment => store.Enrolment;

        public ISubjectStore Subjects => store.Subjects;

        public IDuplicateStore Duplicates => store.Duplicates;

        public IPropertyStore Properties => this;

        public IProviderStore Providers => store.Providers;

        public IImageStore Images => store.Images;

        public GallerySummary Summarize() => store.Summarize();

        public GalleryQuality SummarizeQuality() => store.SummarizeQuality();

        public bool HasMade(AuditEvent written) => store.HasMade(written);

        public GalleryProperties Read()
        {
            Reads++;
            return store.Properties.Read();
        }

        public void Write(GalleryProperties properties, ChangeRecord record) => store.Properties.Write(properties, record);

        public IReadOnlyList<GalleryPermission> ReadPermissions() => store.Properties.ReadPermissions();

        public void WritePermission(GalleryPermission permission, ChangeRecord record) =>
            store.Properties.WritePermission(permission, record);

        public bool AnswerPermission(string organisation, bool accepted, ChangeRecord record) =>
            store.Properties.AnswerPermission(organisation, accepted, record);

        public bool RemovePermission(string organisation, ChangeRecord record) => store.Properties.RemovePermission(organisation, record);

        public void Dispose() => store.Dispose();
    }
}
