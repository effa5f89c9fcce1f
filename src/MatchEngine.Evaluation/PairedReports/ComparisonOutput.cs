using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Reports;

namespace MatchEngine.Evaluation.PairedReports;

/// <summary>Writes two systems on one page: <c>comparison.json</c>, <c>comparison.csv</c> and <c>comparison.html</c>.</summary>
public static class ComparisonOutput
{
    /// <summary>Name and version of the layout.</summary>
    public const string Schema = "matchengine-comparison/1";

    private const int CurvePoints = 400;

    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the comparison says, in sentences.</summary>
    public static IReadOnlyList<string> Summary(ReportComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var (first, second) = Names(comparison);
        var (miss, positive) = comparison.First.IsIdentification ? ("FNIR", "FPIR") : ("FNMR", "FMR");
        var said = new List<string>
        {
            comparison.IsPaired
                ? "Both systems made the same comparisons: the same people are drawn for both."
                : comparison.First.DataSetDigest is not null && comparison.First.DataSetDigest == comparison.Second.DataSetDigest
                    ? "The systems did not make the same comparisons (other photos were refused, or another protocol was run): the same "
                        + "people are "
                        + "drawn for both, but what one system never compared is not held against it."
                    : "The reports are of different data sets: the people are drawn apart, and a difference may be one of the people.",
        };
        var looked = comparison.Rates.Count(r => r.PValue is not null);
        foreach (var rate in comparison.Rates.Where(r => r.By is null))
            said.Add($"At {positive} {Number(rate.Point)} {miss} of {second} is {rate.Second}, of {first} {rate.First}: "
                + $"{Verdict(rate, second, first)}.");
        foreach (var by in comparison.Rates.Where(r => r.By is not null && r.Range is not null && !r.IsMarked).GroupBy(r => r.By!))
        {
            var better = by.Where(r => r.Range!.Value.High < 0).Select(Group).ToArray();
            var worse = by.Where(r => r.Range!.Value.Low > 0).Select(Group).ToArray();
            var same = by.Where(r => !r.Differs).Select(r => r.Value!).ToArray();
            var parts = new List<string>();
            if (better.Length > 0)
                parts.Add($"{second} misses fewer of {string.Join("; ", better)}");
            if (worse.Length > 0)
                parts.Add($"{second} misses more of {string.Join("; ", worse)}");
            if (same.Length > 0)
                parts.Add($"no difference is shown for {string.Join(", ", same)}");
            said.Add($"By {by.Key}, at {positive} {Number(by.First().Point)}: {string.Join("; ", parts)}.");
        }
        var remaining = comparison.Rates.Count(r => r.Differs && r.AdjustedPValue <= 0.05);
        said.Add(
            $"{looked} differences were looked at; the intervals of {comparison.Rates.Count(r => r.PValue is not null && r.Differs)} "
                + "exclude 0, and "
                + $"{remaining} of these remain with Holm's correction.");
        return said;

        static string Group(ComparedRate rate) => $"{rate.Value} ({Points(rate.Difference, rate.Range!.Value)})";
    }

    /// <summary>The content of <c>comparison.json</c>.</summary>
    public static JsonObject Make(ReportComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var (first, second) = Names(comparison);
        return new JsonObject
        {
            ["schema"] = Schema,
            ["kind"] = comparison.First.IsIdentification ? "identification" : "verification",
            ["first"] = Side(comparison.First, first),
            ["second"] = Side(comparison.Second, second),
            ["paired"] = comparison.IsPaired,
            ["summary"] = JsonParts.Array(Summary(comparison), sentence => sentence),
            ["rates"] = JsonParts.Array(comparison.Rates, rate =>
            {
                var made = new JsonObject { ["by"] = rate.By, ["value"] = rate.Value, ["point"] = rate.Point };
                JsonParts.AddRate(made, "first", rate.First);
                JsonParts.AddRate(made, "second", rate.Second);
                made["difference"] = JsonParts.Number(rate.Difference);
                made["differenceInterval"] = JsonParts.Range(rate.Range);
                made["differencePValue"] = JsonParts.Number(rate.PValue);
                made["differenceHolmPValue"] = JsonParts.Number(rate.AdjustedPValue);
                made["differenceDiffers"] = rate.Range is null ? null : rate.Differs;
                made["marked"] = rate.IsMarked;
                return made;
            }),
            ["curves"] = new JsonArray([.. Curve(comparison.First, first), .. Curve(comparison.Second, second)]),
        };
    }

