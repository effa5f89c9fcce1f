namespace MatchEngine.Interchange.Fields;

/// <summary>A field of a tagged record: a view of the bytes it was read from, which are not copied.</summary>
public sealed class Field
{
    // No field of the standard comes near; a damaged file must not make millions of objects.
    private const int MostSubfields = 10_000;

    private readonly CharacterEncoding _encoding;

    internal Field(int recordType, int number, ReadOnlyMemory<byte> value, CharacterEncoding encoding)
    {
        RecordType = recordType;
        Number = number;
        Value = value;
        _encoding = encoding;
    }

    /// <summary>The type of the record as the field's tag states it, 1 … 99.</summary>
    public int RecordType { get; }

    /// <summary>The number after the point, e.g. 3 of 10.003.</summary>
    public int Number { get; }

    /// <summary>The bytes between the tag's colon and the separator that ends the field.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>The tag as the standard writes it, e.g. <c>10.003</c>.</summary>
    public string Tag => $"{RecordType}.{Number:000}";

    /// <summary>
    /// What the standard says of this field; null for user-defined, reserved and unknown ones, and for record types other than 1, 2 and 10.
    /// </summary>
    public FieldDefinition? Definition => FieldDefinitions.Find(RecordType, Number);

    /// <summary>Whether the field is binary data (xx.999), which is cut by the record's length and never split.</summary>
    public bool IsData => FieldDefinitions.HoldsData(RecordType, Number);

    /// <summary>The whole value as text, separators included; empty for binary data.</summary>
    public string Text => IsData ? "" : FieldText.Decode(Value.Span, _encoding);

    /// <summary>
    /// The subfields, split at RS; at least one, none for binary data. Of more than 10,000 the rest stays together in the last.
    /// </summary>
    public IReadOnlyList<Subfield> Subfields
    {
        get
        {
            if (IsData)
                return [];
            var subfields = new List<Subfield>();
            var rest = Value;
            while (true)
            {
                var end = subfields.Count == MostSubfields - 1 ? -1 : rest.Span.IndexOf(Separator.Record);
                subfields.Add(new Subfield(end < 0 ? rest : rest[..end], Definition, _encoding));
                if (end < 0)
                    return subfields;
                rest = rest[(end + 1)..];
            }
        }
    }
}
