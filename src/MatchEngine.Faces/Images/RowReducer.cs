namespace MatchEngine.Faces.Images;

/// <summary>
/// Scales a picture down by a whole factor while its rows come in from top to bottom: each pixel is the mean of a square. A rest at the
/// right and lower edge that fills no square is left out. With a factor of 1 rows are kept as they are.
/// </summary>
/// <param name="reduced">Takes the pixels: as many as whole squares fit into the picture.</param>
/// <param name="factor">Side of a square, above 0.</param>
internal sealed class RowReducer(Image reduced, int factor) : IDisposable
{
    private readonly int[] _sums = factor == 1 ? [] : new int[3 * reduced.Width];
    private int _rows;

    /// <summary>Takes the next row.</summary>
    /// <param name="source">Its pixels, RGB.</param>
    public void Add(ReadOnlySpan<byte> source)
    {
        var (sums, y) = (_sums, _rows++ / factor);
        if (y >= reduced.Height)
            return;
        var row = reduced.Row(y);
        if (factor == 1)
        {
            source.CopyTo(row);
            return;
        }
        for (var (x, at) = (0, 0); x + 2 < sums.Length; x += 3)
        {
            for (var i = 0; i < factor; i++, at += 3)
            {
                sums[x] += source[at];
                sums[x + 1] += source[at + 1];
                sums[x + 2] += source[at + 2];
            }
        }
        if (_rows % factor != 0)
            return;
        var (area, half) = (factor * factor, factor * factor / 2);
        for (var i = 0; i < row.Length; i++)
            row[i] = (byte)((sums[i] + half) / area);
        Array.Clear(sums);
    }

    /// <summary>Overwrites what is left of rows that filled no square.</summary>
    public void Dispose() => Array.Clear(_sums);
}
