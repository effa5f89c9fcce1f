using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.PairedReports;

namespace MatchEngine.Evaluation.Reports;

/// <summary>What a report is written with.</summary>
public sealed record ReportOptions
{
    /// <summary>
    /// From a photo's name to a small JPEG of it, for the lists of notable pairs; null (the default) for a report without pictures.
    /// Pictures are personal data: the report must then be kept like the data set itself.
    /// </summary>
    public Func<string, byte[]?>? Thumbnails { get; init; }
}

/// <summary>Writes a report into a folder: <c>report.json</c>, <c>report.html</c> and one CSV file a table.</summary>
public static class ReportWriter
{
    /// <summary>Writes the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="folder">The folder; made when it is missing. Files of the same name are replaced, each as a whole.</param>
    /// <param name="options">Pictures.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="EvaluationException">The folder cannot be written to, or the drawing libraries are missing.</exception>
    public static IReadOnlyList<string> Write(EvaluationReport report, string folder, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var json = ReportJson.Make(report);
        var files = new List<(string Name, string Content)>
        {
            ("report.json", ReportJson.Write(report)), ("report.html", HtmlReport.Make(json, options ?? new ReportOptions())),
        };
        files.AddRange(ReportTable.Of(json).Concat(SubjectTables.Of(report)).Select(t => (t.Key + ".csv", t.Value)));
        return ReportFolder.Write(folder, "report", files);
    }
}
