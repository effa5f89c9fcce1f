using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Audit;

/// <summary>
/// Hands the head of an audit log to those who keep it, soon after it changed and on a thread of its own: an event is often written inside
/// a transaction of the very database that keeps the head, which nobody else can write to meanwhile. So what is kept may lag behind the log
/// by a second, and never runs ahead of it.
/// </summary>
internal sealed class HeadKeeping(IReadOnlyList<IAuditHeadKeeper> keepers) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ending = new();
    private AuditHead? _latest;
    private AuditHead? _kept;
    private Task _keeping = Task.CompletedTask;
    private bool _ended;
    private readonly Dictionary<string, StoreFault> _failing = [];

    /// <summary>Told, in a line, when a head cannot be kept and was before, or can again; it is tried again each time.</summary>
    public event Action<string>? Changed;

    /// <summary>What is kept, with the place; and the places that cannot be read, with the fault.</summary>
    public (IReadOnlyList<(AuditHead Head, string Place)> Kept, IReadOnlyList<(string Place, StoreException Fault)> Unread) Read()
    {
        var (kept, unread) = (new List<(AuditHead, string)>(), new List<(string, StoreException)>());
        foreach (var keeper in keepers)
        {
            try
            {
                if (keeper.Read() is { } head)
                    kept.Add((head, keeper.Place));
            }
            catch (StoreException e)
            {
                unread.Add((keeper.Place, e));
            }
        }
        return (kept, unread);
    }

    /// <summary>The log ends with this event now, or with a later one.</summary>
    public void Note(AuditEvent last)
    {
        if (keepers.Count == 0)
            return;
        lock (_lock)
        {
            if (_latest is null || last.Sequence > _latest.Sequence)
                _latest = new AuditHead(last.Sequence, last.Hash);
            if (_keeping.IsCompleted && !_ended)
                _keeping = Task.Run(KeepAsync);
        }
    }

    /// <summary>Keeps the last head and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        Task keeping;
        lock (_lock)
        {
            if (_ended)
                return;
            _ended = true;
            keeping = _keeping;
        }
        await _ending.CancelAsync();
        await keeping;
        _ending.Dispose();
        if (_latest is { } latest)
            TryKeep(latest, closing: true);
    }

    private async Task KeepAsync()
    {
        while (true)
        {
            AuditHead latest;
            lock (_lock)
            {
                if (_latest == _kept || _ended)
                {
                    // Said under the lock, so that whoever notes a head next starts a new round.
                    _keeping = Task.CompletedTask;
                    return;
                }
                latest = _latest!;
            }
            if (TryKeep(latest, closing: false))
                _kept = latest;
            await Task.Delay(Every, _ending.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private bool TryKeep(AuditHead head, bool closing)
    {
        var kept = true;
        foreach (var keeper in keepers)
        {
            try
            {
                keeper.Keep(head, closing);
                if (_failing.Remove(keeper.Place))
                    Changed?.Invoke($"{keeper.Place}: the head of the audit log is kept again");
            }
            catch (StoreException e)
            {
                kept = false;
                // Once a second it would fill the log.
                if (_failing.TryGetValue(keeper.Place, out var before) && before == e.Fault)
                    continue;
                _failing[keeper.Place] = e.Fault;
                Changed?.Invoke($"{keeper.Place}: the head of the audit log cannot be kept ({e.Fault}); it is tried again");
            }
        }
        return kept;
    }
}
