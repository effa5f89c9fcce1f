using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class TrainingCertificatesContract : BookContract
{
    [Fact]
    public void Of_each_account_and_course_the_latest_certificate_is_kept_until_it_is_withdrawn()
    {
        var (ada, bob) = (Book.Person("Ada").Account, Book.Person("Bob").Account);
        var day = new DateOnly(2026, 2, 28);
        Assert.Null(Book.Training.Find(ada, "course"));

        var recorded = Book.Training.Record(BookChange.None, ada, "course", day, bob);
        Assert.Equal((ada, "course", day, bob, Clock.Now), (recorded.Account, recorded.Course, recorded.Completed, recorded.By,
            recorded.Recorded));
        Clock.Now = Clock.Now.AddDays(1);
        Book.Training.Record(BookChange.None, ada, "course", day.AddDays(2), bob);
        Book.Training.Record(BookChange.None, bob, "other", day, ada);

        Assert.Equal(day.AddDays(2), Assert.Single(Book.Training.List(ada)).Completed);
        Assert.Equal(Clock.Now, Book.Training.Find(ada, "course")!.Recorded);
        Assert.Equal(["course", "other"], Book.Training.List(null).Select(certificate => certificate.Course).Order());
        Assert.Null(Book.Training.Find(bob, "course"));
        Assert.True(Book.Training.Withdraw(BookChange.None, ada, "course"));
        Assert.False(Book.Training.Withdraw(BookChange.None, ada, "course"));
        Assert.Empty(Book.Training.List(ada));
    }

    [Fact]
    public void A_certificate_is_good_until_the_day_after_so_many_months()
    {
        var ada = Book.Person("Ada").Account;
        var recorded = Book.Training.Record(BookChange.None, ada, "course", new DateOnly(2025, 8, 31), ada);
        Assert.Equal(new DateOnly(2026, 2, 28), recorded.Until(6));
    }
}
