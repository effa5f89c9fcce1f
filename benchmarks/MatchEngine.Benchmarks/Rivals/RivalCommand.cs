using System.Diagnostics;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Measurement;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Benchmarks.Rivals;

/// <summary>
/// <c>rival --n N --dim D</c>: the engine's sketches (principal directions, four bits) beside signs with a correction factor, on the same
/// templates and probes: bytes, the error of the estimate among strangers and among mates, how many templates have to be compared in full
/// so that the twentieth subject is missed once in a million times, and the time of the scan.
/// </summary>
internal static unsafe class RivalCommand
{
    private const int Probes = 200;
    private const int ListLength = 20;

    public static int Run(string[] args)
    {
        int Number(string name, int otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length ? int.Parse(args[i + 1], null) : otherwise;
        int n = Number("n", 100_000) / 32 * 32, d = Number("dim", 512);
        var faces = new FaceLikeVectors(d, 1);
        var rows = new float[n][];
        Parallel.For(0, n, i => rows[i] = Unit(faces.Encounter(i / 2, i % 2)));
        var probes = Enumerable.Range(0, Probes).Select(i => Unit(faces.Encounter((long)i * ((n / 2) - 1) / Probes, 5))).ToArray();
        var scores = probes.Select(q => rows.AsParallel().AsOrdered().Select(x => Dot(q, x)).ToArray()).ToArray();
        var thresholds = scores.Select(s => s.Select((score, i) => (score, i / 2)).GroupBy(pair => pair.Item2, pair => pair.score)
            .Select(g => g.Max()).OrderDescending().ElementAt(ListLength - 1)).ToArray();

        Console.WriteLine($"{n:N0} face-like templates of {d} dimensions, {Probes} mated probes");
        Console.WriteLine("| sketch | bytes | error, strangers | error, mates | compared in full | scan, ns a template |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        Principal(n, d, rows, probes, scores, thresholds);
        Signs(n, d, rows, probes, scores, thresholds);
        return 0;
    }

    private static void Principal(int n, int d, float[][] rows, float[][] probes, float[][] scores, float[] thresholds)
    {
        var basis = new SketchSample(n, d, i => (rows[i], i / 2)).Train(1, null, n, CancellationToken.None);
        var bytes = basis.Elements / 2;
        var column = new SketchColumn(basis, n);
        var codes = new byte[basis.Elements];
        var elements = new float[basis.Elements];
        for (var i = 0; i < n; i++)
        {
            basis.Project(rows[i], elements);
            basis.Quantise(elements, codes);
            column.Write(i, codes, fits: true);
        }
        var sums = new int[n];
        var query = GC.AllocateArray<sbyte>(basis.Elements, pinned: true);
        var quantile = SketchProbe.Quantile(ListLength);
        var estimates = new float[probes.Length][];
        long full = 0;
        var time = double.MaxValue;
        for (var p = 0; p < probes.Length; p++)
        {
            basis.Project(probes[p], elements);
            var probe = basis.Prepare(elements, query);
            var start = Stopwatch.GetTimestamp();
            fixed (sbyte* q = query)
            fixed (int* s = sums)
                SketchKernel.Best.Sums(column.Blocks, n / SketchKernel.BlockRows, basis.Groups, q, 1, s);
            time = Math.Min(time, Stopwatch.GetElapsedTime(start).TotalNanoseconds / n);
            var least = probe.LeastSum(thresholds[p], quantile);
            full += sums.Count(sum => sum >= least);
            // The estimate with the share that residuals are expected to hide.
            estimates[p] = [.. sums.Select(sum => probe.Factor * (sum - probe.Offset)).Select(e => e > 0 ? e / (1 - probe.Shrinkage) : e)];
        }
        Report($"{basis.Elements} directions × 4 bits", bytes, scores, estimates, full, time, probes.Length);
    }

    private static void Signs(int n, int d, float[][] rows, float[][] probes, float[][] scores, float[] thresholds)
    {
        var mean = new float[d];
        foreach (var row in rows)
        {
            for (var i = 0; i < d; i++)
                mean[i] += row[i] / n;
        }
        var sketch = new SignSketch(d, mean);
        var words = d / 64;
        var bits = new ulong[n * words];
        var (factors, lengths, ones, dots) = (new float[n], new float[n], new int[n], new float[n]);
        Parallel.For(0, n, i =>
        {
            (factors[i], lengths[i]) = sketch.Encode(rows[i], bits.AsSpan(i * words, words));
            dots[i] = Dot(rows[i], mean);
            foreach (var word in bits.AsSpan(i * words, words))
                ones[i] += System.Numerics.BitOperations.PopCount(word);
        });
        var meanSquared = Dot(mean, mean);
        var blocks = GC.AllocateArray<byte>(n * d / 8, pinned: true);
        for (var i = 0; i < n; i += 32)
            SignSketch.Interleave(bits.AsSpan(i * words, 32 * words), words, blocks.AsSpan(i * d / 8));

        var (counted, shuffled) = (new int[n], GC.AllocateArray<ushort>(n, pinned: true));
        double counting = double.MaxValue, shuffling = double.MaxValue;
        var estimates = new float[probes.Length][];
        long full = 0;
        // As the engine does: six spreads below, the spread being what the method promises, √((1 − f²)/f²/(d − 1)),
        // widened to what is measured.
        var quantile = SketchProbe.Quantile(ListLength);
        for (var p = 0; p < probes.Length; p++)
        {
            var query = sketch.Prepare(probes[p]);
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < n; i++)
                counted[i] = SignSketch.SumByCounting(bits.AsSpan(i * words, words), query.Planes);
            counting = Math.Min(counting, Stopwatch.GetElapsedTime(start).TotalNanoseconds / n);
            var tables = SignSketch.Tables(query);
            start = Stopwatch.GetTimestamp();
            fixed (byte* b = blocks, t = tables)
            fixed (ushort* s = shuffled)
            {
                for (var i = 0; i < n; i += 32)
                    SignSketch.SumsByShuffling(b + ((nint)i * d / 8), t, d, s + i);
            }
            shuffling = Math.Min(shuffling, Stopwatch.GetElapsedTime(start).TotalNanoseconds / n);
            for (var i = 0; i < n; i++)
            {
                if (counted[i] != shuffled[i] || (i < 50 && counted[i] != Scalar(bits.AsSpan(i * words, words), query.Codes)))
                    throw new InvalidOperationException(
                        $"row {i}: {counted[i]} by counting, {shuffled[i]} by shuffling, "
                            + $"{Scalar(bits.AsSpan(i * words, words), query.Codes)} by definition");
            }
            estimates[p] = [.. Enumerable.Range(0, n).Select(
                i => sketch.Estimate(query, counted[i], ones[i], factors[i], lengths[i], dots[i], meanSquared))];
            for (var i = 0; i < n; i++)
            {
                var spread = MathF.Sqrt((1 - (factors[i] * factors[i])) / (d - 1)) / factors[i] * query.Length * lengths[i];
                if (estimates[p][i] >= thresholds[p] - (quantile * spread))
                    full++;
            }
        }
        Report($"{d} signs, factor; counting bits", (d / 8) + 4, scores, estimates, full, counting, probes.Length);
        Report($"{d} signs, factor; shuffling", (d / 8) + 4, scores, estimates, full, shuffling, probes.Length);
    }

    private static int Scalar(ReadOnlySpan<ulong> bits, byte[] codes)
    {
        var sum = 0;
        for (var i = 0; i < codes.Length; i++)
            sum += (int)(bits[i >> 6] >> i & 1) * codes[i];
        return sum;
    }

    private static void Report(string name, int bytes, float[][] scores, float[][] estimates, long full, double time, int probes)
    {
        double strangers = 0, mates = 0;
        long strangerCount = 0, mateCount = 0;
        var n = scores[0].Length;
        for (var p = 0; p < probes; p++)
        {
            var mate = (long)p * ((n / 2) - 1) / probes;
            for (var i = 0; i < n; i++)
            {
                double error = scores[p][i] - estimates[p][i];
                if (i / 2 == mate)
                    (mates, mateCount) = (mates + (error * error), mateCount + 1);
                else
                    (strangers, strangerCount) = (strangers + (error * error), strangerCount + 1);
            }
        }
        Console.WriteLine(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"| {name} | {bytes} | {Math.Sqrt(strangers / strangerCount):F4} | {Math.Sqrt(mates / mateCount):F4} | "
                + $"{(double)full / probes:F0} ({100.0 * full / probes / n:F2} %) | {time:F2} |"));
    }

    private static float[] Unit(float[] x)
    {
        var toUnit = 1 / MathF.Sqrt(Dot(x, x));
        return Array.ConvertAll(x, value => value * toUnit);
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => FloatDot.Of(a, b);
}
