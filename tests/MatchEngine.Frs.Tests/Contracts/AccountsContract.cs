using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class AccountsContract : BookContract
{
    private const string Password = "correct horse battery";

    [Fact]
    public void An_account_is_found_as_it_was_added_and_its_name_is_taken_in_any_case()
    {
        Assert.False(Book.Accounts.Any());
        Book.Organisations.Add(BookChange.None, "org", "Org");
        var added = Book.Accounts.Add(BookChange.None, "Ada", "org", [Role.Supervisor, Role.Agent], Password)!;
        Assert.Equal(
            ("Ada", "org", true, false, Clock.Now), (added.Name, added.Organisation, added.HasPassword, added.Disabled, added.Created));
        Assert.Equal([Role.Agent, Role.Supervisor], added.Roles);
        Assert.Equivalent(added, Book.Accounts.Find(added.Id));
        Assert.Null(Book.Accounts.Add(BookChange.None, "ADA", "org", [], null));
        Assert.Equal([added.Id], Book.Accounts.List().Select(account => account.Id));
        Assert.Null(Book.Accounts.Find("none"));
    }

    [Fact]
    public void A_change_leaves_what_is_null_and_ends_older_sign_ins_of_this_account()
    {
        Book.Organisations.Add(BookChange.None, "org", "Org");
        Book.Accounts.Add(BookChange.None, "root", "org", [Role.ServiceAdministrator], null);
        var before = Book.Accounts.Add(BookChange.None, "Ada", "org", [Role.Agent], Password)!;
        var session = Book.Sessions.Begin(BookChange.None, before.Id, null, Clock.Now);
        var others = Book.Sessions.Begin(BookChange.None, Book.Person("Bea").Account, null, Clock.Now);
        var after = Book.Accounts.Change(BookChange.None, before.Id, null, true, null)!;
        Assert.True(after.Disabled);
        Assert.Equal(before.Roles, after.Roles);
        Assert.Null(Book.Sessions.Find(session.Id));
        Assert.Equal(others, Book.Sessions.Find(others.Id));
        Assert.Equal((false, null), Book.Accounts.Check("Ada", Password));
        Assert.Null(Book.Accounts.Change(BookChange.None, "none", [Role.Agent], null, null));
    }

    [Fact]
    public void The_last_administrator_stays_one()
    {
        Book.Organisations.Add(BookChange.None, "org", "Org");
        var root = Book.Accounts.Add(BookChange.None, "root", "org", [Role.ServiceAdministrator], null)!;
        var refused = Assert.Throws<CodedException>(() => Book.Accounts.Change(BookChange.None, root.Id, [Role.Agent], null, null));
        Assert.Equal(ErrorCodes.LastAdministrator, refused.Code);
        Assert.Equal([Role.ServiceAdministrator], Book.Accounts.Find(root.Id)!.Roles);
        Clock.Now = Clock.Now.AddSeconds(1);
        var second = Book.Accounts.Add(BookChange.None, "second", "org", [Role.ServiceAdministrator], null)!;
        Assert.Equal(root.Id, Book.Accounts.Administrator()!.Id);
        Book.Accounts.Change(BookChange.None, root.Id, null, true, null);
        Assert.Equal(second.Id, Book.Accounts.Administrator()!.Id);
    }

    [Fact]
    public void A_password_is_checked_of_whoever_has_one()
    {
        Book.Organisations.Add(BookChange.None, "org", "Org");
        Book.Accounts.Add(BookChange.None, "root", "org", [Role.ServiceAdministrator], null);
        var ada = Book.Accounts.Add(BookChange.None, "Ada", "org", [Role.Agent], Password)!;
        var (right, found) = Book.Accounts.Check("ada", Password);
        Assert.Equal((true, ada.Id), (right, found!.Id));
        (right, found) = Book.Accounts.Check("ada", "wrong");
        Assert.Equal((false, ada.Id), (right, found!.Id));
        Assert.Equal((false, null), Book.Accounts.Check("nobody", Password));
        Assert.Equal((false, null), Book.Accounts.Check("root", Password));
    }

    [Fact]
    public void A_hash_of_an_older_make_is_made_anew_at_the_next_sign_in()
    {
        Book.Organisations.Add(BookChange.None, "org", "Org");
        Passwords.Make = "old";
        var ada = Book.Accounts.Add(BookChange.None, "Ada", "org", [Role.Agent], Password)!;
        Passwords.Make = "new";
        Assert.Equal(PasswordVerdict.RightAndOld, Passwords.Verify(ada.Id, $"old:{ada.Id}:{Password}", Password));
        Assert.True(Book.Accounts.Check("Ada", Password).Right);
        // A third make would refuse what the second did not write.
        Passwords.Make = "newer";
        Assert.True(Book.Accounts.Check("Ada", Password).Right);
    }
}

