using System.Globalization;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Index;

/// <summary>
/// <c>filter</c>: what a search among some costs beside one of everybody, in turns, by processor time on one thread. The set is the same
/// object in every search, as a gallery hands it on; the first search with it, which looks up where its people lie, is told apart.
/// </summary>
internal static class FilterCommand
{
    private const int ListLength = 20;

    public static int Run(string[] args)
    {
        int Number(string name, int otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length
                ? int.Parse(args[i + 1], CultureInfo.InvariantCulture)
                : otherwise;
        var (count, searches, rounds) = (Number("n", 100_000), Number("probes", 64), Number("rounds", 7));
        var faces = new FaceLikeVectors(Number("dim", 512), seed: 1);
        var index = FaceLikeIndex.Of(faces, count, 1, new ExactIndexOptions
        {
            Parallelism = 1, KeepFloat16 = true, TrainInBackground = false, SketchFrom = 1,
        });
        var probes = FaceLikeIndex.Probes(faces, searches, count, count);
        foreach (var batch in new[] { 1, 64 })
        {
            foreach (var percent in new[] { 1, 5, 10, 50 })
                Measure(index, probes, batch, rounds, percent, count);
        }
        return 0;
    }

    private static void Measure(ExactIndex index, Template[] probes, int batch, int rounds, int percent, int count)
    {
        // Spread over the gallery as a label is, and not one in every so many.
        var random = new Random(percent);
        var set = SubjectSet.Only(Enumerable.Range(0, count).Where(_ => random.Next(100) < percent).Select(subject => (long)subject));
        var start = Environment.CpuUsage.TotalTime;
        index.Search(probes[0], ListLength, filter: set);
        var lookedUp = (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
        var (some, all) = (new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var isFiltered in round % 2 == 0 ? new[] { true, false } : [false, true])
            {
                start = Environment.CpuUsage.TotalTime;
                for (var i = 0; i < probes.Length; i += batch)
                    index.SearchBatch(probes[i..Math.Min(i + batch, probes.Length)], ListLength, filter: isFiltered ? set : null);
                if (round > 0)
                    (isFiltered ? some : all).Add((Environment.CpuUsage.TotalTime - start).TotalMicroseconds / probes.Length);
            }
        }
        var ratios = all.Zip(some, (everybody, among) => everybody / among).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count:N0} templates, {percent} % of them, batch {batch}: {Median(some):0} µs a search, of everybody {Median(all):0} µs; "
                + $"rate {ratios[ratios.Count / 2]:0.0} × ({ratios[0]:0.0} … {ratios[^1]:0.0}); the first search {lookedUp:0.0} ms"));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
