using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Extremes;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Identification;

/// <summary>FNIR at a wanted FPIR (identification mode).</summary>
/// <param name="WantedFpir">The FPIR that was asked for; null where the threshold was given.</param>
/// <param name="Threshold">The lowest threshold whose FPIR does not exceed it;
/// null where there are fewer than 10 / FPIR non-mated searches.</param>
/// <param name="Fpir">FPIR at the threshold, or null.</param>
/// <param name="Fnir">FNIR at the threshold at any rank of the list, or null.</param>
/// <param name="Selectivity">Mean number of candidates at or above the threshold in a non-mated search, or null.</param>
/// <param name="IsSelectivityCut">Whether a list was full, so that the selectivity is a lower bound.</param>
/// <param name="NonMated">Non-mated searches that the threshold rests on.</param>
public sealed record IdentificationPoint(
    double? WantedFpir, double? Threshold, RateEstimate? Fpir, RateEstimate? Fnir, double? Selectivity,
    bool IsSelectivityCut, long NonMated);

/// <summary>FNIR without threshold (investigation mode).</summary>
/// <param name="Rank">R: the mate counts as found at this rank or better.</param>
/// <param name="Fnir">FNIR(N, R, 0).</param>
public sealed record RankPoint(int Rank, RateEstimate Fnir);

/// <summary>Rates at one gallery size.</summary>
/// <param name="GallerySize">N, in subjects.</param>
/// <param name="Mated">Mated searches: those whose subject is in this gallery.</param>
/// <param name="NonMated">Non-mated searches, the same for all sizes.</param>
/// <param name="RankOneMiss">FNIR(N, 1, 0).</param>
/// <param name="Points">FNIR at the wanted FPIR, each at its own threshold.</param>
/// <param name="FpirAtWholeGalleryThreshold">FPIR at the threshold that keeps the protocol's lowest supported FPIR in the whole gallery;
/// null when there is none.</param>
/// <param name="FnirAtWholeGalleryThreshold">FNIR at that threshold.</param>
public sealed record GallerySizePoint(
    int GallerySize, int Mated, int NonMated, RateEstimate RankOneMiss, IReadOnlyList<IdentificationPoint> Points,
    RateEstimate? FpirAtWholeGalleryThreshold, RateEstimate? FnirAtWholeGalleryThreshold);

/// <summary>FNIR and FPIR of the probes of one slice at the global threshold.</summary>
/// <param name="By">The columns.</param>
/// <param name="Value">The slice.</param>
/// <param name="Subjects">Subjects with a search in it.</param>
/// <param name="Fnir">Misses of mated searches.</param>
/// <param name="Fpir">False positives of non-mated searches.</param>
/// <param name="RankOneMiss">FNIR(N, 1, 0).</param>
/// <param name="IsMarked">Whether the slice has fewer subjects than the protocol asks for.</param>
/// <param name="IsFnirMarked">Whether fewer than that have a mated search; its FNIR then takes no part in comparisons.</param>
/// <param name="IsFpirMarked">Whether fewer than that have a non-mated search; its FPIR then takes no part in comparisons.</param>
/// <param name="FnirRatio">FNIR over that of the reference group, or null.</param>
/// <param name="FpirRatio">FPIR over that of the reference group, or null.</param>
public sealed record IdentificationSlice(
    string By, string Value, int Subjects, RateEstimate Fnir, RateEstimate Fpir, RateEstimate RankOneMiss, bool IsMarked, bool IsFnirMarked,
    bool IsFpirMarked, GroupRatio? FnirRatio, GroupRatio? FpirRatio);

/// <summary>What a 1:N evaluation found.</summary>
public sealed record IdentificationResult
{
    /// <summary>The searches of the whole gallery.</summary>
    public required SearchSet Searches { get; init; }

    /// <summary>FNIR at the wanted FPIR.</summary>
    public required IReadOnlyList<IdentificationPoint> Points { get; init; }

    /// <summary>FNIR at the wanted ranks.</summary>
    public required IReadOnlyList<RankPoint> Ranks { get; init; }

    /// <summary>Share of mated searches whose mate has at most rank 1, 2, 3 …</summary>
    public required IReadOnlyList<double> Cmc { get; init; }

    /// <summary>FNIR against FPIR over thresholds, for a drawing.</summary>
    public required IReadOnlyList<(double Threshold, double Fpir, double Fnir)> Curve { get; init; }

    /// <summary>How the rates move with the size of the gallery.</summary>
    public IReadOnlyList<GallerySizePoint> Sizes { get; init; } = [];

    /// <summary>The threshold at which slices are compared, or null.</summary>
    public double? GlobalThreshold { get; init; }

    /// <summary>The FPIR that it was set at.</summary>
    public double? GlobalFpir { get; init; }

    /// <summary>FNIR and FPIR at the given thresholds.</summary>
    public IReadOnlyList<IdentificationPoint> Thresholds { get; init; } = [];

    /// <summary>Each slicing at the global threshold.</summary>
    public IReadOnlyList<IdentificationSlicing> Slicings { get; init; } = [];

    /// <summary>Each slice of each slicing.</summary>
    public IEnumerable<IdentificationSlice> Slices => Slicings.SelectMany(s => s.Slices);

    /// <summary>What score floors do to the searches of each group.</summary>
    public IReadOnlyList<LeadPoint> Leads { get; init; } = [];

    /// <summary>Photos that gave no template, by slice and reason; empty when none was refused.</summary>
    public IReadOnlyList<RefusalSlicing> Refusals { get; init; } = [];

    /// <summary>Thresholds for larger galleries and rarer false positives, extrapolated; null where that cannot be done.</summary>
    public Extrapolation? Extrapolation { get; init; }

    /// <summary>FNIR over time and age; empty when the protocol wants none or the photos have neither.</summary>
    public IReadOnlyList<AgeingBand> Ageing { get; init; } = [];

    /// <summary>What cannot be concluded and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
