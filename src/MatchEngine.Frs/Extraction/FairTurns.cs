using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Extraction;

/// <summary>
/// Who works next: of the parties that wait the one with the fewest at work, in turn among equals, whoever sent more or came first. The row
/// is bounded; when it is full, one who has fewer waiting than another takes the place of the other's last.
/// </summary>
/// <param name="workers">How many work at once.</param>
/// <param name="queue">How many wait.</param>
internal sealed class FairTurns(int workers, int queue)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Party> _parties = [];
    private readonly Dictionary<string, LinkedListNode<Party>> _byName = new(StringComparer.Ordinal);
    private int _free = workers;
    private int _waiting;

    /// <summary>Requests that wait; work in the background is not counted.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for a turn; whoever got one gives it back with <see cref="End"/>.</summary>
    /// <param name="name">The party.</param>
    /// <param name="background">Whether it waits outside of the row: however long, and taking nobody's place.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.QueueFull"/>.</exception>
    public Task TakeAsync(string name, bool background, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_lock)
        {
            var party = Of(name);
            if (_free > 0)
            {
                Begin(party);
                return Task.CompletedTask;
            }
            if (!background && _waiting >= queue && !MakeRoom(party))
            {
                Forget(party);
                return Task.FromException(Full());
            }
            waiter = new Waiter(party, background);
            party.Row.AddLast(waiter);
            party.Counted += waiter.Count;
            _waiting += waiter.Count;
        }
        return waiter.WaitAsync(this, cancellationToken);
    }

    /// <summary>Ends a turn.</summary>
    public void End(string name)
    {
        lock (_lock)
        {
            var ended = _byName[name].Value;
            ended.Working--;
            _free++;
            if (Next() is { } next)
            {
                Leave(next);
                Begin(next.Party);
                next.Done.SetResult();
            }
            Forget(ended);
        }
    }

    /// <summary>Gives a party a worker, and puts it behind the others: it had its turn.</summary>
    private void Begin(Party party)
    {
        _free--;
        party.Working++;
        party.HadTurn = true;
        var node = _byName[party.Name];
        _parties.Remove(node);
        _parties.AddLast(node);
    }

    private Waiter? Next()
    {
        Party? least = null;
        foreach (var party in _parties)
            if (party.Row.Count > 0 && (least is null || party.Working < least.Working))
                least = party;
        // Within a party requests go before imports: somebody waits for them.
        return least is null ? null : least.Row.FirstOrDefault(waiter => waiter.Count > 0) ?? least.Row.First!.Value;
    }

    /// <summary>Takes the last one of whoever has most waiting out of the row, if the newcomer has fewer by two.</summary>
    private bool MakeRoom(Party newcomer)
    {
        var most = _parties.MaxBy(party => party.Counted);
        if (most is null || most.Counted < newcomer.Counted + 2)
            return false;
        var last = most.Row.Last(waiter => waiter.Count > 0);
        Leave(last);
        last.Done.SetException(Full());
        return true;
    }

    private void Leave(Waiter waiter)
    {
        waiter.Party.Row.Remove(waiter);
        waiter.Party.Counted -= waiter.Count;
        _waiting -= waiter.Count;
    }

    private Party Of(string name)
    {
        if (_byName.TryGetValue(name, out var known))
            return known.Value;
        // Who is new, or had nothing to do for a while, comes before those who had a turn, and behind others who are new.
        var served = _parties.First;
        while (served is { Value.HadTurn: false })
            served = served.Next;
        var added = new Party(name);
        _byName[name] = served is null ? _parties.AddLast(added) : _parties.AddBefore(served, added);
        return added;
    }

    private void Forget(Party party)
    {
        if (party.Working == 0 && party.Row.Count == 0 && _byName.Remove(party.Name, out var node))
            _parties.Remove(node);
    }

    private CodedException Full() => new(
        ErrorCodes.QueueFull, $"all workers are busy and {queue} requests wait already; try again in a moment")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    private sealed class Party(string name)
    {
        public string Name => name;
        public int Working { get; set; }
        public int Counted { get; set; }
        public bool HadTurn { get; set; }
        public LinkedList<Waiter> Row { get; } = [];
    }

    private sealed class Waiter(Party party, bool background)
    {
        public Party Party => party;
        public int Count => background ? 0 : 1;
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task WaitAsync(FairTurns turns, CancellationToken cancellationToken)
        {
            await using var cancelling = cancellationToken.UnsafeRegister(_ => Cancel(turns, cancellationToken), null);
            await Done.Task;
        }

        private void Cancel(FairTurns turns, CancellationToken cancellationToken)
        {
            lock (turns._lock)
            {
                // Its turn may have come at the same moment: then it works, and its work ends by the token.
                if (Done.Task.IsCompleted)
                    return;
                turns.Leave(this);
                turns.Forget(party);
                Done.SetCanceled(cancellationToken);
            }
        }
    }
}
