using System.Globalization;
using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Extremes;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;
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
            Add(said, verification, report);
        if (report.Identification is { } identification)
            Add(said, identification, report);
        if (report.Corrected is { } corrected && report.Verification is { } asGiven)
        {
            foreach (var (before, after) in asGiven.OperatingPoints.Zip(corrected.OperatingPoints)
                .Where(p => p.First.Fnmr is not null && p.Second.Fnmr is not null).TakeLast(1))
                said.Add(
                    "With the known mistakes of the labels put right, FNMR at FMR "
                        + $"{Rate(before.WantedFmr!.Value)} is {after.Fnmr} in place of {before.Fnmr}.");
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

    private static void Add(List<string> said, VerificationResult result, EvaluationReport report)
    {
        if (result.Accuracy is { } accuracy)
            said.Add(
                $"Accuracy over {accuracy.Folds.Count} folds is {Percent(accuracy.Mean)} with a standard deviation of "
                    + (accuracy.StandardDeviation == 0 ? "none: all folds are alike." : $"{Percent(accuracy.StandardDeviation)}."));
        if (result.Curve.AreaUnderRoc < 0.5)
            said.Add(
                "Mated comparisons score lower than impostor comparisons (AUC "
                    + $"{result.Curve.AreaUnderRoc.ToString("G3", CultureInfo.InvariantCulture)}): if these are distances, give "
                        + "--distances; if they "
                    + "were given as distances and are not, leave it out. No rate below means anything until that is settled.");
        foreach (var point in result.Thresholds)
            Add(
                said, point.Threshold!.Value, report, point.Fmr, point.Fnmr, "FMR", "FNMR",
                point.FnmrBySubject is { } own && point.Fnmr!.Errors > 0
                    ? $"; with every subject weighted equally it is {JsonParts.Mean(own, point.FnmrBySubjectRange)}"
                    : "");
        foreach (var point in result.OperatingPoints.Where(p => p.Threshold is not null).TakeLast(2))
        {
            said.Add($"At FMR {Rate(point.WantedFmr!.Value)} (threshold {Score(point.Threshold!.Value)}) FNMR is {point.Fnmr}"
                + (point.FnmrBySubject is { } mean && point.Fnmr!.Errors > 0
                    ? $"; with every subject weighted equally it is {JsonParts.Mean(mean, point.FnmrBySubjectRange)}."
                    : "."));
        }
        var refused = result.OperatingPoints.Where(p => p.Threshold is null).Select(p => Rate(p.WantedFmr!.Value)).ToArray();
        if (refused.Length > 0)
            said.Add(
                $"No threshold is given for FMR {string.Join(", ", refused)}: not supported by "
                    + $"{RateEstimate.Count(result.Curve.Impostor.Total)} impostor comparisons (10 / FMR are needed).");
        foreach (var point in result.Extrapolation?.Points.Take(1) ?? [])
            said.Add(
                $"Extrapolated, not measured (a Pareto tail of the {result.Extrapolation!.Exceedances} highest impostor scores): for FMR "
                    + $"{Rate(point.Rate)} the threshold would be {JsonParts.Words(point)} and FNMR {Extrapolated(point)}.");
        var lookedAt = result.Slicings.SelectMany(s => s.Slices)
            .Sum(s => (s.FmrRatio?.PValue is null ? 0 : 1) + (s.FnmrRatio?.PValue is null ? 0 : 1)) + Tested(result.Refusals);
        foreach (var slicing in result.Slicings)
        {
            said.AddRange(GroupConclusions.Of(
                slicing.By, "FMR", slicing.Reference, slicing.IsReferenceChosen,
                [.. slicing.Slices.Select(s => new GroupConclusions.Group(s.Value, s.Fmr, !s.IsMarked, s.FmrRatio))], lookedAt));
            said.AddRange(GroupConclusions.Of(
                slicing.By, "FNMR", slicing.Reference, slicing.IsReferenceChosen,
                [.. slicing.Slices.Select(s => new GroupConclusions.Group(s.Value, s.Fnmr, !s.IsMarked && !s.IsFnmrMarked, s.FnmrRatio))],
                lookedAt));
        }
        Identical(said, result.Comparisons);
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
            var (start, left) = (quality.Points[0].Fnmr, quality.Points[(int)(ErrorVersusDiscard.AreaTo * 100)].Fnmr);
            said.Add(
                $"Dropping the {Percent(ErrorVersusDiscard.AreaTo)} of the comparisons with the lowest quality would take FNMR from "
                    + $"{RateEstimate.Percent(start)} to {(left == 0 ? "no error at all" : RateEstimate.Percent(left))}.");
        }
        if (Refused(said, result.Refusals, lookedAt))
            said.Add("The rates leave refused photos out; the variants \"with failures\" count them as non-matches.");
    }

    // The question of whoever runs a system: what is our threshold worth here, and is it what we were told?
    private static void Add(
        List<string> said, double threshold, EvaluationReport report, RateEstimate? falsePositives, RateEstimate? misses, string positive,
        string miss, string ending)
    {
        var claim = report.Claims.GetValueOrDefault(threshold);
        var measured = falsePositives is null || falsePositives.Trials == 0 ? $"{positive} is not known"
            : $"{positive} is {falsePositives}";
        said.Add($"At the given threshold {Score(threshold)} {measured}, and {miss} {misses}{ending}.");
        if (claim is null)
            return;
        var claimed = claim.FalsePositives is { } rate ? $"{positive} {RateEstimate.Percent(rate)}"
            : claim.FalsePositivesBelow is { } below ? $"{positive} below {RateEstimate.Percent(below)}"
            : $"no {positive}";
        var verdict = ClaimedRate.Compare(claim.FalsePositives, claim.FalsePositivesBelow, falsePositives) switch
        {
            ClaimAgreement.Agrees => "the claim lies within what was measured here",
            ClaimAgreement.HigherThanClaimed => $"{positive} measured here is higher than claimed",
            ClaimAgreement.LowerThanClaimed => $"{positive} measured here is lower than claimed",
            _ => "nothing follows",
        };
        said.Add(
            $"For threshold {Score(threshold)} {claim.By} claims {claimed}, {claim.Population}: {verdict}."
                + (report.DataSet?.Name is { } here && here == claim.DataSet
                    ? " Both come from the same data set, so agreement shows nothing about other people."
                    : ""));
        if (claim.Misses is { } missed && misses is { Trials: > 0 })
            said.Add(
                $"For threshold {Score(threshold)} {claim.By} claims {miss} {RateEstimate.Percent(missed)}: "
                    + ClaimedRate.Compare(missed, null, misses) switch
                    {
                        ClaimAgreement.Agrees => "the claim lies within what was measured here.",
                        ClaimAgreement.HigherThanClaimed => $"{miss} measured here is higher than claimed.",
                        ClaimAgreement.LowerThanClaimed => $"{miss} measured here is lower than claimed.",
                        _ => "nothing follows.",
                    });
    }

    private static string Extrapolated(ExtrapolatedPoint point) => point.Misses switch
    {
        > 0 and < 1 => RateEstimate.Ranged(point.Misses, point.MissesRange),
        0 => "cannot be said: no mate here scores below it",
        _ => "cannot be said: every mate here scores below it",
    };

    private static int Tested(IReadOnlyList<RefusalSlicing> refusals) => refusals.Sum(r => r.Rows.Count(row =>
        row.Ratio?.PValue is not null));

    private static bool Refused(List<string> said, IReadOnlyList<RefusalSlicing> refusals, int lookedAt)
    {
        if (refusals.FirstOrDefault(r => r.By == RefusalSlicing.Everybody) is not { } all)
            return false;
        said.Add(
            $"Of the photos, {all.Rows.First(r => r.Reason == RefusalSlicing.AnyReason).Rate} gave no template: "
                + string.Join(
                    ", ", all.Rows.Where(r => r.Reason != RefusalSlicing.AnyReason).Select(r =>
                        $"{RateEstimate.Count(r.Rate.Errors)} × {r.Reason}"))
                + ".");
        foreach (var slicing in refusals.Where(r => r.By != RefusalSlicing.Everybody))
            said.AddRange(GroupConclusions.Of(
                slicing.By, "the refusal rate", slicing.Reference, slicing.IsReferenceChosen,
                [.. slicing.Rows.Where(r => r.Reason == RefusalSlicing.AnyReason)
                    .Select(r => new GroupConclusions.Group(r.Value, r.Rate, !r.IsMarked, r.Ratio))],
                lookedAt));
        return true;
    }

    // One photo under two names is a mistake of the labels, whichever of the two is wrong.
    private static void Identical(List<string> said, Comparisons comparisons)
    {
        if (comparisons.LeftOut.GetValueOrDefault(Comparisons.IdenticalUnderSubjects) is var count && count == 0)
            return;
        var images = comparisons.Images!;
        var groups = comparisons.IdenticalPhotos
            .Select(group => group.Select(image => $"{image} as '{images.Subjects[images.SubjectOf[images.IndexOf(image)]]}'").ToArray())
            .Where(group => group.Select(text => text[text.LastIndexOf(" as '", StringComparison.Ordinal)..]).Distinct().Skip(1).Any(
                )).ToArray();
        said.Add(
            $"{RateEstimate.Count(count)} {(count == 1 ? "photo stands" : "photos stand")} under another subject too, byte for byte"
                + (groups.Length == 0 ? "" : $" ({string.Join("; ", groups.Take(5).Select(group => string.Join(", ", group)))}"
                    + $"{(groups.Length > 5 ? "; …" : "")})")
                + ": one of the labels is wrong. The first by name was kept.");
    }

    private static void Add(List<string> said, IdentificationResult result, EvaluationReport report)
    {
        foreach (var point in result.Thresholds)
            Add(said, point.Threshold!.Value, report, point.Fpir, point.Fnir, "FPIR", "FNIR", "");
        var size = RateEstimate.Count(result.Searches.GallerySize);
        foreach (var rank in result.Ranks.Take(1))
            said.Add($"In a gallery of {size} subjects the mate is not at rank {rank.Rank} in {rank.Fnir} of the mated searches.");
        foreach (var point in result.Points.Where(p => p.Threshold is not null).TakeLast(1))
            said.Add(
                $"At FPIR {Rate(point.WantedFpir!.Value)} (threshold {Score(point.Threshold!.Value)}) FNIR is {point.Fnir}; "
                    + $"a non-mated search returns {point.Selectivity!.Value.ToString("G3", CultureInfo.InvariantCulture)} candidates at "
                    + "or above the threshold on average.");
        var refused = result.Points.Where(p => p.Threshold is null).Select(p => Rate(p.WantedFpir!.Value)).ToArray();
        if (refused.Length > 0)
            said.Add(
                $"No threshold is given for FPIR {string.Join(", ", refused)}: not supported by "
                    + $"{RateEstimate.Count(result.Points[0].NonMated)} non-mated searches (10 / FPIR are needed).");
        foreach (var point in result.Extrapolation?.Points.Where(p => p.GallerySize >= 10L * result.Searches.GallerySize).Take(1) ?? [])
            said.Add(
                $"Extrapolated, not measured (a Pareto tail of the {result.Extrapolation!.Exceedances} highest non-mated scores): in a "
                    + "gallery of "
                    + $"{RateEstimate.Count(point.GallerySize!.Value)} subjects like these, FPIR {Rate(point.Rate)} would need the "
                        + "threshold "
                    + $"{JsonParts.Words(point)}, and FNIR would be {Extrapolated(point)}.");
        var lookedAt = result.Slices.Sum(s => (s.FnirRatio?.PValue is null ? 0 : 1) + (s.FpirRatio?.PValue is null ? 0 : 1))
            + Tested(result.Refusals);
        foreach (var slicing in result.Slicings)
        {
            said.AddRange(GroupConclusions.Of(
                slicing.By, "FNIR", slicing.Reference, slicing.IsReferenceChosen,
                [.. slicing.Slices.Select(s => new GroupConclusions.Group(s.Value, s.Fnir, !s.IsFnirMarked, s.FnirRatio))], lookedAt));
            said.AddRange(GroupConclusions.Of(
                slicing.By, "FPIR", slicing.Reference, slicing.IsReferenceChosen,
                [.. slicing.Slices.Select(s => new GroupConclusions.Group(s.Value, s.Fpir, !s.IsFpirMarked, s.FpirRatio))], lookedAt));
        }
        if (Refused(said, result.Refusals, lookedAt))
            said.Add("A refused probe, and a subject none of whose photos could be enrolled, count as missed in FNIR.");
        foreach (var (reason, count) in result.Searches.LeftOut.Where(l => l.Key.EndsWith("of another subject", StringComparison.Ordinal)))
            said.Add($"{RateEstimate.Count(count)} × {reason}: one of the labels is wrong.");
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
