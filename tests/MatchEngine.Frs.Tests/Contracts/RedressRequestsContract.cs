using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Redress;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class RedressRequestsContract : BookContract
{
    [Fact]
    public void A_request_is_read_as_it_was_written_down_decided_once_and_answered_once()
    {
        var (ada, bob) = (Book.Person("Ada"), Book.Person("Bob"));
        var added = Add(ada, RedressKind.Correction, "S1");
        Assert.Equal(
            ("g", "org", "S1", RedressKind.Correction, "letter", "words", RedressState.Pending, Clock.Now,
                ada.Account, Clock.Now.AddDays(30)),
            (added.Gallery, added.Owner, added.Subject, added.Kind, added.Reference, added.Statement, added.State, added.Recorded,
                added.RecordedBy, added.Due));
        Assert.False(Book.Redress.Answer(BookChange.None, added.Id, ada.Account, "early", 0));
        Clock.Now = Clock.Now.AddHours(1);
        Assert.True(Book.Redress.Decide(BookChange.None, added.Id, bob.Account, true, "shown"));
        Assert.False(Book.Redress.Decide(BookChange.None, added.Id, bob.Account, false, "again"));
        var granted = Book.Redress.Find(added.Id)!;
        Assert.Equal(
            (RedressState.Granted, true, bob.Account, Clock.Now, "shown"),
            (granted.State, granted.Granted, granted.DecidedBy, granted.Decided, granted.Decision));
        Assert.True(Book.Redress.Answer(BookChange.None, added.Id, ada.Account, "done", 3));
        Assert.False(Book.Redress.Answer(BookChange.None, added.Id, ada.Account, "again", 3));
        var answered = Book.Redress.Find(added.Id)!;
        Assert.Equal(
            (RedressState.Answered, ada.Account, Clock.Now, "done", 3),
            (answered.State, answered.AnsweredBy, answered.Answered, answered.Answer, answered.Told));
        Assert.Null(Book.Redress.Find("none"));
    }

    [Fact]
    public void Requests_are_listed_by_owner_and_state()
    {
        var (ada, eve) = (Book.Person("Ada"), Book.Person("Eve", "other"));
        var (pending, granted, refused, answered) = (
            Add(ada, RedressKind.Access, null), Add(ada, RedressKind.Deletion, "S"), Add(ada, RedressKind.Deletion, "S"),
            Add(ada, RedressKind.Access, null));
        Add(eve, RedressKind.Access, null);
        Book.Redress.Decide(BookChange.None, granted.Id, ada.Account, true, "r");
        Book.Redress.Decide(BookChange.None, refused.Id, ada.Account, false, "r");
        Book.Redress.Decide(BookChange.None, answered.Id, ada.Account, false, "r");
        Book.Redress.Answer(BookChange.None, answered.Id, ada.Account, "a", 0);
        foreach (var (state, id) in new[]
        {
            (RedressState.Pending, pending.Id), (RedressState.Granted, granted.Id), (RedressState.Refused, refused.Id),
            (RedressState.Answered, answered.Id),
        })
            Assert.Equal([id], Book.Redress.List("org", state).Select(request => request.Id));
        Assert.Equal(
            NewestFirst(pending.Id, granted.Id, refused.Id, answered.Id), Book.Redress.List("org", null).Select(request => request.Id));
    }

    [Fact]
    public void Whose_lists_held_a_subject_is_known_over_all_organisations()
    {
        var (ada, eve) = (Book.Person("Ada"), Book.Person("Eve", "other"));
        var (first, second, without) = (Search(ada), Search(eve), Search(eve));
        Book.Searches.Add(first, Candidates);
        Book.Searches.Add(second, Candidates);
        Book.Searches.Add(without, []);
        Assert.Equal([first.Id, second.Id], Book.Searches.Listing("a", "S1").Select(search => search.Id));
        Assert.Empty(Book.Searches.Listing("b", "S1"));
    }

    private RedressRequest Add(Actor actor, RedressKind kind, string? subject) => Book.Redress.Add(BookChange.None, new RedressRequest(
        "", "g", actor.Organisation, subject, kind, "letter", RedressState.Pending, Clock.Now, actor.Account, Clock.Now.AddDays(30))
    {
        Statement = "words",
    });
}
