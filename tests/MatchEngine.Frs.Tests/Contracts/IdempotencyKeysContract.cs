namespace MatchEngine.Frs.Tests.Contracts;

public abstract class IdempotencyKeysContract : BookContract
{
    private const int Many = 10;

    private static readonly byte[] Key = [1, 2, 3], Other = [4], Request = [9, 9], Answer = [7, 0, 7];

    private DateTimeOffset Tomorrow => Clock.Now.AddDays(1);

    [Fact]
    public void A_key_is_noted_once_and_gives_its_answer_until_it_expires()
    {
        var ada = Book.Person("Ada").Account;
        Assert.Equal((null, true), Book.IdempotencyKeys.Begin(ada, Key, Request, Tomorrow, Many));
        var (begun, isNoted) = Book.IdempotencyKeys.Begin(ada, Key, new byte[] { 1 }, Tomorrow, Many);
        Assert.Equal((false, Clock.Now), (isNoted, begun!.Begun));
        Assert.Equal(Request, begun.Request.ToArray());
        Assert.Null(begun.Answer);
        Assert.True(Book.IdempotencyKeys.Keep(ada, Key, Answer, Clock.Now.AddHours(2), 1000));
        Assert.Equal(Answer, Book.IdempotencyKeys.Begin(ada, Key, Request, Tomorrow, Many).Earlier!.Answer!.Value.ToArray());
        Clock.Now = Clock.Now.AddHours(2);
        Assert.Equal((null, true), Book.IdempotencyKeys.Begin(ada, Key, Request, Tomorrow, Many));
    }

    [Fact]
    public void A_key_is_its_accounts_and_free_again_when_released()
    {
        var (ada, bea) = (Book.Person("Ada").Account, Book.Person("Bea").Account);
        Assert.True(Book.IdempotencyKeys.Begin(ada, Key, Request, Tomorrow, Many).IsNoted);
        Assert.True(Book.IdempotencyKeys.Begin(bea, Key, Request, Tomorrow, Many).IsNoted);
        Book.IdempotencyKeys.Release(ada, Key);
        Assert.False(Book.IdempotencyKeys.Begin(bea, Key, Request, Tomorrow, Many).IsNoted);
        Assert.True(Book.IdempotencyKeys.Begin(ada, Key, Request, Tomorrow, Many).IsNoted);
    }

    [Fact]
    public void An_account_has_so_many_keys_and_bytes_and_no_more()
    {
        var (ada, bea) = (Book.Person("Ada").Account, Book.Person("Bea").Account);
        Assert.True(Book.IdempotencyKeys.Begin(ada, Key, Request, Tomorrow, 2).IsNoted);
        Assert.True(Book.IdempotencyKeys.Begin(ada, Other, Request, Tomorrow, 2).IsNoted);
        Assert.Equal((null, false), Book.IdempotencyKeys.Begin(ada, new byte[] { 5 }, Request, Tomorrow, 2));
        Assert.True(Book.IdempotencyKeys.Begin(bea, new byte[] { 5 }, Request, Tomorrow, 2).IsNoted);
        Assert.True(Book.IdempotencyKeys.Keep(ada, Key, Answer, Tomorrow, 5));
        Assert.False(Book.IdempotencyKeys.Keep(ada, Other, Answer, Tomorrow, 5));
        Assert.Null(Book.IdempotencyKeys.Begin(ada, Other, Request, Tomorrow, 2).Earlier!.Answer);
    }

    [Fact]
    public void What_has_expired_is_removed_and_nothing_else()
    {
        var ada = Book.Person("Ada").Account;
        Book.IdempotencyKeys.Begin(ada, Key, Request, Clock.Now.AddHours(1), Many);
        Book.IdempotencyKeys.Begin(ada, Other, Request, Clock.Now.AddHours(3), Many);
        Assert.Equal(0, Book.IdempotencyKeys.Purge(Clock.Now));
        Assert.Equal(1, Book.IdempotencyKeys.Purge(Clock.Now.AddHours(2)));
        Assert.False(Book.IdempotencyKeys.Begin(ada, Other, Request, Tomorrow, Many).IsNoted);
    }
}
