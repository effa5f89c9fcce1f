using System.Text.Json.Nodes;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>
/// The curves of a report, no further than its tables support: where fewer than ten errors stand behind a point it is left out.
/// </summary>
internal static class Curves
{
    // As for thresholds: with fewer errors than about ten behind it a point is noise.
    private const double ErrorsNeeded = 10 * (1 - 1e-9);

    /// <summary>Whether so many errors are enough for a point of a curve.</summary>
    public static bool HasEnough(double errors) => errors >= ErrorsNeeded;

    /// <summary>The trade-off of both errors, with the points of the table on it.</summary>
    public static Plot? TradeOff(JsonObject report)
    {
        var kind = Kind.Of(report);
        // The curve is thinned; the points of the table lie on it.
        var curve = kind.Curve.Select(p => (p.Positive, p.Miss))
            .Concat(kind.Points.Select(r => (r.Number(kind.MeasuredKey) ?? 0, r.Number(kind.MissKey) ?? 0)))
            .Where(p => kind.IsSupported(p.Item1, p.Item2));
        var points = kind.Points.Where(r => r.Flag("supported") && r.Number(kind.MeasuredKey) > 0)
            .Select(r => PlotPoint.OfRate(r, kind.MissKey, r.Number(kind.MeasuredKey)!.Value)).OrderBy(p => p.X).ToArray();
        return Made(
            $"{kind.MissName} against {kind.PositiveName}: the trade-off of both errors, logarithmic axes. Dots are the points of the "
                + "table with their 95 % intervals; the curve ends where fewer than ten errors stand behind it.",
            kind.PositiveName, AxisUnit.Rate, true, kind.MissName,
            [
                new PlotSeries(null, SeriesKind.Step, [.. Falling(curve)]),
                new PlotSeries(null, SeriesKind.Dots, points),
            ]);
    }

    /// <summary>Both errors against the threshold.</summary>
    public static Plot? AgainstThreshold(JsonObject report)
    {
        var kind = Kind.Of(report);
        PlotSeries Series(string name, Func<(double Threshold, double Positive, double Miss), double> rate, double trials) => new(
            name, SeriesKind.Line,
                [.. kind.Curve.Where(p => HasEnough(rate(p) * trials)).Select(p => new PlotPoint(p.Threshold, rate(p), null))]);
        var global = report.Number("globalThreshold.threshold");
        var made = Made(
            $"{kind.PositiveName} and {kind.MissName} against the threshold; each ends where fewer than ten errors stand behind it.",
            "threshold", AxisUnit.Plain, false, "rate",
            [Series(kind.PositiveName, p => p.Positive, kind.Others), Series(kind.MissName, p => p.Miss, kind.Mated)]);
        return made is not null && global is { } at && at >= made.X.From && at <= made.X.To
            ? made with { At = (at, $"threshold {PageNumbers.Score(at)}, at which groups are compared") }
            : made;
    }

    /// <summary>How often which score.</summary>
    public static Plot? Histogram(JsonObject report)
    {
        var bins = report.Rows("curves.histogram");
        var (mated, impostors) = (bins.Sum(b => b.Number("mated") ?? 0), bins.Sum(b => b.Number("impostors") ?? 0));
        if (mated == 0 || impostors == 0)
            return null;
        PlotSeries Series(string name, string key, double all) => new(
            name, SeriesKind.Area, [.. bins.Select(b => new PlotPoint(b.Number("from")!.Value, b.Number(key)!.Value / all, null))
                .Append(new PlotPoint(bins[^1].Number("to")!.Value, bins[^1].Number(key)!.Value / all, null))]);
        var series = new[] { Series("impostor comparisons", "impostors", impostors), Series("mated comparisons", "mated", mated) };
        return Axis.Linear("score", AxisUnit.Plain, series.SelectMany(s => s.Points).Select(p => p.X)) is { } x
            && Axis.Linear(
                "share of the comparisons", AxisUnit.Rate, series.SelectMany(s => s.Points).Select(p => p.Y!.Value), fromZero: true)
                is { } y
            ? new Plot("Scores of mated and impostor comparisons, in bins of one width.", x, y, series)
            : null;
    }

