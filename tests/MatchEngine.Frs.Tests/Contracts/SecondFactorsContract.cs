using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class SecondFactorsContract : BookContract
{
    private static readonly byte[] Hash = [.. Enumerable.Repeat((byte)7, 32)], Other = [.. Enumerable.Repeat((byte)8, 32)];

    [Fact]
    public void One_that_was_begun_may_be_begun_anew_until_it_is_confirmed()
    {
        var ada = Book.Person("Ada").Account;
        Assert.Null(Book.SecondFactors.Find(ada));
        Assert.False(Book.SecondFactors.Confirm(BookChange.None, ada, 1, []));
        Assert.True(Book.SecondFactors.Begin(BookChange.None, ada, [1]));
        Assert.True(Book.SecondFactors.Begin(BookChange.None, ada, [2, 3]));
        Assert.False(Book.SecondFactors.Use(ada, 10));
        Assert.False(Book.Accounts.Find(ada)!.HasSecondFactor);
        Assert.True(Book.SecondFactors.Confirm(BookChange.None, ada, 10, [Hash]));
        Assert.False(Book.SecondFactors.Confirm(BookChange.None, ada, 11, [Hash]));
        Assert.False(Book.SecondFactors.Begin(BookChange.None, ada, [4]));
        var found = Book.SecondFactors.Find(ada)!;
        Assert.Equal((true, "0203"), (found.Confirmed, Convert.ToHexString(found.Sealed)));
        Assert.True(Book.Accounts.Find(ada)!.HasSecondFactor);
    }

    [Fact]
    public void No_step_is_used_twice_nor_one_before_it()
    {
        var ada = Book.Person("Ada").Account;
        Book.SecondFactors.Begin(BookChange.None, ada, [1]);
        Book.SecondFactors.Confirm(BookChange.None, ada, 10, []);
        Assert.False(Book.SecondFactors.Use(ada, 10));
        Assert.True(Book.SecondFactors.Use(ada, 12));
        Assert.False(Book.SecondFactors.Use(ada, 12));
        Assert.False(Book.SecondFactors.Use(ada, 11));
        Assert.True(Book.SecondFactors.Use(ada, 13));
    }

    [Fact]
    public void A_recovery_code_is_good_once_for_its_account_and_goes_with_the_factor()
    {
        var (ada, bea) = (Book.Person("Ada").Account, Book.Person("Bea").Account);
        foreach (var account in (string[])[ada, bea])
        {
            Book.SecondFactors.Begin(BookChange.None, account, [1]);
            Book.SecondFactors.Confirm(BookChange.None, account, 1, account == ada ? [Hash, Other] : []);
        }
        Assert.False(Book.SecondFactors.UseRecovery(BookChange.None, bea, Hash));
        Assert.True(Book.SecondFactors.UseRecovery(BookChange.None, ada, Hash));
        Assert.False(Book.SecondFactors.UseRecovery(BookChange.None, ada, Hash));
        Assert.True(Book.SecondFactors.Remove(BookChange.None, ada));
        Assert.False(Book.SecondFactors.Remove(BookChange.None, ada));
        Book.SecondFactors.Begin(BookChange.None, ada, [1]);
        Book.SecondFactors.Confirm(BookChange.None, ada, 1, []);
        Assert.False(Book.SecondFactors.UseRecovery(BookChange.None, ada, Other));
    }
}
