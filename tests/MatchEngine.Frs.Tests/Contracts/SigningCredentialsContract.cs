using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class SigningCredentialsContract : BookContract
{
    [Fact]
    public void What_was_added_is_found_with_its_sealed_secret_and_listed_by_account_without()
    {
        var (ada, bea) = (Book.Person("Ada").Account, Book.Person("Bea").Account);
        var key = Book.ApiKeys.Add(BookChange.None, ada, "key", null).Key.Id;
        var first = Credential("A", ada) with
        {
            Scopes = ["agent", "gallery-owner"], Parent = key, Purpose = new SearchPurpose("C-1", "basis", "Ü"),
        };
        Book.SigningCredentials.Add(BookChange.None, first, [1, 2]);
        Book.SigningCredentials.Add(BookChange.None, Credential("B", bea), [3]);

        var (found, secret) = Book.SigningCredentials.Find("A")!.Value;
        Assert.Equal([1, 2], secret);
        Assert.Equal(first.Scopes, found.Scopes);
        Assert.Equal(first, found with { Scopes = first.Scopes });
        Assert.Null(Book.SigningCredentials.Find("a"));
        Assert.Equal(["A"], Book.SigningCredentials.List(ada).Select(credential => credential.Id));
        Assert.Equal(["A", "B"], Book.SigningCredentials.List(null).Select(credential => credential.Id));
    }

    [Fact]
    public void One_is_revoked_once_and_its_last_use_is_kept()
    {
        var ada = Book.Person("Ada").Account;
        Book.SigningCredentials.Add(BookChange.None, Credential("A", ada), [1]);
        Book.SigningCredentials.Add(BookChange.None, Credential("B", ada), [1]);
        Book.SigningCredentials.Used("A", Clock.Now.AddHours(1));
        Clock.Now = Clock.Now.AddHours(2);
        Assert.True(Book.SigningCredentials.Revoke(BookChange.None, "A"));
        Assert.False(Book.SigningCredentials.Revoke(BookChange.None, "A"));
        Assert.False(Book.SigningCredentials.Revoke(BookChange.None, "C"));
        var found = Book.SigningCredentials.Find("A")!.Value.Credential;
        Assert.Equal((Clock.Now, Clock.Now.AddHours(-1)), (found.Revoked, found.LastUsed));
        Assert.Equal((null, null), (Book.SigningCredentials.Find("B")!.Value.Credential.Revoked, found.Purpose));
    }

    private SigningCredential Credential(string id, string account) =>
        new(id, account, "name", Clock.Now, Clock.Now.AddDays(1), null, null, null, null);
}