    /// <summary>The DET curve of each group of a slicing, or null where too many groups would lie upon each other.</summary>
    public static Plot? OfGroups(JsonObject report, string by)
    {
        var groups = report.Rows("curves.slices").Where(p => p.Text("by") == by && p.Number("fmr") > 0)
            .GroupBy(p => p.Text("value")).ToArray();
        return groups.Length is 0 or > Plot.MostSeries ? null : Made(
            $"FNMR against FMR within each group by {by}; bands and bars are 95 % intervals of FNMR by drawing subjects.",
            "FMR within the group", AxisUnit.Rate, true, "FNMR",
            [.. groups.Select(g => new PlotSeries(
                g.Key, SeriesKind.Estimates, [.. g.Select(p => PlotPoint.OfRate(p, "fnmr", p.Number("fmr")!.Value)).OrderBy(p => p.X)]))]);
    }

    /// <summary>
    /// FPIR of each group against how many of its searches yield a lead; null where too many groups would lie upon each other.
    /// </summary>
    public static Plot? Leads(JsonObject report, string by)
    {
        var groups = report.Rows("identification.leads")
            .Where(l => l.Text("by") == by && !l.Flag("marked") && l.Number("leads") > 0 && l.Number("fpir") > 0)
            .GroupBy(l => l.Text("value")).ToArray();
        return groups.Length is 0 or > Plot.MostSeries ? null : Made(
            $"FPIR by {by} against the share of the group's searches that yield a lead, over the score floors, with 95 % intervals.",
            "searches with a lead", AxisUnit.Rate, true, "FPIR",
            [.. groups.Select(g => new PlotSeries(
                g.Key, SeriesKind.Estimates,
                    [.. g.Select(p => PlotPoint.OfRate(p, "fpir", p.Number("leads")!.Value)).OrderBy(p => p.X)]))]);
    }

    /// <summary>FNIR against the size of the gallery.</summary>
    public static Plot? Sizes(JsonObject report)
    {
        var sizes = report.Rows("identification.sizes");
        var wanted = sizes.SelectMany(s => s.Rows("points")).Where(p => p.Flag("supported"))
            .Select(p => p.Number("fpir")!.Value).Distinct().ToArray();
        return sizes.Count < 2 ? null : Made(
            "FNIR against the number of enrolled subjects, with 95 % intervals.", "enrolled subjects", AxisUnit.Plain, true, "FNIR",
            [
                new PlotSeries("rank 1, no threshold", SeriesKind.Estimates,
                    [.. sizes.Select(s => PlotPoint.OfRate(s, "rankOneMiss", s.Number("gallerySize")!.Value))]),
                .. wanted.Select(w => new PlotSeries($"FPIR {PageNumbers.Wanted(w)}", SeriesKind.Estimates,
                    [.. sizes.SelectMany(s => s.Rows("points").Where(p => p.Flag("supported") && p.Number("fpir") == w)
                        .Select(p => PlotPoint.OfRate(p, "fnir", s.Number("gallerySize")!.Value)))])),
            ]);
    }

    /// <summary>The share of mated searches with the mate among the first candidates.</summary>
    public static Plot? Cmc(JsonObject report)
    {
        if (report.At("identification.cmc") is not JsonArray { Count: > 1 } shares)
            return null;
        var points = shares.Select((share, i) => new PlotPoint(i + 1, JsonRows.Number(share), null)).ToArray();
        return Axis.Log("rank", AxisUnit.Plain, points.Select(p => p.X)) is { } x
            && Axis.Linear("mates found", AxisUnit.Rate, points.SelectMany(p => p.Reach())) is { } y
            ? new Plot("Mated searches whose mate is at this rank or better, without threshold (CMC).",
                x, y, [new PlotSeries(null, SeriesKind.Step, points)])
            : null;
    }

