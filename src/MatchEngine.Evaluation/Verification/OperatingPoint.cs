using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Verification;

/// <summary>
/// The errors at a threshold: FNMR at a wanted FMR, where the data support a threshold, or both rates at a threshold that was given.
/// </summary>
/// <param name="WantedFmr">The FMR that was asked for; null where the threshold was given.</param>
/// <param name="Threshold">The lowest threshold whose FMR does not exceed it;
/// null where there are fewer than 10 / FMR impostor comparisons.</param>
/// <param name="Fmr">The FMR at the threshold, with counts and interval; null without a threshold.</param>
/// <param name="Fnmr">The FNMR at the threshold, failures excluded; null without a threshold. Where an FMR was asked for, its interval
/// allows for the threshold having been set on the same people: each draw sets its own.</param>
/// <param name="FnmrBySubject">FNMR with every subject weighted equally; null without a threshold or without subjects.</param>
/// <param name="FnmrBySubjectRange">Its interval, or null.</param>
/// <param name="FmrBySubject">FMR with every subject weighted equally; null without a threshold or without subjects, or below the score
/// from which impostors are kept.</param>
/// <param name="FnmrWithFailures">FNMR when comparisons without a template count as non-matches; null without a threshold.</param>
/// <param name="FmrWithFailures">FMR when comparisons without a template count as non-matches; null without a threshold.</param>
/// <param name="Impostors">Impostor comparisons that the threshold rests on.</param>
/// <param name="Mated">Mated comparisons.</param>
public sealed record OperatingPoint(
    double? WantedFmr,
    double? Threshold,
    RateEstimate? Fmr,
    RateEstimate? Fnmr,
    double? FnmrBySubject,
    Interval? FnmrBySubjectRange,
    double? FmrBySubject,
    RateEstimate? FnmrWithFailures,
    RateEstimate? FmrWithFailures,
    long Impostors,
    long Mated)
{
    /// <summary>
    /// How many impostor comparisons a threshold at an FMR needs, times that FMR:
    /// with fewer errors than about ten behind it a threshold is noise.
    /// </summary>
    public const double ErrorsNeeded = 10;

    /// <summary>Whether n comparisons support a threshold at a rate: n ≥ 10 / rate.</summary>
    public static bool IsSupported(double rate, long comparisons) => comparisons * rate >= ErrorsNeeded * (1 - 1e-12);
}
