using System.Text;
using System.Xml;

namespace MatchEngine.Interchange.FaceRecords;

/// <summary>How XML is read here: as a stream, without a document type, without anything from elsewhere.</summary>
internal static class XmlRoot
{
    // Declaration, comments and namespaces stand before the name's end.
    private const int Looked = 4096;

    private static readonly System.Buffers.SearchValues<byte> EndsOfName = System.Buffers.SearchValues.Create(" \t\r\n/>"u8);

    /// <summary>The local name of the root element; null when the bytes do not look like XML, or like XML of another kind.</summary>
    /// <param name="bytes">The file, or its beginning.</param>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        start = start[..Math.Min(start.Length, Looked)].TrimStart(" \t\r\n"u8);
        if (start is not [(byte)'<', ..])
            return null;
        while (start is [(byte)'<', (byte)'?' or (byte)'!', ..])
        {
            var end = start.IndexOf(start.StartsWith("<!--"u8) ? "-->"u8 : ">"u8);
            if (end < 0)
                return null;
            start = start[(end + 1)..].TrimStart("-> \t\r\n"u8);
        }
        if (start is not [(byte)'<', ..])
            return null;
        var name = start[1..];
        var stop = name.IndexOfAny(EndsOfName);
        name = name[..(stop < 0 ? name.Length : stop)];
        return Encoding.UTF8.GetString(name[(name.IndexOf((byte)':') + 1)..]);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="bytes">The file.</param>
    public static XmlReader Open(ReadOnlyMemory<byte> bytes)
    {
        var stream = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
        // White space before the declaration is no XML, and is written all the same.
        while (stream.Position < stream.Length && bytes.Span[(int)stream.Position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            stream.Position++;
        return XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            MaxCharactersInDocument = bytes.Length + 1L,
        });
    }

    /// <summary>Decodes the base64 of the element that the reader is on into a buffer, and moves behind the element.</summary>
    /// <param name="reader">On the element.</param>
    /// <param name="target">Takes the bytes.</param>
    /// <param name="offset">Where in it they begin.</param>
    /// <returns>How many there were; null when they did not fit, or are no base64.</returns>
    public static int? ReadBase64(XmlReader reader, byte[] target, int offset)
    {
        var length = 0;
        while (true)
        {
            var room = target.Length - offset - length;
            if (room == 0)
                return null;
            var read = reader.ReadElementContentAsBase64(target, offset + length, Math.Min(room, 1 << 16));
            if (read == 0)
                return length;
            length += read;
        }
    }
}
