using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Exact;

/// <summary>The idle scans of an index, and the account of its helpers. Nothing here takes a lock.</summary>
/// <remarks>
/// A helper that the thread pool has not yet started holds its scan. So helpers are called only while few of the index's are waiting: when
/// they wait, every processor is busy and a helper would be no help. This bounds the scans in use by the searches that run at once and a
/// few more; one for which there is no place here is left to the garbage collector.
/// </remarks>
internal sealed class ExactScanPool(DotKernel kernel, int dimension, int parallelism)
{
    private readonly ExactScan?[] _idle = new ExactScan?[4 * Environment.ProcessorCount];
    private int _waiting;

    public ExactScan Rent()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Volatile.Read(ref _idle[i]) is not null && Interlocked.Exchange(ref _idle[i], null) is { } scan)
                return scan;
        }
        return new ExactScan(this, kernel, dimension, parallelism);
    }

    /// <summary>Asks leave to call a helper. Each one granted must report <see cref="HelperStarted"/>.</summary>
    public bool MayCallHelper()
    {
        if (Interlocked.Increment(ref _waiting) <= Environment.ProcessorCount)
            return true;
        Interlocked.Decrement(ref _waiting);
        return false;
    }

    /// <summary>The thread pool has started a helper.</summary>
    public void HelperStarted() => Interlocked.Decrement(ref _waiting);

    public void Return(ExactScan scan)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], scan, null) is null)
                return;
        }
    }
}
