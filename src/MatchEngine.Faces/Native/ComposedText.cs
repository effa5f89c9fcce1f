using System.Runtime.InteropServices;
using System.Text;

namespace MatchEngine.Faces.Native;

/// <summary>
/// Unicode's normalisation forms, by the GLib that comes with libvips: .NET has none without ICU, which this product does not bring.
/// </summary>
public static unsafe partial class ComposedText
{
    private const int Decomposed = 0, Composed = 1; // GNormalizeMode

    /// <summary>Text in the composed form (NFC): é is one character. Text that is no Unicode comes back as it is.</summary>
    /// <param name="text">The text.</param>
    public static string Of(string text) => Normalize(text, Composed);

    /// <summary>Text in the decomposed form (NFD), as some file systems keep names: é is two characters.</summary>
    /// <param name="text">The text.</param>
    public static string Apart(string text) => Normalize(text, Decomposed);

    private static string Normalize(string text, int mode)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text) || text.Contains('\0'))
            return text;
        try
        {
            var normalized = Utf8Normalize(text, -1, mode);
            if (normalized is null)
                return text;
            try
            {
                return Marshal.PtrToStringUTF8((nint)normalized)!;
            }
            finally
            {
                Vips.Free(normalized);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A libvips of the system's may come without GLib's functions.
            return text;
        }
    }

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_utf8_normalize", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* Utf8Normalize(string text, nint length, int mode);
}
