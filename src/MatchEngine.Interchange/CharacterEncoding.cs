using System.Text;

namespace MatchEngine.Interchange;

/// <summary>
/// The encoding of text in records other than Type-1 (clause 5.5, Table 4); the number is the index that field 1.015 carries.
/// Type-1 is always 7-bit ASCII.
/// </summary>
public enum CharacterEncoding
{
    /// <summary>7-bit ASCII, the default of the traditional encoding.</summary>
    Ascii = 0,

    /// <summary>8-bit Latin, which versions before 2011 allowed.</summary>
    Latin1 = 1,

    /// <summary>
    /// UTF-16. Its bytes may equal separators, so that the traditional encoding cannot be split safely: text is carried, not read.
    /// </summary>
    Utf16 = 2,

    /// <summary>UTF-8.</summary>
    Utf8 = 3,

    /// <summary>UTF-32. As <see cref="Utf16"/>.</summary>
    Utf32 = 4,

    /// <summary>A reserved or user-defined index.</summary>
    Other = 128,
}

/// <summary>Text of fields.</summary>
internal static class FieldText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The encoding with this index in Table 4.</summary>
    public static CharacterEncoding FromIndex(int? index) => index switch
    {
        null => CharacterEncoding.Ascii,
        0 or 1 or 2 or 3 or 4 => (CharacterEncoding)index,
        _ => CharacterEncoding.Other,
    };

    /// <summary>
    /// Reads text leniently: as UTF-8 where the bytes are that (ASCII is), else byte by byte as Latin-1.
    /// Only a declared Latin-1 is read as nothing else.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> bytes, CharacterEncoding encoding)
    {
        if (encoding != CharacterEncoding.Latin1 && System.Text.Unicode.Utf8.IsValid(bytes))
            return Strict.GetString(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>The bytes of text that is written: UTF-8, of which ASCII is a part.</summary>
    /// <exception cref="ArgumentException">It holds a control character (the separators are such, clause 5.5)
    /// or half a surrogate pair.</exception>
    public static byte[] Encode(string text)
    {
        foreach (var c in text)
            if (c < ' ' || c == 0x7F)
                throw new ArgumentException(
                    $"text of a field may not hold the control character U+{(int)c:X4}: separators are such characters", nameof(text));
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("text of a field may not hold half of a surrogate pair", nameof(text), e);
        }
    }
}
