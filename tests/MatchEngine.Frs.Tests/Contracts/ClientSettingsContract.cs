using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class ClientSettingsContract : BookContract
{
    [Fact]
    public void What_was_set_last_holds_for_its_key_alone_until_it_is_taken_away()
    {
        var ada = Book.Person("Ada").Account;
        var keys = Enumerable.Range(0, 2).Select(n => Book.ApiKeys.Add(BookChange.None, ada, $"{n}", null).Key.Id).ToList();
        Assert.Null(Book.ClientSettings.Find(keys[0]));
        Assert.False(Book.ClientSettings.Remove(BookChange.None, keys[0]));
        Book.ClientSettings.Set(BookChange.None, keys[0], new ClientSettings("g", null));
        var last = new ClientSettings(null, new SearchPurpose("C-1", null, "Ü"));
        Book.ClientSettings.Set(BookChange.None, keys[0], last);
        Assert.Equal(last, Book.ClientSettings.Find(keys[0]));
        Assert.Null(Book.ClientSettings.Find(keys[1]));
        Assert.True(Book.ClientSettings.Remove(BookChange.None, keys[0]));
        Assert.Null(Book.ClientSettings.Find(keys[0]));
    }
}
