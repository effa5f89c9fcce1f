using System.Text;
using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Validation;

/// <summary>A record under examination: the few forms of checks that the rules are made of.</summary>
internal sealed class RecordCheck(TaggedRecord record, int place, FindingList findings)
{
    public TaggedRecord Record { get; } = record;

    public int Place { get; } = place;

    public FindingList Findings { get; } = findings;

    public void Error(int number, string problem, string expected, string clause) => Add(number, Severity.Error, problem, expected, clause);

    public void Warn(int number, string problem, string expected, string clause) =>
        Add(number, Severity.Warning, problem, expected, clause);

    public void Note(int number, string problem, string expected, string clause) => Add(number, Severity.Note, problem, expected, clause);

    /// <summary>Reports mandatory fields that are absent, and fields with too many subfields or too long items.</summary>
    public void CheckDefinitions()
    {
        foreach (var definition in FieldDefinitions.Of(Record.Type))
        {
            if (Record.Find(definition.Number) is not { } field)
            {
                if (definition.Presence == FieldPresence.Mandatory)
                    Missing(definition.Number, "the field is mandatory");
                continue;
            }
            if (field.IsData)
                continue;
            if (field.Value.IsEmpty)
            {
                Error(definition.Number, "the field is empty", "a value, or no field at all", definition.Clause);
                continue;
            }
            var subfields = field.Subfields;
            if (subfields.Count > definition.MaxSubfields)
                Error(
                    definition.Number, $"{subfields.Count} subfields",
                    definition.MaxSubfields == 1 ? "a single one" : $"at most {definition.MaxSubfields}", definition.Clause);
            var longest = subfields.Max(subfield => subfield.Items.Max(item => item.Length));
            if (longest > definition.MaxLength)
                Warn(definition.Number, $"a value of {longest} characters", $"at most {definition.MaxLength}", definition.Clause);
        }
    }

    /// <summary>Reports a field as absent.</summary>
    public void Missing(int number, string because) =>
        Error(number, "the field is absent", because, Clause(number));

    /// <summary>Reports a number that is none or is out of range; absent fields are not its business.</summary>
    public void Range(int number, int least, int most, Severity severity = Severity.Error)
    {
        if (Record.Text(number) is { } text && !(Record.Integer(number) is { } value && value >= least && value <= most))
            Add(number, severity, $"{Quote(text)} is not within range", $"a whole number, {least} … {most}", Clause(number));
    }

    /// <summary>Reports a value that is none of a list.</summary>
    public void OneOf(int number, Func<string, bool> known, string expected, Severity severity = Severity.Error)
    {
        foreach (var code in Record.Codes(number))
            if (!known(code))
                Add(number, severity, $"{Quote(code)} is no value of this field", expected, Clause(number));
    }

    /// <summary>Reports what is no date.</summary>
    public void LocalDate(int number)
    {
        if (Record.Text(number) is { } text && Numbers.Date(text) is null)
            Error(number, $"{Quote(text)} is no date", "YYYYMMDD", "B.1.2");
    }

    /// <summary>Reports a field that may only be there under a condition.</summary>
    public void OnlyIf(int number, bool allowed, string expected)
    {
        if (!allowed && Record.Find(number) is not null)
            Warn(number, "the field does not belong here", expected, Clause(number));
    }

    /// <summary>A code or number as it may be repeated in a finding: short, and ASCII without control characters.</summary>
    public static string Quote(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 16)))
            shown.Append(c is >= ' ' and <= '~' ? c : '?');
        return text.Length > 16 ? $"'{shown}…'" : $"'{shown}'";
    }

    private string Clause(int number) => FieldDefinitions.Find(Record.Type, number)?.Clause ?? "";

    private void Add(int number, Severity severity, string problem, string expected, string clause) =>
        Findings.Add(Place, number == 0 ? $"{Record.Type}" : $"{Record.Type}.{number:000}", severity, problem, expected, clause);
}
