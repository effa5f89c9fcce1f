using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Extremes;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Subjects;

namespace MatchEngine.Evaluation.Verification;

/// <summary>A DET curve of one slice with interval bands.</summary>
/// <param name="By">The columns.</param>
/// <param name="Value">The slice.</param>
/// <param name="Points">FMR within the slice, FNMR and its interval, at thresholds that the slice's impostor comparisons support.</param>
public sealed record SliceDet(string By, string Value, IReadOnlyList<SliceDet.Point> Points)
{
    /// <summary>One point of the curve.</summary>
    /// <param name="Threshold">The threshold.</param>
    /// <param name="Fmr">FMR within the slice.</param>
    /// <param name="Fnmr">FNMR of the slice.</param>
    public sealed record Point(double Threshold, double Fmr, RateEstimate Fnmr);
}

/// <summary>What a 1:1 evaluation found.</summary>
public sealed record VerificationResult
{
    /// <summary>The comparisons behind it.</summary>
    public required Comparisons Comparisons { get; init; }

    /// <summary>The trade-off of both errors.</summary>
    public required DetCurve Curve { get; init; }

    /// <summary>The equal error rate.</summary>
    public required EqualErrorRate EqualErrorRate { get; init; }

    /// <summary>Accuracy over folds, or null when the comparisons are in none.</summary>
    public FoldAccuracy? Accuracy { get; init; }

    /// <summary>FNMR at the wanted FMR.</summary>
    public required IReadOnlyList<OperatingPoint> OperatingPoints { get; init; }

    /// <summary>The errors at the given thresholds.</summary>
    public IReadOnlyList<OperatingPoint> Thresholds { get; init; } = [];

    /// <summary>The one global threshold; null when the data support none.</summary>
    public double? GlobalThreshold { get; init; }

    /// <summary>
    /// The FMR that the global threshold was set at; it may be above the protocol's when the data do not support that one. Null where the
    /// threshold was given.
    /// </summary>
    public double? GlobalFmr { get; init; }

    /// <summary>Each slicing at the global threshold.</summary>
    public IReadOnlyList<SlicingResult> Slicings { get; init; } = [];

    /// <summary>Photos that gave no template, by slice and reason; empty when none was refused.</summary>
    public IReadOnlyList<RefusalSlicing> Refusals { get; init; } = [];

    /// <summary>DET curves of the slices by one column that are not marked.</summary>
    public IReadOnlyList<SliceDet> SliceDets { get; init; } = [];

    /// <summary>Where the scores of each group lie.</summary>
    public IReadOnlyList<ScoreShift> ScoreShifts { get; init; } = [];

    /// <summary>Thresholds for rarer false matches than the data support, extrapolated; null where that cannot be done.</summary>
    public Extrapolation? Extrapolation { get; init; }

    /// <summary>FNMR over time and age; empty when the protocol wants none or the photos have neither.</summary>
    public IReadOnlyList<AgeingBand> Ageing { get; init; } = [];

    /// <summary>FMR within and between ages; empty when ages are not wanted or not known.</summary>
    public IReadOnlyList<AgeCell> AgeMatrix { get; init; } = [];

    /// <summary>Error versus discard, or null without qualities.</summary>
    public ErrorVersusDiscard? Quality { get; init; }

    /// <summary>What refusing the photos of the lowest quality does, measure by measure; empty when no measure was given.</summary>
    public IReadOnlyList<PhotoDiscard> PhotoDiscards { get; init; } = [];

    /// <summary>Errors by subject; empty without metadata or global threshold.</summary>
    public IReadOnlyList<SubjectErrors> Subjects { get; init; } = [];

    /// <summary>What looks like a mistake of the labels, or null without metadata or global threshold.</summary>
    public Hygiene? Hygiene { get; init; }

    /// <summary>What cannot be concluded and why, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
