using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Verification;

/// <summary>
/// FNMR at the fixed threshold among the photos that are left when those of the lowest quality are refused, as an operator would refuse
/// them: a refused photo takes all its comparisons with it. Refusing photos at random leaves FNMR where it was, but for chance.
/// </summary>
/// <param name="Measure">The quality measure.</param>
/// <param name="Discarded">Share of the photos that is refused.</param>
/// <param name="Photos">How many photos are left. Photos without a quality are refused last.</param>
/// <param name="Fnmr">FNMR of the rest, by pairs.</param>
/// <param name="FnmrBySubject">FNMR of the rest with every subject weighted equally; NaN when no pair is left.</param>
/// <param name="FnmrBySubjectRange">Its interval; null without a bootstrap.</param>
/// <param name="Reduction">FNMR of all photos minus <paramref name="Fnmr"/>, both on the same draws of subjects.</param>
/// <param name="ReductionBySubject">The same with every subject weighted equally.</param>
/// <param name="BeyondFirst">FNMR that the first measure of the list leaves minus what this one leaves: below 0 where the first is better;
/// null for the first itself.</param>
/// <param name="BeyondFirstBySubject">The same with every subject weighted equally.</param>
/// <param name="AtRandom">Where FNMR lies in 95 of 100 random refusals of as many photos.</param>
/// <param name="AtRandomBySubject">The same with every subject weighted equally.</param>
public sealed record PhotoDiscard(
    string Measure,
    double Discarded,
    int Photos,
    RateEstimate Fnmr,
    double FnmrBySubject,
    Interval? FnmrBySubjectRange,
    RateChange Reduction,
    RateChange ReductionBySubject,
    RateChange? BeyondFirst,
    RateChange? BeyondFirstBySubject,
    Interval AtRandom,
    Interval AtRandomBySubject);

/// <summary>A difference of two rates.</summary>
/// <param name="Value">The difference.</param>
/// <param name="Range">Its interval, formed draw by draw; null without a bootstrap.</param>
public readonly record struct RateChange(double Value, Interval? Range);
