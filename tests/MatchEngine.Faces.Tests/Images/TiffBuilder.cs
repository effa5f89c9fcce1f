using System.Buffers.Binary;

namespace MatchEngine.Faces.Tests.Images;

/// <summary>
/// Writes uncompressed TIFF 6.0 files by the book, so that what a decoder must return is known without asking another decoder.
/// Little-endian, one strip.
/// </summary>
internal static class TiffBuilder
{
    public const int Grey = 1, Rgb = 2, Cmyk = 5; // PhotometricInterpretation

    /// <summary>Makes a file.</summary>
    /// <param name="samples">Samples in reading order, interleaved; 8-bit ones in one byte, 16-bit ones as little-endian pairs.</param>
    /// <param name="alpha">Whether the last sample of a pixel is unassociated alpha.</param>
    public static byte[] Build(
        int width, int height, int photometric, int samplesPerPixel, int bits, ReadOnlySpan<byte> samples,
        int orientation = 1, bool alpha = false)
    {
        var entries = new List<(ushort Tag, ushort Type, uint Count, uint Value)>
        {
            (256, 4, 1, (uint)width),
            (257, 4, 1, (uint)height),
            (258, 3, (uint)samplesPerPixel, 0), // bits per sample, patched below
            (259, 3, 1, 1), // no compression
            (262, 3, 1, (uint)photometric),
            (273, 4, 1, 0), // strip offset, patched below
            (274, 3, 1, (uint)orientation),
            (277, 3, 1, (uint)samplesPerPixel),
            (278, 4, 1, (uint)height),
            (279, 4, 1, (uint)samples.Length),
        };
        if (alpha)
            entries.Add((338, 3, 1, 2));
        var directory = 8;
        var extra = directory + 2 + 12 * entries.Count + 4;
        var pixels = extra + 2 * samplesPerPixel;
        var file = new byte[pixels + samples.Length];
        "II"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(2), 42);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), (uint)directory);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(directory), (ushort)entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var (tag, type, count, value) = entries[i];
            if (tag == 273)
                value = (uint)pixels;
            if (tag == 258)
                value = samplesPerPixel == 1 ? (uint)bits : samplesPerPixel == 2 ? (uint)(bits | bits << 16) : (uint)extra;
            var at = file.AsSpan(directory + 2 + 12 * i);
            BinaryPrimitives.WriteUInt16LittleEndian(at, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(at[2..], type);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], count);
            BinaryPrimitives.WriteUInt32LittleEndian(at[8..], value);
        }
        for (var i = 0; i < samplesPerPixel; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(extra + 2 * i), (ushort)bits);
        samples.CopyTo(file.AsSpan(pixels));
        return file;
    }

    /// <summary>A file of these 8-bit RGB pixels.</summary>
    public static byte[] BuildRgb(int width, int height, ReadOnlySpan<byte> rgb, int orientation = 1) =>
        Build(width, height, Rgb, 3, 8, rgb, orientation);
}
