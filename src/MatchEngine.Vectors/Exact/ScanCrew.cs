namespace MatchEngine.Vectors.Exact;

/// <summary>
/// The threads at work on a scan: the caller, and as many threads of the pool as are free. The caller works too and never waits for a
/// helper that has not begun, so a busy thread pool makes a search slower but cannot stall it. A helper that arrives late finds the scan
/// closed and touches nothing of it; the scan goes back to its owner when the caller and every helper, late ones included, have let go.
/// </summary>
/// <param name="scan">The scan.</param>
/// <param name="owner">What lent it.</param>
/// <remarks>It is the work item itself, and so calling helpers allocates nothing.</remarks>
internal sealed class ScanCrew(ExactScan scan, ExactScanPool owner) : IThreadPoolWorkItem
{
    private const int Closed = 1 << 30;

    private int _references;
    private int _lastWorker;

    // The number of helpers at work, and the Closed bit once the caller has found no portion left.
    private int _helpers = Closed;

    /// <summary>The scan is one caller's, until <see cref="Release"/>.</summary>
    public void Begin() => _references = 1;

    /// <summary>Opens a pass: from now on helpers may come in. What they read must have been written.</summary>
    public void Open()
    {
        _lastWorker = 0;
        Volatile.Write(ref _helpers, 0);
    }

    /// <summary>Calls helpers, fewer when others of the index wait already.</summary>
    public void Call(int helpers)
    {
        for (var i = 0; i < helpers && owner.MayCallHelper(); i++)
        {
            Interlocked.Increment(ref _references);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Lets no further helper in and waits for those at work, each of which is within one portion of its end.</summary>
    public void Close()
    {
        Interlocked.Or(ref _helpers, Closed);
        var wait = new SpinWait();
        while (Volatile.Read(ref _helpers) != Closed)
            wait.SpinOnce(sleep1Threshold: -1);
    }

    /// <summary>One lets go of the scan; the last gives it back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            owner.Return(scan);
    }

    /// <summary>A helper's turn.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        owner.HelperStarted();
        if (TryEnter())
        {
            scan.Work(Interlocked.Increment(ref _lastWorker));
            Interlocked.Decrement(ref _helpers);
        }
        Release();
    }

    private bool TryEnter()
    {
        var helpers = Volatile.Read(ref _helpers);
        while ((helpers & Closed) == 0)
        {
            var before = Interlocked.CompareExchange(ref _helpers, helpers + 1, helpers);
            if (before == helpers)
                return true;
            helpers = before;
        }
        return false;
    }
}
