using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Examining;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class ExaminationsContract : BookContract
{
    private static readonly Assessment Kept = new(
        true, ExaminationLevel.LimitedSupport, new Dictionary<string, string> { ["nose"] = "straight" }, "good")
    {
        Processing = ["probe: brightness 120 %", "mark 1 on the probe at 40 %, 30 %: scar"],
    };

    private static readonly Assessment Aside = new(false, null, new Dictionary<string, string>(), null);

    private (Actor Ada, Actor Eve, string Search) Open(string id, string? note = "look")
    {
        var (ada, eve) = (Book.Person("Ada" + id), Book.Person("Eve" + id));
        var search = Search(ada);
        Book.Searches.Add(search, Candidates);
        Assert.True(Book.Examinations.Add(BookChange.None, id, search, note, TimeSpan.FromHours(2), Candidates));
        Assert.False(Book.Examinations.Add(BookChange.None, id + "-again", search, null, TimeSpan.FromHours(2), Candidates));
        return (ada, eve, search.Id);
    }

    [Fact]
    public void An_examination_is_read_as_it_was_opened()
    {
        var (ada, _, search) = Open("x");
        var found = Book.Examinations.Find("x")!;
        Assert.Equal(
            (search, ada.Account, "org", ExaminationState.Open, "look", Clock.Now, Clock.Now.AddHours(2)),
            (found.Search, found.Requester, found.Organisation, found.State, found.Note, found.Requested, found.Expires));
        Assert.Equal(Book.Searches.Find(search)!.ProbeBox, found.ProbeBox);
        Assert.Equal(
            Candidates.Select(candidate => (candidate.Rank, candidate.Gallery, candidate.Subject, candidate.Encounter)),
            Book.Examinations.Candidates("x").Select(
                candidate => (candidate.Rank, candidate.Gallery, candidate.Subject, candidate.Encounter)));
        Assert.All(Book.Examinations.Candidates("x"), candidate => Assert.Null(candidate.Kept));
        Assert.Null(Book.Examinations.Find("none"));
    }

    [Fact]
    public void It_is_taken_by_one_other_than_who_asked_given_up_with_all_that_was_said_and_finished_when_all_is_said()
    {
        var (ada, eve, _) = Open("x");
        var mallory = Book.Person("Mallory");
        Assert.False(Book.Examinations.Take(BookChange.None, "x", ada.Account));
        Assert.False(Book.Examinations.Assess(BookChange.None, "x", eve.Account, 1, Kept));
        Assert.True(Book.Examinations.Take(BookChange.None, "x", eve.Account));
        Assert.False(Book.Examinations.Take(BookChange.None, "x", mallory.Account));
        Assert.True(Book.Examinations.Assess(BookChange.None, "x", eve.Account, 1, Kept));
        Assert.False(Book.Examinations.Assess(BookChange.None, "x", mallory.Account, 1, Kept));
        Assert.False(Book.Examinations.Assess(BookChange.None, "x", eve.Account, 9, Kept));
        var said = Book.Examinations.Candidates("x")[0];
        Assert.Equal((true, ExaminationLevel.LimitedSupport, "good"), (said.Kept, said.Level, said.Comment));
        Assert.Equal("straight", said.Features["nose"]);
        Assert.Equal(Kept.Processing, said.Processing);
        Assert.True(Book.Examinations.Release(BookChange.None, "x", eve.Account));
        Assert.Null(Book.Examinations.Candidates("x")[0].Kept);
        Assert.Empty(Book.Examinations.Candidates("x")[0].Processing);
        Assert.True(Book.Examinations.Take(BookChange.None, "x", mallory.Account));
        Assert.Null(Book.Examinations.Finish(BookChange.None, "x", eve.Account, null, true));
        Assert.Equal([1, 2], Book.Examinations.Finish(BookChange.None, "x", mallory.Account, "words", false)!);
        Assert.Equal(ExaminationState.Taken, Book.Examinations.Find("x")!.State);
        Book.Examinations.Assess(BookChange.None, "x", mallory.Account, 1, Kept);
        Book.Examinations.Assess(BookChange.None, "x", mallory.Account, 1, Aside);
        Assert.Empty(Book.Examinations.Finish(BookChange.None, "x", mallory.Account, "words", true)!);
        var finished = Book.Examinations.Find("x")!;
        Assert.Equal((ExaminationState.Finished, "words", Clock.Now), (finished.State, finished.Comment, finished.Closed));
        Assert.All(Book.Examinations.Candidates("x"), candidate => Assert.False(candidate.Kept));
        Assert.False(Book.Examinations.Withdraw(BookChange.None, "x", ada.Account));
    }

    [Fact]
    public void What_is_closed_or_overdue_waits_for_the_erasure_of_its_probe()
    {
        var (ada, eve, search) = Open("x");
        Open("y");
        Assert.False(Book.Examinations.Erased(BookChange.None, "x"));
        Assert.True(Book.Examinations.Withdraw(BookChange.None, "x", ada.Account));
        Assert.Equal(["x"], Book.Examinations.Unerased());
        Assert.True(Book.Examinations.Erased(BookChange.None, "x"));
        Assert.False(Book.Examinations.Erased(BookChange.None, "x"));
        Assert.Empty(Book.Examinations.Unerased());
        Assert.False(Book.Examinations.Expire(BookChange.None, "y"));
        Clock.Now = Clock.Now.AddHours(2);
        Assert.Equal(["y"], Book.Examinations.Overdue());
        Assert.False(Book.Examinations.Take(BookChange.None, "y", eve.Account));
        Assert.True(Book.Examinations.Expire(BookChange.None, "y"));
        Assert.Empty(Book.Examinations.Overdue());
        Assert.Equal(ExaminationState.Expired, Book.Examinations.Find("y")!.State);
        // The list of a search that was examined can be examined once more.
        Assert.True(Book.Examinations.Add(BookChange.None, "z", Book.Searches.Find(search)!, null, TimeSpan.FromHours(1), Candidates));
    }

    [Fact]
    public void Examinations_are_listed_newest_first_by_organisation_account_and_state()
    {
        var (ada, _, _) = Open("1");
        Open("2");
        Book.Examinations.Withdraw(BookChange.None, "1", ada.Account);
        Assert.Equal(["2", "1"], Book.Examinations.List("org", null, null).Select(one => one.Id));
        Assert.Equal(["1"], Book.Examinations.List("org", ada.Account, null).Select(one => one.Id));
        Assert.Equal(["2"], Book.Examinations.List("org", null, ExaminationState.Open).Select(one => one.Id));
        Assert.Empty(Book.Examinations.List("other", null, null));
    }

    [Fact]
    public void A_second_examiner_is_another_one_and_finds_nothing_said()
    {
        var (ada, eve) = (Book.Person("Ada"), Book.Person("Eve", "bureau"));
        var (mallory, boss) = (Book.Person("Mallory", "bureau"), Book.Person("Boss", "bureau"));
        var search = Search(ada);
        Book.Searches.Add(search, Candidates);
        Assert.True(Book.Examinations.Add(BookChange.None, "x", search, null, TimeSpan.FromHours(2), Candidates, "bureau", second: true));
        // Another organisation's examiners make an examination of their own.
        Assert.True(Book.Examinations.Add(BookChange.None, "y", search, null, TimeSpan.FromHours(2), Candidates, "county"));
        Assert.Equal(["x", "y"], Book.Examinations.Live(search.Id).Select(live => live.Id));
        Assert.Equal(["x"], Book.Examinations.List("bureau", null, null).Select(found => found.Id));
        Say(eve, Kept with { Level = ExaminationLevel.Support }, Kept);
        Assert.Equal(
            (ExaminationState.Open, eve.Account, null), (Find().State, Find().FirstExaminer, Find().Examiner));
        Assert.All(Book.Examinations.Candidates("x"), candidate => Assert.Null(candidate.Kept));
        Assert.Equal([true, true], Book.Examinations.FirstJudgement("x").Select(said => said.Kept));
        Assert.False(Book.Examinations.Take(BookChange.None, "x", eve.Account));
        Assert.False(Book.Examinations.Resolve(BookChange.None, "x", boss.Account, [], "early"));

        Say(mallory, Kept, Aside);

        Assert.Equal((ExaminationState.Disputed, null), (Find().State, Find().Closed));
        Assert.Empty(Book.Examinations.Kept(search.Id));
        Assert.False(Book.Examinations.Resolve(BookChange.None, "x", boss.Account, [1], "they agree there"));
        Assert.True(Book.Examinations.Resolve(BookChange.None, "x", boss.Account, [2], "the ear"));
        Assert.Equal(
            (ExaminationState.Finished, boss.Account, "the ear"), (Find().State, Find().ResolvedBy, Find().Resolution));
        Assert.Equal([1, 2], Book.Examinations.Kept(search.Id).Order());
        // The weaker level where both keep; the words of the side that was taken where they differ.
        var candidates = Book.Examinations.Candidates("x");
        Assert.Equal(
            [ExaminationLevel.LimitedSupport, ExaminationLevel.LimitedSupport], candidates.Select(candidate => candidate.Level!.Value));
        Assert.Equal("good", candidates[1].Comment);
        Assert.False(Book.Examinations.Resolve(BookChange.None, "x", boss.Account, [2], "again"));

        Examination Find() => Book.Examinations.Find("x")!;

        void Say(Actor examiner, Assessment first, Assessment second)
        {
            Assert.True(Book.Examinations.Take(BookChange.None, "x", examiner.Account));
            Book.Examinations.Assess(BookChange.None, "x", examiner.Account, 1, first);
            Book.Examinations.Assess(BookChange.None, "x", examiner.Account, 2, second);
            Assert.Empty(Book.Examinations.Finish(BookChange.None, "x", examiner.Account, "words", false)!);
        }
    }

    [Fact]
    public void What_was_removed_holds_up_nobody()
    {
        var (_, eve, _) = Open("x");
        Book.Examinations.Take(BookChange.None, "x", eve.Account);
        Assert.Equal([2], Book.Examinations.Finish(BookChange.None, "x", eve.Account, null, false, [1])!);
        Assert.Empty(Book.Examinations.Finish(BookChange.None, "x", eve.Account, null, false, [1, 2])!);
        Assert.Equal(ExaminationState.Finished, Book.Examinations.Find("x")!.State);
    }
}
