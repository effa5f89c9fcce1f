using System.Text;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;
using MatchEngine.Tests;

namespace MatchEngine.Interchange.Tests;

/// <summary>Files of NIST and others, and small ones written byte by byte.</summary>
internal static class Samples
{
    public const string Sap10 = "type-10-sap10.an2", Tattoo = "type-10-branded-tattoo-mark.an2", Mixed = "type-9-10-14.an2";
    public const string Node = "node-nist_sre_with_face.tdf", Minutiae = "type9.an2k";

    public static TheoryData<string> Files { get; } = [Sap10, Tattoo, Mixed, Node, Minutiae];

    public static byte[] Bytes(string file) => File.ReadAllBytes(TestData.Require("an2/" + file));

    public static Transaction Read(string file) => Transaction.Read(Bytes(file));

    /// <summary>Text with the separators as letters: | for GS, ^ for RS, _ for US, $ for FS.</summary>
    public static byte[] Text(string text) =>
        Encoding.Latin1.GetBytes(text.Replace('|', (char)0x1D).Replace('^', (char)0x1E).Replace('_', (char)0x1F).Replace('$', (char)0x1C));

    /// <summary>Bytes one after the other.</summary>
    public static byte[] Join(params IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    /// <summary>A header as a builder, valid in every field.</summary>
    public static TransactionBuilder Header(string type = "FRS") => new()
    {
        TransactionType = type,
        Time = new DateTimeOffset(2026, 11, 22, 8, 30, 15, TimeSpan.FromHours(-5)),
        DestinationAgency = "DEST",
        OriginatingAgency = "ORIG",
        ControlNumber = "T-1",
    };

    /// <summary>A face record whose image is raw grey pixels, 16 × 10.</summary>
    public static FaceRecordContent Face(byte[]? pixels = null) => new()
    {
        Image = pixels ?? [.. Enumerable.Range(0, 160).Select(i => (byte)i)],
        Width = 16,
        Height = 10,
        Compression = CompressionAlgorithms.None,
        ColorSpace = ColorSpaces.Gray,
        SourceAgency = "ORIG",
        PhotoDate = new DateOnly(2026, 2, 28),
    };

    /// <summary>The start of a baseline JPEG of this size: enough of one for everything that does not decode.</summary>
    public static byte[] JpegHeader(int width, int height, byte channels = 3, byte frame = 0xC0) =>
    [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0,
        0xFF, frame, 0, (byte)(8 + 3 * channels), 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, channels,
        1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0,
        0xFF, 0xDA, 0x1C, 0x1D, 0x1E, 0x1F, 0x1C, .. "10.001:"u8, 0xFF, 0xD9,
    ];
}
