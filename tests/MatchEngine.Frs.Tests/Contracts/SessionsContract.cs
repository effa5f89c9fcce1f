using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class SessionsContract : BookContract
{
    [Fact]
    public void A_session_is_found_until_it_is_ended_by_its_account()
    {
        var (ada, bea) = (Book.Person("Ada"), Book.Person("Bea"));
        var key = Book.ApiKeys.Add(BookChange.None, ada.Account, "test", null).Key.Id;
        var first = Book.Sessions.Begin(BookChange.None, ada.Account, key, Clock.Now);
        Assert.Equal((ada.Account, key, Clock.Now, Clock.Now), (first.Account, first.Key, first.Began, first.LastSeen));
        Clock.Now = Clock.Now.AddMinutes(5);
        var second = Book.Sessions.Begin(BookChange.None, ada.Account, null, Clock.Now.AddHours(-1));
        Book.Sessions.Seen(first.Id, Clock.Now);
        Assert.Equal([second, first with { LastSeen = Clock.Now }], Book.Sessions.List(ada.Account));
        Assert.Empty(Book.Sessions.List(bea.Account));
        Assert.False(Book.Sessions.End(BookChange.None, bea.Account, first.Id));
        Assert.True(Book.Sessions.End(BookChange.None, ada.Account, first.Id));
        Assert.False(Book.Sessions.End(BookChange.None, ada.Account, first.Id));
        Assert.Null(Book.Sessions.Find(first.Id));
        Assert.Equal(second, Book.Sessions.Find(second.Id));
    }

    [Fact]
    public void All_of_an_account_end_together_and_nobody_elses()
    {
        var (ada, bea) = (Book.Person("Ada"), Book.Person("Bea"));
        for (var i = 0; i < 3; i++)
            Book.Sessions.Begin(BookChange.None, ada.Account, null, Clock.Now);
        var others = Book.Sessions.Begin(BookChange.None, bea.Account, null, Clock.Now);
        Assert.Equal(3, Book.Sessions.EndAll(BookChange.None, ada.Account));
        Assert.Equal(0, Book.Sessions.EndAll(BookChange.None, ada.Account));
        Assert.Equal([others], Book.Sessions.List(bea.Account));
    }

    [Fact]
    public void What_began_too_long_ago_is_forgotten_when_another_begins()
    {
        var ada = Book.Person("Ada");
        var old = Book.Sessions.Begin(BookChange.None, ada.Account, null, Clock.Now);
        Clock.Now = Clock.Now.AddHours(9);
        var young = Book.Sessions.Begin(BookChange.None, ada.Account, null, Clock.Now.AddHours(-8));
        Assert.Null(Book.Sessions.Find(old.Id));
        Assert.Equal([young], Book.Sessions.List(ada.Account));
    }
}

public abstract class SignInAttemptsContract : BookContract
{
    [Fact]
    public void After_too_many_an_address_waits_with_the_name_in_any_case_and_then_begins_anew()
    {
        for (var i = 1; i < SignInRules.MaxFailures; i++)
            Assert.Equal((true, false), Book.SignInAttempts.Count("Ada", "here"));
        Assert.Equal((true, true), Book.SignInAttempts.Count("ada", "here"));
        Assert.Equal((false, true), Book.SignInAttempts.Count("ADA", "here"));
        Assert.Equal((true, false), Book.SignInAttempts.Count("Ada", "there"));
        Assert.Equal((true, false), Book.SignInAttempts.Count("Bea", "here"));
        Clock.Now += SignInRules.Lockout;
        Assert.Equal((true, false), Book.SignInAttempts.Count("Ada", "here"));
    }

    [Fact]
    public void A_right_password_or_an_administrator_lets_one_begin_anew()
    {
        for (var i = 0; i < SignInRules.MaxFailures - 1; i++)
            Book.SignInAttempts.Count("Ada", "here");
        Book.SignInAttempts.Succeeded("Ada", "here");
        for (var i = 0; i < SignInRules.MaxFailures; i++)
            Assert.True(Book.SignInAttempts.Count("Ada", "here").Allowed);
        Assert.False(Book.SignInAttempts.Count("Ada", "here").Allowed);
        Book.SignInAttempts.Forget(BookChange.None, "ada");
        Assert.Equal((true, false), Book.SignInAttempts.Count("Ada", "here"));
    }

    [Fact]
    public void Guesses_from_everywhere_make_strangers_wait_and_never_whoever_was_signed_in_there_before()
    {
        Book.SignInAttempts.Succeeded("Ada", "home");
        for (var i = 0; i < SignInRules.MaxFailuresOfStrangers; i++)
            Assert.True(Book.SignInAttempts.Count("Ada", $"bot {i}").Allowed);
        Assert.Equal((false, true), Book.SignInAttempts.Count("Ada", "another"));
        Assert.Equal((true, false), Book.SignInAttempts.Count("Ada", "home"));
        Clock.Now += SignInRules.Familiarity;
        for (var i = 0; i < SignInRules.MaxFailuresOfStrangers; i++)
            Book.SignInAttempts.Count("Ada", $"bot {i}");
        Assert.Equal((false, true), Book.SignInAttempts.Count("Ada", "home"));
    }
}
