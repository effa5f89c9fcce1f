using System.Diagnostics;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Measurement;

/// <summary>
/// Measures the ways of searching of this engine on a gallery: the lists against an exhaustive comparison, rates, times, memory.
/// </summary>
/// <remarks>
/// Rates are per second of processor time of one searching thread, which other programs on the machine disturb little; what they take of
/// caches and of the bandwidth of memory they disturb all the same.
/// </remarks>
public sealed class IndexMeasurement
{
    private const int ListLength = 20;
    private const int Batch = 64;

    /// <summary>The paths that can be asked for: all templates in int8, by sketches, through the graph.</summary>
    public static IReadOnlyList<string> AllPaths { get; } = ["scan", "exact", "hnsw"];

    /// <summary>The instruction set that comparisons use on this machine.</summary>
    public static string Instructions => DotKernel.Best.Name;

    /// <summary>The paths to measure, of <see cref="AllPaths"/>.</summary>
    public IReadOnlyCollection<string> Paths { get; init; } = ["exact", "hnsw"];

    /// <summary>The widths of the graph's beam; none for the one that the graph calibrates for itself.</summary>
    public IReadOnlyList<int> Beams { get; init; } = [];

    /// <summary>The links that a new node of the graph makes (<see cref="HnswOptions.M"/>).</summary>
    public int M { get; init; } = new HnswOptions().M;

    /// <summary>How often the probes are gone through for a rate; the median counts. A round before warms up.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>
    /// The default model's threshold at FMR 1e-4 on lfw-a (benchmarks/results/quality.md), whose scores the made-up galleries follow.
    /// </summary>
    public const float DefaultFloor = 0.4113f;

    /// <summary>The score floor for <see cref="PathResult.RecallAboveFloor"/>.</summary>
    public float Floor { get; init; } = DefaultFloor;

    /// <summary>The threads that build the graph.</summary>
    public int BuildThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether searching on all processors is measured too.</summary>
    public bool AllThreads { get; init; } = true;

    /// <summary>Told what is being done, and the share of it.</summary>
    public Action<string, double>? Progress { get; init; }

