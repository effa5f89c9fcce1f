using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MatchEngine.Vectors.Exact;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// Products of rows with coarser copies of the probes, on 512 bits: a sieve that tells which pairs of a batch are worth their exact
/// product. It lets through every pair that reaches its limit, and few others.
/// </summary>
/// <remarks>
/// <para><b>Why.</b> .NET 10 offers the dot-product instruction on 256 bits only: 32 products at once. VPMADDUBSW on 512 bits makes 64, but
/// in sums of two that saturate at 16 bits. With elements of at most 64 on the probe's side they never do (2 · 255 · 64 = 32,640), and four
/// of them are added in 16 bits before they are widened: ten multiplications a pair of 512 elements instead of sixteen.</para>
/// <para><b>The copy.</b> p′ = round(p · f), with the factor f as large as two conditions allow: no element beyond 64, and no lane of a
/// group (256 elements, eight a lane) with Σ|p′| above 255. Rows are in excess 128, so a lane's sum is that of (r − 128) · p′ plus 128 ·
/// Σp′; starting each lane at −128 · Σp′ takes that out. What overflows on the way is made good by what follows, additions being modulo
/// 2¹⁶, since the sum itself is at most 128 · 255 = 32,640.</para>
/// <para><b>The bound.</b> With e = p − p′/f and c = r − 128, c·p = c·p′/f + c·e, and |c·e| ≤ ‖c‖ · ‖e‖. Row scales are 1/‖c‖, so a pair
/// with dot · scale ≥ limit has coarse · scale ≥ (limit − ‖e‖) · f. This is certain, not likely; ‖e‖ is 1.5 to 2 % of ‖p‖ for faces.</para>
/// </remarks>
internal static unsafe class CoarseDots
{
    private const int Step = 64;
    private const int GroupElements = 4 * Step;
    private const int MostElement = 64;
    private const int MostLane = 255;

    /// <summary>Whether this processor, and the runtime's settings, allow it.</summary>
    public static bool IsSupported => Avx512BW.IsSupported;

    /// <summary>Whether it takes templates of a dimension: whole vectors only.</summary>
    public static bool Takes(int dimension) => dimension % Step == 0;

    /// <summary>The bytes of what a probe's lanes start with.</summary>
    public static int StartBytes(int dimension) => (dimension + GroupElements - 1) / GroupElements * sizeof(Vector512<short>);

    /// <summary>Makes the coarse copy of a probe.</summary>
    /// <param name="body">The probe's body.</param>
    /// <param name="coarse">Receives the copy.</param>
    /// <param name="starts">Receives what the lanes of each group start with (<see cref="StartBytes"/>).</param>
    /// <returns>The factor f and the length of what the copy leaves out, ‖p − p′/f‖.</returns>
    public static (double Factor, double Residual) Prepare(ReadOnlySpan<sbyte> body, Span<sbyte> coarse, Span<short> starts)
    {
        var most = 1;
        foreach (var element in body)
            most = Math.Max(most, Math.Abs((int)element));
        var factor = (float)MostElement / most;
        int largest;
        while ((largest = Round(body, factor, coarse, starts)) > MostLane)
            factor *= (MostLane - 1f) / largest;
        var (squares, inverse) = (0.0, 1.0 / factor);
        for (var i = 0; i < body.Length; i++)
        {
            var left = body[i] - (coarse[i] * inverse);
            squares += left * left;
        }
        return (factor, Math.Sqrt(squares));
    }

    /// <summary>Writes the copy with a factor and what its lanes start with; the largest Σ|p′| of a lane.</summary>
    private static int Round(ReadOnlySpan<sbyte> body, float factor, Span<sbyte> coarse, Span<short> starts)
    {
        var largest = Vector512<short>.Zero;
        for (var group = 0; group < body.Length; group += GroupElements)
        {
            Vector512<short> lanes = default, sums = default;
            for (var i = group; i < Math.Min(group + GroupElements, body.Length); i += Step)
            {
                for (var j = i; j < i + Step; j += Vector512<float>.Count)
                    Avx512F.ConvertToVector128SByte(Vector512.ConvertToInt32(Vector512.Round(Widen(body, j) * factor))).CopyTo(coarse[j..]);
                var elements = Vector512.Create<sbyte>(coarse.Slice(i, Step));
                sums += Avx512BW.MultiplyAddAdjacent(Vector512<byte>.One, elements);
                lanes += Avx512BW.MultiplyAddAdjacent(Vector512<byte>.One, Vector512.Abs(elements));
            }
            largest = Vector512.Max(largest, lanes);
            (sums * -128).CopyTo(starts[(group / GroupElements * Vector512<short>.Count)..]); // Modulo 2¹⁶, as the sums are.
        }
        var most = 0;
        for (var lane = 0; lane < Vector512<short>.Count; lane++)
            most = Math.Max(most, largest[lane]);
        return most;
    }

