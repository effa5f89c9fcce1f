using System.Buffers.Binary;

namespace MatchEngine.Interchange.Images;

/// <summary>
/// What the header of an encoded image says, read without decoding a pixel: enough to fill or to check fields 10.006,
/// 10.007, 10.011 and 10.012.
/// </summary>
/// <param name="Compression">The value for 10.011 CGA; see <see cref="CompressionAlgorithms"/>.</param>
/// <param name="Width">Pixels of a row as stored, before any rotation that EXIF asks for.</param>
/// <param name="Height">Number of rows as stored.</param>
/// <param name="Channels">1 for grey, 3 or 4 for colour.</param>
/// <param name="IsBaseline">False for a JPEG that is extended, progressive or arithmetically coded, which CGA has no value for.</param>
public sealed record ImageHeader(string Compression, int Width, int Height, int Channels, bool IsBaseline = true)
{
    /// <summary>Reads the header of a JPEG, PNG or JPEG 2000.</summary>
    /// <returns>Null when it is none of these or ends within its header.</returns>
    public static ImageHeader? Read(ReadOnlySpan<byte> image) => image switch
    {
        [0xFF, 0xD8, 0xFF, ..] => Jpeg(image),
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png(image),
        [0xFF, 0x4F, 0xFF, 0x51, ..] => Codestream(image),
        [0, 0, 0, 0x0C, (byte)'j', (byte)'P', 0x20, 0x20, ..] => Jpeg2000(image),
        _ => null,
    };

    private static ImageHeader? Jpeg(ReadOnlySpan<byte> image)
    {
        // Segments until the frame header: FF marker, two bytes of length that count themselves (ITU-T T.81, B.1.1).
        for (var at = 2; at + 4 <= image.Length;)
        {
            if (image[at] != 0xFF)
                return null;
            var marker = image[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                at += 2;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(image[(at + 2)..]);
            if (length < 2)
                return null;
            // C4, C8 and CC are tables and an extension, not frames.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return at + 10 > image.Length ? null : new ImageHeader(
                    marker is 0xC3 or 0xC7 or 0xCB or 0xCF ? CompressionAlgorithms.JpegLossless : CompressionAlgorithms.JpegBaseline,
                    BinaryPrimitives.ReadUInt16BigEndian(image[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(image[(at + 5)..]),
                    image[at + 9],
                    IsBaseline: marker is 0xC0 or 0xC3);
            if (marker is 0xDA or 0xD9)
                return null;
            at += 2 + length;
        }
        return null;
    }

    private static ImageHeader? Png(ReadOnlySpan<byte> image)
    {
        if (image.Length < 26 || !image[12..16].SequenceEqual("IHDR"u8))
            return null;
        // Colour types: 0 grey, 2 RGB, 3 palette of RGB, 4 grey with alpha, 6 RGB with alpha.
        var channels = image[25] switch { 0 or 4 => 1, 6 => 4, _ => 3 };
        return Sized(
            CompressionAlgorithms.Png, BinaryPrimitives.ReadUInt32BigEndian(image[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(image[20..]), channels);
    }

    private static ImageHeader? Jpeg2000(ReadOnlySpan<byte> image)
    {
        // Boxes: four bytes of length, four of type (ISO/IEC 15444-1, annex I); the image header lies in 'jp2h', which comes early.
        var ihdr = image[..Math.Min(image.Length, 4096)].IndexOf("ihdr"u8);
        return ihdr < 0 || ihdr + 14 > image.Length ? null : Sized(
            CompressionAlgorithms.Jpeg2000,
            BinaryPrimitives.ReadUInt32BigEndian(image[(ihdr + 8)..]),
            BinaryPrimitives.ReadUInt32BigEndian(image[(ihdr + 4)..]),
            BinaryPrimitives.ReadUInt16BigEndian(image[(ihdr + 12)..]));
    }

    private static ImageHeader? Codestream(ReadOnlySpan<byte> image)
    {
        // SIZ: marker, length, capabilities, then the extent and the offset of the image on the reference grid (ISO/IEC 15444-1, A.5.1).
        if (image.Length < 42)
            return null;
        long Extent(ReadOnlySpan<byte> siz, int extent, int offset) =>
            (long)BinaryPrimitives.ReadUInt32BigEndian(siz[extent..]) - BinaryPrimitives.ReadUInt32BigEndian(siz[offset..]);
        return Sized(
            CompressionAlgorithms.Jpeg2000, Extent(image, 8, 16), Extent(image, 12, 20), BinaryPrimitives.ReadUInt16BigEndian(image[40..]));
    }

    private static ImageHeader? Sized(string compression, long width, long height, int channels) =>
        width is < 1 or > int.MaxValue || height is < 1 or > int.MaxValue
            ? null
            : new ImageHeader(compression, (int)width, (int)height, channels);
}
