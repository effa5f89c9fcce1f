using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MatchEngine.Faces.Images;

/// <summary>
/// Reads bitmaps of Windows and OS/2: 1, 2, 4 or 8 bits with a palette, plain or by run lengths; 16, 24 or 32 bits, with masks or without.
/// Other kinds are refused by name.
/// </summary>
internal static class BmpReader
{
    /// <summary>Decodes a picture.</summary>
    /// <param name="bytes">The file, which begins with BM.</param>
    /// <param name="limits">How many pixels it may have.</param>
    /// <exception cref="AcquisitionException">Too many pixels, a kind that is not read, or the file is damaged or cut short.</exception>
    public static Image Read(ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        var header = BmpHeader.Read(bytes);
        ImageDecoder.CheckPixels(header.Width, header.Height, limits);
        if (header.IsRunLength)
            return ReadRunLengths(bytes, header, limits);
        if (header.Pixels + header.Stride * header.Height > bytes.Length)
            throw Damaged();
        return ReadRows(bytes[(int)header.Pixels..], header, header.Stride, header.Bits, limits);
    }

    /// <summary>What is said of a file that is not as its header says.</summary>
    public static AcquisitionException Damaged() =>
        new(AcquisitionFailure.Undecodable, "the BMP is damaged or cut short. Fetch it again from its source");

    private static Image ReadRunLengths(ReadOnlySpan<byte> bytes, BmpHeader header, ImageLimits limits)
    {
        // Runs may step anywhere, so all indices are held at once.
        ImageDecoder.CheckHeldWhole(header.Width, header.Height, "BMP packed by run lengths", limits);
        var indices = GC.AllocateArray<byte>(header.Width * header.Height, pinned: true);
        try
        {
            BmpRunLengths.Unpack(bytes[(int)header.Pixels..], header.Width, header.Bits, indices);
            return ReadRows(indices, header, header.Width, bits: 8, limits);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(indices);
        }
    }

    private static Image ReadRows(ReadOnlySpan<byte> rows, BmpHeader header, long stride, int bits, ImageLimits limits)
    {
        var (image, factor) = ImageDecoder.Reduced(header.Width, header.Height, limits);
        try
        {
            using var row = new Image(header.Width, 1);
            using var reducer = new RowReducer(image, factor);
            for (var y = 0; y < header.Height; y++)
            {
                var stored = header.IsBottomUp ? header.Height - 1 - y : y;
                var source = rows.Slice(checked((int)(stride * stored)), (int)stride);
                if (bits <= 8)
                    ReadIndices(source, row.Pixels, bits, header);
                else if (header.Red.IsThere)
                    ReadMasked(source, row.Pixels, bits, header);
                else
                    ReadBytes(source, row.Pixels, bits / 8);
                reducer.Add(row.Pixels);
            }
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static void ReadIndices(ReadOnlySpan<byte> source, Span<byte> row, int bits, BmpHeader header)
    {
        var palette = header.Palette;
        var entry = header.PaletteEntry;
        for (var x = 0; x < row.Length / 3; x++)
        {
            var index = source[x * bits / 8] >> (8 - bits - x * bits % 8) & ((1 << bits) - 1);
            if (entry * (index + 1) > palette.Length)
                throw Damaged();
            var bgr = palette.Slice(entry * index, 3);
            (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = (bgr[2], bgr[1], bgr[0]);
        }
    }

    private static void ReadMasked(ReadOnlySpan<byte> source, Span<byte> row, int bits, BmpHeader header)
    {
        for (var x = 0; x < row.Length / 3; x++)
        {
            var pixel = bits == 16
                ? BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * x)..])
                : BinaryPrimitives.ReadUInt32LittleEndian(source[(4 * x)..]);
            (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = (header.Red.Of(pixel), header.Green.Of(pixel), header.Blue.Of(pixel));
        }
    }

    private static void ReadBytes(ReadOnlySpan<byte> source, Span<byte> row, int step)
    {
        for (var x = 0; x < row.Length / 3; x++)
            (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = (source[x * step + 2], source[x * step + 1], source[x * step]);
    }
}
