using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Extraction;

namespace MatchEngine.Frs.Tests.Extraction;

public class FairTurnsTests
{
    [Fact]
    public async Task One_who_floods_waits_behind_himself_and_another_is_next()
    {
        var turns = new FairTurns(workers: 1, queue: 100);
        await Take("flood");
        var flood = Enumerable.Range(0, 50).Select(_ => Take("flood")).ToList();
        var other = Take("other");

        turns.End("flood");

        await other;
        Assert.DoesNotContain(flood, waiting => waiting.IsCompleted);
        turns.End("other");
        await flood[0];
        Assert.Equal(49, turns.Waiting);

        Task Take(string party) => turns.TakeAsync(party, background: false, CancellationToken.None);
    }

    [Fact]
    public async Task Those_who_wait_are_served_in_turn_whatever_they_sent()
    {
        var turns = new FairTurns(workers: 1, queue: 100);
        await turns.TakeAsync("x", false, CancellationToken.None);
        var served = new List<string>();
        var waiting = new List<(string Party, Task Turn)>();
        foreach (var party in "aaaaaabbbccc".Select(letter => $"{letter}"))
            waiting.Add((party, turns.TakeAsync(party, false, CancellationToken.None)));

        var working = "x";
        while (waiting.Count > 0)
        {
            turns.End(working);
            await Task.WhenAny(waiting.Select(one => one.Turn));
            var next = waiting.Single(one => one.Turn.IsCompleted);
            waiting.Remove(next);
            served.Add(working = next.Party);
        }

        Assert.Equal("abcabcabcaaa", string.Concat(served));
    }

    [Fact]
    public async Task Of_two_who_wait_the_one_with_fewer_at_work_is_next()
    {
        var turns = new FairTurns(workers: 3, queue: 100);
        foreach (var party in (string[])["a", "a", "b"])
            await turns.TakeAsync(party, false, CancellationToken.None);
        var (a, b) = (turns.TakeAsync("a", false, CancellationToken.None), turns.TakeAsync("c", false, CancellationToken.None));
        turns.End("b");
        await b;
        Assert.False(a.IsCompleted);
    }

    [Fact]
    public async Task A_full_row_has_room_for_one_who_has_fewer_in_it_and_for_nobody_else()
    {
        var turns = new FairTurns(workers: 1, queue: 4);
        await turns.TakeAsync("flood", false, CancellationToken.None);
        var flood = Enumerable.Range(0, 4).Select(_ => turns.TakeAsync("flood", false, CancellationToken.None)).ToList();
        await RefusedAsync(turns.TakeAsync("flood", false, CancellationToken.None));

        var other = turns.TakeAsync("other", false, CancellationToken.None);

        await RefusedAsync(flood[3]);
        Assert.False(other.IsFaulted);
        Assert.Equal(4, turns.Waiting);
        // Two each is fair: nobody pushes anybody out any more.
        _ = turns.TakeAsync("other", false, CancellationToken.None);
        await RefusedAsync(turns.TakeAsync("other", false, CancellationToken.None));

        static async Task RefusedAsync(Task turn) =>
            Assert.Equal(ErrorCodes.QueueFull, (await Assert.ThrowsAsync<CodedException>(() => turn)).Code);
    }

    [Fact]
    public async Task Work_in_the_background_waits_outside_of_the_row_and_behind_requests_of_its_party()
    {
        var turns = new FairTurns(workers: 1, queue: 1);
        await turns.TakeAsync("a", false, CancellationToken.None);
        var import = turns.TakeAsync("a", background: true, CancellationToken.None);
        Assert.Equal(0, turns.Waiting);
        var request = turns.TakeAsync("a", false, CancellationToken.None);

        turns.End("a");
        await request;
        Assert.False(import.IsCompleted);
        turns.End("a");
        await import;
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_row()
    {
        var turns = new FairTurns(workers: 1, queue: 1);
        await turns.TakeAsync("a", false, CancellationToken.None);
        using var end = new CancellationTokenSource();
        var gone = turns.TakeAsync("b", false, end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal(0, turns.Waiting);
        turns.End("a");
        await turns.TakeAsync("c", false, CancellationToken.None);
    }

    [Fact]
    public async Task No_turn_is_lost_among_many_who_come_go_and_give_up()
    {
        const int workers = 3;
        var turns = new FairTurns(workers, queue: 1000);
        var (working, most) = (0, 0);
        await Parallel.ForAsync(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (i, _) =>
        {
            using var end = new CancellationTokenSource();
            if (i % 5 == 0)
                end.CancelAfter(TimeSpan.FromMilliseconds(i % 3));
            try
            {
                await turns.TakeAsync($"{i % 7}", i % 2 == 0, end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            most = Math.Max(most, Interlocked.Increment(ref working));
            await Task.Yield();
            Interlocked.Decrement(ref working);
            turns.End($"{i % 7}");
        });
        Assert.InRange(most, 1, workers);
        Assert.Equal(0, turns.Waiting);
        for (var i = 0; i < workers; i++)
            Assert.True(turns.TakeAsync("end", false, CancellationToken.None).IsCompletedSuccessfully);
    }
}
