using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A list that was answered while the battery ran.</summary>
/// <param name="What">What was tried.</param>
/// <param name="Query">What was asked.</param>
/// <param name="Exchange">The call.</param>
/// <param name="Answer">The list.</param>
internal sealed record ObservedList(string What, SearchQuery Query, Exchange Exchange, SearchAnswer Answer);

/// <summary>What the checks at the end look back on: every list, and every call that failed without a refusal.</summary>
internal sealed class Observations
{
    private readonly Lock _lock = new();
    private readonly List<ObservedList> _lists = [];
    private readonly List<(string What, Exchange Exchange)> _calls = [];
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);
    private int _made;

    /// <summary>Every list, in the order in which they came.</summary>
    public IReadOnlyList<ObservedList> Lists
    {
        get
        {
            lock (_lock)
                return [.. _lists];
        }
    }

    /// <summary>Calls that brought neither an answer nor a refusal.</summary>
    public IReadOnlyList<(string What, Exchange Exchange)> Unanswered
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>How many answers come later.</summary>
    public int Pending
    {
        get
        {
            lock (_lock)
                return _pending.Count;
        }
    }

    /// <summary>How many calls were made.</summary>
    public int Made => Volatile.Read(ref _made);

    /// <summary>Notes a search.</summary>
    public void Note(string what, SearchQuery query, Exchange<SearchAnswer> exchange)
    {
        if (exchange.Answered(out var answer))
            lock (_lock)
                _lists.Add(new ObservedList(what, query, exchange, answer));
        Note(what, exchange);
    }

    /// <summary>Notes a call.</summary>
    public void Note(string what, Exchange exchange)
    {
        if (exchange.Failure?.Kind == FailureKind.NotSupported)
            return;
        Interlocked.Increment(ref _made);
        NotePending(exchange);
        if (exchange.Failure is { IsRefusal: false, Kind: not FailureKind.TooManyRequests and not FailureKind.Pending })
            lock (_lock)
                _calls.Add((what, exchange));
    }

    /// <summary>Notes that a call's answer comes later, where it does, and nothing else of it.</summary>
    public void NotePending(Exchange exchange)
    {
        if (exchange.Failure is { Kind: FailureKind.Pending })
            lock (_lock)
                _pending.Add(exchange.Sent.Address);
    }
}
