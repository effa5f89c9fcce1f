using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class CasesContract : BookContract
{
    [Fact]
    public void The_first_search_with_a_number_opens_a_case_of_its_organisation_and_the_others_join_it()
    {
        var (ada, bob, eve) = (Book.Person("Ada"), Book.Person("Bob"), Book.Person("Eve", "other"));
        var first = Add(ada, "C-1");
        Add(bob, "C-1");
        Add(eve, "C-1");
        Add(bob, "C-2");
        Add(bob, null);
        var opened = Book.Cases.Find("org", "C-1")!;
        Assert.Equal(
            new CaseFile(opened.Id, "org", "C-1", first.Searched, ada.Account) { Searches = 2 }, opened);
        Assert.Equal(opened, Book.Cases.Find(opened.Id));
        Assert.Equal(eve.Account, Book.Cases.Find("other", "C-1")!.OpenedBy);
        Assert.Null(Book.Cases.Find("org", "c-1"));
        Assert.Null(Book.Cases.Find("none"));
        Assert.Equal(["a", "b"], Book.Cases.Galleries(opened.Id));
        Assert.True(Book.Cases.HasSearched(opened.Id, bob.Account));
        Assert.False(Book.Cases.HasSearched(opened.Id, eve.Account));
    }

    [Fact]
    public void Cases_are_listed_by_who_searched_and_by_how_they_stand()
    {
        var (ada, bob) = (Book.Person("Ada"), Book.Person("Bob"));
        foreach (var number in (string[])["C-1", "C-2", "C-3"])
            Add(number == "C-2" ? bob : ada, number);
        var (one, three) = (Book.Cases.Find("org", "C-1")!.Id, Book.Cases.Find("org", "C-3")!.Id);
        Assert.True(Book.Cases.Close(BookChange.None, one, ada.Account, Clock.Now.AddYears(20)));
        Assert.True(Book.Cases.Hold(BookChange.None, three, bob.Account, "a suit"));
        string[] List(CaseFilter filter, int count = 10) => [.. Book.Cases.List(filter, count).Select(found => found.Number)];
        var all = new CaseFilter("org");
        Assert.Equal(["C-1", "C-2", "C-3"], List(all).Order());
        Assert.Equal(["C-2"], List(all with { Account = bob.Account }));
        Assert.Equal(["C-1"], List(all with { State = CaseState.Closed }));
        Assert.Equal(["C-2", "C-3"], List(all with { State = CaseState.Open }).Order());
        Assert.Equal(["C-3"], List(all with { OnHold = true }));
        Assert.Equal(["C-2"], List(all with { Number = "C-2" }));
        Assert.Empty(List(new CaseFilter("other")));
        var page = Book.Cases.List(all, 2);
        Assert.Equal(List(all), (string[])[.. page.Select(found => found.Number), .. List(all with { After = page[^1].Id })]);
    }

    [Fact]
    public void A_case_is_closed_once_opened_again_and_takes_no_search_while_it_is_closed()
    {
        var ada = Book.Person("Ada");
        Add(ada, "C-1");
        var id = Book.Cases.Find("org", "C-1")!.Id;
        Assert.False(Book.Cases.Reopen(BookChange.None, id));
        var end = Clock.Now.AddYears(20);
        Assert.True(Book.Cases.Close(BookChange.None, id, ada.Account, end));
        Assert.False(Book.Cases.Close(BookChange.None, id, ada.Account, end));
        var closed = Book.Cases.Find(id)!;
        Assert.Equal(
            (CaseState.Closed, Clock.Now, ada.Account, end), (closed.State, closed.Closed!.Value, closed.ClosedBy, closed.Expires!.Value));
        var late = Search(ada);
        Assert.Equal(ErrorCodes.Conflict, Assert.Throws<CodedException>(() => Book.Searches.Add(late, Candidates)).Code);
        Assert.Null(Book.Searches.Find(late.Id));
        Assert.True(Book.Cases.Reopen(BookChange.None, id));
        Assert.Equal((CaseState.Open, null), (Book.Cases.Find(id)!.State, Book.Cases.Find(id)!.Expires));
        Assert.True(Book.Searches.Add(late, Candidates));
    }

    [Fact]
    public void Notes_are_written_while_a_case_is_open_and_go_with_it()
    {
        var (ada, bob) = (Book.Person("Ada"), Book.Person("Bob"));
        Add(ada, "C-1");
        var id = Book.Cases.Find("org", "C-1")!.Id;
        Assert.True(Book.Cases.Note(BookChange.None, id, ada.Account, "first"));
        var first = Clock.Now;
        Clock.Now = Clock.Now.AddSeconds(1);
        Assert.True(Book.Cases.Note(BookChange.None, id, bob.Account, "second 'note'"));
        Assert.Equal(
            [new CaseNote(ada.Account, first, "first"), new CaseNote(bob.Account, Clock.Now, "second 'note'")], Book.Cases.Notes(id, null));
        Assert.Equal("first", Assert.Single(Book.Cases.Notes(id, ada.Account)).Text);
        Assert.False(Book.Cases.Note(BookChange.None, "none", ada.Account, "nowhere"));
        Book.Cases.Close(BookChange.None, id, ada.Account, Clock.Now.AddYears(20));
        Assert.False(Book.Cases.Note(BookChange.None, id, ada.Account, "late"));
        Assert.Equal(2, Book.Cases.Notes(id, null).Count);
        Assert.NotNull(Book.Cases.Delete(BookChange.None, id));
        Assert.Empty(Book.Cases.Notes(id, null));
    }

    [Fact]
    public void A_hold_stops_deletion_and_the_end_of_retention()
    {
        var ada = Book.Person("Ada");
        Add(ada, "C-1");
        var id = Book.Cases.Find("org", "C-1")!.Id;
        Assert.Null(Book.Cases.Delete(BookChange.None, id));
        Book.Cases.Close(BookChange.None, id, ada.Account, Clock.Now.AddYears(20));
        Assert.True(Book.Cases.Hold(BookChange.None, id, ada.Account, "a suit"));
        Assert.Equal(new LegalHold(ada.Account, Clock.Now, "a suit"), Book.Cases.Find(id)!.Hold);
        Clock.Now = Clock.Now.AddYears(20);
        Assert.Empty(Book.Cases.Overdue(Clock.Now));
        Assert.Null(Book.Cases.Delete(BookChange.None, id));
        Assert.True(Book.Cases.Release(BookChange.None, id));
        Assert.False(Book.Cases.Release(BookChange.None, id));
        Assert.Empty(Book.Cases.Overdue(Clock.Now.AddTicks(-10_000)));
        Assert.Equal(id, Assert.Single(Book.Cases.Overdue(Clock.Now)).Id);
        Assert.NotNull(Book.Cases.Delete(BookChange.None, id));
        Assert.False(Book.Cases.Hold(BookChange.None, id, ada.Account, "too late"));
    }

    [Fact]
    public void With_a_case_goes_all_that_the_book_has_of_its_searches_and_nothing_else()
    {
        var (ada, boss) = (Book.Person("Ada"), Book.Person("Boss", "org", "supervisor"));
        var approval = Book.Approvals.Add(
            BookChange.None, ada, new AskedApproval(ApprovedUse.Search, ["a"], new SearchPurpose("C-1"), "why")).Id;
        Book.Approvals.Decide(BookChange.None, approval, boss.Account, true, "yes");
        var (gone, stays) = (Search(ada, approval), Add(ada, "C-2"));
        Book.Searches.Add(gone, Candidates);
        foreach (var (search, name) in new[] { (gone, "x"), (stays, "y") })
        {
            Book.Examinations.Add(BookChange.None, name, search, null, TimeSpan.FromDays(1), Candidates);
            Book.Notifications.Tell(ada.Account, NotificationKinds.SearchOpened, boss, search.Id);
            Book.Details.Add(BookChange.None, search.Id, ada.Account, "a", "S1", "owner", "why");
        }
        Book.Notifications.MarkRead(ada, long.MaxValue);
        var id = Book.Cases.Find("org", "C-1")!.Id;
        Book.Cases.Close(BookChange.None, id, ada.Account, Clock.Now.AddYears(20));
        var deleted = Book.Cases.Delete(BookChange.None, id)!;
        Assert.Equal((1, "x"), (deleted.Searches, Assert.Single(deleted.Examinations)));
        Assert.Null(Book.Cases.Find(id));
        Assert.Null(Book.Searches.Find(gone.Id));
        Assert.Empty(Book.Searches.Candidates(gone.Id));
        Assert.Null(Book.Examinations.Find("x"));
        Assert.Null(Book.Approvals.Find(approval));
        Assert.NotNull(Book.Searches.Find(stays.Id));
        Assert.NotNull(Book.Examinations.Find("y"));
        Assert.Equal([stays.Id], Book.Details.List(ada.Account, null).Select(request => request.Search));
        Assert.Equal([stays.Id], Book.Notifications.List(ada, false, null, 10).Select(told => told.Search));
        // The number is free for another case.
        Add(ada, "C-1");
        Assert.NotEqual(id, Book.Cases.Find("org", "C-1")!.Id);
    }

    private RecordedSearch Add(Actor actor, string? number)
    {
        var search = Search(actor) with { Purpose = number is null ? null : new SearchPurpose(number) };
        Assert.True(Book.Searches.Add(search, Candidates));
        return search;
    }
}
