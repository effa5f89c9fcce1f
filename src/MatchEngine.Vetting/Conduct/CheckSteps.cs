using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>The calls of one check, each noted.</summary>
/// <param name="session">The examination.</param>
internal sealed class CheckSteps(ConductSession session)
{
    private const int MostEvidence = 12;

    private readonly Lock _lock = new();
    private readonly List<Evidence> _evidence = [];

    /// <summary>What the finding rests on; of more calls than a page shows, the first and the last.</summary>
    public IReadOnlyList<Evidence> Evidence => _evidence.Count <= MostEvidence
        ? [.. _evidence]
        : [.. _evidence.Take(MostEvidence / 2), .. _evidence.TakeLast(MostEvidence / 2)];

    /// <summary>Rests the finding on a call that was made before.</summary>
    public void Show(string what, Exchange exchange)
    {
        lock (_lock)
            _evidence.Add(Conduct.Evidence.Of(what, exchange));
    }

    /// <summary>Searches, and takes a refusal as it comes.</summary>
    public async Task<Exchange<SearchAnswer>> SearchAsync(
        string what, SearchQuery query, CancellationToken cancellationToken, CallTerms? terms = null)
    {
        var exchange = await session.Target.SearchAsync(query, terms ?? CallTerms.Usual, cancellationToken).ConfigureAwait(false);
        session.Seen.Note(what, query, exchange);
        Show(what, exchange);
        return exchange;
    }

    /// <summary>Searches; without a list the check cannot go on.</summary>
    /// <exception cref="CheckAbandonedException">There is no list.</exception>
    public async Task<SearchAnswer> ListAsync(string what, SearchQuery query, CancellationToken cancellationToken) =>
        Value(what, await SearchAsync(what, query, cancellationToken).ConfigureAwait(false));

    /// <summary>Makes another call, and takes a refusal as it comes.</summary>
    public async Task<Exchange<T>> AskAsync<T>(string what, Task<Exchange<T>> call)
        where T : class
    {
        var exchange = await call.ConfigureAwait(false);
        session.Seen.Note(what, exchange);
        Show(what, exchange);
        return exchange;
    }

    /// <summary>Searches with each, and only then looks whether one brought no list, without which the check cannot go on.</summary>
    /// <exception cref="CheckAbandonedException">There is no list of one of them.</exception>
    public async Task<IReadOnlyList<SearchAnswer>> ListsAsync(
        IEnumerable<(string What, SearchQuery Query)> searches, CancellationToken cancellationToken)
    {
        var made = new List<(string What, Exchange<SearchAnswer> Exchange)>();
        foreach (var (what, query) in searches)
            made.Add((what, await SearchAsync(what, query, cancellationToken).ConfigureAwait(false)));
        return [.. made.Select(one => Value(one.What, one.Exchange))];
    }

    /// <summary>Makes another call; without an answer the check cannot go on.</summary>
    /// <exception cref="CheckAbandonedException">There is none.</exception>
    public async Task<T> ValueAsync<T>(string what, Task<Exchange<T>> call)
        where T : class => Value(what, await AskAsync(what, call).ConfigureAwait(false));

    /// <summary>Enrols a photo under a further id, and removes it again where the target lets one.</summary>
    /// <returns>The id under which candidates name the subject.</returns>
    /// <exception cref="CheckAbandonedException">It was not enrolled.</exception>
    public async Task<string> EnrolAsync(string what, PhotoInput photo, CancellationToken cancellationToken)
    {
        var enrolled = await ValueAsync(
            "enrolment of a further subject",
            session.Target.EnrolAsync(
                new EnrolmentQuery(session.NextSubject(what), photo), CallTerms.Usual, cancellationToken)).ConfigureAwait(false);
        return enrolled.Subject;
    }

    /// <summary>Whether the target still answers as it should: a search after something that it may have broken on.</summary>
    public async Task<bool> StillAnswersAsync(PhotoInput probe, CancellationToken cancellationToken) =>
        (await SearchAsync("a good photo afterwards", new SearchQuery(probe), cancellationToken).ConfigureAwait(false)).Failure is null;

    private static T Value<T>(string what, Exchange<T> exchange)
        where T : class => exchange.Answered(out var value)
        ? value
        : throw new CheckAbandonedException(
            $"{what}: {exchange.Failure!.Kind}{(exchange.Failure.Detail is { } detail ? $" ({detail})" : "")}");
}
