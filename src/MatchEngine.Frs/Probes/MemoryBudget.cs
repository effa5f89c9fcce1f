using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Probes;

/// <summary>
/// How many bytes of requests are held in memory at once: by all together, and by one party at most half of it, so that nobody is shut out
/// by one who sends a lot and ends nothing.
/// </summary>
/// <param name="bytes">What all may hold.</param>
public sealed class MemoryBudget(long bytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _held = new(StringComparer.Ordinal);
    private long _all;

    /// <summary>Bytes that are held.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
                return _all;
        }
    }

    /// <summary>The share of a party: an account's id, an address.</summary>
    public MemoryShare Of(string party) => new(this, party);

    internal void Take(string party, long more)
    {
        lock (_lock)
        {
            var own = _held.GetValueOrDefault(party);
            if (_all + more > bytes || own + more > bytes / 2)
                throw new CodedException(
                    ErrorCodes.QueueFull, "the requests that are under way hold as much memory as they may; try again in a moment")
                {
                    RetryAfter = TimeSpan.FromSeconds(1),
                };
            (_all, _held[party]) = (_all + more, own + more);
        }
    }

    internal void Give(string party, long less)
    {
        lock (_lock)
        {
            _all -= less;
            if ((_held[party] -= less) == 0)
                _held.Remove(party);
        }
    }
}

/// <summary>What one party holds of a budget.</summary>
public sealed class MemoryShare
{
    private readonly MemoryBudget _budget;
    private readonly string _party;

    internal MemoryShare(MemoryBudget budget, string party) => (_budget, _party) = (budget, party);

    /// <exception cref="CodedException"><see cref="ErrorCodes.QueueFull"/>: there is no room.</exception>
    internal void Take(long bytes) => _budget.Take(_party, bytes);

    internal void Give(long bytes) => _budget.Give(_party, bytes);
}
