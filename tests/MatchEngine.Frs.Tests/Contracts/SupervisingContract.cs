using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class ApprovalsContract : BookContract
{
    private static readonly SearchPurpose Purpose = new("C-1", null, "Ada");

    [Fact]
    public void A_request_is_found_as_it_was_made_and_decided_once()
    {
        var (ada, boss) = (Book.Person("Ada"), Book.Person("Boss"));
        var asked = Book.Approvals.Add(BookChange.None, ada, new AskedApproval(ApprovedUse.Search, ["b", "a", "b"], Purpose, "why"));
        Assert.Equal(["a", "b"], asked.Galleries);
        Assert.Equal((Purpose, ApprovalState.Pending, Clock.Now, null), (asked.Purpose, asked.State, asked.Requested, asked.Expires));
        Assert.True(Book.Approvals.Decide(BookChange.None, asked.Id, boss.Account, true, "because"));
        Assert.False(Book.Approvals.Decide(BookChange.None, asked.Id, boss.Account, false, "or not"));
        var decided = Book.Approvals.Find(asked.Id)!;
        Assert.Equal(
            (ApprovalState.Approved, boss.Account, "because", Clock.Now + Approval.Lifetime),
            (decided.State, decided.DecidedBy, decided.Decision, decided.Expires));
        Assert.Null(Book.Approvals.Find("none"));
    }

    [Fact]
    public void A_request_that_cannot_wait_is_decided_by_its_deadline_or_not_at_all()
    {
        var (ada, boss) = (Book.Person("Ada"), Book.Person("Boss"));
        var asked = new AskedApproval(ApprovedUse.Search, ["a"], Purpose, "a missing child")
        {
            Exigent = true, DecideBy = Clock.Now.AddMinutes(60),
        };
        var (first, second) = (Book.Approvals.Add(BookChange.None, ada, asked), Book.Approvals.Add(BookChange.None, ada, asked));
        Assert.Equal((true, asked.DecideBy), (first.Exigent, first.DecideBy));
        Clock.Now = Clock.Now.AddMinutes(59);
        Assert.True(Book.Approvals.Decide(BookChange.None, first.Id, boss.Account, true, "yes"));
        Clock.Now = Clock.Now.AddMinutes(1);
        Assert.False(Book.Approvals.Decide(BookChange.None, second.Id, boss.Account, true, "too late"));
        Assert.Equal(ApprovalState.Pending, Book.Approvals.Find(second.Id)!.State);
    }

    [Fact]
    public void An_approval_of_a_comparison_is_used_up_once_and_one_of_a_search_by_no_comparison()
    {
        var (ada, boss) = (Book.Person("Ada"), Book.Person("Boss"));
        var photos = Book.Approvals.Add(BookChange.None, ada, new AskedApproval(ApprovedUse.Comparison, [], Purpose, "why"));
        var search = Book.Approvals.Add(BookChange.None, ada, new AskedApproval(ApprovedUse.Search, ["a"], Purpose, "why"));
        Assert.Equal((ApprovedUse.Comparison, ApprovedUse.Search), (photos.Use, search.Use));
        Assert.False(Book.Approvals.Use(BookChange.None, photos.Id));
        foreach (var asked in (Approval[])[photos, search])
            Book.Approvals.Decide(BookChange.None, asked.Id, boss.Account, true, "yes");

        Assert.True(Book.Approvals.Use(BookChange.None, photos.Id));
        Assert.False(Book.Approvals.Use(BookChange.None, photos.Id));
        Assert.False(Book.Approvals.Use(BookChange.None, search.Id));
        Assert.Equal(
            (ApprovalState.Used, ApprovalState.Approved),
            (Book.Approvals.Find(photos.Id)!.State, Book.Approvals.Find(search.Id)!.State));
    }

    [Fact]
    public void Requests_are_listed_newest_first_by_organisation_account_and_state()
    {
        var (ada, bob, eve) = (Book.Person("Ada"), Book.Person("Bob"), Book.Person("Eve", "other"));
        var first = Book.Approvals.Add(BookChange.None, ada, new AskedApproval(ApprovedUse.Search, ["a"], Purpose, "1"));
        var second = Book.Approvals.Add(BookChange.None, bob, new AskedApproval(ApprovedUse.Search, ["a"], Purpose, "2"));
        Book.Approvals.Add(BookChange.None, eve, new AskedApproval(ApprovedUse.Search, ["a"], Purpose, "3"));
        Book.Approvals.Decide(BookChange.None, first.Id, bob.Account, false, "no");
        Assert.Equal(NewestFirst(second.Id, first.Id), Book.Approvals.List("org", null, null).Select(one => one.Id));
        Assert.Equal([first.Id], Book.Approvals.List("org", ada.Account, null).Select(one => one.Id));
        Assert.Equal([second.Id], Book.Approvals.List("org", null, ApprovalState.Pending).Select(one => one.Id));
    }
}

public abstract class DetailsRequestsContract : BookContract
{
    [Fact]
    public void A_second_request_is_found_listed_for_both_sides_and_decided_once()
    {
        var (ada, owner) = (Book.Person("Ada"), Book.Person("Owner", "keeper"));
        var asked = Book.Details.Add(BookChange.None, "s", ada.Account, "g", "S 1", "keeper", "why");
        Assert.Equal(
            ("s", "g", "S 1", "keeper", DetailsState.Pending), (asked.Search, asked.Gallery, asked.Subject, asked.Owner, asked.State));
        Assert.Equal(asked, Book.Details.Find(asked.Id));
        Assert.Single(Book.Details.List(ada.Account, null));
        Assert.Single(Book.Details.List(owner.Account, "keeper"));
        Assert.Empty(Book.Details.List(owner.Account, null));
        Assert.True(Book.Details.Decide(BookChange.None, asked.Id, owner.Account, true, "yes"));
        Assert.False(Book.Details.Decide(BookChange.None, asked.Id, owner.Account, false, "no"));
        Assert.Equal((DetailsState.Granted, Clock.Now), (Book.Details.Find(asked.Id)!.State, Book.Details.Find(asked.Id)!.Decided));
    }
}

public abstract class TermsAcceptancesContract : BookContract
{
    [Fact]
    public void Terms_are_accepted_once_by_each_account_and_version()
    {
        var (ada, bob) = (Book.Person("Ada"), Book.Person("Bob"));
        Assert.Null(Book.Terms.Find(ada.Account, "p", "1"));
        Assert.True(Book.Terms.Accept(BookChange.None, ada.Account, "p", "1"));
        var first = Clock.Now;
        Clock.Now = first.AddDays(1);
        Assert.False(Book.Terms.Accept(BookChange.None, ada.Account, "p", "1"));
        Assert.Equal(first, Book.Terms.Find(ada.Account, "p", "1"));
        // One that has to be renewed is, when its time is over.
        Assert.False(Book.Terms.Accept(BookChange.None, ada.Account, "p", "1", 90));
        Clock.Now = first.AddDays(90);
        Assert.True(Book.Terms.Accept(BookChange.None, ada.Account, "p", "1", 90));
        Assert.Equal(Clock.Now, Book.Terms.Find(ada.Account, "p", "1"));
        Assert.Null(Book.Terms.Find(ada.Account, "p", "2"));
        Assert.Null(Book.Terms.Find(bob.Account, "p", "1"));
    }
}
