using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>The card at the head of the page: what was tested on whom, and the three numbers that matter, with their intervals.</summary>
public static class Headline
{
    /// <summary>The card as markup.</summary>
    public static string Of(JsonObject report, ReportOptions options)
    {
        var html = new StringBuilder("<div class=\"card\"><dl class=\"tested\">");
        foreach (var (name, value) in Tested(report, options).Where(t => !string.IsNullOrEmpty(t.Value)))
            html.Append("<div><dt>").Append(Encode(name)).Append("</dt><dd>").Append(Encode(value!)).Append("</dd></div>");
        html.Append("</dl><ul class=\"numbers\">");
        foreach (var (name, row, rate, text) in Numbers(report))
        {
            // 0.809 % of 59,346 … the figure large, the counts and the interval below it.
            html.Append("<li><span class=\"what\">").Append(Encode(name)).Append("</span><strong>").Append(Encode(Figure(row, rate)))
                .Append("</strong><span class=\"of\">").Append(Encode(text)).Append("</span></li>");
        }
        return html.Append("</ul></div>").ToString();
    }

    /// <summary>What was tested, in one sentence.</summary>
    public static string Sentence(JsonObject report)
    {
        var on = report.Text("provenance.dataSet.name") is { } set ? $" on {set}" : "";
        var system = report.Text("provenance.system") ?? "Another system's scores";
        return report.Text("kind") == "identification"
            ? $"{system}{on}: {PageNumbers.Whole(report.Number("counts.matedSearches"))} mated and "
                + $"{PageNumbers.Whole(report.Number("counts.nonMatedSearches"))} non-mated searches of a gallery of "
                + $"{PageNumbers.Whole(report.Number("counts.gallerySubjects"))} subjects."
            : $"{system}{on}: {PageNumbers.Whole(report.Number("counts.mated"))} mated and "
                + $"{PageNumbers.Whole(report.Number("counts.impostors"))} impostor comparisons"
                + (report.Number("counts.subjects") is { } subjects ? $" of {PageNumbers.Whole(subjects)} subjects." : ".");
    }

    /// <summary>The numbers with what is said below them, and the ends of their intervals where there are any.</summary>
    internal static IEnumerable<(string Name, string Figure, string Text, double? Low, double? High)> Figures(JsonObject report) =>
        Numbers(report).Select(number => (
            number.Name, Figure(number.Row, number.Rate), number.Text, number.Row.Number(number.Rate + "Low"),
            number.Row.Number(number.Rate + "High")));

    private static IEnumerable<(string Name, string? Value)> Tested(JsonObject report, ReportOptions options)
    {
        yield return ("System", report.Text("provenance.system"));
        yield return ("Data set", report.Text("provenance.dataSet.name"));
        yield return ("Photos / subjects", report.Number("counts.images") is { } images
            ? $"{PageNumbers.Whole(images)} / {PageNumbers.Whole(report.Number("counts.subjects"))}"
            : null);
        yield return ("Template", report.Number("provenance.templateBytes") is { } bytes ? $"{PageNumbers.Whole(bytes)} bytes" : null);
        foreach (var time in options.Times)
            yield return (time.What, time.ToString());
        yield return ("Evaluated on", options.MadeOn?.ToString("d MMMM yyyy", CultureInfo.InvariantCulture));
    }

    private static IEnumerable<(string Name, JsonObject Row, string Rate, string Text)> Numbers(JsonObject report)
    {
        var searches = report.Text("kind") == "identification";
        var (positive, miss) = searches ? ("FPIR", "FNIR") : ("FMR", "FNMR");
        var given = report.Rows(searches ? "identification.thresholds" : "thresholds") is [var first, ..] ? first : null;
        var set = report.Rows(searches ? "identification.points" : "operatingPoints").LastOrDefault(r => r.Flag("supported"));
        var (measured, missed) = (searches ? "measuredFpir" : "measuredFmr", searches ? "fnir" : "fnmr");
        if ((given ?? set) is { } row)
        {
            var at = given is not null ? $"at threshold {PageNumbers.Score(row.Number("threshold"))}"
                : $"at {positive} {PageNumbers.Wanted(row.Number(searches ? "fpir" : "fmr"))}";
            if (row.Text(measured + "Text") is { } text && given is not null)
                yield return ($"{positive} {at}", row, measured, text);
            if (row.Text(missed + "Text") is { } misses)
                yield return ($"{miss} {at}", row, missed, misses);
            if (row.Text("fnmrBySubjectText") is { } bySubject)
                yield return (
                    $"FNMR by subject {at}", row, "fnmrBySubject", $"every subject weighted equally ({bySubject})");
            if (given is null && row.Text(measured + "Text") is { } others)
                yield return ($"{positive} at that threshold, {PageNumbers.Score(row.Number("threshold"))}", row, measured, others);
        }
        if (report.Rows("identification.ranks") is [var rank, ..] && rank.Text("fnirText") is { } atRank)
            yield return ($"Not at rank {PageNumbers.Whole(rank.Number("rank"))}, no threshold", rank, "fnir", atRank);
        else if (!searches && (given ?? set)?.Text("fnmrBySubjectText") is null && report.At("verification.eer") is JsonObject eer
            && eer.Text("text") is { } equal)
            yield return ("EER", eer, "value", equal);
    }

    private static string Figure(JsonObject row, string rate) =>
        row.Number(rate) is { } value ? PageNumbers.Share(value)!
        : row.Number(rate + "Below") is { } below ? $"< {PageNumbers.Share(below)}"
        : "none seen";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
