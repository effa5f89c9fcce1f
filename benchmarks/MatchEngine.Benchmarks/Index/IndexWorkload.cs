using System.Diagnostics;
using MatchEngine.Vectors;

namespace MatchEngine.Benchmarks.Index;

/// <summary>One path at one setting.</summary>
/// <param name="Engine">The engine and path.</param>
/// <param name="Setting">The width of the beam, or the size of batches.</param>
/// <param name="Recall">The share of the exhaustive lists' 20 subjects that was found.</param>
/// <param name="Mated">The searches whose mate the exhaustive search ranks first.</param>
/// <param name="MatesLost">Those of them in which this path does not.</param>
/// <param name="SearchesPerCpuSecond">Searches a second of processor time, of all threads together; the median of the rounds.</param>
/// <param name="MedianMicroseconds">The median time of a search, by the clock.</param>
/// <param name="P99Microseconds">The 99th percentile.</param>
/// <param name="BuildPerCpuSecond">Templates added a second of processor time, training included.</param>
/// <param name="BytesPerTemplate">Memory, where the engine tells; float16 copies not counted.</param>
internal sealed record PathResult(string Engine, int Setting, double Recall, int Mated, int MatesLost, double SearchesPerCpuSecond, double MedianMicroseconds,
    double P99Microseconds, double BuildPerCpuSecond, double BytesPerTemplate);

/// <summary>Runs a gallery through the paths of this engine. One thread, so that processor time is the path's own.</summary>
internal static class IndexWorkload
{
    private const int ListLength = 20;

    /// <summary>The paths that can be asked for.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["scan", "exact", "hnsw"];

    /// <summary>Builds each path's index and measures it.</summary>
    public static IEnumerable<PathResult> Run(FaceGallery gallery, IReadOnlyCollection<string> paths, IReadOnlyList<int> beams, int rounds, Action<string> progress)
    {
        foreach (var (name, sketchFrom) in new[] { ("scan", (int?)null), ("exact", 1000) })
        {
            if (!paths.Contains(name))
                continue;
            progress($"building {name}");
            var cpu = Cpu();
            var index = new ExactIndex(FaceGallery.Model, gallery.Dimension, new ExactIndexOptions { Parallelism = 1, SketchFrom = sketchFrom, TrainInBackground = false });
            for (var i = 0; i < gallery.Templates.Length; i++)
                index.Add(i, gallery.Subjects[i], gallery.Templates[i]);
            if (sketchFrom is not null)
                index.TrainSketches();
            var rate = gallery.Templates.Length / (Cpu() - cpu);
            var bytes = gallery.Dimension + 28 + (index.Basis is { } basis ? basis.Elements / 2.0 : 0);
            foreach (var batch in new[] { 1, 64 })
                yield return Measure($"MatchEngine {name}", index, gallery, batch, batch, rounds, rate, bytes, progress);
        }
        if (!paths.Contains("hnsw"))
            yield break;
        progress("building hnsw");
        var before = Cpu();
        HnswIndex? built = null;
        var build = 0.0;
        foreach (var ef in beams)
        {
            if (built is null)
            {
                built = new HnswIndex(FaceGallery.Model, gallery.Dimension, new HnswOptions { EfSearch = ef });
                built.AddRange([.. gallery.Templates.Select((template, i) => ((long)i, gallery.Subjects[i], template))], 1);
                build = gallery.Templates.Length / (Cpu() - before);
            }
            built.FixedEf = ef;
            yield return Measure("MatchEngine hnsw", built, gallery, ef, 1, rounds, build, built.AllocatedBytes / (double)built.Nodes, progress);
        }
    }

    private static PathResult Measure(string engine, IVectorIndex index, FaceGallery gallery, int setting, int batch, int rounds, double build, double bytes,
        Action<string> progress)
    {
        progress($"{engine} {setting}");
        var probes = gallery.Probes;
        var answers = new IndexAnswer[probes.Length];
        var times = new List<double>();
        var rates = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var cpu = Cpu();
            for (var i = 0; i < probes.Length; i += batch)
            {
                var start = Stopwatch.GetTimestamp();
                if (batch == 1)
                    answers[i] = index.Search(probes[i], ListLength);
                else
                    index.SearchBatch(probes[i..Math.Min(i + batch, probes.Length)], ListLength).ToArray().CopyTo(answers, i);
                if (round > 0) // The first warms up.
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / batch);
            }
            if (round > 0)
                rates.Add(probes.Length / (Cpu() - cpu));
        }
        times.Sort();
        rates.Sort();
        int found = 0, wanted = 0, mated = 0, lost = 0;
        for (var i = 0; i < probes.Length; i++)
        {
            var truth = gallery.Truth[i].Hits;
            wanted += truth.Count;
            found += truth.Select(hit => hit.Subject).Intersect(answers[i].Hits.Select(hit => hit.Subject)).Count();
            if (truth[0].Subject != gallery.ProbeSubjects[i])
                continue;
            mated++;
            lost += answers[i].Hits is [var first, ..] && first.Subject == gallery.ProbeSubjects[i] ? 0 : 1;
        }
        return new PathResult(engine, setting, found / (double)wanted, mated, lost, rates[rates.Count / 2], times[times.Count / 2], times[times.Count * 99 / 100], build, bytes);
    }

    private static double Cpu() => Environment.CpuUsage.TotalTime.TotalSeconds;
}
