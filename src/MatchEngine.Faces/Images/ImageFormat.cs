using static System.Buffers.Binary.BinaryPrimitives;

namespace MatchEngine.Faces.Images;

/// <summary>The encodings that can be told apart by their first bytes.</summary>
internal enum ImageFormat
{
    Unknown,
    Jpeg,
    Png,
    WebP,
    Tiff,
    Gif,
    Bmp,
    Heif,
    Avif,
    Jpeg2000,
    JpegXl,
    Film,
    Pdf,
    Netpbm,
    AnsiNist,
}

/// <summary>Tells an encoding by its signature, so that no file reaches a decoder that nobody chose for it.</summary>
internal static class ImageFormats
{
    // A file lists a handful of brands.
    private const int MostBrands = 256;

    /// <summary>The format that the first bytes announce: at most twelve, and of ISO base media files the list of brands.</summary>
    public static ImageFormat Sniff(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => ImageFormat.Gif,
        [(byte)'B', (byte)'M', ..] => ImageFormat.Bmp,
        [0, 0, 0, 0x0C, (byte)'j', (byte)'P', 0x20, 0x20, ..] or [0xFF, 0x4F, 0xFF, 0x51, ..] => ImageFormat.Jpeg2000,
        [0, 0, 0, 0x0C, (byte)'J', (byte)'X', (byte)'L', 0x20, ..] or [0xFF, 0x0A, ..] => ImageFormat.JpegXl,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', (byte)'f' or (byte)'s', ..] =>
            ImageFormat.Avif,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => OfBrands(bytes),
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => ImageFormat.Pdf,
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)'\n' or (byte)' ' or (byte)'\r' or (byte)'\t', ..] => ImageFormat.Netpbm,
        // Field 1.001 of the traditional encoding, which older files write with fewer digits.
        [(byte)'1', (byte)'.', (byte)'0', (byte)'0', (byte)'1', (byte)':', ..]
            or [(byte)'1', (byte)'.', (byte)'0', (byte)'1', (byte)':', ..] => ImageFormat.AnsiNist,
        _ => ImageFormat.Unknown,
    };

    /// <summary>
    /// What the brands of an ISO base media file announce (ISO/IEC 14496-12, 4.3): the general one for still images stands before HEVC and
    /// AV1 alike, so the others are asked; a file of none of them is a film.
    /// </summary>
    private static ImageFormat OfBrands(ReadOnlySpan<byte> bytes)
    {
        var box = bytes[..(int)Math.Min((uint)Math.Min(bytes.Length, MostBrands), Math.Max(12, ReadUInt32BigEndian(bytes)))];
        var still = false;
        for (var at = 8; at + 4 <= box.Length; at += at == 8 ? 8 : 4)
        {
            var brand = box.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
                return ImageFormat.Avif;
            if (brand is [(byte)'h', (byte)'e', (byte)'i' or (byte)'v', _])
                return ImageFormat.Heif;
            still |= brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) || brand.SequenceEqual("mif2"u8);
        }
        return still ? ImageFormat.Heif : ImageFormat.Film;
    }

    /// <summary>The name by which people know the format.</summary>
    public static string Name(this ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "JPEG",
        ImageFormat.Png => "PNG",
        ImageFormat.WebP => "WebP",
        ImageFormat.Tiff => "TIFF",
        ImageFormat.Gif => "GIF",
        ImageFormat.Bmp => "BMP",
        ImageFormat.Heif => "HEIC",
        ImageFormat.Avif => "AVIF",
        ImageFormat.Jpeg2000 => "JPEG 2000",
        ImageFormat.JpegXl => "JPEG XL",
        ImageFormat.Film => "a video (MP4, QuickTime)",
        ImageFormat.Pdf => "PDF",
        ImageFormat.Netpbm => "PPM/PGM",
        ImageFormat.AnsiNist => "ANSI/NIST-ITL",
        _ => "unknown format",
    };

    /// <summary>
    /// Whether the end of the file is missing, as far as the container tells without decoding. Only asked after a decoder has refused,
    /// to tell an operator "cut short, fetch it again" from "damaged".
    /// </summary>
    public static bool LooksCutShort(this ImageFormat format, ReadOnlySpan<byte> bytes)
    {
        switch (format)
        {
            case ImageFormat.Jpeg:
                // A thumbnail, which stands before the scans, has an end of its own.
                var scan = bytes.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
                return bytes[Math.Max(0, scan)..].LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) < 0;
            case ImageFormat.Png:
                return bytes.LastIndexOf("IEND"u8) < 0;
            case ImageFormat.WebP:
                return bytes.Length < 12 || ReadUInt32LittleEndian(bytes[4..]) + 8L > bytes.Length;
            default:
                return false;
        }
    }
}
