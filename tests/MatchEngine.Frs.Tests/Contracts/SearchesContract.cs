using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class SearchesContract : BookContract
{
    [Fact]
    public void A_search_is_read_as_it_was_recorded()
    {
        var search = Search(Book.Person("Ada"), exigent: "it could not wait");
        Assert.True(Book.Searches.Add(search, Candidates));
        var read = Book.Searches.Find(search.Id)!;
        Assert.Equal(search.Galleries, read.Galleries);
        Assert.Equal(search, read with { Galleries = search.Galleries });
        Assert.Equal(Candidates, Book.Searches.Candidates(search.Id));
        Assert.True(read.IsFlagged);
        Assert.Null(Book.Searches.Find("none"));
        Assert.Empty(Book.Searches.Candidates("none"));
    }

    [Fact]
    public void A_search_with_hardly_anything_to_say_is_read_as_it_was_recorded()
    {
        var search = Search(Book.Person("Ada")) with
        {
            Expires = null, Purpose = null, Floor = null, FloorGaveWay = false, ProbeQuality = null, ProbeFaces = null,
            ProbeEncounter = "e", Profile = null, ProbeDigest = null, ProbeBox = null,
            Preparation = null,
        };
        Assert.True(Book.Searches.Add(search, []));
        var read = Book.Searches.Find(search.Id)!;
        Assert.Equal(search, read with { Galleries = search.Galleries });
    }

    [Fact]
    public void Galleries_with_floors_of_their_own_are_read_with_them()
    {
        var search = Search(Book.Person("Ada")) with { Floor = null, Floors = [new("a", 0.25f), new("b", null)] };
        Assert.True(Book.Searches.Add(search, []));
        Assert.Equal(search.Floors, Book.Searches.Find(search.Id)!.Floors);
    }

    [Fact]
    public void An_approval_is_used_up_with_the_search_and_never_twice()
    {
        var (ada, boss) = (Book.Person("Ada"), Book.Person("Boss"));
        var approval = Book.Approvals.Add(
            BookChange.None, ada, new AskedApproval(ApprovedUse.Search, ["a"], new SearchPurpose(), "why")).Id;
        var early = Search(ada, approval);
        Assert.False(Book.Searches.Add(early, Candidates));
        Assert.Null(Book.Searches.Find(early.Id));
        Book.Approvals.Decide(BookChange.None, approval, boss.Account, true, "yes");
        // Another's approval is none.
        Assert.False(Book.Searches.Add(Search(boss, approval), Candidates));
        var search = Search(ada, approval);
        Assert.True(Book.Searches.Add(search, Candidates));
        Assert.Equal((ApprovalState.Used, search.Id), (Book.Approvals.Find(approval)!.State, Book.Approvals.Find(approval)!.Search));
        var late = Search(ada, approval);
        Assert.False(Book.Searches.Add(late, Candidates));
        Assert.Null(Book.Searches.Find(late.Id));
        Assert.Empty(Book.Searches.Candidates(late.Id));
    }

    [Fact]
    public void A_transaction_that_fails_records_nothing_and_leaves_the_approval()
    {
        var (ada, boss) = (Book.Person("Ada"), Book.Person("Boss"));
        var approval = Book.Approvals.Add(
            BookChange.None, ada, new AskedApproval(ApprovedUse.Search, ["a"], new SearchPurpose(), "why")).Id;
        Book.Approvals.Decide(BookChange.None, approval, boss.Account, true, "yes");
        var search = Search(ada, approval);
        Assert.Throws<InvalidOperationException>(() => Book.Store.Transact<bool>(() =>
        {
            Book.Searches.Add(search, Candidates);
            throw new InvalidOperationException();
        }));
        Assert.Null(Book.Searches.Find(search.Id));
        Assert.Equal(ApprovalState.Approved, Book.Approvals.Find(approval)!.State);
    }

    [Fact]
    public void Searches_are_listed_newest_first_by_page_and_by_what_supervision_asks()
    {
        var (ada, bob, eve) = (Book.Person("Ada"), Book.Person("Bob"), Book.Person("Eve", "other"));
        var searches = new[] { Search(ada), Search(bob, exigent: "haste"), Search(ada), Search(eve) };
        foreach (var search in searches)
            Book.Searches.Add(search, []);
        string[] List(string? account = null, bool unreviewed = false, bool exigent = false, string? before = null, int count = 10) =>
        [
            .. Book.Searches.List(
                new SearchFilter("org") { Account = account, Unreviewed = unreviewed, Exigent = exigent, Before = before }, count)
                .Select(search => search.Id),
        ];
        Assert.Equal([searches[2].Id, searches[1].Id, searches[0].Id], List());
        Assert.Equal([searches[2].Id], List(count: 1));
        Assert.Equal([searches[1].Id, searches[0].Id], List(before: searches[2].Id));
        Assert.Equal([searches[2].Id, searches[0].Id], List(ada.Account));
        Assert.Equal([searches[1].Id], List(exigent: true));
        Assert.True(Book.Searches.Review(BookChange.None, searches[1].Id, ada.Account, ReviewFinding.FollowUp, "ask"));
        Assert.False(Book.Searches.Review(BookChange.None, "none", ada.Account, ReviewFinding.Proper, null));
        Assert.Equal(new Review(ada.Account, Clock.Now, ReviewFinding.FollowUp, "ask"), Book.Searches.Find(searches[1].Id)!.Review);
        Assert.Equal([searches[2].Id, searches[0].Id], List(unreviewed: true));
    }

    [Fact]
    public void Searches_are_listed_by_case_and_by_time()
    {
        var ada = Book.Person("Ada");
        RecordedSearch Made(string? caseNumber, int hour) => Search(ada) with
        {
            Searched = Clock.Now.AddHours(hour),
            Purpose = caseNumber is null ? null : new SearchPurpose(caseNumber),
        };
        var searches = new[] { Made("C-1", 0), Made("C-2", 1), Made(null, 2), Made("C-1", 3) };
        foreach (var search in searches)
            Book.Searches.Add(search, []);
        string[] List(SearchFilter filter) => [.. Book.Searches.List(filter, 10).Select(search => search.Id)];
        Assert.Equal([searches[3].Id, searches[0].Id], List(new SearchFilter("org") { CaseNumber = "C-1" }));
        Assert.Empty(List(new SearchFilter("org") { CaseNumber = "C" }));
        Assert.Equal(
            [searches[2].Id, searches[1].Id],
            List(new SearchFilter("org") { Since = searches[1].Searched, Until = searches[3].Searched }));
        Assert.Equal(
            [searches[3].Id], List(new SearchFilter("org") { CaseNumber = "C-1", Since = searches[1].Searched, Account = ada.Account }));
    }

    [Fact]
    public void What_is_over_is_not_read_any_more_and_a_purge_removes_it_with_its_examinations()
    {
        var ada = Book.Person("Ada");
        var (old, kept) = (
            Search(ada) with { Expires = Clock.Now.AddYears(7), Purpose = null }, Search(ada) with { Expires = null, Purpose = null });
        Book.Searches.Add(old, Candidates);
        Book.Searches.Add(kept, Candidates);
        Book.Examinations.Add(BookChange.None, "x", old, null, TimeSpan.FromDays(1), Candidates);
        Book.Examinations.Withdraw(BookChange.None, "x", ada.Account);
        Assert.Equal(0, Book.Searches.Purge(Clock.Now).Count);
        Clock.Now = Clock.Now.AddYears(7);
        Assert.Null(Book.Searches.Find(old.Id));
        Assert.Equal([kept.Id], Book.Searches.List(new SearchFilter("org"), 10).Select(search => search.Id));
        var purged = Book.Searches.Purge(Clock.Now);
        Assert.Equal((1, "x"), (purged.Count, Assert.Single(purged.Examinations)));
        Assert.Empty(Book.Searches.Candidates(old.Id));
        Assert.Null(Book.Examinations.Find("x"));
        Assert.Equal(2, Book.Searches.Candidates(kept.Id).Count);
    }

    [Fact]
    public void A_search_of_a_case_is_kept_as_long_as_the_case()
    {
        var search = Search(Book.Person("Ada")) with { Expires = Clock.Now.AddYears(7) };
        Book.Searches.Add(search, Candidates);
        Clock.Now = Clock.Now.AddYears(30);
        Assert.Equal(0, Book.Searches.Purge(Clock.Now).Count);
        Assert.Equal(search.Id, Book.Searches.Find(search.Id)!.Id);
        Assert.Single(Book.Searches.List(new SearchFilter("org"), 10));
    }

    [Fact]
    public void Stripped_of_some_galleries_a_search_stays_and_a_hold_stops_it()
    {
        var ada = Book.Person("Ada");
        var (search, other) = (Search(ada), Search(ada) with { Purpose = null });
        foreach (var made in (RecordedSearch[])[search, other])
        {
            Book.Searches.Add(made, Candidates);
            Book.Examinations.Add(BookChange.None, $"x{made.Id}", made, null, TimeSpan.FromDays(1), Candidates);
            foreach (var gallery in (string[])["a", "b"])
                Book.Details.Add(BookChange.None, made.Id, ada.Account, gallery, "S", "owner", "why");
        }
        var held = Book.Cases.Find("org", "C-1")!.Id;
        Book.Cases.Hold(BookChange.None, held, ada.Account, "a suit");
        Assert.Null(Book.Searches.Strip(BookChange.None, search.Id, ["a"]));
        Assert.Equal(2, Book.Searches.Candidates(search.Id).Count);
        Book.Cases.Release(BookChange.None, held);

        var stripped = Book.Searches.Strip(BookChange.None, search.Id, ["a"])!;

        Assert.Equal((1, $"x{search.Id}"), (stripped.Candidates, Assert.Single(stripped.Examinations)));
        Assert.Equal(["b"], Book.Searches.Candidates(search.Id).Select(candidate => candidate.Gallery));
        Assert.Equal((null, null), (Book.Searches.Find(search.Id)!.ProbeDigest, Book.Searches.Find(search.Id)!.ProbeBox));
        Assert.Empty(Book.Examinations.Live(search.Id));
        Assert.Equal(["a", "b", "b"], Book.Details.List(ada.Account, null).Select(request => request.Gallery).Order());
        Assert.Equal(2, Book.Searches.Candidates(other.Id).Count);
        Assert.Equal($"x{other.Id}", Assert.Single(Book.Examinations.Live(other.Id)).Id);
    }
}
