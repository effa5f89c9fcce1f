using System.Security.Cryptography;
using System.Xml;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.FaceRecords;

/// <summary>
/// Reads face image data blocks of ISO/IEC 39794-5 in XML: the base64 of each <c>representationData2D</c>, wherever it stands.
/// </summary>
internal static class Iso39794XmlReader
{
    /// <summary>The local name of the root.</summary>
    public const string Root = "faceImageDataBlock";

    private const string Image = "representationData2D";
    private const int MostFaces = 1000;

    /// <summary>Reads a data block.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="make">Makes the result of the buffer of the images, which it clears, the faces and the findings.</param>
    /// <exception cref="InterchangeException">It is damaged, or there is no image in it.</exception>
    public static FaceFile Read(
        ReadOnlyMemory<byte> bytes, Func<byte[], IReadOnlyList<FaceRepresentation>, IReadOnlyList<Finding>, FaceFile> make)
    {
        // Four characters are three bytes.
        var decoded = GC.AllocateArray<byte>(bytes.Length / 4 * 3 + 4, pinned: true);
        try
        {
            var (faces, findings, at) = (new List<FaceRepresentation>(), new FindingList(), 0);
            using var reader = XmlRoot.Open(bytes);
            reader.MoveToContent();
            for (var more = reader.Read(); more && faces.Count < MostFaces;)
            {
                if (reader.NodeType != XmlNodeType.Element || reader.LocalName != Image)
                {
                    more = reader.Read();
                    continue;
                }
                var length = XmlRoot.ReadBase64(reader, decoded, at) ?? 0;
                if (EncodedImage.BeginsAt(decoded.AsSpan(at, length)))
                    faces.Add(new FaceRepresentation(faces.Count + 1, decoded.AsMemory(at, length)));
                else
                    findings.Add(
                        faces.Count + 1, "", Severity.Error, "the representation has no JPEG, JPEG 2000 or PNG", "an encoded image",
                        "ISO/IEC 39794-5");
                at += length;
                more = !reader.EOF;
            }
            return faces.Count > 0 ? make(decoded, faces, findings.ToList()) : throw new InterchangeException(
                InterchangeFault.NoImage, "the face image data block of ISO/IEC 39794-5 holds no image that is known here");
        }
        catch (Exception error)
        {
            CryptographicOperations.ZeroMemory(decoded);
            if (error is XmlException or FormatException)
                throw Damaged(error);
            throw;
        }
    }

    private static InterchangeException Damaged(Exception error) => new(
        InterchangeFault.NoImage,
        "the face image data block of ISO/IEC 39794-5 is damaged or cut short"
            + (error is XmlException { LineNumber: > 0 } xml ? $" in line {xml.LineNumber}" : ""));
}
