using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Batches;
using MatchEngine.Frs.Operations;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class SearchBatchesContract : BookContract
{
    private static readonly byte[] Request = [1, 2], Probe = [3], Answer = [4, 4, 4];

    private SearchBatch Add(string account, params byte[]?[] probes) =>
        Book.Batches.Add(BookChange.None, SearchBatch.Many, account, Request, probes, Clock.Now.AddHours(24), 100)!;

    [Fact]
    public void A_batch_goes_from_photo_to_templates_to_answers_and_ends_when_nothing_waits()
    {
        var batch = Add(Book.Person("Ada").Account, null, Probe);
        Assert.Equal((OperationState.Queued, new BatchProgress(2, 2, 0, 0, 0)), (batch.State, batch.Progress));
        Assert.Equal(Request, Book.Batches.Request(batch.Id));
        Assert.Empty(Book.Batches.Ready(batch.Id, 10));
        Assert.True(Book.Batches.Begin(batch.Id));
        Assert.Equal([2], Book.Batches.Ready(batch.Id, 10).Select(ready => ready.Number));
        Assert.True(Book.Batches.Prepare(batch.Id, 1, new byte[] { 9 }));
        Assert.False(Book.Batches.Prepare(batch.Id, 1, new byte[] { 9 }));
        Assert.Equal([1, 2], Book.Batches.Ready(batch.Id, 10).Select(ready => ready.Number));
        Assert.Equal([9], Book.Batches.Ready(batch.Id, 1)[0].Sealed);
        Book.Batches.Answer(batch.Id, 1, ProbeState.Done, Answer, Clock.Now.AddHours(48));
        Assert.False(Book.Batches.Settle(batch.Id));
        Book.Batches.Answer(batch.Id, 2, ProbeState.Failed, Answer, Clock.Now.AddHours(3));
        Assert.True(Book.Batches.Settle(batch.Id));
        var found = Book.Batches.Find(batch.Id)!;
        Assert.Equal((OperationState.Done, new BatchProgress(2, 0, 1, 1, 0)), (found.State, found.Progress));
        Assert.Equal((Clock.Now, Clock.Now.AddHours(3)), (found.Finished, found.Expires));
        Assert.Equal(
            [(1, ProbeState.Done), (2, ProbeState.Failed)],
            Book.Batches.Answers(batch.Id, 0, 10).Select(answer => (answer.Number, answer.State)));
        Assert.Equal(2L * Answer.Length, Book.Batches.AnswerBytes(found.Account));
        Book.Batches.Forget(batch.Id, 1);
        Assert.Equal(2, Assert.Single(Book.Batches.Answers(batch.Id, 0, 10)).Number);
        Assert.Equal(Answer.Length, Book.Batches.AnswerBytes(found.Account));
    }

    [Fact]
    public void Photos_that_are_lost_are_wanted_again_and_templates_are_not()
    {
        var batch = Add(Book.Person("Ada").Account, null, null, Probe);
        Book.Batches.Begin(batch.Id);
        Book.Batches.Prepare(batch.Id, 2, Probe);
        Assert.Equal(1, Book.Batches.LosePhotos());
        Assert.Equal(new BatchProgress(3, 2, 0, 0, 1), Book.Batches.Find(batch.Id)!.Progress);
        Assert.Equal([batch.Id], Book.Batches.Unfinished());
        Assert.Equal([2, 3], Book.Batches.Ready(batch.Id, 10).Select(ready => ready.Number));
        Assert.False(Book.Batches.Resend(BookChange.None, batch.Id, 2));
        Assert.True(Book.Batches.Resend(BookChange.None, batch.Id, 1));
        Assert.Equal(new BatchProgress(3, 3, 0, 0, 0), Book.Batches.Find(batch.Id)!.Progress);
    }

    [Fact]
    public void One_search_whose_photo_is_lost_has_failed()
    {
        var ada = Book.Person("Ada").Account;
        var batch = Book.Batches.Add(
            BookChange.None, SearchBatch.Search, ada, Request, [null], Clock.Now.AddHours(1), 100)!;
        Assert.Equal(1, Book.Batches.LosePhotos(batch.Id));
        Assert.Equal(OperationState.Failed, Book.Batches.Find(batch.Id)!.State);
        Assert.Empty(Book.Batches.Unfinished());
    }

    [Fact]
    public void Of_a_batch_that_was_ended_nothing_is_kept_and_nothing_more_is_taken()
    {
        var batch = Add(Book.Person("Ada").Account, Probe, Probe);
        Book.Batches.Begin(batch.Id);
        Book.Batches.Answer(batch.Id, 1, ProbeState.Done, Answer, Clock.Now.AddHours(1));
        Assert.True(Book.Batches.End(BookChange.None, batch.Id, OperationState.Cancelled));
        Assert.False(Book.Batches.End(BookChange.None, batch.Id, OperationState.Cancelled));
        Book.Batches.Answer(batch.Id, 2, ProbeState.Done, Answer, Clock.Now.AddHours(1));
        Assert.Empty(Book.Batches.Answers(batch.Id, 0, 10));
        Assert.Empty(Book.Batches.Ready(batch.Id, 10));
        Assert.Empty(Book.Batches.Request(batch.Id)!);
        Assert.Empty(Book.Batches.Unfinished());
    }

    [Fact]
    public void An_account_has_so_many_and_what_has_expired_is_gone()
    {
        var (ada, bea) = (Book.Person("Ada").Account, Book.Person("Bea").Account);
        SearchBatch? Of(string account) =>
            Book.Batches.Add(BookChange.None, SearchBatch.Many, account, Request, [Probe], Clock.Now.AddHours(1), 2);
        var (first, second) = (Of(ada)!, Of(ada)!);
        Assert.Null(Of(ada));
        Assert.NotNull(Of(bea));
        // What was fetched takes no place.
        Book.Batches.Begin(second.Id);
        Book.Batches.Answer(second.Id, 1, ProbeState.Done, Answer, Clock.Now.AddHours(1));
        Assert.Null(Of(ada));
        Book.Batches.Forget(second.Id, 1);
        Assert.NotNull(Of(ada));
        Assert.Null(Of(ada));
        Assert.Equal(3, Book.Batches.List(ada).Count);
        Clock.Now = Clock.Now.AddHours(1);
        Assert.Null(Book.Batches.Find(first.Id));
        Assert.Empty(Book.Batches.List(ada));
        Assert.False(Book.Batches.Begin(first.Id));
        Assert.NotNull(Of(ada));
        Assert.Equal(4, Book.Batches.Purge(Clock.Now));
        Assert.Null(Book.Batches.Request(first.Id));
    }
}
