using System.Formats.Asn1;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.FaceRecords;

/// <summary>
/// Reads face image data blocks of ISO/IEC 39794-5 in ASN.1 (its module is tagged automatically): [APPLICATION 5] { [0] version, [1]
/// representations }. Of each representation the image is taken, whatever a later version puts around it.
/// </summary>
internal static class Iso39794Reader
{
    private const byte DataBlock = 0x65, VersionBlock = 0xA0;
    private const int MostFaces = 1000, MostDepth = 16;

    private static readonly Asn1Tag Block = new(TagClass.Application, 5, isConstructed: true);
    private static readonly Asn1Tag Representations = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <summary>Whether bytes begin as a data block does: its tag, a length, the tag of the version.</summary>
    public static bool IsRecord(ReadOnlySpan<byte> bytes) =>
        bytes is [DataBlock, _, ..] && (bytes[1] < 0x80 ? 2 : 2 + (bytes[1] & 0x7F)) is var at
            && at < bytes.Length && bytes[at] == VersionBlock;

    /// <summary>Reads a data block.</summary>
    /// <param name="bytes">The data block.</param>
    /// <param name="findings">Takes what is not as the standard wants it.</param>
    /// <exception cref="InterchangeException">It is damaged, or there is no image in it.</exception>
    public static IReadOnlyList<FaceRepresentation> Read(ReadOnlyMemory<byte> bytes, FindingList findings)
    {
        try
        {
            // DER is what the standard wants; BER is read.
            var outer = new AsnReader(bytes, AsnEncodingRules.BER);
            var block = outer.ReadSequence(Block);
            if (outer.HasData)
                findings.Add(0, "", Severity.Warning, "bytes follow the data block", "nothing behind it", "ISO/IEC 39794-1");
            var faces = new List<FaceRepresentation>();
            while (block.HasData)
            {
                if (!block.PeekTag().HasSameClassAndValue(Representations))
                {
                    block.ReadEncodedValue();
                    continue;
                }
                var list = block.ReadSequence(Representations);
                while (list.HasData && faces.Count < MostFaces)
                {
                    var representation = list.ReadEncodedValue();
                    if (FindImage(representation, MostDepth) is { } image)
                        faces.Add(new FaceRepresentation(faces.Count + 1, image));
                    else
                        findings.Add(
                            faces.Count + 1, "", Severity.Error, "the representation has no JPEG, JPEG 2000 or PNG", "an encoded image",
                            "ISO/IEC 39794-5");
                }
            }
            return faces.Count > 0 ? faces : throw new InterchangeException(
                InterchangeFault.NoImage, "the face image data block of ISO/IEC 39794-5 holds no image that is known here");
        }
        catch (AsnContentException error)
        {
            throw new InterchangeException(
                InterchangeFault.NoImage, $"the face image data block of ISO/IEC 39794-5 is damaged or cut short: {error.Message}");
        }
    }

    /// <summary>The first value below a tag that is an image.</summary>
    private static ReadOnlyMemory<byte>? FindImage(ReadOnlyMemory<byte> encoded, int depth)
    {
        var tag = AsnDecoder.ReadEncodedValue(encoded.Span, AsnEncodingRules.BER, out var offset, out var length, out _);
        var content = encoded.Slice(offset, length);
        if (!tag.IsConstructed)
            return EncodedImage.BeginsAt(content.Span) ? content : (ReadOnlyMemory<byte>?)null;
        if (depth == 0)
            return null;
        for (var at = 0; at < content.Length;)
        {
            AsnDecoder.ReadEncodedValue(content.Span[at..], AsnEncodingRules.BER, out _, out _, out var consumed);
            if (FindImage(content.Slice(at, consumed), depth - 1) is { } image)
                return image;
            at += consumed;
        }
        return null;
    }
}
