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
    Pdf,
    Netpbm,
    AnsiNist,
}

/// <summary>Tells an encoding by its signature, so that no file reaches a decoder that nobody chose for it.</summary>
internal static class ImageFormats
{
    /// <summary>The format that the first bytes (at most twelve are looked at) announce.</summary>
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
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => ImageFormat.Heif,
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => ImageFormat.Pdf,
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)'\n' or (byte)' ' or (byte)'\r' or (byte)'\t', ..] => ImageFormat.Netpbm,
        // Field 1.001 of the traditional encoding, which older files write with fewer digits.
        [(byte)'1', (byte)'.', (byte)'0', (byte)'0', (byte)'1', (byte)':', ..]
            or [(byte)'1', (byte)'.', (byte)'0', (byte)'1', (byte)':', ..] => ImageFormat.AnsiNist,
        _ => ImageFormat.Unknown,
    };

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
                return bytes.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) < 0;
            case ImageFormat.Png:
                return bytes.LastIndexOf("IEND"u8) < 0;
            case ImageFormat.WebP:
                return bytes.Length < 12 || System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L > bytes.Length;
            default:
                return false;
        }
    }
}
