using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Demographics;

/// <summary>Error rates of one slice at the global threshold.</summary>
/// <param name="By">The columns that the slice is by.</param>
/// <param name="Value">The slice.</param>
/// <param name="Subjects">Subjects with a photo in the slice.</param>
/// <param name="Photos">Photos in the slice; 0 where it is not known which photos took part.</param>
/// <param name="Fmr">False match rate: comparisons of photos of different subjects, both photos in the slice.</param>
/// <param name="Fnmr">False non-match rate: comparisons of photos of one subject, both in the slice.</param>
/// <param name="FnmrBySubject">FNMR with every subject weighted equally; NaN without mated comparisons.</param>
/// <param name="FnmrBySubjectRange">Its interval, or null.</param>
/// <param name="IsMarked">Whether the slice has fewer subjects than the protocol asks for; it then takes no part in differentials.</param>
/// <param name="MatedSubjects">Subjects with a mated comparison in the slice.</param>
/// <param name="IsFnmrMarked">Whether these are fewer than the protocol asks for; its FNMR then takes no part in differentials.</param>
/// <param name="FmrRatio">FMR over that of the reference group; null for that group itself and without one.</param>
/// <param name="FnmrRatio">FNMR over that of the reference group; null as for FMR.</param>
/// <param name="FnmrWithFailures">FNMR when comparisons without a template count as non-matches.</param>
public sealed record SliceRates(
    string By,
    string Value,
    int Subjects,
    int Photos,
    RateEstimate Fmr,
    RateEstimate Fnmr,
    double FnmrBySubject,
    Interval? FnmrBySubjectRange,
    bool IsMarked,
    int MatedSubjects,
    bool IsFnmrMarked,
    GroupRatio? FmrRatio,
    GroupRatio? FnmrRatio,
    RateEstimate FnmrWithFailures);

/// <summary>
/// What is in no slice, so that slices and remainder add up to the whole: comparisons across slices and of photos whose label is not known.
/// </summary>
/// <param name="By">The columns.</param>
/// <param name="Mated">Mated comparisons.</param>
/// <param name="FalseNonMatches">False non-matches among them.</param>
/// <param name="Impostors">Impostor comparisons.</param>
/// <param name="FalseMatches">False matches among them.</param>
/// <param name="UnlabelledPhotos">Photos whose label is not known.</param>
public sealed record SliceRemainder(string By, long Mated, long FalseNonMatches, long Impostors, long FalseMatches, long UnlabelledPhotos);

/// <summary>FMR between two groups.</summary>
/// <param name="First">One group.</param>
/// <param name="Second">The other, or the same.</param>
/// <param name="Fmr">The rate of impostor comparisons with one photo in each.</param>
/// <param name="IsMarked">Whether either group has too few subjects.</param>
public sealed record CrossDemographicCell(string First, string Second, RateEstimate Fmr, bool IsMarked);

/// <summary>Everything about one slicing at one threshold.</summary>
/// <param name="By">The columns.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="Reference">
/// The group that the others are compared with: the protocol's, or else the one with the most impostor comparisons; null where fewer than
/// two groups have enough subjects.
/// </param>
/// <param name="IsReferenceChosen">Whether the protocol names none, so that the largest was taken.</param>
/// <param name="Slices">Each slice.</param>
/// <param name="Remainder">What is in no slice.</param>
/// <param name="Matrix">FMR within and between groups, each unordered pair once.</param>
/// <param name="Fmr">Differentials of FMR over the slices that are not marked; null with fewer than two.</param>
/// <param name="Fnmr">Differentials of FNMR.</param>
/// <param name="FairnessDiscrepancyRate">FDR(α), or null.</param>
/// <param name="InequityRate">IR(α), or null where it does not exist.</param>
/// <param name="Garbe">GARBE(α), or null.</param>
public sealed record SlicingResult(
    string By,
    double Threshold,
    string? Reference,
    bool IsReferenceChosen,
    IReadOnlyList<SliceRates> Slices,
    SliceRemainder Remainder,
    IReadOnlyList<CrossDemographicCell> Matrix,
    RateDifferentials? Fmr,
    RateDifferentials? Fnmr,
    double? FairnessDiscrepancyRate,
    double? InequityRate,
    double? Garbe);
