using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Tests.CrossComparison;

namespace MatchEngine.Benchmarks.Evaluation;

/// <summary>
/// All pairs of 6,144 photos of 2,813 subjects, 512 values each: a plain loop, and the blocked product with its histogram.
/// One operation is one comparison.
/// </summary>
public class AllPairsBenchmarks
{
    private const int Subjects = 2813;
    private const int Photos = 6144;
    private const int Comparisons = Photos * (Photos - 1) / 2;
    private const int PlainPhotos = 512;

    private EmbeddingSet _embeddings = new(1);
    private DataSet _images = new("none", [], []);

    [GlobalSetup]
    public void Setup() => (_embeddings, _images) = SyntheticFaces.Make(Subjects, s => s < Photos - 2 * Subjects ? 3 : 2);

    /// <summary>What one would write first: two loops, a product value by value, a bin counted.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = PlainPhotos * (PlainPhotos - 1) / 2)]
    public long[] PlainLoop()
    {
        var bins = new long[65_536];
        for (var i = 0; i < PlainPhotos; i++)
        {
            for (var j = i + 1; j < PlainPhotos; j++)
            {
                var x = _embeddings.Values(i);
                var y = _embeddings.Values(j);
                var sum = 0f;
                for (var k = 0; k < x.Length; k++)
                    sum += x[k] * y[k];
                bins[(int)((sum + 1) * 32_767)]++;
            }
        }
        return bins;
    }

    /// <summary>
    /// The whole run on all cores: packing, products, histogram, the tenth of the impostors with the highest scores kept one by one.
    /// </summary>
    [Benchmark(OperationsPerInvoke = Comparisons)]
    public object AllPairsRun() => AllPairs.Compare(_embeddings, _images, new InputFaults(strict: true));

    /// <summary>The same with next to nothing kept one by one.</summary>
    [Benchmark(OperationsPerInvoke = Comparisons)]
    public object HistogramOnly() =>
        AllPairs.Compare(_embeddings, _images, new InputFaults(strict: true), new AllPairsOptions { MaximumKept = 1000 });
}

/// <summary>One tile of 8 × 48 products on data in the caches, on each instruction set: the arithmetic alone, one thread.</summary>
public unsafe class ScoreKernelBenchmarks
{
    private const int Dimension = 512;
    private const int Tile = ScoreKernel.Rows * ScoreKernel.Columns;
    private float* _a;
    private float* _b;
    private float* _scores;

    [GlobalSetup]
    public void Setup()
    {
        _a = (float*)NativeMemory.AlignedAlloc(ScoreKernel.Rows * Dimension * sizeof(float), 64);
        _b = (float*)NativeMemory.AlignedAlloc(ScoreKernel.Columns * Dimension * sizeof(float), 64);
        _scores = (float*)NativeMemory.AlignedAlloc(Tile * sizeof(float), 64);
        new Span<float>(_a, ScoreKernel.Rows * Dimension).Fill(0.03f);
        new Span<float>(_b, ScoreKernel.Columns * Dimension).Fill(0.04f);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        NativeMemory.AlignedFree(_a);
        NativeMemory.AlignedFree(_b);
        NativeMemory.AlignedFree(_scores);
    }

    [Benchmark(OperationsPerInvoke = Tile)]
    public void Avx512() => ScoreKernel.Tile512(_a, _b, Dimension, _scores);

    [Benchmark(OperationsPerInvoke = Tile)]
    public void Avx2() => ScoreKernel.Tile256(_a, _b, Dimension, _scores);

    [Benchmark(OperationsPerInvoke = Tile, Baseline = true)]
    public void Scalar() => ScoreKernel.TileScalar(_a, _b, Dimension, _scores);
}
