using BenchmarkDotNet.Attributes;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;
using MatchEngine.Vectors.Snapshots;

namespace MatchEngine.Benchmarks.Vectors;

/// <summary>
/// A snapshot of 100,000 face-like 512-d templates, in the page cache: opening it with all checksums and answering once,
/// and overwriting a template in it.
/// </summary>
public class SnapshotBenchmarks
{
    private const int Templates = 100_000;

    private static readonly ModelDigest Model = ModelDigest.Parse(new string('0', 64));

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"benchmark-{Environment.ProcessId}.index");
    private Template? _probe;
    private long _next;

    [GlobalSetup]
    public void Setup()
    {
        var faces = new FaceLikeVectors(512, seed: 1);
        var index = new ExactIndex(Model, 512, new ExactIndexOptions { TrainInBackground = false });
        for (var i = 0; i < Templates; i++)
            index.Add(i, i / 2, Template.FromEmbedding(faces.Encounter(i / 2, i % 2), Model));
        index.TrainSketches();
        IndexSnapshot.Save(index, _path, 1);
        _probe = Template.FromEmbedding(faces.Encounter(7, 2), Model);
    }

    [GlobalCleanup]
    public void Cleanup() => File.Delete(_path);

    [Benchmark]
    public IndexAnswer OpenAndSearch() => IndexSnapshot.Open(_path, Model, 512).Index.Search(_probe!);

    [Benchmark]
    public int Erase() => IndexSnapshot.Erase(_path, [_next++ % Templates]);
}
