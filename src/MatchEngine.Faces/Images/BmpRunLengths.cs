namespace MatchEngine.Faces.Images;

/// <summary>
/// Unpacks the run lengths of a bitmap (BI_RLE8, BI_RLE4): a count and an index; or 0 and an escape: end of row (0), end of picture (1),
/// a step right and up (2), or that many indices as they are.
/// </summary>
internal static class BmpRunLengths
{
    /// <summary>Unpacks a picture.</summary>
    /// <param name="packed">From the first run to the end of the file.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="bits">8, or 4: two pixels of a byte in turns.</param>
    /// <param name="indices">Takes an index of the palette a pixel, lowest row first; what is stepped over stays 0.</param>
    /// <exception cref="AcquisitionException">A run leaves the picture, or the file ends within it.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, int width, int bits, Span<byte> indices)
    {
        var height = indices.Length / width;
        for (var (at, x, y) = (0, 0, 0); ;)
        {
            var (count, code) = (Byte(packed, at), Byte(packed, at + 1));
            at += 2;
            if (count > 0)
            {
                for (var i = 0; i < count; i++)
                    Row(indices, width, height, x, y, count)[x + i] = Index(code, i, bits);
                x += count;
                continue;
            }
            switch (code)
            {
                case 0:
                    (x, y) = (0, y + 1);
                    break;
                case 1:
                    return;
                case 2:
                    (x, y) = (x + Byte(packed, at), y + Byte(packed, at + 1));
                    at += 2;
                    break;
                default:
                    var row = Row(indices, width, height, x, y, code);
                    for (var i = 0; i < code; i++)
                        row[x + i] = Index(Byte(packed, at + i * bits / 8), i, bits);
                    x += code;
                    // Whole words of 16 bits.
                    at += ((code * bits + 7) / 8 + 1) / 2 * 2;
                    break;
            }
        }
    }

    private static byte Index(byte pair, int place, int bits) => bits == 8 ? pair : (byte)(place % 2 == 0 ? pair >> 4 : pair & 15);

    private static byte Byte(ReadOnlySpan<byte> packed, int at) => at < packed.Length ? packed[at] : throw BmpReader.Damaged();

    private static Span<byte> Row(Span<byte> indices, int width, int height, int x, int y, int count) =>
        y < height && x + count <= width ? indices.Slice(y * width, width) : throw BmpReader.Damaged();
}
