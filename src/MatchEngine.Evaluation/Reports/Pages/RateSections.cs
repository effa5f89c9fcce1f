using System.Globalization;
using System.Text.Json.Nodes;
using static MatchEngine.Evaluation.Reports.Pages.PageNumbers;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>The error rates of all comparisons or searches together.</summary>
public static class RateSections
{
    /// <summary>Writes those of comparisons (1:1).</summary>
    public static void Verification(PageWriter page, JsonObject report)
    {
        page.Section(
            "Error rates",
            "A threshold is given only where 10 / FMR impostor comparisons support it. FNMR by subject weighs all subjects alike.");
        Given(page, report.Rows("thresholds"), "FMR", "FNMR");
        page.Table("Error rates at each FMR", report.Rows("operatingPoints"),
            new Column("FMR", r => Wanted(r.Number("fmr")), true),
            new Column("threshold", Threshold, true),
            new Column("FNMR", r => r.Text("fnmrText")),
            new Column("FNMR by subject", r => r.Text("fnmrBySubjectText")),
            new Column("FNMR, failures as non-matches", r => r.Text("fnmrWithFailuresText")),
            new Column("measured FMR", r => r.Text("measuredFmrText")));
        page.Paragraph(
            $"EER {report.Text("verification.eer.text")} at {Score(report.Number("verification.eer.threshold"))}; AUC "
                + $"{report.Number("verification.auc")?.ToString("G6", CultureInfo.InvariantCulture)}; d′ "
                + $"{report.Number("verification.dPrime")?.ToString("0.00", CultureInfo.InvariantCulture)}."
                + (report.Number("verification.accuracy.mean") is { } mean
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $" Accuracy {mean * 100:0.00} ± {report.Number("verification.accuracy.std") * 100:0.00} % (standard deviation) "
                            + $"over {(report.At("verification.accuracy.folds") as JsonArray)?.Count} folds.")
                    : ""));
        page.Chart(Curves.TradeOff(report)).Chart(Curves.AgainstThreshold(report)).Chart(Curves.Histogram(report));
    }

    /// <summary>Writes those of searches (1:N).</summary>
    public static void Identification(PageWriter page, JsonObject report)
    {
        page.Section("Error rates", "FNIR: the mate is missed. FPIR: a search of somebody who is not enrolled returns a candidate.");
        Given(page, report.Rows("identification.thresholds"), "FPIR", "FNIR");
        page.Table("Error rates at each FPIR", report.Rows("identification.points"),
            new Column("FPIR", r => Wanted(r.Number("fpir")), true),
            new Column("threshold", Threshold, true),
            new Column("FNIR", r => r.Text("fnirText")),
            new Column("measured FPIR", r => r.Text("measuredFpirText")),
            new Column("selectivity", r =>
                r.Number("selectivity") is { } s ? (r.Flag("selectivityIsLowerBound") ? "≥ " : "") + Short(s) : null, true));
        page.Table("Misses by rank", report.Rows("identification.ranks"),
            new Column("rank", r => Whole(r.Number("rank")), true),
            new Column("FNIR at that rank or better, no threshold", r => r.Text("fnirText")));
        page.Chart(Curves.TradeOff(report)).Chart(Curves.AgainstThreshold(report)).Chart(Curves.Cmc(report)).Chart(Curves.Sizes(report));
        page.Folded("Numbers by the size of the gallery", inner =>
            inner.Table("Rates by the size of the gallery", report.Rows("identification.sizes"),
            new Column("enrolled subjects", s => Whole(s.Number("gallerySize")), true),
            new Column("not at rank 1", s => s.Text("rankOneMissText")),
            new Column("FPIR at the whole gallery's threshold", s => s.Text("fpirAtWholeGalleryThresholdText")),
            new Column("FNIR there", s => s.Text("fnirAtWholeGalleryThresholdText"))));
        page.Table("What the approximate index costs", report.Rows("identification.indexCost"),
            new Column("rank", r => Whole(r.Number("rank")) ?? "any", true),
            new Column("threshold", r => Score(r.Number("threshold")), true),
            new Column("mates lost by the index", r => $"{Whole(r.Number("lostByIndex"))} of {Whole(r.Number("mated"))}"),
            new Column("FNIR of the index minus exhaustive search", r => Points(r.Number("difference"), r.Range("differenceInterval"))));
    }

    // What a threshold is said to be worth beside what it is worth here.
    private static void Given(PageWriter page, IReadOnlyList<JsonObject> rows, string positive, string miss)
    {
        if (rows.Count == 0)
            return;
        static string Key(string name) => name[0] + name[1..].ToLowerInvariant();
        static string Claimed(JsonObject row, string name) =>
            row.Number("claimed" + name) is { } rate ? Share(rate)!
            : row.Number($"claimed{name}Below") is { } below ? $"below {Share(below)}"
            : "nothing";
        static string? Verdict(JsonObject row, string name) => row.Text("agreement" + name)?.Replace('-', ' ');
        var (p, m) = (Key(positive), Key(miss));
        page.Heading("At the given thresholds: claimed and measured").Table("Claimed and measured rates", rows,
            new Column("threshold", r => Score(r.Number("threshold")), true),
            new Column("claimed by", r => r.Text("claimedBy") is { } by ? $"{by}, {r.Text("claimedOn")}" : "nobody"),
            new Column($"{positive} claimed", r => Claimed(r, p)),
            new Column($"{positive} measured", r => r.Text($"measured{p}Text")),
            new Column("verdict", r => Verdict(r, p)),
            new Column($"{miss} claimed", r => rows.Any(o => o.Number("claimed" + m) is not null) ? Claimed(r, m) : null),
            new Column($"{miss} measured", r => r.Text(miss.ToLowerInvariant() + "Text")),
            new Column($"{miss} verdict", r => Verdict(r, m)),
            new Column("FNMR by subject", r => r.Text("fnmrBySubjectText")));
        page.Heading($"At each {positive}");
    }

    private static string? Threshold(JsonObject row) => row.Flag("supported") ? Score(row.Number("threshold")) : row.Text("text");
}