    /// <summary>What dropping the comparisons of the lowest quality does.</summary>
    public static Plot? ErrorVersusDiscard(JsonObject report)
    {
        var points = report.Rows("quality.points").Where(p => p.Number("fnmr") is not null)
            .Select(p => new PlotPoint(p.Number("discarded")!.Value, p.Number("fnmr"), null)).ToArray();
        return Axis.Linear("share discarded", AxisUnit.Rate, points.Select(p => p.X)) is { } x
            && Axis.Linear("FNMR", AxisUnit.Rate, points.SelectMany(p => p.Reach()), fromZero: true) is { } y
            ? new Plot("FNMR of what is left when the comparisons of the lowest quality are dropped.",
                x, y, [new PlotSeries(null, SeriesKind.Line, points)])
            : null;
    }

    /// <summary>The trade-offs of two systems.</summary>
    public static Plot? TwoSystems(
        string positive, string miss, IEnumerable<(string System, IReadOnlyList<(double Positive, double Miss)> Curve)> systems) => Made(
        $"{miss} against {positive} of both systems, logarithmic axes; each curve ends where fewer than ten errors stand behind it.",
        positive, AxisUnit.Rate, true, miss,
        [.. systems.Select(s => new PlotSeries(s.System, SeriesKind.Step,
            [.. Falling(s.Curve)]))]);

    // Where false positives are as many at several thresholds, misses fall to the fewest of them.
    private static IEnumerable<PlotPoint> Falling(IEnumerable<(double Positive, double Miss)> curve) =>
        curve.OrderBy(p => p.Positive).ThenByDescending(p => p.Miss).Select(p => new PlotPoint(p.Positive, p.Miss, null));

    private static Plot? Made(string caption, string x, AxisUnit unit, bool isLog, string y, IReadOnlyList<PlotSeries> series)
    {
        var points = series.SelectMany(s => s.Points).Where(p => p.IsKnown).ToArray();
        var across = isLog ? Axis.Log(x, unit, points.Select(p => p.X)) : Axis.Linear(x, unit, points.Select(p => p.X));
        return across is not null && Axis.Log(y, AxisUnit.Rate, points.SelectMany(p => p.Reach())) is { } up
            ? new Plot(caption, across, up, [.. series.Where(s => s.Points.Any(p => p.IsKnown))])
            : null;
    }

    /// <summary>What comparisons and searches call the same things.</summary>
    private sealed record Kind(
        string PositiveName, string MissName, string MeasuredKey, string MissKey, double Mated, double Others,
        IReadOnlyList<JsonObject> Points, IReadOnlyList<(double Threshold, double Positive, double Miss)> Curve)
    {
        public static Kind Of(JsonObject report)
        {
            var searches = report.Text("kind") == "identification";
            var (positive, miss) = searches ? ("fpir", "fnir") : ("fmr", "fnmr");
            return new Kind(
                positive.ToUpperInvariant(), miss.ToUpperInvariant(), searches ? "measuredFpir" : "measuredFmr", miss,
                report.Number(searches ? "counts.matedSearches" : "counts.mated") ?? 0,
                report.Number(searches ? "counts.nonMatedSearches" : "counts.impostors") ?? 0,
                report.Rows(searches ? "identification.points" : "operatingPoints"),
                [.. report.Rows(searches ? "curves.openSet" : "curves.det")
                    .Where(p => p.Number("threshold") is not null && p.Number(positive) is not null && p.Number(miss) is not null)
                    .Select(p => (p.Number("threshold")!.Value, p.Number(positive)!.Value, p.Number(miss)!.Value)).OrderBy(p => p.Item1)]);
        }

        public bool IsSupported(double positive, double miss) =>
            HasEnough(positive * Others) && HasEnough(miss * Mated);
    }
}
