using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Who was removed is gone also while others search.</summary>
internal sealed class RemovedUnderLoadCheck() : ConductCheck(
    "removed-under-load",
    "A subject that was removed is on no list of a search that began after the removal was answered, however many searches run.",
    "PIA-054, Principles", Ability.Search, Ability.Enrol, Ability.Remove)
{
    private const int MostTimes = 10;

    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var person = session.NextPerson().Person;
        var subject = await steps.EnrolAsync("loaded", person.Enrolled, cancellationToken).ConfigureAwait(false);
        var (made, answered, removed) = (0, 0, 0);
        var lists = new List<(bool Began, Exchange<SearchAnswer> Exchange)>();
        var gate = new Lock();
        var searchers = Enumerable.Range(0, session.Options.Concurrency).Select(_ => SearchAsync()).ToList();
        // Some searches are answered and some under way, and some come after.
        while (Volatile.Read(ref answered) < session.Options.SearchesUnderLoad / 4 && !searchers.TrueForAll(one => one.IsCompleted))
            await Task.WhenAny([.. searchers, Task.Delay(5, cancellationToken)]).ConfigureAwait(false);
        var removal = await steps.AskAsync(
            "the removal, while searches run",
            session.Target.RemoveAsync(subject, CallTerms.Usual, cancellationToken)).ConfigureAwait(false);
        Volatile.Write(ref removed, 1);
        await Task.WhenAll(searchers).ConfigureAwait(false);
        if (removal.Failure is { } failure)
            return CheckOutcome.NotTestable($"the removal was not carried out: {failure.Kind}");
        var after = lists.Where(list => list.Began && list.Exchange.Value is not null).ToList();
        var returned = after.Where(list => Holds(list.Exchange)).ToList();
        foreach (var (_, exchange) in returned.Take(4))
            steps.Show("a search after the removal", exchange);
        if (returned.Count > 0)
            return CheckOutcome.Fail($"{returned.Count} of {after.Count} searches that began after the removal find the subject");
        if (after.Count == 0)
            return CheckOutcome.NotTestable("no search that began after the removal was answered");
        return lists.Any(list => !list.Began && Holds(list.Exchange))
            ? CheckOutcome.Pass($"none of {after.Count} searches that began after the removal finds the subject")
            : CheckOutcome.NotTestable("the subject was on no list before its removal either");

        bool Holds(Exchange<SearchAnswer> exchange) => exchange.Value?.Candidates.Any(one => one.Subject == subject) == true;

        async Task SearchAsync()
        {
            // As many as were wanted, and each searcher one at least that begins after the removal, however long that takes.
            var own = 0;
            for (int number;
                (number = Interlocked.Increment(ref made)) <= session.Options.SearchesUnderLoad
                    || (own == 0 && number <= MostTimes * session.Options.SearchesUnderLoad);)
            {
                // A target that answers on the spot leaves the removal its turn.
                await Task.Yield();
                var began = Volatile.Read(ref removed) == 1;
                own += began ? 1 : 0;
                var query = new SearchQuery(person.Enrolled);
                var exchange = await session.Target.SearchAsync(query, CallTerms.Usual, cancellationToken).ConfigureAwait(false);
                session.Seen.Note("a search under load", query, exchange);
                lock (gate)
                    lists.Add((began, exchange));
                Interlocked.Increment(ref answered);
            }
        }
    }
}