    private static Vector512<float> Widen(ReadOnlySpan<sbyte> elements, int i) =>
        Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Create<sbyte>(elements.Slice(i, Vector512<float>.Count))));

    /// <summary>What coarse · scale reaches for every pair whose dot · scale reaches a limit, roundings included.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="factor">The probe's factor.</param>
    /// <param name="residual">The length of what its copy leaves out.</param>
    public static float Limit(float limit, double factor, double residual)
    {
        const double Roundings = 1e-6; // A scale, two conversions and two products, each to 24 bits.
        return MathF.BitDecrement((float)((limit - (Math.Abs(limit) * Roundings) - (residual * (1 + Roundings))) * factor));
    }

    /// <summary>Compares four rows with probes in pairs. For each pair of probes that some row may reach, their rows are noted.</summary>
    /// <param name="probes">The probes; an odd one at the end is left out.</param>
    /// <param name="limits">Their limits, coarse (<see cref="ProbeLimits.Coarse"/>).</param>
    /// <param name="rows">The first of four rows, one after the other.</param>
    /// <param name="scales">Their scales.</param>
    /// <param name="found">Receives for each pair with such rows its first probe · 256 + the rows as bits: four of the first probe,
    /// four of the second.</param>
    /// <returns>The number of pairs noted.</returns>
    public static int Reaching(ProbeBlock probes, float* limits, byte* rows, float* scales, int* found)
    {
        nint stride = probes.Dimension;
        var starts = probes.Starts;
        nint startStride = probes.StartBytes / sizeof(short);
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        var ones = Vector512<short>.One;
        var scale = Vector256.Create(Vector128.Load(scales), Vector128.Load(scales));
        var ahead = rows + (4 * stride);
        var probe0 = probes.Coarse;
        var count = 0;
        var pairs = probes.Count / 2;
        for (var pair = 0; pair < pairs; pair++)
        {
            // The next rows come while these are compared: one cache line for each pair of probes,
            // which for 64 probes are four rows of 512 bytes.
            Sse.Prefetch0(ahead);
            ahead += Segment.CacheLine;
            var probe1 = probe0 + stride;
            Vector512<int> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector512<int> b0 = default, b1 = default, b2 = default, b3 = default;
            var start = starts;
            for (nint group = 0; group < stride; group += GroupElements)
            {
                Vector512<short> c0, c1, c2, c3, d0, d1, d2, d3;
                c0 = c1 = c2 = c3 = Vector512.Load(start);
                d0 = d1 = d2 = d3 = Vector512.Load(start + startStride);
                start += Vector512<short>.Count;
                if (group + GroupElements <= stride)
                {
                    // The usual case, without a loop, is 5 % faster.
                    Four(rows, row1, row2, row3, probe0, probe1, group, ref c0, ref c1, ref c2, ref c3, ref d0, ref d1, ref d2, ref d3);
                    Four(
                        rows, row1, row2, row3, probe0, probe1, group + Step, ref c0, ref c1, ref c2,
                        ref c3, ref d0, ref d1, ref d2, ref d3);
                    Four(
                        rows, row1, row2, row3, probe0, probe1, group + (2 * Step), ref c0, ref c1, ref c2,
                        ref c3, ref d0, ref d1, ref d2, ref d3);
                    Four(
                        rows, row1, row2, row3, probe0, probe1, group + (3 * Step), ref c0, ref c1, ref c2,
                        ref c3, ref d0, ref d1, ref d2, ref d3);
                }
                else
                {
                    for (var i = group; i < stride; i += Step)
                        Four(rows, row1, row2, row3, probe0, probe1, i, ref c0, ref c1, ref c2, ref c3, ref d0, ref d1, ref d2, ref d3);
                }
                a0 += Avx512BW.MultiplyAddAdjacent(c0, ones);
                a1 += Avx512BW.MultiplyAddAdjacent(c1, ones);
                a2 += Avx512BW.MultiplyAddAdjacent(c2, ones);
                a3 += Avx512BW.MultiplyAddAdjacent(c3, ones);
                b0 += Avx512BW.MultiplyAddAdjacent(d0, ones);
                b1 += Avx512BW.MultiplyAddAdjacent(d1, ones);
                b2 += Avx512BW.MultiplyAddAdjacent(d2, ones);
                b3 += Avx512BW.MultiplyAddAdjacent(d3, ones);
            }
            var first = Quarters(a0, a1, a2, a3);
            var second = Quarters(b0, b1, b2, b3);
            var sums = Avx2.Permute2x128(first, second, 0x20) + Avx2.Permute2x128(first, second, 0x31);
            var reached = Vector256.GreaterThanOrEqual(Vector256.ConvertToSingle(sums) * scale, Vector256.Load(limits))
                .ExtractMostSignificantBits();
            if (reached != 0)
                found[count++] = (pair << 9) | (int)reached;
            limits += 2 * ProbeLimits.Lanes;
            starts += 2 * startStride;
            probe0 = probe1 + stride;
        }
        return count;
    }

    /// <summary>Adds a step's products of four rows with two probes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(byte* row0, byte* row1, byte* row2, byte* row3, sbyte* probe0, sbyte* probe1, nint i,
        ref Vector512<short> c0, ref Vector512<short> c1, ref Vector512<short> c2, ref Vector512<short> c3,
        ref Vector512<short> d0, ref Vector512<short> d1, ref Vector512<short> d2, ref Vector512<short> d3)
    {
        var p = Vector512.Load(probe0 + i);
        var q = Vector512.Load(probe1 + i);
        var r = Vector512.Load(row0 + i);
        c0 += Avx512BW.MultiplyAddAdjacent(r, p);
        d0 += Avx512BW.MultiplyAddAdjacent(r, q);
        r = Vector512.Load(row1 + i);
        c1 += Avx512BW.MultiplyAddAdjacent(r, p);
        d1 += Avx512BW.MultiplyAddAdjacent(r, q);
        r = Vector512.Load(row2 + i);
        c2 += Avx512BW.MultiplyAddAdjacent(r, p);
        d2 += Avx512BW.MultiplyAddAdjacent(r, q);
        r = Vector512.Load(row3 + i);
        c3 += Avx512BW.MultiplyAddAdjacent(r, p);
        d3 += Avx512BW.MultiplyAddAdjacent(r, q);
    }

    /// <summary>The sums of four vectors side by side, as two halves that are still to be added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Quarters(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d)
    {
        var ab = Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b);
        var cd = Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d);
        var all = Avx512F.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt32() + Avx512F.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt32();
        return all.GetLower() + all.GetUpper();
    }
}
