using MatchEngine.Faces;
using MatchEngine.Faces.Images;

namespace MatchEngine.Codecs;

/// <summary>
/// Decodes what libvips' build does not: the formats of <see cref="SecondFormat"/> and no other, each by the codec that belongs to it
/// whatever else the bytes look like. HEIC by libheif (Linux), JPEG 2000 and TIFF by ImageMagick.
/// </summary>
/// <remarks>
/// For a decoding process alone (<see cref="SecondDecoder"/>): a fault of a codec ends the process. The decoded pixels that the libraries
/// hold are overwritten when they were copied; what the codecs held on the way is freed by them without that, and goes back to the system
/// with the process.
/// </remarks>
public sealed class SecondImageDecoder : IImageDecoder
{
    /// <summary>Loads the libraries and takes from them all that decoding does not need.</summary>
    /// <exception cref="DllNotFoundException">They are missing.</exception>
    public SecondImageDecoder()
    {
        MagickReader.Start();
        if (OperatingSystem.IsLinux())
            HeicReader.Start();
    }

    /// <inheritdoc/>
    public Image Decode(ReadOnlySpan<byte> bytes, ImageLimits limits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(limits);
        cancellationToken.ThrowIfCancellationRequested();
        ImageDecoder.CheckByteSize(bytes.Length, limits);
        return SecondDecoder.FormatOf(bytes) switch
        {
            SecondFormat.Heic when OperatingSystem.IsLinux() => HeicReader.Read(bytes, limits),
            SecondFormat.Heic => throw Unsupported("HEIC is not read here on this system; convert it to JPEG or PNG"),
            { } format => MagickReader.Read(bytes, format, limits),
            null => throw Unsupported("the second decoder does not take this format"),
        };
    }

    /// <summary>What is said of a file that its codec does not get through.</summary>
    internal static AcquisitionException Damaged(string format, Exception? cause = null) => new(
        AcquisitionFailure.Undecodable,
        $"the {format} is damaged or cut short and cannot be decoded in full. Fetch it again from its source",
        innerException: cause);

    /// <summary>What is said of a file that is no kind of ours.</summary>
    internal static AcquisitionException Unsupported(string message) => new(AcquisitionFailure.UnsupportedFormat, message);
}
