using System.Globalization;
using System.Text;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.PairedReports;

namespace MatchEngine.Evaluation.Reports;

/// <summary>The tables of subjects that lie beside a report, so that another report can be compared with it by person.</summary>
internal static class SubjectTables
{
    /// <summary>The tables by file name without extension; none without subjects.</summary>
    public static IReadOnlyDictionary<string, string> Of(EvaluationReport report)
    {
        var tables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var tallies = report.Verification is { } verification ? SubjectTally.Of(verification)
            : report.Identification is { } identification ? SubjectTally.Of(identification)
            : [];
        if (tallies.Count == 0)
            return tables;
        var text = new StringBuilder("point,given,subject,mated,misses,others,falsePositives\n");
        foreach (var t in tallies)
            text.Append(CultureInfo.InvariantCulture, $"{t.Point},{(t.IsGiven ? "true" : "false")},{ReportTable.Field(t.Subject)},")
                .Append(CultureInfo.InvariantCulture, $"{t.Mated},{t.Misses},{t.Others},{t.FalsePositives}\n");
        tables[SubjectTally.Table] = text.ToString();
        var images = report.Verification?.Comparisons.Images ?? report.Identification!.Searches.Images!;
        var rows = report.Protocol.Slices.Where(columns => columns.All(column => IsKnown(images, column)))
            .SelectMany(columns => Rows(images, Slicing.Of(images, columns, report.Protocol))).ToArray();
        if (rows.Length > 0)
            tables[SubjectTally.GroupsTable] = "by,subject,value\n" + string.Concat(rows);
        return tables;
    }

    private static bool IsKnown(DataSet images, string column) =>
        images.HasColumn(column) && (column is "subject" or "image" || images.LabelSources.ContainsKey(column));

    // A subject whose photos stand in several groups, as bands of age, belongs to none as a person.
    private static IEnumerable<string> Rows(DataSet images, Slicing slicing) =>
        Enumerable.Range(0, images.Images.Count).GroupBy(photo => images.SubjectOf[photo]).OrderBy(own => own.Key)
            .Select(own => (own.Key, Values: own.Select(photo => slicing.ValueOf[photo]).Distinct().ToArray()))
            .Where(own => own.Values is [>= 0])
            .Select(own => $"{ReportTable.Field(slicing.By)},{ReportTable.Field(images.Subjects[own.Key])},"
                + $"{ReportTable.Field(slicing.Values[own.Values[0]])}\n");
}
