using BenchmarkDotNet.Attributes;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Benchmarks.Evaluation;

/// <summary>2,000 draws of subjects at the size of lfw-a: 2,813 subjects, 1.9 million false matches (FMR 0.1).</summary>
public class BootstrapBenchmarks
{
    private const int Subjects = 2813;

    private readonly SubjectPairCounts _counts = new();
    private readonly int[] _photos = new int[Subjects];

    [GlobalSetup]
    public void Draw()
    {
        var random = new Random(3);
        for (var subject = 0; subject < Subjects; subject++)
            _photos[subject] = 2 + random.Next(3);
        for (var i = 0; i < 1_900_000; i++)
        {
            var (a, b) = (random.Next(Subjects), random.Next(Subjects));
            if (a != b)
                _counts.Add(a, b);
        }
    }

    [Benchmark]
    public int TwoThousandReplicates() => new SubjectBootstrap(Subjects, 2000).Run([TwoWayRate.WithinGroup(_counts, _photos)]).Count;
}
