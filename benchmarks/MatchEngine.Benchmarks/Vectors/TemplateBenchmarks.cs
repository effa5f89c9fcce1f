using BenchmarkDotNet.Attributes;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Vectors;

/// <summary>Comparisons 1:1 and the making of a template.</summary>
[MemoryDiagnoser]
public class TemplateBenchmarks
{
    private static readonly ModelDigest Model = ModelDigest.Parse(new string('0', 64));
    private static readonly FaceLikeVectors Faces = new(512, seed: 1);

    private readonly float[] _embedding = Faces.Encounter(1, 0);
    private readonly Template _a = Faces.Template(1, 0, Model);
    private readonly Template _b = Faces.Template(1, 1, Model);
    private readonly byte[] _bytes = Faces.Template(1, 0, Model).ToBytes();

    [Benchmark]
    public float Similarity() => Template.Similarity(_a, _b);

    [Benchmark]
    public Template FromEmbedding() => Template.FromEmbedding(_embedding, Model);

    [Benchmark]
    public Template Parse() => Template.Parse(_bytes);
}
