using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchEngine.Benchmarks.Rivals;

/// <summary>
/// The rival of the engine's sketches: the signs of a randomly rotated unit vector with a correction factor (RaBitQ, Gao and Long 2024),
/// d/8 + 4 bytes a template. It needs no training and its error does not depend on the spectrum,
/// which is its strength on other data and its weakness on faces.
/// </summary>
/// <remarks>
/// With o the rotated, centred unit vector and ō = sign(o)/√d, f = ō·o, the estimate of o·q is ō·q/f. The probe is quantised to four bits
/// an element, so that ō·q is four counts of bits (<see cref="SumByCounting"/>), or sums of table entries by byte shuffles, 32 rows at once
/// (<see cref="SumsByShuffling"/>).
/// </remarks>
internal sealed unsafe class SignSketch
{
    private const int Levels = 15;

    private readonly int _dimension;
    private readonly bool[] _flips;
    private readonly float[] _mean;

    public SignSketch(int dimension, float[] mean)
    {
        _dimension = dimension;
        var random = new Random(1);
        _flips = [.. Enumerable.Range(0, 2 * dimension).Select(_ => random.Next(2) == 0)];
        _mean = mean;
    }

    /// <summary>The codes of a unit vector: d bits, the factor f, and the length of the centred vector.</summary>
    public (float Factor, float Length) Encode(ReadOnlySpan<float> unit, Span<ulong> bits)
    {
        var (x, length) = Rotated(unit);
        bits.Clear();
        double factor = 0;
        for (var i = 0; i < _dimension; i++)
        {
            factor += Math.Abs(x[i]);
            if (x[i] >= 0)
                bits[i >> 6] |= 1UL << i;
        }
        return ((float)(factor / Math.Sqrt(_dimension)), length);
    }

    /// <summary>A probe: four bit planes of its quantised elements, with what turns a sum into ō·q.</summary>
    public Query Prepare(ReadOnlySpan<float> unit)
    {
        var (x, length) = Rotated(unit);
        float least = x.Min(), step = Math.Max(1e-9f, (x.Max() - least) / Levels);
        var codes = x.Select(value => (byte)Math.Clamp(MathF.Round((value - least) / step), 0, Levels)).ToArray();
        var planes = new ulong[4 * _dimension / 64];
        for (var i = 0; i < _dimension; i++)
        {
            for (var plane = 0; plane < 4; plane++)
            {
                if ((codes[i] >> plane & 1) != 0)
                    planes[(plane * _dimension / 64) + (i >> 6)] |= 1UL << i;
            }
        }
        double dotMean = 0;
        for (var i = 0; i < _dimension; i++)
            dotMean += unit[i] * _mean[i];
        return new Query(codes, planes, least, step, codes.Sum(c => c), length, (float)dotMean);
    }

    /// <summary>The estimate of ō·q/f · lengths + what the centre contributes.</summary>
    public float Estimate(Query query, int sum, int ones, float factor, float length, float rowDotMean, float meanSquared)
    {
        // Σ ±q = 2·Σ over ones − Σ over all, of q = least + step·code.
        var signed = (2 * ((query.Step * sum) + (query.Least * ones))) - ((query.Step * query.CodeSum) + (query.Least * _dimension));
        var cosine = signed / MathF.Sqrt(_dimension) / factor;
        return (cosine * query.Length * length) + query.DotMean + rowDotMean - meanSquared;
    }

    /// <summary>Σ code over the bits that are set, by counting bits of four planes.</summary>
    public static int SumByCounting(ReadOnlySpan<ulong> bits, ReadOnlySpan<ulong> planes)
    {
        var sum = 0;
        for (var plane = 0; plane < 4; plane++)
        {
            var count = 0;
            for (var i = 0; i < bits.Length; i++)
                count += BitOperations.PopCount(bits[i] & planes[(plane * bits.Length) + i]);
            sum += count << plane;
        }
        return sum;
    }

    /// <summary>The tables for shuffling: for each four elements the sums of their codes for the 16 combinations of bits.</summary>
    public static byte[] Tables(Query query)
    {
        var tables = new byte[4 * query.Codes.Length];
        for (var group = 0; group < query.Codes.Length / 4; group++)
        {
            for (var combination = 0; combination < 16; combination++)
            {
                for (var j = 0; j < 4; j++)
                    tables[(16 * group) + combination] += (byte)((combination >> j & 1) * query.Codes[(4 * group) + j]);
            }
        }
        return tables;
    }

    /// <summary>Lays the bits of 32 rows out for shuffling: for each pair of nibbles 32 bytes, one a row.</summary>
    public static void Interleave(ReadOnlySpan<ulong> rows, int words, Span<byte> block)
    {
        for (var row = 0; row < 32; row++)
        {
            for (var b = 0; b < 8 * words; b++)
                block[(32 * b) + row] = (byte)(rows[(row * words) + (b / 8)] >> (8 * (b % 8)));
        }
    }

    /// <summary>The sums of 32 rows by look-ups of nibbles: two shuffles for eight elements of 32 rows.</summary>
    public static void SumsByShuffling(byte* block, byte* tables, int dimension, ushort* sums)
    {
        Vector256<ushort> even = default, odd = default;
        var low = Vector256.Create((byte)0x0F);
        for (var b = 0; b < dimension / 8; b++)
        {
            var codes = Vector256.Load(block + (32 * b));
            var first = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(tables + (32 * b)), codes & low);
            var second = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(tables + (32 * b) + 16), (codes.AsUInt16() >>> 4).AsByte() & low);
            var both = first + second; // At most 8 · 15.
            even += both.AsUInt16() & Vector256.Create((ushort)0xFF);
            odd += both.AsUInt16() >>> 8;
        }
        for (var i = 0; i < 16; i++)
        {
            sums[2 * i] = even[i];
            sums[(2 * i) + 1] = odd[i];
        }
    }

    private (float[] Vector, float Length) Rotated(ReadOnlySpan<float> unit)
    {
        var x = new float[_dimension];
        double squares = 0;
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = unit[i] - _mean[i];
            squares += x[i] * x[i];
        }
        var length = (float)Math.Sqrt(squares);
        for (var i = 0; i < x.Length; i++)
            x[i] /= length;
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < x.Length; i++)
                x[i] = _flips[(round * x.Length) + i] ? -x[i] : x[i];
            for (var half = 1; half < x.Length; half *= 2)
            {
                for (var start = 0; start < x.Length; start += 2 * half)
                {
                    for (var i = start; i < start + half; i++)
                        (x[i], x[i + half]) = ((x[i] + x[i + half]) * MathF.Sqrt(0.5f), (x[i] - x[i + half]) * MathF.Sqrt(0.5f));
                }
            }
        }
        return (x, length);
    }

    /// <summary>A prepared probe.</summary>
    public sealed record Query(byte[] Codes, ulong[] Planes, float Least, float Step, int CodeSum, float Length, float DotMean);
}
