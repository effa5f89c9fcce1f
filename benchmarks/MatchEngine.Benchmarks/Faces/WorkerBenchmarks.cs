using BenchmarkDotNet.Attributes;
using MatchEngine.Faces;
using MatchEngine.Faces.Models;

namespace MatchEngine.Benchmarks.Faces;

/// <summary>Photos per second with one worker and with two: each photo is worked on by one thread, so workers should add up.</summary>
public class WorkerBenchmarks
{
    private const int Photos = 64;

    private FacePipeline _pipeline = null!;
    private byte[] _jpeg = [];

    [Params(1, 2)]
    public int Workers { get; set; }

    [GlobalSetup]
    public void Load()
    {
        _pipeline = new FacePipeline(ModelCatalog.Read());
        (_, _jpeg) = SamplePortrait.Make(_pipeline);
    }

    [Benchmark(OperationsPerInvoke = Photos)]
    public void BytesToEmbedding() => Parallel.For(
        0, Photos, new ParallelOptions { MaxDegreeOfParallelism = Workers }, _ => _pipeline.Extract(_jpeg, new(FaceChoice.Largest)));
}
