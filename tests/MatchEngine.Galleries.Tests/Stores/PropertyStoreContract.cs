using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class PropertyStoreContract(IStoreUnderTest under) : StoreContract(under)
{
    [Fact]
    public void Properties_given_or_changed_are_there_for_whoever_opens()
    {
        var given = new GalleryProperties
        {
            Owner = "unit \"7\"", Profile = "ccd", Approved = false, Retention = new RetentionRule(75 * 365, RetentionBasis.Captured),
        };
        var store = New(properties: given);
        Assert.Equal(given, Open().Properties.Read());

        var changed = given with { Approved = true, Retention = null };
        store.Properties.Write(changed, NoAudit.Record);

        Assert.Equal(changed, Open().Properties.Read());
    }

    [Fact]
    public void Permissions_are_given_replaced_and_taken_in_the_order_of_the_organisations()
    {
        var store = New();
        Assert.Empty(store.Properties.ReadPermissions());

        store.Properties.WritePermission(new GalleryPermission("b", true, BiographicFields.Only("sex", "age")), NoAudit.Record);
        store.Properties.WritePermission(new GalleryPermission("a", false, BiographicFields.None), NoAudit.Record);
        store.Properties.WritePermission(new GalleryPermission("a", true, BiographicFields.All), NoAudit.Record);

        var permissions = Open().Properties.ReadPermissions();
        Assert.Equal([("a", true), ("b", true)], permissions.Select(permission => (permission.Organisation, permission.MaySearch)));
        Assert.Null(permissions[0].Fields.Keys);
        Assert.Equal(["age", "sex"], permissions[1].Fields.Keys!.Order());
        Assert.True(store.Properties.RemovePermission("b", NoAudit.Record));
        Assert.False(store.Properties.RemovePermission("b", NoAudit.Record));
        Assert.Equal("a", store.Properties.ReadPermissions().Single().Organisation);
    }

    [Fact]
    public void A_permission_is_offered_answered_and_offered_anew_unless_it_was_accepted()
    {
        var store = New();
        Assert.False(store.Properties.AnswerPermission("a", true, NoAudit.Record));
        Assert.Empty(store.Properties.ReadPermissions());

        Assert.Equal(SharingState.Offered, Offered());
        Assert.True(store.Properties.AnswerPermission("a", false, NoAudit.Record));
        Assert.False(store.Properties.AnswerPermission("a", false, NoAudit.Record));
        Assert.Equal(SharingState.Declined, State());
        Assert.Equal(SharingState.Offered, Offered());
        Assert.True(store.Properties.AnswerPermission("a", true, NoAudit.Record));
        Assert.Equal(SharingState.Accepted, Offered());
        Assert.True(store.Properties.AnswerPermission("a", false, NoAudit.Record));
        Assert.Equal(SharingState.Declined, State());

        SharingState State() => Open().Properties.ReadPermissions().Single().State;

        SharingState Offered()
        {
            store.Properties.WritePermission(new GalleryPermission("a", true, BiographicFields.All), NoAudit.Record);
            return State();
        }
    }
}
