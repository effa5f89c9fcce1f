using BenchmarkDotNet.Attributes;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Vectors;

/// <summary>Whole searches of 100,000 face-like 512-d templates, two of each subject: one probe, and 64 at once.</summary>
[MemoryDiagnoser]
public class ExactIndexBenchmarks
{
    private const int Templates = 100_000;
    private const int Probes = 64;

    private static readonly ModelDigest Model = ModelDigest.Parse(new string('0', 64));

    private ExactIndex _index = new(Model, 512);
    private Template[] _probes = [];
    private int _next;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var faces = new FaceLikeVectors(512, seed: 1);
        _index = new ExactIndex(Model, 512, Threads);
        for (var i = 0; i < Templates; i++)
            _index.Add(i, i / 2, faces.Template(i / 2, i % 2, Model));
        _probes = [.. Enumerable.Range(0, Probes).Select(i => faces.Template(i * 700, 2, Model))];
    }

    [Benchmark(OperationsPerInvoke = Templates)]
    public IndexAnswer Search() => _index.Search(_probes[_next++ % Probes]);

    [Benchmark(OperationsPerInvoke = Probes * Templates)]
    public IReadOnlyList<IndexAnswer> SearchBatch64() => _index.SearchBatch(_probes);
}
