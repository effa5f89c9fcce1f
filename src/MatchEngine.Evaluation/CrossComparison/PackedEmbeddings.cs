using System.Runtime.InteropServices;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>
/// Embeddings laid out for <see cref="ScoreKernel"/>: panels of 48, value by value, the last one filled up with zeros. Held outside the
/// garbage collector's heap, aligned to cache lines, because a copy of a large set must not be moved about.
/// </summary>
internal sealed unsafe class PackedEmbeddings : IDisposable
{
    private float* _panels;

    /// <summary>Packs embeddings in the given order.</summary>
    /// <param name="set">The embeddings.</param>
    /// <param name="order">Which ones, in which order.</param>
    public PackedEmbeddings(EmbeddingSet set, ReadOnlySpan<int> order)
    {
        Dimension = set.Dimension;
        Count = order.Length;
        Panels = (Count + ScoreKernel.Columns - 1) / ScoreKernel.Columns;
        var size = (nuint)Math.Max(1, Panels) * PanelSize * sizeof(float);
        _panels = (float*)NativeMemory.AlignedAlloc(size, 64);
        NativeMemory.Clear(_panels, size);
        Scales = new float[Panels * ScoreKernel.Columns];
        for (var i = 0; i < Count; i++)
        {
            var values = set.Values(order[i]);
            var target = Panel(i / ScoreKernel.Columns) + i % ScoreKernel.Columns;
            for (var k = 0; k < values.Length; k++)
                target[k * ScoreKernel.Columns] = values[k];
            Scales[i] = set.Scale(order[i]);
            AreScaled |= Scales[i] != 1;
        }
    }

    /// <summary>Values of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>How many embeddings there are.</summary>
    public int Count { get; }

    /// <summary>How many panels there are.</summary>
    public int Panels { get; }

    /// <summary>The scale of each embedding; the filling has scale 0.</summary>
    public float[] Scales { get; }

    /// <summary>Whether any scale is other than 1.</summary>
    public bool AreScaled { get; }

    private nuint PanelSize => (nuint)Dimension * ScoreKernel.Columns;

    /// <summary>The first value of a panel.</summary>
    public float* Panel(int index) => _panels + (nuint)index * PanelSize;

    /// <summary>Copies 8 embeddings, value by value, as rows of a tile; rows past the end are zero.</summary>
    public void CopyRows(int first, float* target)
    {
        for (var row = 0; row < ScoreKernel.Rows; row++)
        {
            var i = first + row;
            var source = i < Count ? Panel(i / ScoreKernel.Columns) + i % ScoreKernel.Columns : null;
            for (var k = 0; k < Dimension; k++)
                target[k * ScoreKernel.Rows + row] = source is null ? 0 : source[k * ScoreKernel.Columns];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_panels);
        _panels = null;
        GC.SuppressFinalize(this);
    }

    ~PackedEmbeddings() => NativeMemory.AlignedFree(_panels);
}
