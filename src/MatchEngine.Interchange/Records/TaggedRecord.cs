using MatchEngine.Interchange.Fields;

namespace MatchEngine.Interchange.Records;

/// <summary>
/// A record whose fields carry tags such as <c>10.003:</c> (types 1, 2 and 9 … 99, clause B.1.5). Types 1, 2 and 10 have classes of their
/// own; of the others the fields can be listed and the bytes are carried through.
/// </summary>
public class TaggedRecord : Record
{
    private readonly Dictionary<int, Field> _byNumber = [];

    internal TaggedRecord(int type, ReadOnlyMemory<byte> bytes, IReadOnlyList<Field> fields) : base(type, bytes)
    {
        Fields = fields;
        foreach (var field in fields)
            if (field.RecordType == type)
                _byNumber.TryAdd(field.Number, field);
    }

    /// <summary>
    /// The fields in the file's order. What has no legible tag is not among them; a finding says so,
    /// and <see cref="Record.Bytes"/> still holds it.
    /// </summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <inheritdoc/>
    public override int? Idc => Type == 1 ? null : Integer(2);

    /// <summary>The first field with this number; null when it is absent.</summary>
    public Field? Find(int number) => _byNumber.GetValueOrDefault(number);

    /// <summary>The text of a field; null when it is absent or empty.</summary>
    public string? Text(int number) => Find(number) is { Value.Length: > 0 } field ? field.Text : null;

    /// <summary>A field as a whole number; null when it is absent or no such number.</summary>
    public int? Integer(int number) => Numbers.Integer(Text(number));

    /// <summary>A field as a local date; null when it is absent or no such date.</summary>
    public DateOnly? Date(int number) => Numbers.Date(Text(number));

    /// <summary>The subfields of a field; none when it is absent or empty.</summary>
    public IReadOnlyList<Subfield> Subfields(int number) => Find(number) is { Value.Length: > 0 } field ? field.Subfields : [];

    /// <summary>The first item of each subfield of a field: a field that repeats one code.</summary>
    public IReadOnlyList<string> Codes(int number) => [.. Subfields(number).Select(subfield => subfield.Items[0])];
}
