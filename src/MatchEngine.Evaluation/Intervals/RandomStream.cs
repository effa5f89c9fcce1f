using System.Numerics;

namespace MatchEngine.Evaluation.Intervals;

/// <summary>
/// Random numbers that are the same on every machine and in every version: xoshiro256** (Blackman and Vigna 2018) seeded through
/// SplitMix64. A stream is named by a seed and a number, so replicate r has its own numbers however many threads there are.
/// </summary>
public struct RandomStream
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Begins a stream.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">Which of the seed's streams: they are independent of each other.</param>
    public RandomStream(ulong seed, ulong stream)
    {
        var state = seed ^ (stream * 0xD1342543DE82EF95UL + 0x9E3779B97F4A7C15UL);
        _a = Split(ref state);
        _b = Split(ref state);
        _c = Split(ref state);
        _d = Split(ref state);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>, each equally likely (Lemire 2019).</summary>
    public int Next(int bound)
    {
        var range = (uint)bound;
        var product = (Next() >> 32) * range;
        if ((uint)product < range)
        {
            var limit = (0u - range) % range;
            while ((uint)product < limit)
                product = (Next() >> 32) * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>A number from 0 to below 1 with 53 random bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Puts items in a random order (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Split(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
