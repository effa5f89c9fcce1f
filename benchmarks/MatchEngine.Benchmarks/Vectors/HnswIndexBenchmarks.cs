using BenchmarkDotNet.Attributes;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Vectors;

/// <summary>
/// A graph of 50,000 face-like 512-d templates: a search, an insertion, a removal with its share of the repair,
/// and sketches of cells alone.
/// </summary>
[MemoryDiagnoser]
public class HnswIndexBenchmarks
{
    private const int Templates = 50_000;
    private const int Changes = 1_000;

    private static readonly ModelDigest Model = ModelDigest.Parse(new string('0', 64));

    private HnswIndex _index = new(Model, 512);
    private Template[] _probes = [];
    private Template[] _added = [];
    private int _next;

    [Params(64, 512)]
    public int Ef { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var faces = new FaceLikeVectors(512, seed: 1);
        _index = new HnswIndex(Model, 512, new HnswOptions { EfSearch = Ef });
        _index.AddRange([.. Enumerable.Range(0, Templates).Select(i => ((long)i, (long)(i / 2), faces.Template(i / 2, i % 2, Model)))]);
        _probes = [.. Enumerable.Range(0, 256).Select(i => faces.Template(i * 90, 2, Model))];
        _added = [.. Enumerable.Range(0, Changes).Select(i => faces.Template(Templates + i, 0, Model))];
    }

    [Benchmark]
    public IndexAnswer Search() => _index.Search(_probes[_next++ % _probes.Length]);

    [Benchmark(OperationsPerInvoke = Changes)]
    public void InsertAndRemove()
    {
        for (var i = 0; i < Changes; i++)
            _index.Add(Templates + i, Templates + i, _added[i]);
        for (var i = 0; i < Changes; i++)
            _index.Remove(Templates + i);
        _index.Repair();
    }
}
