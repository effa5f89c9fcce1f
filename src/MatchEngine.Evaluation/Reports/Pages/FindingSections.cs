using System.Text.Json.Nodes;
using static MatchEngine.Evaluation.Reports.Pages.PageNumbers;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>What else was found: quality, what lies beyond the data, the worst errors, labels worth a look, corrections.</summary>
internal static class FindingSections
{
    /// <summary>Writes what quality foretells.</summary>
    public static void Quality(PageWriter page, JsonObject report)
    {
        if (report.At("quality") is JsonObject quality)
        {
            page.Section(
                "Quality",
                $"FNMR of what is left when the comparisons of the lowest quality are dropped. Mean over the first "
                    + $"{Whole(quality.Number("areaTo") * 100)} %: {Short(quality.Number("area"))}; a perfect measure would give "
                    + $"{Short(quality.Number("idealArea"))}.");
            page.Chart(Curves.ErrorVersusDiscard(report));
        }
        var discards = report.Rows("photoDiscard");
        if (discards.Count == 0)
            return;
        page.Section(
            "Refusing the poorest photos",
            "FNMR at the global threshold among the photos that are left when those of the lowest quality are refused; the reduction and "
                + "its interval come from the same draws of subjects.");
        Discards(page, discards);
    }

    /// <summary>Writes what was extrapolated.</summary>
    public static void Extrapolation(PageWriter page, JsonObject report)
    {
        var searches = report.Text("kind") == "identification";
        if (report.At(searches ? "identification.extrapolation" : "extrapolation") is not JsonObject tail)
            return;
        var (positive, miss) = searches ? ("FPIR", "fnir") : ("FMR", "fnmr");
        page.Section(
            "Extrapolated, not measured",
            $"A Pareto tail of the {Whole(tail.Number("exceedances"))} highest scores of different people (shape "
                + $"{Short(tail.Number("shape"))}, {Range(tail.Range("shapeInterval"))}). It assumes that the tail goes on as it began.");
        page.Table("Extrapolated thresholds", tail.Rows("points"),
            new Column("enrolled subjects", p => Whole(p.Number("gallerySize")), true),
            new Column(positive, p => Wanted(p.Number(positive.ToLowerInvariant())), true),
            new Column("threshold (95 %)", p => p.Text("text")),
            new Column($"{miss.ToUpperInvariant()} (95 %)", p => Share(p.Number(miss), p.Range(miss + "Interval"))));
    }

