using System.Text;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Images;

/// <summary>
/// The image of a Type-10 record, ready for a decoder. Nothing is copied: <see cref="Data"/> lies in the buffer that the transaction was
/// read from, and whoever owns that buffer clears it.
/// </summary>
public sealed class Photograph
{
    private readonly int _channels;

    private Photograph(ReadOnlyMemory<byte> data, string compression, int? width, int? height, string? colorSpace, int channels)
    {
        (Data, Compression, Width, Height, ColorSpace) = (data, compression, width, height, colorSpace);
        _channels = channels;
    }

    /// <summary>The bytes of 10.999: an encoded image, or bare pixels when <see cref="IsRaw"/>.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>10.011 CGA; where it is absent, what the data's header shows.</summary>
    public string Compression { get; }

    /// <summary>10.006 HLL; null when not stated.</summary>
    public int? Width { get; }

    /// <summary>10.007 VLL; null when not stated.</summary>
    public int? Height { get; }

    /// <summary>10.012 CSP; null when not stated.</summary>
    public string? ColorSpace { get; }

    /// <summary>
    /// Whether the data are bare pixels, which <see cref="WriteNetpbm"/> turns into an image file.
    /// An encoded image goes to a decoder as it is.
    /// </summary>
    public bool IsRaw => _channels > 0;

    /// <summary>Length of the file that <see cref="WriteNetpbm"/> writes.</summary>
    /// <exception cref="InvalidOperationException">The image is not raw.</exception>
    public int NetpbmLength => Header().Length + Data.Length;

    /// <summary>Writes raw pixels as a PGM (grey) or PPM (RGB): a line of header before the same bytes.</summary>
    /// <param name="destination">At least <see cref="NetpbmLength"/> bytes; the caller clears them.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="InvalidOperationException">The image is not raw.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public int WriteNetpbm(Span<byte> destination)
    {
        var header = Header();
        if (destination.Length < header.Length + Data.Length)
            throw new ArgumentException(
                $"the destination has {destination.Length} bytes, {header.Length + Data.Length} are needed", nameof(destination));
        header.CopyTo(destination);
        Data.Span.CopyTo(destination[header.Length..]);
        return header.Length + Data.Length;
    }

    /// <summary>Takes the image of a record.</summary>
    /// <exception cref="InterchangeException"><see cref="InterchangeFault.NoImage"/>, or <see cref="InterchangeFault.UnusableImage"/> for
    /// WSQ, an unknown compression, or raw pixels whose number contradicts 10.006 and 10.007.</exception>
    public static Photograph Of(Type10Record record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var data = record.Data;
        if (data.IsEmpty)
            throw new InterchangeException(InterchangeFault.NoImage, record.ExternalFile is null
                ? $"{Name(record)} has no image: field 10.999 is absent or empty"
                : $"{Name(record)} has no image but refers to an external file (10.994), which is not fetched; "
                    + "send the image in field 10.999");
        var header = ImageHeader.Read(data.Span);
        // What the bytes are beats what the label says: a decoder goes by the bytes too, and the validator reports the contradiction.
        var compression = record.Compression is { } stated && (stated != CompressionAlgorithms.None || header is null)
            ? stated
            : header?.Compression;
        if (compression is null || !CompressionAlgorithms.IsForPhotos(compression))
            throw Unusable(record, compression is null
                ? "10.011 (CGA) is absent and the data are no image that is known here"
                : $"10.011 (CGA) is not one of NONE, JPEGB, JPEGL, JP2, JP2L, PNG");
        var channels = compression == CompressionAlgorithms.None ? RawChannels(record, data.Length) : 0;
        return new Photograph(data, compression, record.Width, record.Height, record.ColorSpace, channels);
    }

    /// <summary>Takes an image that came without a Type-10 record.</summary>
    /// <exception cref="InterchangeException"><see cref="InterchangeFault.UnusableImage"/>: it is no JPEG, PNG or JPEG 2000.</exception>
    internal static Photograph Of(ReadOnlyMemory<byte> data) => ImageHeader.Read(data.Span) is { } header
        ? new Photograph(data, header.Compression, header.Width, header.Height, null, 0)
        : throw new InterchangeException(
            InterchangeFault.UnusableImage, "the image of the record cannot be used: it is damaged, or no JPEG, PNG or JPEG 2000");

    private static int RawChannels(Type10Record record, int length)
    {
        if (record.Width is not (> 0 and <= 99999) || record.Height is not (> 0 and <= 99999))
            throw Unusable(record, "its pixels are uncompressed (CGA NONE) and 10.006 (HLL) or 10.007 (VLL) is absent or out of range");
        var pixels = (long)record.Width.Value * record.Height.Value;
        var channels = record.ColorSpace switch
        {
            ColorSpaces.Gray => 1,
            // The standard has readers take YCC, a label of older files, for a device-dependent RGB.
            ColorSpaces.Rgb or ColorSpaces.Srgb or ColorSpaces.Ycc => 3,
            null or ColorSpaces.Undefined => length == pixels ? 1 : 3,
            _ => throw Unusable(record, "its pixels are uncompressed and 10.012 (CSP) is not GRAY, RGB, SRGB, YCC or UNK"),
        };
        if (pixels * channels != length)
            throw Unusable(
                record,
                $"{record.Width} × {record.Height} pixels of {channels} bytes need {pixels * channels} bytes and 10.999 has {length}");
        return channels;
    }

    private static InterchangeException Unusable(Type10Record record, string why) =>
        new(InterchangeFault.UnusableImage, $"the image of {Name(record)} cannot be used: {why}");

    private static string Name(Type10Record record) => $"the Type-10 record with IDC {record.Idc?.ToString() ?? "?"}";

    private byte[] Header() => _channels switch
    {
        0 => throw new InvalidOperationException("the image is encoded; hand its data to a decoder as they are"),
        1 => Encoding.ASCII.GetBytes($"P5\n{Width} {Height}\n255\n"),
        _ => Encoding.ASCII.GetBytes($"P6\n{Width} {Height}\n255\n"),
    };
}
