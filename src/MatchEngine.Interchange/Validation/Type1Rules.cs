using System.Text.RegularExpressions;
using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Validation;

/// <summary>What clause 8.1 wants of the transaction information record, and of the records that it announces.</summary>
internal static partial class Type1Rules
{
    public static void Check(RecordCheck check, Type1Record header, Transaction transaction)
    {
        check.CheckDefinitions();
        CheckVersion(check, header);
        CheckContent(check, header, transaction);
        check.LocalDate(5);
        check.Range(6, 1, 9);
        foreach (var number in (int[])[11, 12])
            if (header.Text(number) is { } resolution)
            {
                if (!Resolution().IsMatch(resolution))
                    check.Error(
                        number, $"{RecordCheck.Quote(resolution)} is no resolution", "two digits, a point, two digits",
                        FieldDefinitions.Find(1, number)!.Clause);
                else if (resolution != "00.00" && !transaction.Records.Any(record => record.Type is >= 3 and <= 7))
                    check.Note(
                        number, $"a resolution of {resolution} without an image of fixed resolution",
                        "00.00 where there is no Type-4 record", FieldDefinitions.Find(1, number)!.Clause);
            }
        if (header.Text(14) is { } time && Numbers.Utc(time) is null)
            check.Error(14, $"{RecordCheck.Quote(time)} is no time", "YYYYMMDDHHMMSSZ", "B.1.4");
        if (header.Find(15) is not null)
            CheckEncoding(check, header);
        if (header.Find(18) is not null)
            check.OneOf(18, value => value is "ISO" or "GENC", "ISO or GENC");
        foreach (var field in header.Fields)
            if (field.RecordType == 1 && field.Definition is null)
                check.Warn(field.Number, "the standard has no such field", "fields 1.001 … 1.018", "8.1");
    }

    private static void CheckVersion(RecordCheck check, Type1Record header)
    {
        if (header.Version is { } version && version is not ("0200" or "0201" or "0300" or "0400" or "0500" or "0501" or "0502"))
            check.Warn(
                2, $"{RecordCheck.Quote(version)} is no version of the standard that is known here",
                "0502 for the Update 2015; 0500, 0501 and 0400, 0300 for older ones", "8.1.2");
    }

    private static void CheckEncoding(RecordCheck check, Type1Record header)
    {
        if (header.Encoding is CharacterEncoding.Utf16 or CharacterEncoding.Utf32)
            check.Warn(
                15, "UTF-16 and UTF-32 may hold bytes that equal separators; text is carried, not read",
                "003, UTF-8, which any text fits", "5.5");
        else if (header.Encoding is CharacterEncoding.Latin1 or CharacterEncoding.Other)
            check.Note(
                15, "an encoding that is old, reserved or a user's own; text is read as Latin-1 where it is no UTF-8",
                "000 ASCII or 003 UTF-8", "5.5");
        if (header.Subfields(15) is [{ Items: [{ Length: not 3 } index, ..] }, ..])
            check.Note(15, $"the index is written {RecordCheck.Quote(index)}", "three digits", "8.1.15");
    }

    private static void CheckContent(RecordCheck check, Type1Record header, Transaction transaction)
    {
        var subfields = header.Subfields(3);
        if (subfields.Count == 0)
            return;
        var (first, listed) = (subfields[0], subfields.Count - 1);
        const string clause = "8.1.3";
        if (first.Items[0] != "1")
            check.Error(3, $"the first subfield begins with {RecordCheck.Quote(first.Items[0])}", "1, the type of this record", clause);
        if (header.ContentCount is not { } announced)
            check.Error(3, "the number of records (CRC) is absent or no number", "the number of the records that follow", clause);
        else
        {
            if (announced != listed)
                check.Error(3, $"the first subfield announces {announced} records and {listed} are listed", "both numbers agree", clause);
            if (first.Items[1] is ['0', _, ..])
                check.Note(3, $"the number of records is written {RecordCheck.Quote(first.Items[1])}", "no leading zeros", clause);
        }
        var present = transaction.Records.Skip(1).ToList();
        if (listed != present.Count)
            check.Error(
                3, $"{listed} records are listed and {present.Count} are in the file", "one entry a record, in their order", clause);
        var content = header.Content;
        for (var i = 0; i < Math.Min(content.Count, present.Count); i++)
        {
            var (entry, record) = (content[i], present[i]);
            if (entry.RecordType != record.Type || entry.Idc != (record.Idc ?? -1))
                check.Error(
                    3,
                    $"entry {i + 1} announces type {entry.RecordType}, IDC {entry.Idc}; record {i + 2} is type {record.Type}, "
                        + $"IDC {record.Idc?.ToString() ?? "?"}",
                    "the entries are the records in their order", clause);
            if (subfields[i + 1].Items.Count != 2)
                check.Error(3, $"entry {i + 1} has {subfields[i + 1].Items.Count} items", "two: record type and IDC", clause);
        }
    }

    [GeneratedRegex(@"^\d\d\.\d\d\z", RegexOptions.CultureInvariant)]
    private static partial Regex Resolution();
}
