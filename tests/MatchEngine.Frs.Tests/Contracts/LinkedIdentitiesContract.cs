using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class LinkedIdentitiesContract : BookContract
{
    private const string Issuer = "https://id.example.org/";

    [Fact]
    public void A_person_of_a_provider_is_one_account_to_the_letter()
    {
        var (ada, bea) = (Book.Person("Ada").Account, Book.Person("Bea").Account);
        var linked = Book.Identities.Link(BookChange.None, ada, Issuer, "s1")!;
        Assert.Equal((ada, Issuer, "s1", Clock.Now), (linked.Account, linked.Issuer, linked.Subject, linked.Linked));
        Assert.Equal(linked, Book.Identities.Find(Issuer, "s1"));
        Assert.Null(Book.Identities.Find(Issuer, "S1"));
        Assert.Null(Book.Identities.Find(Issuer.TrimEnd('/'), "s1"));
        Assert.Null(Book.Identities.Link(BookChange.None, bea, Issuer, "s1"));
        Clock.Now = Clock.Now.AddSeconds(1);
        var second = Book.Identities.Link(BookChange.None, ada, Issuer, "s2")!;
        var others = Book.Identities.Link(BookChange.None, bea, "https://other.example.org/", "s1")!;
        Assert.Equal([linked, second], Book.Identities.List(ada));
        Assert.Equal(3, Book.Identities.List(null).Count);
        Assert.False(Book.Identities.Unlink(BookChange.None, ada, others.Id));
    }

    [Fact]
    public void A_link_that_is_taken_away_signs_its_account_out_and_no_other()
    {
        var (ada, bea) = (Book.Person("Ada").Account, Book.Person("Bea").Account);
        var linked = Book.Identities.Link(BookChange.None, ada, Issuer, "s1")!;
        var session = Book.Sessions.Begin(BookChange.None, ada, null, Clock.Now);
        var others = Book.Sessions.Begin(BookChange.None, bea, null, Clock.Now);
        Assert.True(Book.Identities.Unlink(BookChange.None, ada, linked.Id));
        Assert.False(Book.Identities.Unlink(BookChange.None, ada, linked.Id));
        Assert.Null(Book.Identities.Find(Issuer, "s1"));
        Assert.Null(Book.Sessions.Find(session.Id));
        Assert.NotNull(Book.Sessions.Find(others.Id));
        Assert.NotNull(Book.Identities.Link(BookChange.None, bea, Issuer, "s1"));
    }
}