    /// <summary>Writes the errors that stand out, and labels that may be wrong.</summary>
    public static void Worst(PageWriter page, JsonObject report)
    {
        var (misses, positives) = (report.Rows("identification.lowestMates"), report.Rows("identification.highestNonMates"));
        if (misses.Count + positives.Count > 0)
        {
            page.Section(
                "The worst searches",
                "Mated searches whose mate scored lowest, and the strangers who scored highest in searches of people who are not enrolled. "
                    + "Look at them before a rate is believed: wrong labels make up most of the worst errors of a good algorithm.");
            page.Folded($"{misses.Count} mates with the lowest scores", inner => inner.Table("Mates with the lowest scores", misses,
                new Column("probe", r => r.Text("probe"), Pictures: r => [r.Text("probe")]),
                new Column("mate", r => r.Text("mate"), Pictures: r => [r.Text("mate")]),
                new Column("subject", r => r.Text("subject")),
                new Column("rank", r => Whole(r.Number("rank")) ?? "not listed", true),
                new Column("score", r => Score(r.Number("score")), true),
                new Column("highest other", r => r.Text("candidate"), Pictures: r => [r.Text("candidateImage")]),
                new Column("its score", r => Score(r.Number("candidateScore")), true)));
            page.Folded($"{positives.Count} strangers with the highest scores", inner =>
                inner.Table("Strangers with the highest scores", positives,
                new Column("probe", r => r.Text("probe"), Pictures: r => [r.Text("probe")]),
                new Column("its subject", r => r.Text("subject")),
                new Column("candidate", r => r.Text("candidate"), Pictures: r => [r.Text("candidateImage")]),
                new Column("score", r => Score(r.Number("score")), true)));
        }
        if (report.At("hygiene") is not JsonObject hygiene)
            return;
        var (photos, pairs) = (hygiene.Rows("photos"), hygiene.Rows("subjectPairs"));
        page.Section("Labels worth a look", "Mistakes of the labels make up most of the top impostors of a good algorithm.");
        page.Folded($"{photos.Count} photos that do not look like their own subject", inner => inner.Table("Suspect photos", photos,
            new Column("photo", p => p.Text("image"), Pictures: p => [p.Text("image")]),
            new Column("subject", p => p.Text("subject")),
            new Column("mean score to own", p => Score(p.Number("meanToOwn")), true),
            new Column("mean of the others", p => Score(p.Number("meanOfOthers")), true),
            new Column("most like", p => p.Text("nearestSubject")),
            new Column("score", p => Score(p.Number("nearestScore")), true)));
        page.Folded($"{pairs.Count} pairs of subjects that look like one person", inner => inner.Table("Suspect subjects", pairs,
            new Column("first", p => p.Text("first"), Pictures: p => [p.Text("firstImage")]),
            new Column("second", p => p.Text("second"), Pictures: p => [p.Text("secondImage")]),
            new Column("highest score", p => Score(p.Number("highest")), true),
            new Column("pairs", p => $"{Whole(p.Number("pairs"))} of {Whole(p.Number("possible"))}")));
        foreach (var (title, key) in new[] { ("Highest impostor scores", "topImpostors"), ("Lowest mated scores", "lowestMated") })
            page.Folded(title, inner => inner.Table(title, hygiene.Rows(key),
                new Column("first", p => p.Text("first"), Pictures: p => [p.Text("first")]),
                new Column("second", p => p.Text("second"), Pictures: p => [p.Text("second")]),
                new Column(
                    "subjects",
                    p => p.Text("firstSubject") == p.Text("secondSubject") ? p.Text("firstSubject")
                        : $"{p.Text("firstSubject")} / {p.Text("secondSubject")}"),
                new Column("score", p => Score(p.Number("score")), true)));
    }

    /// <summary>Writes what the known mistakes of the labels change.</summary>
    public static void Corrected(PageWriter page, JsonObject report)
    {
        if (report.At("corrected") is not JsonObject corrected)
            return;
        page.Section("With known mistakes put right", corrected.Text("source"));
        page.Table("Rates with the labels corrected", corrected.Rows("operatingPoints"),
            new Column("FMR", r => Wanted(r.Number("fmr")), true),
            new Column("threshold", r => r.Flag("supported") ? Score(r.Number("threshold")) : r.Text("text"), true),
            new Column("FNMR", r => r.Text("fnmrText")),
            new Column("FNMR by subject", r => r.Text("fnmrBySubjectText")));
        var discards = corrected.Rows("photoDiscard");
        if (discards.Count > 0)
            Discards(page.Heading("Refusing the poorest photos, labels corrected"), discards);
    }

    private static void Discards(PageWriter page, IReadOnlyList<JsonObject> discards) => page.Table("Refusing the poorest photos", discards,
        new Column("measure", d => d.Text("measure")),
        new Column("refused", d => Share(d.Number("discarded")), true),
        new Column("FNMR", d => d.Text("fnmrText")),
        new Column("FNMR by subject", d => Share(d.Number("fnmrBySubject"), d.Range("fnmrBySubjectInterval"))),
        new Column("reduction by subject", d => Points(d.Number("reductionBySubject"), d.Range("reductionBySubjectInterval"))),
        new Column("first measure less", d => Points(d.Number("beyondFirstBySubject"), d.Range("beyondFirstBySubjectInterval"))),
        new Column(
            "at random, by subject",
            d => d.Range("atRandomBySubjectInterval") is { High: { } high } ends ? $"{Share(ends.Low)} … {Share(high)}" : null));
}
