using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.PairedReports;
using MatchEngine.Evaluation.Reports.Pages;

namespace MatchEngine.Evaluation.Reports;

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
    /// <param name="comparison">The comparison.</param>
    /// <param name="folder">The folder; made when it is missing. Files of the same name are replaced, each as a whole.</param>
    /// <param name="madeOn">The day that the page names; null (the default) for none.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="EvaluationException">The folder cannot be written to.</exception>
    public static IReadOnlyList<string> Write(ReportComparison comparison, string folder, DateOnly? madeOn = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var json = Make(comparison);
        return ReportFolder.Write(folder, "comparison",
        [
            ("comparison.json", json.ToJsonString(Options) + "\n"),
            ("comparison.html", Page(comparison, json, madeOn)),
            ("comparison.csv", ReportTable.Csv([.. json["rates"]!.AsArray().Select(r => r!.AsObject())])),
        ]);
    }

    private static string Page(ReportComparison comparison, JsonObject json, DateOnly? madeOn)
    {
        var (first, second) = Names(comparison);
        var (miss, positive) = comparison.First.IsIdentification ? ("FNIR", "FPIR") : ("FNMR", "FMR");
        var page = new PageWriter();
        page.Section("Summary").Sentences(Summary(comparison));
        page.Section(
            "Error rates", "Each system at its own threshold. The difference is the second minus the first: below 0 where the second "
            + "misses fewer.");
        page.Chart(Curves.TwoSystems(positive, miss, [(first, Supported(comparison.First)), (second, Supported(comparison.Second))]));
        foreach (var by in json["rates"]!.AsArray().Select(r => r!.AsObject()).GroupBy(r => r.Text("by")))
        {
            page.Heading(by.Key is null ? "Everybody" : $"By {by.Key}").Table(by.Key ?? "Everybody", [.. by],
                new Column(by.Key ?? "of", r => (r.Text("value") ?? "all") + (r.Flag("marked") ? " *" : "")),
                new Column(positive, r => PageNumbers.Wanted(r.Number("point")), IsNumber: true),
                new Column($"{miss}, {first}", r => r.Text("firstText")),
                new Column($"{miss}, {second}", r => r.Text("secondText")),
                new Column(
                    "difference (95 %)",
                    r => r.Range("differenceInterval") is { } range ? PageNumbers.Points(r.Number("difference"), range) : "cannot be said"),
                new Column("p, Holm", r => PageNumbers.Short(r.Number("differenceHolmPValue")), IsNumber: true));
        }
        page.Section("Glossary").Facts(Glossary.For(comparison.First.IsIdentification));
        EvidenceSections.Tables(page, ["comparison.json", "comparison.csv"]);
        var of = comparison.First.DataSet == comparison.Second.DataSet ? comparison.First.DataSet
            : $"{comparison.First.DataSet ?? "scores"} and {comparison.Second.DataSet ?? "scores"}";
        var lead = (of is null ? "" : $"On {of}. ") + (madeOn is { } day
            ? $"Compared on {day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}."
            : "");
        return HtmlReport.Filled(
            $"{first} and {second}", "MatchEngine evaluation: two systems",
            (lead.Length == 0 ? "" : $"<p class=\"lead\">{WebUtility.HtmlEncode(lead.TrimEnd())}</p>") + page.Contents(), page.ToHtml());
    }

    // The curve where ten errors of each kind stand behind it; a comparison of two people stands in the totals of both.
    private static (double Positive, double Miss)[] Supported(ReportFile report)
    {
        var at = report.Tallies.GroupBy(t => (t.Point, t.IsGiven)).First();
        var (mated, others) = (at.Sum(t => t.Mated), at.Sum(t => t.Others) / (report.IsIdentification ? 1.0 : 2));
        return [.. report.Curve.Where(p => Curves.HasEnough(p.FalsePositives * others) && Curves.HasEnough(p.Misses * mated))
            .Select(p => (p.FalsePositives, p.Misses))];
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
