namespace MatchEngine.Interchange.Records;

/// <summary>
/// A record of type 3 … 8, whose fields have fixed places: four bytes of length, big-endian, one byte IDC, then what the type says (clause
/// B.1.5). It is carried through, not read.
/// </summary>
public sealed class BinaryRecord : Record
{
    internal BinaryRecord(int type, ReadOnlyMemory<byte> bytes) : base(type, bytes) { }

    /// <inheritdoc/>
    public override int? Idc => Bytes.Length > 4 ? Bytes.Span[4] : null;
}
