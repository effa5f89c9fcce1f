using System.Globalization;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Subjects;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Reports;

/// <summary>The summary of a report in words: what can and what cannot be concluded.</summary>
public static class Conclusions
{
    /// <summary>The sentences, the most important first.</summary>
    public static IReadOnlyList<string> Of(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var said = new List<string>();
        if (report.Verification is { } verification)
            Add(said, verification);
        if (report.Identification is { } identification)
            Add(said, identification);
        if (report.Corrected is { } corrected && report.Verification is { } asGiven)
        {
            foreach (var (before, after) in asGiven.OperatingPoints.Zip(corrected.OperatingPoints)
                .Where(p => p.First.Fnmr is not null && p.Second.Fnmr is not null).TakeLast(1))
                said.Add(
                    "With the known mistakes of the labels put right, FNMR at FMR "
                        + $"{Rate(before.WantedFmr)} is {after.Fnmr} in place of {before.Fnmr}.");
        }
        Labels(said, report);
        if (report.Faults.Total > 0)
            said.Add(
                $"{RateEstimate.Count(report.Faults.Total)} {(report.Faults.Total == 1 ? "line or photo" : "lines or photos")} could not "
                    + "be used and left out: "
                    + $"{string.Join(", ", report.Faults.Counts.Select(c => $"{RateEstimate.Count(c.Value)} × {c.Key}"))}.");
        said.AddRange((report.Verification?.Notes ?? []).Concat(report.Identification?.Notes ?? []));
        return said;
    }

    private static void Add(List<string> said, VerificationResult result)
    {
        if (result.Accuracy is { } accuracy)
            said.Add(
                $"Accuracy over {accuracy.Folds.Count} folds is {Percent(accuracy.Mean)} with a standard deviation of "
                    + $"{Percent(accuracy.StandardDeviation)}.");
        foreach (var point in result.OperatingPoints.Where(p => p.Threshold is not null).TakeLast(2))
        {
            said.Add($"At FMR {Rate(point.WantedFmr)} (threshold {Score(point.Threshold!.Value)}) FNMR is {point.Fnmr}"
                + (point.FnmrBySubject is { } mean && point.Fnmr!.Errors > 0
                    ? $"; with every subject weighted equally it is {RateEstimate.Percent(mean)}."
                    : "."));
        }
        var refused = result.OperatingPoints.Where(p => p.Threshold is null).Select(p => Rate(p.WantedFmr)).ToArray();
        if (refused.Length > 0)
            said.Add(
                $"No threshold is given for FMR {string.Join(", ", refused)}: not supported by "
                    + $"{RateEstimate.Count(result.Curve.Impostor.Total)} impostor comparisons (10 / FMR are needed).");
        foreach (var slicing in result.Slicings)
        {
            Compare(said, slicing, "FMR", slicing.Fmr, s => s.Fmr);
            Compare(said, slicing, "FNMR", slicing.Fnmr, s => s.Fnmr);
        }
        if (result.Hygiene is { Photos.Count: > 0 } or { Subjects.Count: > 0 })
        {
            var level = result.Hygiene!.Level;
            static string AtLeast(int listed) => listed < Hygiene.Listed ? $"{listed}" : $"at least {listed}";
            said.Add(
                $"{AtLeast(result.Hygiene.Photos.Count)} photos do not look like their own subject and "
                    + $"{AtLeast(result.Hygiene.Subjects.Count)} pairs of subjects look like one person (score ≥ {Score(level)}): "
                    + "look at them before a rate at a low FMR is believed.");
        }
        if (result.Quality is { } quality)
        {
            var start = quality.Points[0].Fnmr;
            said.Add(
                $"Dropping the {Percent(ErrorVersusDiscard.AreaTo)} of the comparisons with the lowest quality would take FNMR from "
                    + $"{RateEstimate.Percent(start)} to "
                    + $"{RateEstimate.Percent(quality.Points[(int)(ErrorVersusDiscard.AreaTo * 100)].Fnmr)}.");
        }
        if (result.Comparisons.AcquisitionFaults.Count > 0)
            said.Add(
                $"{result.Comparisons.AcquisitionFaults.Count} photos gave no template; the rates leave them out, "
                    + "and the variants \"with failures\" count them as non-matches.");
    }

    private static void Compare(
        List<string> said, SlicingResult slicing, string name, RateDifferentials? differences, Func<SliceRates, RateEstimate> rate)
    {
        if (differences is null)
            return;
        var slices = slicing.Slices.Where(s => !s.IsMarked).ToArray();
        var (low, high) = (slices.First(s => s.Value == differences.MinimumGroup), slices.First(s => s.Value == differences.MaximumGroup));
        var apart = rate(low).Range.High < rate(high).Range.Low;
        var ratio = differences.MaxOverMin is { } r ? $"{r.ToString("G3", CultureInfo.InvariantCulture)} times"
            : differences.MaxOverMinAbove is { } above ? $"more than {above.ToString("G3", CultureInfo.InvariantCulture)} times"
            : null;
        if (rate(high).Errors == 0)
            said.Add($"By {slicing.By}, no group has an error in {name}: nothing can be said of a difference.");
        else if (apart)
            said.Add(
                $"By {slicing.By}, {name} is highest for {high.Value}, {rate(high)}, and lowest for {low.Value}, "
                    + $"{rate(low)}{(ratio is null ? "" : $": {ratio} as high")}. Their intervals do not overlap.");
        else
            said.Add(
                $"By {slicing.By}, {name} ranges from {rate(low)} for {low.Value} to {rate(high)} for {high.Value}; "
                    + "their intervals overlap, so this data does not show that the two differ.");
    }

    private static void Add(List<string> said, IdentificationResult result)
    {
        var size = RateEstimate.Count(result.Searches.GallerySize);
        foreach (var rank in result.Ranks.Take(1))
            said.Add($"In a gallery of {size} subjects the mate is not at rank {rank.Rank} in {rank.Fnir} of the mated searches.");
        foreach (var point in result.Points.Where(p => p.Threshold is not null).TakeLast(1))
            said.Add(
                $"At FPIR {Rate(point.WantedFpir)} (threshold {Score(point.Threshold!.Value)}) FNIR is {point.Fnir}; "
                    + $"a non-mated search returns {point.Selectivity!.Value.ToString("G3", CultureInfo.InvariantCulture)} candidates at "
                    + "or above the threshold on average.");
        var refused = result.Points.Where(p => p.Threshold is null).Select(p => Rate(p.WantedFpir)).ToArray();
        if (refused.Length > 0)
            said.Add(
                $"No threshold is given for FPIR {string.Join(", ", refused)}: not supported by "
                    + $"{RateEstimate.Count(result.Points[0].NonMated)} non-mated searches (10 / FPIR are needed).");
    }

    private static void Labels(List<string> said, EvaluationReport report)
    {
        if (report.DataSet is not { } set)
            return;
        foreach (var column in report.Protocol.Slices.SelectMany(s => s).Distinct().Where(c => set.LabelSources.ContainsKey(c)))
        {
            var source = set.LabelSources[column];
            if (source.StartsWith("machine-estimated", StringComparison.OrdinalIgnoreCase))
                said.Add(
                    $"The labels '{column}' are {source}, not self-reported: a difference between groups may be an error of the labels.");
        }
    }

    private static string Rate(double rate) => rate.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Score(double score) => score.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
