using System.Globalization;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Reports;

/// <summary>What a report is written with.</summary>
public sealed record ReportOptions
{
    /// <summary>
    /// From a photo's name to a small JPEG of it, for the lists of notable pairs; null (the default) for a report without pictures.
    /// Pictures are personal data: the report must then be kept like the data set itself.
    /// </summary>
    public Func<string, byte[]?>? Thumbnails { get; init; }

    /// <summary>
    /// The day that the page names; null (the default) for none. It stands on the page alone: <c>report.json</c> and the tables are the
    /// same whenever they are made.
    /// </summary>
    public DateOnly? MadeOn { get; init; }

    /// <summary>How long things took; on the page alone, for the same reason.</summary>
    public IReadOnlyList<MeasuredTime> Times { get; init; } = [];
}

/// <summary>How long something took on the machine that made the report.</summary>
/// <param name="What">What it was, for example <c>Photo to template</c>.</param>
/// <param name="Median">The median of the repetitions.</param>
/// <param name="Repetitions">How often it was measured.</param>
public sealed record MeasuredTime(string What, TimeSpan Median, int Repetitions)
{
    /// <summary>In words: <c>31 ms (median of 25)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Median.TotalSeconds >= 10 ? $"{Median.TotalSeconds:0} s" : $"{Median.TotalMilliseconds:G3} ms")}"
            + $"{(Repetitions > 1 ? $" (median of {Repetitions})" : "")}");
}

/// <summary>Writes a report into a folder: <c>report.json</c>, <c>report.html</c> and one CSV file a table.</summary>
public static class ReportWriter
{
    /// <summary>Writes the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="folder">The folder; made when it is missing. Files of the same name are replaced, each as a whole.</param>
    /// <param name="options">Pictures, date and times.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="EvaluationException">The folder cannot be written to.</exception>
    public static IReadOnlyList<string> Write(EvaluationReport report, string folder, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var json = ReportJson.Make(report);
        (string Name, string Content)[] tables =
            [("report.json", ReportJson.Write(report)),
                .. ReportTable.Of(json).Concat(SubjectTables.Of(report)).Select(t => (t.Key + ".csv", t.Value))];
        var page = HtmlReport.Make(json, options ?? new ReportOptions(), [.. tables.Select(t => t.Name)]);
        return ReportFolder.Write(folder, "report", [tables[0], ("report.html", page), .. tables[1..]]);
    }
}
