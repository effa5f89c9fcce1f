using System.Runtime.Intrinsics;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Measurement;

/// <summary>
/// How fast one thread can read memory in order, in large pages and asking as far ahead as the scans do: the limit of a scan that reads
/// every template. Without asking, a loop of nothing but loads reads a quarter less, and would be a limit that the scans exceed.
/// </summary>
public static class MemoryBandwidth
{
    private const int MiB = 1 << 20;

    /// <summary>Reads a block, again and again; the median pass counts.</summary>
    /// <param name="mebibytes">The size of the block, several times that of the caches.</param>
    /// <param name="passes">The number of passes.</param>
    /// <returns>Bytes a second, by processor time.</returns>
    public static unsafe double Measure(int mebibytes = 512, int passes = 7)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mebibytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        var block = new NativeBlock((long)mebibytes * MiB, largePages: true);
        new Span<byte>(block.Start, MiB).Fill(1);
        for (var i = 1; i < mebibytes; i++)
            new Span<byte>(block.Start, MiB).CopyTo(new Span<byte>(block.Start + ((long)i * MiB), MiB));
        var rates = new List<double>();
        Vector512<long> kept = default;
        for (var pass = 0; pass < passes; pass++)
        {
            Vector512<long> a = default, b = default, c = default, d = default;
            var cpu = Environment.CpuUsage.TotalTime;
            var end = block.Start + ((long)mebibytes * MiB);
            for (var at = block.Start; at < end; at += 4 * sizeof(Vector512<long>))
            {
                Prefetch.Lines(at + Prefetch.Distance, 4 * sizeof(Vector512<long>));
                a ^= Vector512.Load((long*)at);
                b ^= Vector512.Load((long*)at + 8);
                c ^= Vector512.Load((long*)at + 16);
                d ^= Vector512.Load((long*)at + 24);
            }
            rates.Add((double)mebibytes * MiB / Math.Max(1e-9, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds));
            kept ^= a ^ b ^ c ^ d;
        }
        // Each pass must have read what was written; and nobody may leave the passes out.
        if (Vector512.Sum(kept) == long.MaxValue)
            throw new InvalidOperationException("memory gave back something else than was written to it");
        GC.KeepAlive(block);
        rates.Sort();
        return rates[rates.Count / 2];
    }
}