public abstract class OrganisationsContract : BookContract
{
    [Fact]
    public void An_organisation_is_found_as_it_was_added_and_its_id_is_taken()
    {
        Assert.True(Book.Organisations.Add(BookChange.None, "b", "Bureau"));
        Assert.True(Book.Organisations.Add(BookChange.None, "a", "Agency"));
        Assert.False(Book.Organisations.Add(BookChange.None, "b", "Another"));
        Assert.Equal([new Organisation("a", "Agency", Clock.Now), new Organisation("b", "Bureau", Clock.Now)], Book.Organisations.List());
        Assert.Equal("Bureau", Book.Organisations.Find("b")!.Name);
        Assert.Null(Book.Organisations.Find("c"));
    }
}

public abstract class ApiKeysContract : BookContract
{
    [Fact]
    public void A_key_is_good_by_its_whole_text_until_it_is_revoked_or_ends()
    {
        var ada = Book.Person("Ada");
        var (key, text) = Book.ApiKeys.Add(BookChange.None, ada.Account, "test", Clock.Now.AddDays(1));
        var (found, by) = Book.ApiKeys.Authenticate(text)!.Value;
        Assert.Equal((ada.Account, key.Id), (found.Id, by.Id));
        Assert.True(Book.ApiKeys.IsGood(key.Id));
        Assert.Null(Book.ApiKeys.Authenticate(text[..^1] + (text[^1] == '0' ? '1' : '0')));
        Assert.Null(Book.ApiKeys.Authenticate(key.Id));
        Assert.Null(Book.ApiKeys.Authenticate(""));
        var (other, otherText) = Book.ApiKeys.Add(BookChange.None, ada.Account, "other", null);
        Assert.True(Book.ApiKeys.Revoke(BookChange.None, other.Id));
        Assert.False(Book.ApiKeys.Revoke(BookChange.None, other.Id));
        Assert.Null(Book.ApiKeys.Authenticate(otherText));
        Clock.Now = Clock.Now.AddDays(1);
        Assert.Null(Book.ApiKeys.Authenticate(text));
        Assert.False(Book.ApiKeys.IsGood(key.Id));
    }

    [Fact]
    public void A_key_of_an_account_that_is_shut_out_is_good_for_nothing_and_its_use_is_noted_to_a_minute()
    {
        Book.Person("root", "org", Role.ServiceAdministrator);
        var ada = Book.Person("Ada");
        var (key, text) = Book.ApiKeys.Add(BookChange.None, ada.Account, "test", null);
        Assert.Null(Book.ApiKeys.Find(key.Id)!.LastUsed);
        Book.ApiKeys.Authenticate(text);
        var first = Clock.Now;
        Clock.Now = first.AddSeconds(30);
        Book.ApiKeys.Authenticate(text);
        Assert.Equal(first, Book.ApiKeys.Find(key.Id)!.LastUsed);
        Clock.Now = first.AddMinutes(2);
        Book.ApiKeys.Authenticate(text);
        Assert.Equal(Clock.Now, Book.ApiKeys.Find(key.Id)!.LastUsed);
        Book.Accounts.Change(BookChange.None, ada.Account, null, true, null);
        Assert.Null(Book.ApiKeys.Authenticate(text));
        Assert.Equal([key.Id], Book.ApiKeys.List(ada.Account).Select(one => one.Id));
        Assert.Empty(Book.ApiKeys.List("none"));
        Assert.Single(Book.ApiKeys.List(null));
    }

    [Fact]
    public void A_key_keeps_its_scopes_and_is_revoked_with_the_one_it_was_made_by()
    {
        var ada = Book.Person("Ada", "org", Role.Agent, Role.Examiner);
        var (first, _) = Book.ApiKeys.Add(BookChange.None, ada.Account, "first", null);
        var (second, _) = Book.ApiKeys.Add(BookChange.None, ada.Account, "second", null, [Role.Agent], first.Id);
        var (third, text) = Book.ApiKeys.Add(BookChange.None, ada.Account, "third", null, [], second.Id);
        var (apart, _) = Book.ApiKeys.Add(BookChange.None, ada.Account, "apart", null);
        Assert.Equal([Role.Agent], Book.ApiKeys.Find(second.Id)!.Scopes);
        Assert.Empty(Book.ApiKeys.Find(third.Id)!.Scopes!);
        Assert.Null(Book.ApiKeys.Find(apart.Id)!.Scopes);
        Assert.Equal(second.Id, Book.ApiKeys.Authenticate(text)!.Value.Key.Parent);
        Assert.True(Book.ApiKeys.Revoke(BookChange.None, first.Id));
        Assert.Null(Book.ApiKeys.Authenticate(text));
        Assert.Equal([false, false, false, true], new[] { first, second, third, apart }.Select(key => Book.ApiKeys.IsGood(key.Id)));
    }
}
