using System.Reflection;
using System.Runtime.InteropServices;

namespace MatchEngine.Faces.Images;

/// <summary>
/// The decoder of the formats that libvips' build lacks (HEIC, JPEG 2000, some kinds of TIFF): a room of its own,
/// <c>MatchEngine.Codecs</c>, which a product may leave out. Its libraries are loaded in a decoding process and nowhere else;
/// here one only knows whether it is there.
/// </summary>
public static class SecondDecoder
{
    private const string Room = "MatchEngine.Codecs", Type = Room + ".SecondImageDecoder";

    private static readonly Lazy<Type?> Found = new(Find);

    /// <summary>Whether it lies beside the program, and this is a platform that it has libraries for (x64 of Linux and Windows).</summary>
    public static bool IsInstalled => Found.Value is not null;

    /// <summary>The format of an image that is for it: libvips does not read it, and it does. Null for any other.</summary>
    /// <param name="image">The encoded image.</param>
    public static SecondFormat? FormatOf(ReadOnlySpan<byte> image) => ImageFormats.Sniff(image) switch
    {
        ImageFormat.Heif => SecondFormat.Heic,
        ImageFormat.Jpeg2000 when image[0] == 0xFF => SecondFormat.Jpeg2000Codestream,
        ImageFormat.Jpeg2000 => SecondFormat.Jpeg2000,
        ImageFormat.Tiff when TiffKind.BeyondVips(image) is not null => SecondFormat.Tiff,
        _ => null,
    };

    /// <summary>Makes it. Its libraries are loaded now.</summary>
    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    /// <exception cref="DllNotFoundException">Its libraries are missing.</exception>
    internal static IImageDecoder Make() => Found.Value is { } type
        ? (IImageDecoder)Activator.CreateInstance(type)!
        : throw new InvalidOperationException("this program was published without its second decoder");

    private static Type? Find()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || OperatingSystem.IsMacOS())
            return null;
        try
        {
            // By its name: whoever publishes without it leaves out the file.
            return Assembly.Load(new AssemblyName(Room)).GetType(Type, throwOnError: true);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>The formats of <see cref="SecondDecoder"/>: it takes no other.</summary>
public enum SecondFormat
{
    /// <summary>HEIF with a picture in HEVC.</summary>
    Heic,

    /// <summary>JPEG 2000 in the boxes of its file format (ISO/IEC 15444-1, annex I).</summary>
    Jpeg2000,

    /// <summary>JPEG 2000 without them, from its first marker on.</summary>
    Jpeg2000Codestream,

    /// <summary>A TIFF that libvips does not read: 8-bit CIELAB, LZMA, 9 to 15 bits a channel, or tiles of single channels.</summary>
    Tiff,
}
