using System.Text;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Validation;

/// <summary>
/// Checks a transaction against the standard and reports every finding; nothing is refused here. Type-1 and Type-10 are checked field by
/// field, of other records only what all have in common. What older versions wrote otherwise is a note or a warning.
/// </summary>
public static class TransactionValidator
{
    /// <summary>Checks a transaction.</summary>
    /// <returns>What the reader stumbled over and what is wrong with the content, by record and field; empty for a clean file. At most
    /// 10,000, a last one then says how many more there are.</returns>
    public static IReadOnlyList<Finding> Validate(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var findings = new FindingList();
        foreach (var finding in transaction.ReadingFindings)
            findings.Add(finding);
        for (var i = 0; i < transaction.Records.Count; i++)
        {
            var record = transaction.Records[i];
            if (record is TaggedRecord tagged)
                CheckTagged(new RecordCheck(tagged, i + 1, findings), transaction.Header.Encoding);
            else
                CheckIdc(record, i + 1, findings);
            switch (record)
            {
                case Type1Record when i > 0:
                    findings.Add(
                        i + 1, "1", Severity.Error, "a second Type-1 record",
                        "a transaction has one, its first record; further transactions go into files of their own", "8.1");
                    break;
                case Type1Record header:
                    Type1Rules.Check(new RecordCheck(header, 1, findings), header, transaction);
                    break;
                case Type10Record image:
                    Type10Rules.Check(new RecordCheck(image, i + 1, findings), image);
                    break;
            }
        }
        CheckSharedIdcs(transaction, findings);
        return findings.ToList();
    }

    /// <summary>What holds for every tagged record: LEN first, then IDC; no field twice; text in the declared encoding.</summary>
    private static void CheckTagged(RecordCheck check, CharacterEncoding encoding)
    {
        var record = check.Record;
        if (record.Type != 1)
        {
            CheckIdc(record, check.Place, check.Findings);
            if (record.Fields is not [_, { Number: 2 }, ..] && record.Find(2) is not null)
                check.Warn(2, "IDC is not the second field", "IDC follows LEN", "B.1.5");
        }
        var seen = new HashSet<int>();
        var (nonAscii, notDeclared) = (0, 0);
        foreach (var field in record.Fields)
        {
            if (field.RecordType != record.Type)
                continue;
            if (!seen.Add(field.Number))
                check.Error(field.Number, "the field is there more than once", "a field occurs once; repetitions are subfields", "B.1.5");
            if (field.IsData || Ascii.IsValid(field.Value.Span))
                continue;
            nonAscii++;
            if (encoding == CharacterEncoding.Utf8 && !System.Text.Unicode.Utf8.IsValid(field.Value.Span))
                notDeclared++;
        }
        if (nonAscii > 0 && record.Type == 1)
            check.Error(0, $"{nonAscii} fields hold bytes above 127", "Type-1 is 7-bit ASCII, whatever 1.015 says", "5.5");
        else if (nonAscii > 0 && encoding == CharacterEncoding.Ascii)
            check.Warn(
                0, $"{nonAscii} fields hold bytes above 127 and 1.015 (DCS) names no encoding",
                "text beyond ASCII needs 1.015, 003 for UTF-8", "5.5");
        else if (notDeclared > 0)
            check.Error(0, $"{notDeclared} fields are not the UTF-8 that 1.015 (DCS) announces", "text in the declared encoding", "5.5");
    }

    private static void CheckIdc(Record record, int place, FindingList findings)
    {
        if (record.Idc is not (>= 0 and <= 99))
            findings.Add(
                place, $"{record.Type}.002", Severity.Error, record.Idc is null ? "IDC is absent or no number" : $"IDC is {record.Idc}",
                "a whole number, 0 … 99", "7.3.1");
    }

    /// <summary>Two images of one type with the same IDC cannot be told apart.</summary>
    private static void CheckSharedIdcs(Transaction transaction, FindingList findings)
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < transaction.Records.Count; i++)
            if (transaction.Records[i] is Type10Record { Idc: { } idc } && !seen.Add(idc))
                findings.Add(
                    i + 1, "10.002", Severity.Warning, $"another Type-10 record has the IDC {idc} too",
                    "each image of a transaction has an IDC of its own", "7.3.1");
    }
}
