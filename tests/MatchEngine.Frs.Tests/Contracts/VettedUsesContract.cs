using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Vetting;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class VettedUsesContract : BookContract
{
    [Fact]
    public void What_an_organisation_approves_stays_with_who_approved_and_who_withdrew_it()
    {
        var (ada, bob) = (Book.Person("Ada", "org"), Book.Person("Bob", "other"));
        Assert.Empty(Book.Vetting.List("org"));
        var until = Clock.Now.AddDays(1);
        var gallery = Book.Vetting.Add(BookChange.None, ada, new NewVettedUse("g", "C-1", until, "why"), "identity");
        Assert.Equal(
            new VettedUse(gallery.Id, "org", "g", "identity", "C-1", "why", ada.Account, Clock.Now, until, null, null), gallery);
        var service = Book.Vetting.Add(BookChange.None, ada, new NewVettedUse(null, null, null, "why"), null);
        Book.Vetting.Add(BookChange.None, bob, new NewVettedUse("g", null, null, "theirs"), "identity");

        Assert.Equal(NewestFirst(gallery.Id, service.Id), Book.Vetting.List("org").Select(use => use.Id));
        Assert.True(gallery.IsGood(until.AddTicks(-1)));
        Assert.False(gallery.IsGood(until));
        Clock.Now = until;
        Assert.True(Book.Vetting.Withdraw(BookChange.None, service.Id, ada.Account));
        Assert.False(Book.Vetting.Withdraw(BookChange.None, service.Id, ada.Account));
        Assert.False(Book.Vetting.Withdraw(BookChange.None, "none", ada.Account));
        var withdrawn = Book.Vetting.Find(service.Id)!;
        Assert.Equal((ada.Account, Clock.Now), (withdrawn.WithdrawnBy, withdrawn.Withdrawn));
        Assert.False(withdrawn.IsGood(Clock.Now));
        Assert.Equal(2, Book.Vetting.List("org").Count);
    }
}
