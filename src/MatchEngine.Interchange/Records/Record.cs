namespace MatchEngine.Interchange.Records;

/// <summary>
/// A logical record: a view of the bytes it was read from. Nothing is copied, so whoever owns the buffer clears it,
/// and a record is of no use after that.
/// </summary>
public abstract class Record
{
    private protected Record(int type, ReadOnlyMemory<byte> bytes) => (Type, Bytes) = (type, bytes);

    /// <summary>The record's type, 1 … 99.</summary>
    public int Type { get; }

    /// <summary>The whole record as it was read, length field and final FS included: what writing it again gives.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>
    /// The information designation character (clause 7.3.1), which tells records of a transaction apart;
    /// null for Type-1 and where it cannot be read.
    /// </summary>
    public abstract int? Idc { get; }
}