    /// <summary>Writes the files.</summary>
    /// <returns>The files that were written.</returns>
    /// <exception cref="EvaluationException">The folder cannot be written to, or the drawing libraries are missing.</exception>
    public static IReadOnlyList<string> Write(ReportComparison comparison, string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var json = Make(comparison);
        return ReportFolder.Write(folder, "comparison",
        [
            ("comparison.json", json.ToJsonString(Options) + "\n"),
            ("comparison.html", Page(comparison, json)),
            ("comparison.csv", ReportTable.Csv([.. json["rates"]!.AsArray().Select(r => r!.AsObject())])),
        ]);
    }

    // Text and tables stand in the page itself; only the chart needs the script.
    private static string Page(ReportComparison comparison, JsonObject json)
    {
        var (first, second) = Names(comparison);
        var (miss, positive) = comparison.First.IsIdentification ? ("FNIR", "FPIR") : ("FNMR", "FMR");
        static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
        var body = new StringBuilder();
        body.Append("<section><h2>Summary</h2><ul class=\"summary\">");
        foreach (var sentence in Summary(comparison))
            body.Append("<li>").Append(Text(sentence)).Append("</li>");
        body.Append("</ul></section><section><h2>Error rates</h2><div id=\"chart\" class=\"chart\" role=\"img\" aria-label=\"")
            .Append(Text($"{miss} against {positive} of both systems, logarithmic axes")).Append("\"></div>");
        foreach (var by in comparison.Rates.GroupBy(r => r.By))
        {
            body.Append("<h3>").Append(by.Key is null ? "Everybody" : "By "
                + Text(by.Key)).Append("</h3><div class=\"tablewrap\" tabindex=\"0\"><table><thead><tr>");
            foreach (var head in new[] { by.Key ?? "", positive, $"{miss}, {first}", $"{miss}, {second}", "difference in points (95 %)",
                "p, Holm" })
                body.Append("<th scope=\"col\">").Append(Text(head)).Append("</th>");
            body.Append("</tr></thead><tbody>");
            foreach (var rate in by)
            {
                body.Append(rate.IsMarked ? "<tr class=\"marked\">" : "<tr>");
                foreach (var cell in new[]
                {
                    rate.Value ?? "all", Number(rate.Point), rate.First.ToString(), rate.Second.ToString(),
                    rate.Range is { } range ? Points(rate.Difference, range) : "cannot be said",
                    rate.AdjustedPValue?.ToString("G2", CultureInfo.InvariantCulture) ?? "",
                })
                    body.Append("<td>").Append(Text(cell)).Append("</td>");
                body.Append("</tr>");
            }
            body.Append("</tbody></table></div>");
        }
        body.Append("</section>");
        return HtmlReport.Comparison($"{first} and {second}", body.ToString(), json);
    }

    private static string Verdict(ComparedRate rate, string second, string first) => rate.Range switch
    {
        null => "whether they differ cannot be said",
        { High: < 0 } range => $"{second} misses fewer, {Points(rate.Difference, range)}",
        { Low: > 0 } range => $"{second} misses more, {Points(rate.Difference, range)}",
        { } range => $"no difference between {second} and {first} is shown, {Points(rate.Difference, range)}",
    };

    // Differences of rates are points, which no one can take for a ratio.
    private static string Points(double difference, Interval range) => string.Create(
        CultureInfo.InvariantCulture, $"{Signed(difference)} ({Signed(range.Low)} … {Signed(range.High)}) points");

    private static string Signed(double difference) => (100 * difference).ToString("+0.###;−0.###;0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    // Two runs of one system are told apart by their order.
    private static (string First, string Second) Names(ReportComparison comparison) =>
        comparison.First.System == comparison.Second.System
            ? ($"{comparison.First.System} (first)", $"{comparison.Second.System} (second)")
            : (comparison.First.System, comparison.Second.System);

    private static JsonObject Side(ReportFile report, string name) => new()
    {
        ["name"] = name,
        ["system"] = report.System,
        ["dataSet"] = report.DataSet,
        ["dataSetDigest"] = report.DataSetDigest,
        ["comparisonsDigest"] = report.Comparisons,
    };

    private static IEnumerable<JsonObject> Curve(ReportFile report, string name)
    {
        var step = Math.Max(1, report.Curve.Count / CurvePoints);
        return report.Curve.Where((_, i) => i % step == 0 || i == report.Curve.Count - 1).Select(point => new JsonObject
        {
            ["system"] = name,
            ["threshold"] = point.Threshold,
            ["falsePositives"] = point.FalsePositives,
            ["misses"] = point.Misses,
        });
    }
}
