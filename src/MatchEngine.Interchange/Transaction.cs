using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange;

/// <summary>
/// A transaction in the traditional encoding of ANSI/NIST-ITL 1-2011 Update 2015 (Annex B), as it was read. It is a view of the caller's
/// buffer: no byte is copied, so the caller clears the buffer when the probe must go, and nothing read from it may be used after that.
/// </summary>
public sealed class Transaction
{
    internal Transaction(
        ReadOnlyMemory<byte> leading, IReadOnlyList<Record> records, ReadOnlyMemory<byte> trailing, IReadOnlyList<Finding> findings) =>
        (Leading, Records, Trailing, ReadingFindings) = (leading, records, trailing, findings);

    /// <summary>Bytes before the first record that belong to none: a byte order mark, line breaks; empty in a sound file.</summary>
    public ReadOnlyMemory<byte> Leading { get; }

    /// <summary>The records in the file's order; the first is a Type-1.</summary>
    public IReadOnlyList<Record> Records { get; }

    /// <summary>The transaction information record.</summary>
    public Type1Record Header => (Type1Record)Records[0];

    /// <summary>The user-defined descriptive text records.</summary>
    public IEnumerable<Type2Record> DescriptiveText => Records.OfType<Type2Record>();

    /// <summary>The photographic records.</summary>
    public IEnumerable<Type10Record> Images => Records.OfType<Type10Record>();

    /// <summary>Bytes after the last record that belong to none; empty in a sound file.</summary>
    public ReadOnlyMemory<byte> Trailing { get; }

    /// <summary>
    /// What the reader stumbled over: lengths, separators, tags.
    /// <see cref="TransactionValidator"/> lists these and what is wrong with the content.
    /// </summary>
    public IReadOnlyList<Finding> ReadingFindings { get; }

    /// <summary>Bytes that <see cref="ToBytes"/> gives.</summary>
    public int Length => Leading.Length + Records.Sum(record => record.Bytes.Length) + Trailing.Length;

    /// <summary>
    /// Whether bytes look like a transaction in the traditional encoding: they begin with field 1.001, behind a byte order mark or line
    /// breaks at the most.
    /// </summary>
    public static bool IsTransaction(ReadOnlySpan<byte> bytes) => TransactionReader.LooksLikeTransaction(bytes);

    /// <summary>Reads a transaction, leniently: damage becomes a finding, and every byte is kept.</summary>
    /// <param name="bytes">The file. The transaction refers to it as long as it is used.</param>
    /// <exception cref="InterchangeException">The bytes do not begin with a Type-1 record
    /// (<see cref="InterchangeFault.NotAnsiNist"/>).</exception>
    public static Transaction Read(ReadOnlyMemory<byte> bytes) => TransactionReader.Read(bytes);

    /// <summary>The same with what a reader before this one stumbled over.</summary>
    internal Transaction With(IEnumerable<Finding> findings) => new(Leading, Records, Trailing, [.. findings, .. ReadingFindings]);

    /// <summary>The file again, byte for byte. The copy is the caller's to clear.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Leading.CopyTo(bytes);
        var at = Leading.Length;
        foreach (var record in Records)
        {
            record.Bytes.CopyTo(bytes.AsMemory(at));
            at += record.Bytes.Length;
        }
        Trailing.CopyTo(bytes.AsMemory(at));
        return bytes;
    }
}
