namespace MatchEngine.Interchange.Fields;

/// <summary>What the standard says of a field.</summary>
/// <param name="RecordType">The record type, 1, 2 or 10.</param>
/// <param name="Number">The field's number.</param>
/// <param name="Mnemonic">The standard's abbreviation, e.g. <c>IMT</c>.</param>
/// <param name="Name">The standard's name in words.</param>
/// <param name="Clause">The clause that defines it.</param>
/// <param name="Presence">Whether it has to be there.</param>
/// <param name="MaxLength">The most characters of an item; null: no limit.</param>
/// <param name="Items">Mnemonics of its information items, for fields that have several; names stop where items repeat as pairs.</param>
/// <param name="MaxSubfields">The most subfields; null: no limit.</param>
public sealed record FieldDefinition(
    int RecordType, int Number, string Mnemonic, string Name, string Clause, FieldPresence Presence, int? MaxLength,
    IReadOnlyList<string> Items, int? MaxSubfields)
{
    /// <summary>The tag, e.g. <c>10.003</c>.</summary>
    public string Tag => $"{RecordType}.{Number:000}";
}

/// <summary>Whether a field has to be there: the condition code of the standard's layout tables.</summary>
public enum FieldPresence
{
    /// <summary>M: always.</summary>
    Mandatory,

    /// <summary>D: under a condition that depends on other fields.</summary>
    Dependent,

    /// <summary>O: as the sender likes.</summary>
    Optional,
}
