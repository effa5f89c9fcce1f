using System.Buffers.Binary;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.FaceRecords;

/// <summary>
/// Reads face records of ISO/IEC 19794-5: <c>FAC</c>, the version (010 of 2005, 030 of 2011), the length, and for each face a block with
/// its own length, whose last part is an image. Where the blocks do not hold what they say, the image is looked for by its signature.
/// </summary>
internal static class Iso19794Reader
{
    private const int Header2005 = 14, Header2011 = 17;
    private const int FaceInformation = 20, ImageInformation = 12, FeaturePoint = 8; // of 2005
    private const int MostFaces = 1000;

    /// <summary>Whether bytes begin as a record does.</summary>
    public static bool IsRecord(ReadOnlySpan<byte> bytes) =>
        bytes is [(byte)'F', (byte)'A', (byte)'C', 0, >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9',
            >= (byte)'0' and <= (byte)'9', 0, ..];

    /// <summary>Reads a record.</summary>
    /// <param name="bytes">The record.</param>
    /// <param name="findings">Takes what is not as the standard wants it.</param>
    /// <exception cref="InterchangeException">There is no image in it.</exception>
    public static IReadOnlyList<FaceRepresentation> Read(ReadOnlyMemory<byte> bytes, FindingList findings)
    {
        var span = bytes.Span;
        var version = (span[4] - '0') * 100 + (span[5] - '0') * 10 + span[6] - '0';
        if (version is not (10 or 30))
            findings.Add(0, "", Severity.Warning, $"the version is {version:000}", "010 of 2005, or 030 of 2011", "5.4.2");
        var is2011 = version >= 20;
        var header = is2011 ? Header2011 : Header2005;
        var faces = new List<FaceRepresentation>();
        if (span.Length >= header)
        {
            var stated = BinaryPrimitives.ReadUInt32BigEndian(span[8..]);
            if (stated != span.Length)
                findings.Add(
                    0, "", Severity.Error, $"the record says {stated} bytes and has {span.Length}",
                    "the length of the whole record", "5.4.3");
            var count = BinaryPrimitives.ReadUInt16BigEndian(span[12..]);
            var at = header;
            for (var i = 0; i < Math.Min((int)count, MostFaces) && at + 4 <= span.Length; i++)
            {
                var length = BinaryPrimitives.ReadUInt32BigEndian(span[at..]);
                if (length < FaceInformation || length > span.Length - at)
                    break;
                if (Image(bytes.Slice(at, (int)length), is2011, i + 1, findings) is { } image)
                    faces.Add(new FaceRepresentation(i + 1, image));
                at += (int)length;
            }
            if (faces.Count == count && count > 0)
                return faces;
        }
        if (faces.Count == 0 && EncodedImage.FirstIn(span) is var first and >= 0)
            faces.Add(new FaceRepresentation(1, bytes[first..]));
        findings.Add(
            0, "", Severity.Error, "the blocks of the record do not hold the faces that it announces; what was found was taken",
            "a block for each face, with its length", "5.5");
        return faces.Count > 0 ? faces : throw new InterchangeException(
            InterchangeFault.NoImage, "the file begins as a face record of ISO/IEC 19794-5 and holds no image that is known here");
    }

    /// <summary>The image of a block: behind what the header of the block says, or where one begins.</summary>
    private static ReadOnlyMemory<byte>? Image(ReadOnlyMemory<byte> block, bool is2011, int number, FindingList findings)
    {
        var span = block.Span;
        if (!is2011)
        {
            var start = FaceInformation + FeaturePoint * BinaryPrimitives.ReadUInt16BigEndian(span[4..]) + ImageInformation;
            if (start < span.Length && EncodedImage.BeginsAt(span[start..]))
                return block[start..];
        }
        var found = EncodedImage.FirstIn(span);
        if (found < 0)
        {
            findings.Add(number, "", Severity.Error, "the block has no JPEG, JPEG 2000 or PNG", "an encoded image", "5.8");
            return null;
        }
        if (!is2011)
            findings.Add(
                number, "", Severity.Warning, "the image does not begin where the number of feature points puts it",
                "20 bytes, 8 for each feature point, and 12 before the image", "5.5");
        // In a block of 2011 its length stands before the image, and what describes a shape in space may stand behind it.
        else if (found >= 4 && BinaryPrimitives.ReadUInt32BigEndian(span[(found - 4)..]) is var length && length <= span.Length - found)
            return block.Slice(found, (int)length);
        return block[found..];
    }
}