    /// <summary>Builds each path's index and measures it.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<PathResult> Run(FaceGallery gallery, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        foreach (var (name, sketchFrom) in new[] { ("scan", (int?)null), ("exact", 1000) })
        {
            if (!Paths.Contains(name))
                continue;
            var cpu = Cpu();
            ExactIndex New(int threads) => new(
                FaceGallery.Model, gallery.Dimension,
                new ExactIndexOptions { Parallelism = threads, SketchFrom = sketchFrom, TrainInBackground = false });
            var index = New(1);
            for (var i = 0; i < gallery.Templates.Count; i++)
            {
                index.Add(i, gallery.Subjects[i], gallery.Templates[i]);
                Report($"building {name}", i, gallery.Templates.Count, cancellationToken);
            }
            if (sketchFrom is not null)
                index.TrainSketches(cancellationToken: cancellationToken);
            var rate = gallery.Templates.Count / (Cpu() - cpu);
            var basis = index.Basis;
            foreach (var batch in new[] { 1, Batch })
                yield return Measure(
                    name, index, gallery, batch, batch, rate, index.AllocatedBytes / (double)index.Count, cancellationToken) with
                {
                    Kernel = basis is null ? DotKernel.Best.Name : SketchKernel.Best.Name,
                    BytesScanned = basis is null ? gallery.Dimension
                        : basis.Groups * SketchKernel.GroupBytes / (double)SketchKernel.BlockRows,
                };
        }
        if (!Paths.Contains("hnsw"))
            yield break;
        var before = Cpu();
        var graph = new HnswIndex(FaceGallery.Model, gallery.Dimension, new HnswOptions { M = M });
        graph.AddRange(
            new Rows(gallery), BuildThreads,
            new Reporter(count => Report("building hnsw", count, gallery.Templates.Count, cancellationToken)), cancellationToken);
        var build = gallery.Templates.Count / (Cpu() - before);
        if (Beams.Count == 0)
        {
            Progress?.Invoke("calibrating hnsw", 0);
            graph.Calibrate(cancellationToken);
        }
        foreach (var ef in Beams.Count > 0 ? Beams : [graph.EfSearch])
        {
            graph.FixedEf = ef;
            yield return Measure(
                M == new HnswOptions().M ? "hnsw" : $"hnsw, M = {M}", graph, gallery, ef, 1, build,
                graph.AllocatedBytes / (double)graph.Nodes, cancellationToken) with { Kernel = CellKernel.Best.Name };
        }
    }

    private PathResult Measure(
        string path, IVectorIndex index, FaceGallery gallery, int setting, int batch, double build, double bytes,
        CancellationToken cancellationToken)
    {
        var what = $"{path} {setting}";
        Template[] probes = [.. gallery.Probes];
        var answers = new IndexAnswer[probes.Length];
        var times = new List<double>();
        var rates = new List<double>();
        long allocated = 0;
        for (var round = 0; round <= Rounds; round++)
        {
            var (cpu, bytesBefore) = (Cpu(), GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < probes.Length; i += batch)
            {
                var start = Stopwatch.GetTimestamp();
                if (batch == 1)
                    answers[i] = index.Search(probes[i], ListLength, cancellationToken: cancellationToken);
                else
                    index.SearchBatch(probes[i..Math.Min(i + batch, probes.Length)], ListLength, cancellationToken: cancellationToken)
                        .ToArray().CopyTo(answers, i);
                if (round > 0)
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / batch);
                Report(what, ((double)round * probes.Length) + i, (Rounds + 1.0) * probes.Length, cancellationToken);
            }
            if (round == 0)
                continue;
            rates.Add(probes.Length / (Cpu() - cpu));
            allocated = GC.GetAllocatedBytesForCurrentThread() - bytesBefore;
        }
        times.Sort();
        var quality = ListQuality.Of(answers.Select((answer, i) => gallery.Search(i, Floor, [.. answer.Hits.Select(hit => hit.Subject)])));
        return new PathResult(
            $"MatchEngine {path}", setting, quality.Recall, quality.Mated, quality.MatesLost, Median(rates), times[times.Count / 2],
            times[times.Count * 99 / 100], build, bytes)
        {
            Templates = gallery.Templates.Count,
            RecallAboveFloor = quality.RecallAboveFloor,
            ComparedInFull = answers.Average(answer => (double)answer.ComparedInFull),
            AllocatedBytes = batch == 1 ? allocated / (double)probes.Length : null,
            AllThreadsPerSecond = AllThreads
                ? Median([.. Enumerable.Range(0, Rounds).Select(_ => OnAllProcessors(index, probes, batch, cancellationToken))])
                : null,
        };
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static double OnAllProcessors(IVectorIndex index, Template[] probes, int batch, CancellationToken cancellationToken)
    {
        var next = -batch;
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            for (int i; (i = Interlocked.Add(ref next, batch)) < probes.Length && !cancellationToken.IsCancellationRequested;)
            {
                if (batch == 1)
                    index.Search(probes[i], ListLength);
                else
                    index.SearchBatch(probes[i..Math.Min(i + batch, probes.Length)], ListLength);
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        cancellationToken.ThrowIfCancellationRequested();
        return probes.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Report(string what, double done, double of, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (done % 1000 == 0)
            Progress?.Invoke(what, done / of);
    }

    private static double Cpu() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private sealed class Reporter(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }

    /// <summary>The gallery as the graph takes it, without another list of a million rows.</summary>
    private sealed class Rows(FaceGallery gallery) : IReadOnlyList<(long Id, long Subject, Template Template)>
    {
        public int Count => gallery.Templates.Count;

        public (long Id, long Subject, Template Template) this[int i] => (i, gallery.Subjects[i], gallery.Templates[i]);

        public IEnumerator<(long Id, long Subject, Template Template)> GetEnumerator() =>
            Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
