using System.Buffers.Binary;

namespace MatchEngine.Faces.Images;

/// <summary>
/// Reads Windows bitmaps: uncompressed, with a header of 40 bytes or more (BITMAPINFOHEADER and its successors), 8 bits with a palette, 24
/// or 32 bits. Compressed ones are refused by name.
/// </summary>
internal static class BmpReader
{
    private const int FileHeader = 14;

    /// <summary>Decodes a picture.</summary>
    /// <param name="bytes">The file, which begins with BM.</param>
    /// <param name="limits">How many pixels it may have.</param>
    /// <exception cref="AcquisitionException">Too many pixels, a kind that is not read, or the file is damaged or cut short.</exception>
    public static Image Read(ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        if (bytes.Length < FileHeader + 40)
            throw Damaged();
        var pixels = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        var header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]);
        var (width, signedHeight) = (
            BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]));
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        var compression = BinaryPrimitives.ReadUInt32LittleEndian(bytes[30..]);
        var colours = BinaryPrimitives.ReadUInt32LittleEndian(bytes[46..]);
        if (header < 40 || width < 1 || signedHeight is 0 or int.MinValue)
            throw Damaged();
        // 3 gives masks for the channels; with 32 bits they are nearly always those of plain BGRX, which is all that is taken.
        if (bits is not (8 or 24 or 32) || !(compression == 0 || (compression == 3 && bits == 32 && HasPlainMasks(bytes))))
            throw new AcquisitionException(
                AcquisitionFailure.UnsupportedFormat,
                $"a BMP of {bits} bits with compression {compression} is not read here; convert it to PNG");
        var height = Math.Abs(signedHeight);
        ImageDecoder.CheckPixels(width, height, limits);
        var stride = ((long)width * bits + 31) / 32 * 4;
        if (pixels < FileHeader + header || pixels + stride * height > bytes.Length)
            throw Damaged();
        var palette = ReadOnlySpan<byte>.Empty;
        if (bits == 8)
        {
            var start = FileHeader + (long)header;
            var length = 4L * (colours is 0 or > 256 ? 256 : colours);
            if (start + length > pixels)
                throw Damaged();
            palette = bytes.Slice((int)start, (int)length);
        }
        var (image, factor) = ImageDecoder.Reduced(width, height, limits);
        try
        {
            using var row = new Image(width, 1);
            using var rows = new RowReducer(image, factor);
            for (var y = 0; y < height; y++)
            {
                // Rows stand from the bottom up unless the height is negative.
                var stored = signedHeight > 0 ? height - 1 - y : y;
                ReadRow(bytes.Slice((int)(pixels + stride * stored), (int)stride), row.Pixels, bits, palette);
                rows.Add(row.Pixels);
            }
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static void ReadRow(ReadOnlySpan<byte> source, Span<byte> row, int bits, ReadOnlySpan<byte> palette)
    {
        for (var x = 0; x < row.Length / 3; x++)
        {
            ReadOnlySpan<byte> bgr;
            if (bits == 8)
            {
                if (4 * source[x] + 3 > palette.Length)
                    throw Damaged();
                bgr = palette.Slice(4 * source[x], 3);
            }
            else
                bgr = source.Slice(x * bits / 8, 3);
            (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = (bgr[2], bgr[1], bgr[0]);
        }
    }

    private static bool HasPlainMasks(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 66
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[54..]) == 0x00FF0000
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[58..]) == 0x0000FF00
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[62..]) == 0x000000FF;

    private static AcquisitionException Damaged() =>
        new(AcquisitionFailure.Undecodable, "the BMP is damaged or cut short. Fetch it again from its source");
}
