using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static MatchEngine.Evaluation.Reports.Pages.PageNumbers;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>What differs between groups of people: error rates, refusals, time and age.</summary>
public static class GroupSections
{
    // More rows than that are no picture.
    private const int MostRows = 40;

    /// <summary>Writes the error rates of the groups.</summary>
    public static void Rates(PageWriter page, JsonObject report)
    {
        var slices = report.Rows("slices");
        if (slices.Count == 0)
            return;
        var searches = report.Text("kind") == "identification";
        page.Section(
            "Groups",
            $"All groups at one threshold: {Score(report.Number("globalThreshold.threshold"))}. A group marked * has fewer than "
                + $"{Whole(report.Number("provenance.minimumSubjects"))} subjects and takes no part in comparisons. A bar without a dot "
                + "ends at an upper bound: no error was seen. A bar that reaches the left edge has no lower end above 0. The dashed line "
                + "is the whole set.");
        foreach (var by in slices.Select(s => s.Text("by")!).Distinct())
        {
            var own = slices.Where(s => s.Text("by") == by).ToArray();
            page.Heading($"By {by}").Sentences(Spoken.Of(report, by));
            if (own.Length <= MostRows)
                Plots(page, report, by, own, searches);
            page.Chart(searches ? Curves.Leads(report, by) : Curves.OfGroups(report, by));
            Matrix(page, $"FMR within and between groups by {by}", [.. report.Rows("matrix").Where(c => c.Text("by") == by)]);
            Numbers(page, by, own, report.At("differentials") is JsonObject all ? all[by] as JsonObject : null, searches);
        }
    }

    /// <summary>Writes who was refused, and why.</summary>
    public static void Refusals(PageWriter page, JsonObject report)
    {
        var refusals = report.Rows("refusals");
        if (refusals.Count == 0)
            return;
        var quality = report.Number("provenance.gates.minimumQuality") is { } least ? $"; least quality {Short(least)}" : "";
        var gates = report.Text("provenance.gates.faces") is { } faces ? $" (face taken: {faces}{quality})" : "";
        page.Section("Refused photos", $"Photos of which no template was made{gates}. A group that is refused more often is served less.");
        foreach (var by in refusals.Select(r => r.Text("by")!).Distinct())
        {
            var own = refusals.Where(r => r.Text("by") == by).ToArray();
            void Fill(PageWriter inner) => inner.Table($"Refused photos by {by}", own,
                new Column(by, r => Name(r)),
                new Column("reason", r => r.Text("reason")),
                new Column("photos", r => Whole(r.Number("photos")), true),
                new Column("refused", r => r.Text("rateText")),
                new Column($"ratio to {own[0].Text("reference")}", r => Ratio(r, "ratio")),
                new Column("p, Holm", r => Short(r.Number("ratioHolmPValue")), true));
            if (by == "all")
            {
                Fill(page);
                continue;
            }
            page.Chart(
                $"Refused photos by {by}, any reason, with 95 % intervals", "refused",
                own.Where(r => r.Text("reason") == "any").Select(r => new ForestRow(
                    r.Text("value")!, PlotPoint.OfRate(r, "rate"), r.Text("rateText") ?? "", r.Flag("marked"))));
            page.Folded($"Refused photos by {by} and reason", Fill);
        }
    }

    /// <summary>Writes what time and age do.</summary>
    public static void Ageing(PageWriter page, JsonObject report)
    {
        var (ageing, matrix) = (report.Rows("ageing"), report.Rows("ageMatrix"));
        if (ageing.Count + matrix.Count == 0)
            return;
        var rate = report.Text("kind") == "identification" ? "FNIR" : "FNMR";
        page.Section("Time and age");
        foreach (var by in ageing.Select(a => a.Text("by")!).Distinct())
        {
            var own = ageing.Where(a => a.Text("by") == by).ToArray();
            page.Chart(
                $"{rate} by {by}, with 95 % intervals", rate,
                own.Select(a => new ForestRow(a.Text("band")!, PlotPoint.OfRate(a, "rate"), a.Text("rateText") ?? "", a.Flag("marked"))));
            page.Folded($"Numbers by {by}", inner => inner.Table($"{rate} by {by}", own,
                new Column(by, a => a.Text("band") + (a.Flag("marked") ? " *" : "")),
                new Column("subjects", a => Whole(a.Number("subjects")), true),
                new Column(rate, a => a.Text("rateText"))));
        }
        foreach (var by in matrix.Select(c => c.Text("by")!).Distinct())
            Matrix(page, $"FMR within and between by {by}", [.. matrix.Where(c => c.Text("by") == by)]);
    }

    private static void Plots(PageWriter page, JsonObject report, string by, JsonObject[] own, bool searches)
    {
        var at = report.Number("globalThreshold.threshold");
        var all = report.Rows(searches ? "identification.thresholds" : "thresholds")
            .Concat(report.Rows(searches ? "identification.points" : "operatingPoints")).FirstOrDefault(p => p.Number("threshold") == at);
        foreach (var (name, key, whole, marked) in searches
            ? [("FNIR", "fnir", "fnir", "fnirMarked"), ("FPIR", "fpir", "measuredFpir", "fpirMarked")]
            : new[] { ("FMR", "fmr", "measuredFmr", "marked"), ("FNMR", "fnmr", "fnmr", "fnmrMarked") })
            page.Chart(
                $"{name} by {by}, with 95 % intervals", name,
                own.Where(s => s.Text(key + "Text") is not null).Select(s => new ForestRow(
                    s.Text("value")!, PlotPoint.OfRate(s, key), s.Text(key + "Text")!, s.Flag("marked") || s.Flag(marked))),
                all?.Number(whole));
        if (!searches)
            page.Chart(
                $"FNMR by {by}, every subject weighted equally, with 95 % intervals", "FNMR by subject",
                own.Where(s => s.Text("fnmrBySubjectText") is not null).Select(s => new ForestRow(
                    s.Text("value")!, PlotPoint.OfMean(s, "fnmrBySubject", "fnmrBySubjectInterval"), s.Text("fnmrBySubjectText")!,
                    s.Flag("marked") || s.Flag("fnmrMarked"))),
                all?.Number("fnmrBySubject"));
    }

