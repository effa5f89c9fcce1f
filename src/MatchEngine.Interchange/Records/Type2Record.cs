using MatchEngine.Interchange.Fields;

namespace MatchEngine.Interchange.Records;

/// <summary>User-defined descriptive text (clause 8.2): after LEN and IDC each domain has its own fields.</summary>
public sealed class Type2Record : TaggedRecord
{
    internal Type2Record(ReadOnlyMemory<byte> bytes, IReadOnlyList<Field> fields) : base(2, bytes, fields) { }
}
