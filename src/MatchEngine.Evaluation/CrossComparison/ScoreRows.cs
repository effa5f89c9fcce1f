using System.Runtime.InteropServices;

namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>Scores of a few embeddings with all of another set, row by row: for those who must see each score with its photos.</summary>
internal sealed unsafe class ScoreRows : IDisposable
{
    private readonly PackedEmbeddings _of;
    private readonly PackedEmbeddings _with;
    private float* _rows;
    private float* _tile;

    /// <summary>Makes room.</summary>
    /// <param name="rows">Whose scores are wanted.</param>
    /// <param name="columns">With whom.</param>
    public ScoreRows(PackedEmbeddings rows, PackedEmbeddings columns)
    {
        (_of, _with) = (rows, columns);
        _rows = (float*)NativeMemory.AlignedAlloc((nuint)(ScoreKernel.Rows * rows.Dimension) * sizeof(float), 64);
        _tile = (float*)NativeMemory.AlignedAlloc(ScoreKernel.Rows * ScoreKernel.Columns * sizeof(float), 64);
    }

    /// <summary>How many rows are computed at once.</summary>
    public static int RowsAtOnce => ScoreKernel.Rows;

    /// <summary>How many scores a row has; those behind the last column are 0.</summary>
    public int Width => _with.Panels * ScoreKernel.Columns;

    /// <summary>Computes the scores of <see cref="RowsAtOnce"/> rows.</summary>
    /// <param name="first">The first of them; a multiple of <see cref="RowsAtOnce"/>.</param>
    /// <param name="scores">Takes as many rows of <see cref="Width"/>; those past the end are 0.</param>
    /// <param name="fromColumn">Columns before this one may be left as they are.</param>
    public void Fill(int first, Span<float> scores, int fromColumn = 0)
    {
        _of.CopyRows(first, _rows);
        for (var panel = fromColumn / ScoreKernel.Columns; panel < _with.Panels; panel++)
        {
            ScoreKernel.Tile(_rows, _with.Panel(panel), _with.Dimension, _tile);
            for (var row = 0; row < ScoreKernel.Rows; row++)
            {
                var target = scores.Slice(row * Width + panel * ScoreKernel.Columns, ScoreKernel.Columns);
                new ReadOnlySpan<float>(_tile + row * ScoreKernel.Columns, ScoreKernel.Columns).CopyTo(target);
                if ((!_of.AreScaled && !_with.AreScaled) || first + row >= _of.Count)
                    continue;
                for (var column = 0; column < target.Length; column++)
                    target[column] *= _of.Scales[first + row] * _with.Scales[panel * ScoreKernel.Columns + column];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_rows);
        NativeMemory.AlignedFree(_tile);
        _rows = _tile = null;
    }
}