    private static void Numbers(PageWriter page, string by, JsonObject[] own, JsonObject? differentials, bool searches)
    {
        (string Name, string Key)[] rates = searches ? [("FNIR", "fnir"), ("FPIR", "fpir")] : [("FMR", "fmr"), ("FNMR", "fnmr")];
        var reference = differentials.Text("reference");
        page.Folded($"Numbers by {by}", inner =>
        {
            inner.Table($"Error rates by {by}", own,
            [
                new Column(by, Name), new Column("subjects", s => Whole(s.Number("subjects")), true),
                new Column("with mated pairs", s => Whole(s.Number("matedSubjects")) + (s.Flag("fnmrMarked") ? " *" : ""), true),
                .. rates.Select(r => new Column(r.Name, s => s.Text(r.Key + "Text"))),
                new Column("FNMR by subject", s => s.Text("fnmrBySubjectText")),
                new Column("FNMR, failures as non-matches", s => s.Text("fnmrWithFailuresText")),
                .. rates.SelectMany(r => new[]
                {
                    new Column($"{r.Name} / {reference}", s => reference is null ? null : Ratio(s, r.Key + "Ratio")),
                    new Column("p, Holm", s => Short(s.Number(r.Key + "RatioHolmPValue")), true),
                    new Column("detectable", s => Short(s.Number(r.Key + "RatioDetectable")), true),
                }),
            ]);
            if (differentials is null)
                return;
            var measures = rates.Select(r => (r.Name, Values: differentials[r.Key] as JsonObject)).Where(r => r.Values is not null)
                .Select(r =>
                {
                    var row = (JsonObject)r.Values!.DeepClone();
                    row["name"] = r.Name;
                    return row;
                }).ToArray();
            inner.Table($"Differentials by {by}", measures,
                new Column("rate", m => m.Number("groups") is null ? null : m.Text("name")),
                new Column(
                    "max / min",
                    m => Short(m.Number("maxOverMin")) ?? (m.Number("maxOverMinAbove") is { } above ? $"above {Short(above)}" : null),
                    true),
                new Column("max / mean", m => Short(m.Number("maxOverMean")), true),
                new Column("max / geomean", m => Short(m.Number("maxOverGeomean")), true),
                new Column("vary-geomean", m => Short(m.Number("varyGeomean")), true),
                new Column("Gini", m => Short(m.Number("gini")), true));
            string[] overall =
            [
                .. new[] { ("FDR", "fdr"), ("inequity rate", "ir"), ("GARBE", "garbe") }
                    .Where(m => differentials.Number(m.Item2) is not null).Select(m => $"{m.Item1} {Short(differentials.Number(m.Item2))}"),
            ];
            if (overall.Length > 0)
                inner.Paragraph(string.Join("; ", overall) + ".");
        });
    }

    // A table whose cells are the darker the higher the rate, on a logarithmic scale.
    private static void Matrix(PageWriter page, string name, JsonObject[] cells)
    {
        var names = cells.SelectMany(c => new[] { c.Text("first")!, c.Text("second")! }).Distinct().ToArray();
        var levels = cells.Select(Level).OfType<double>().ToArray();
        if (names.Length < 2 || levels.Length == 0)
            return;
        var (low, high) = (levels.Min(), levels.Max());
        var of = cells.SelectMany(
            c => new[] { (Key: (c.Text("first")!, c.Text("second")!), c), (Key: (c.Text("second")!, c.Text("first")!), c) })
            .DistinctBy(c => c.Key).ToDictionary(c => c.Key, c => c.c);
        static string Encode(string text) => WebUtility.HtmlEncode(text);
        var html = new StringBuilder($"<p class=\"hint\">{Encode(name)}; the darker, the higher.</p>"
            + $"<div class=\"tablewrap\" role=\"region\" tabindex=\"0\" aria-label=\"{Encode(name)}\">"
            + "<table class=\"matrix\"><thead><tr><td></td>");
        foreach (var head in names)
            html.Append("<th scope=\"col\">").Append(Encode(head)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var first in names)
        {
            html.Append("<tr><th scope=\"row\">").Append(Encode(first)).Append("</th>");
            foreach (var second in names)
            {
                var cell = of.GetValueOrDefault((first, second));
                if (cell is null || Level(cell) is not { } level)
                {
                    html.Append("<td>–</td>");
                    continue;
                }
                var share = high > low ? (level - low) / (high - low) : 0.5;
                var text = cell.Number("fmr") is { } rate ? Share(rate)! : $"< {Share(cell.Number("fmrBelow"))}";
                html.Append(CultureInfo.InvariantCulture, $"<td class=\"shade\" style=\"--level:{5 + 40 * share:0}%\" title=\"")
                    .Append(Encode(cell.Text("fmrText") ?? "")).Append("\">").Append(Encode(text)).Append(cell.Flag("marked") ? " *" : "")
                    .Append("</td>");
            }
            html.Append("</tr>");
        }
        page.Markup(html.Append("</tbody></table></div>").ToString());

        static double? Level(JsonObject cell) =>
            (cell.Number("fmr") ?? cell.Number("fmrBelow")) is > 0 and var rate ? Math.Log10(rate) : null;
    }

    private static string Name(JsonObject row) => row.Text("value") + (row.Flag("marked") ? " *" : "");
}
