namespace MatchEngine.Interchange.Fields;

/// <summary>A set of information items within a field.</summary>
public sealed class Subfield
{
    // The longest set of the standard has 99 points of two items each.
    private const int MostItems = 1000;

    private readonly FieldDefinition? _definition;

    internal Subfield(ReadOnlyMemory<byte> bytes, FieldDefinition? definition, CharacterEncoding encoding)
    {
        _definition = definition;
        var items = new List<string>();
        var rest = bytes.Span;
        while (true)
        {
            var end = items.Count == MostItems - 1 ? -1 : rest.IndexOf(Separator.Unit);
            items.Add(FieldText.Decode(end < 0 ? rest : rest[..end], encoding));
            if (end < 0)
                break;
            rest = rest[(end + 1)..];
        }
        Items = items;
    }

    /// <summary>The items, split at US; at least one, perhaps empty. Of more than 1,000 the rest stays together in the last.</summary>
    public IReadOnlyList<string> Items { get; }

    /// <summary>
    /// The item with this mnemonic of the standard, e.g. <c>LHC</c> of 10.014; null when it is absent, empty or not one of this field.
    /// </summary>
    public string? this[string mnemonic]
    {
        get
        {
            var items = _definition?.Items ?? [];
            for (var i = 0; i < items.Count && i < Items.Count; i++)
                if (items[i] == mnemonic)
                    return Items[i].Length > 0 ? Items[i] : null;
            return null;
        }
    }

    /// <summary>The item with this mnemonic as a whole number; null where <see cref="this[string]"/> is or where it is no number.</summary>
    public int? Integer(string mnemonic) => Numbers.Integer(this[mnemonic]);

    /// <summary>
    /// The points at the end of a set: pairs of horizontal and vertical offsets that follow the item NOP (10.015, 10.033, 10.045).
    /// </summary>
    internal IReadOnlyList<(int X, int Y)> PointsFrom(int first)
    {
        var points = new List<(int, int)>();
        for (var i = first; i + 1 < Items.Count; i += 2)
            if (Numbers.Integer(Items[i]) is { } x && Numbers.Integer(Items[i + 1]) is { } y)
                points.Add((x, y));
        return points;
    }
}
