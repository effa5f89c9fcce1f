using System.Security.Cryptography;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.FaceRecords;

/// <summary>The formats in which faces are exchanged.</summary>
public enum FaceFileFormat
{
    /// <summary>ANSI/NIST-ITL in the traditional encoding.</summary>
    AnsiNist,

    /// <summary>ANSI/NIST-ITL in XML, the NIEM-conformant encoding.</summary>
    AnsiNistXml,

    /// <summary>A face record of ISO/IEC 19794-5 (2005 and 2011), as in passports.</summary>
    Iso19794,

    /// <summary>A face image data block of ISO/IEC 39794-5, in ASN.1.</summary>
    Iso39794,

    /// <summary>The same in XML.</summary>
    Iso39794Xml,
}

/// <summary>
/// A file that holds faces as records: of ANSI/NIST-ITL, ISO/IEC 19794-5 or 39794-5, the latter also within a CBEFF structure. Reading is
/// lenient, and says in <see cref="Findings"/> what it passed over.
/// </summary>
/// <remarks>
/// Images are views of the caller's buffer, who clears it; what had to be decoded (base64 in XML) is in a buffer of this, overwritten on
/// <see cref="Dispose"/>. Nothing taken from it may be used after that.
/// </remarks>
public sealed class FaceFile : IDisposable
{
    private readonly byte[]? _decoded;

    private FaceFile(FaceFileFormat format, byte[]? decoded = null) => (Format, _decoded) = (format, decoded);

    /// <summary>What the file is.</summary>
    public FaceFileFormat Format { get; }

    /// <summary>Whether the record lies within a CBEFF structure (ISO/IEC 7816-11; data group 2 of a passport, ICAO Doc 9303-10).</summary>
    public bool IsInCbeff { get; private init; }

    /// <summary>The transaction; null unless it is a file of ANSI/NIST-ITL.</summary>
    public Transaction? Transaction { get; private init; }

    /// <summary>The faces of a file that is no transaction, by their numbers; none of a transaction, whose records have IDCs.</summary>
    public IReadOnlyList<FaceRepresentation> Representations { get; private init; } = [];

    /// <summary>What the reader stumbled over; of a transaction all findings, as <see cref="TransactionValidator"/> gives them.</summary>
    public IReadOnlyList<Finding> Findings { get; private init; } = [];

    /// <summary>Whether bytes look like such a file.</summary>
    /// <param name="bytes">The file, or its beginning.</param>
    public static bool IsFaceFile(ReadOnlySpan<byte> bytes) => FormatOf(bytes) is not null;

    /// <summary>The format by which a file begins; null for any other file.</summary>
    /// <param name="bytes">The file, or its beginning.</param>
    public static FaceFileFormat? FormatOf(ReadOnlySpan<byte> bytes)
    {
        var record = Cbeff.Unwrap(bytes) is { } inside ? bytes[inside] : bytes;
        return Transaction.IsTransaction(bytes) ? FaceFileFormat.AnsiNist
            : Iso19794Reader.IsRecord(record) ? FaceFileFormat.Iso19794
            : Iso39794Reader.IsRecord(record) ? FaceFileFormat.Iso39794
            : XmlRoot.Of(bytes) switch
            {
                XmlTransactionReader.Root => FaceFileFormat.AnsiNistXml,
                Iso39794XmlReader.Root => FaceFileFormat.Iso39794Xml,
                _ => null,
            };
    }

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">The file. What is read refers to it.</param>
    /// <exception cref="InterchangeException">It is no such file, or too damaged for anything to be found in it.</exception>
    public static FaceFile Read(ReadOnlyMemory<byte> bytes)
    {
        var format = FormatOf(bytes.Span) ?? throw new InterchangeException(
            InterchangeFault.NotAnsiNist, "the file is no ANSI/NIST-ITL file and no face record of ISO/IEC 19794-5 or 39794-5");
        var inside = Cbeff.Unwrap(bytes.Span);
        var record = inside is { } range ? bytes[range] : bytes;
        switch (format)
        {
            case FaceFileFormat.AnsiNist:
                return Of(format, Transaction.Read(bytes), null);
            case FaceFileFormat.AnsiNistXml:
                var written = XmlTransactionReader.ToTraditional(bytes, out var findings);
                try
                {
                    return Of(format, Transaction.Read(written).With(findings), written);
                }
                catch
                {
                    CryptographicOperations.ZeroMemory(written);
                    throw;
                }
            case FaceFileFormat.Iso39794Xml:
                return Iso39794XmlReader.Read(bytes, (decoded, faces, found) =>
                    new FaceFile(format, decoded) { Representations = faces, Findings = found });
            default:
                var list = new FindingList();
                var representations = format == FaceFileFormat.Iso19794
                    ? Iso19794Reader.Read(record, list)
                    : Iso39794Reader.Read(record, list);
                if (inside is not null)
                    list.Add(
                        0, "", Severity.Note, "the record lies within a CBEFF structure",
                        "a record by itself, or so wrapped as in passports",
                        "ISO/IEC 7816-11");
                return new FaceFile(format)
                {
                    IsInCbeff = inside is not null, Representations = representations, Findings = list.ToList(),
                };
        }
    }

    /// <summary>Takes the only face of a file, or the one with a number.</summary>
    /// <param name="number">The IDC of a record of a transaction, else the place of a face among the others, from 1; null: there has to be
    /// exactly one.</param>
    /// <exception cref="InterchangeException">There is none, there are several, none has the number,
    /// or its image is not usable.</exception>
    public Photograph Take(int? number = null)
    {
        if (Transaction is { } transaction)
            return SearchSubmission.From(transaction, number).Image;
        return (number, Representations) switch
        {
            (_, []) => throw new InterchangeException(InterchangeFault.NoImage, "the face record holds no image"),
            (null, [var only]) => Photograph.Of(only.Data),
            (null, _) => throw new InterchangeException(
                InterchangeFault.SeveralFaces,
                $"the record has {Representations.Count} faces, numbered from 1; say which one to search with"),
            var (wanted, faces) => Photograph.Of((faces.FirstOrDefault(face => face.Number == wanted) ?? throw new InterchangeException(
                InterchangeFault.NoSuchRecord, $"the record has no face {wanted}; it has 1 … {faces.Count}")).Data),
        };
    }

    /// <summary>Overwrites what had to be decoded.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_decoded);

    private static FaceFile Of(FaceFileFormat format, Transaction transaction, byte[]? decoded) => new(format, decoded)
    {
        Transaction = transaction, Findings = TransactionValidator.Validate(transaction),
    };
}

/// <summary>A face of a record.</summary>
/// <param name="Number">Its place among the faces of the file, from 1.</param>
/// <param name="Data">The encoded image, in the buffer that it was read from.</param>
public sealed record FaceRepresentation(int Number, ReadOnlyMemory<byte> Data);

/// <summary>The names of <see cref="FaceFileFormat"/> for people.</summary>
public static class FaceFileFormats
{
    /// <summary>The name of a format.</summary>
    /// <param name="format">The format.</param>
    public static string ToName(this FaceFileFormat format) => format switch
    {
        FaceFileFormat.AnsiNist => "ANSI/NIST-ITL",
        FaceFileFormat.AnsiNistXml => "ANSI/NIST-ITL in XML",
        FaceFileFormat.Iso19794 => "ISO/IEC 19794-5",
        FaceFileFormat.Iso39794 => "ISO/IEC 39794-5",
        FaceFileFormat.Iso39794Xml => "ISO/IEC 39794-5 in XML",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };
}
