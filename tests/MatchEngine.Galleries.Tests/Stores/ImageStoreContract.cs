using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class ImageStoreContract(IStoreUnderTest under) : StoreContract(under)
{
    private static readonly byte[] Photo = [.. "a photo of some bytes"u8], Crop = [.. "its face"u8];

    private static DataKeys Keys(char digit) => DataKeys.Parse(new string(digit, 64), "test");

    [Fact]
    public void Photo_and_crop_are_kept_as_they_were_given_and_go_with_the_last_encounter()
    {
        var store = New();
        Enrol(store, Image("anna", 1, photo: Photo, crop: Crop), Image("bert", 2));
        var encounter = store.Subjects.FindSubject("anna")!.Encounters.Single().Id;

        Assert.Equal(Photo, store.Images.ReadPhoto(encounter));
        Assert.Equal(Crop, store.Images.ReadCrop(encounter));
        Assert.Null(store.Images.ReadPhoto(store.Subjects.FindSubject("bert")!.Encounters.Single().Id));
        Assert.Null(store.Images.ReadCrop("none"));
        store.Subjects.RemoveSubject("anna", NoAudit.Record);
        Assert.Null(store.Images.ReadPhoto(encounter));
        Assert.Null(store.Images.ReadCrop(encounter));
    }

    [Fact]
    public void What_is_sealed_opens_with_its_key_alone()
    {
        var store = New(keys: Keys('a'));
        Enrol(store, Image("anna", 1, new Dictionary<string, string> { ["name"] = "Anna" }, Photo, Crop));
        var encounter = store.Subjects.FindSubject("anna")!.Encounters.Single().Id;

        Assert.Equal(Photo, Open(keys: Keys('a')).Images.ReadPhoto(encounter));
        foreach (var locked in new[] { Open(), Open(keys: Keys('b')) })
        {
            Assert.Equal(StoreFault.WrongKey, Assert.Throws<StoreException>(() => locked.Images.ReadPhoto(encounter)).Fault);
            Assert.Equal(StoreFault.WrongKey, Assert.Throws<StoreException>(() => locked.Images.ReadCrop(encounter)).Fault);
            Assert.Equal(StoreFault.WrongKey, Assert.Throws<StoreException>(() => locked.Subjects.FindSubject("anna")).Fault);
            Assert.Equal(StoreFault.WrongKey, Assert.Throws<StoreException>(() => Enrol(locked, Image("bert", 2))).Fault);
        }
        // Templates and the rest of the feed are not sealed: searches need no key before they show somebody.
        Assert.Single(Feed(Open()).Added);
    }

    [Fact]
    public void Everything_is_sealed_step_by_step_until_nothing_is_left_under_another_key()
    {
        var store = New();
        Enrol(store, Image("anna", 1, new Dictionary<string, string> { ["name"] = "Anna" }, Photo, Crop), Image("bert", 2));
        var encounter = store.Subjects.FindSubject("anna")!.Encounters.Single().Id;
        Assert.Throws<InvalidOperationException>(() => store.Images.SealSome(NoAudit.Record));
        var keyed = Open(keys: Keys('a'));

        var values = 0;
        while (keyed.Images.SealSome(NoAudit.Record) is var some and > 0)
            values += some;

        // Biographics and metadata of both, one photo, one crop.
        Assert.Equal(6, values);
        Assert.Equal(Photo, keyed.Images.ReadPhoto(encounter));
        Assert.Equal("Anna", keyed.Subjects.FindSubject("anna")!.Biographics["name"]);
        Assert.Throws<StoreException>(() => Open().Subjects.FindSubject("bert"));
    }
}
