using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Acquisition;

/// <summary>How many photos of one group gave no template, for one reason (failure to acquire, FTA, ISO/IEC 19795-1).</summary>
/// <param name="Value">The group; <see cref="RefusalSlicing.Everybody"/> for all photos.</param>
/// <param name="Reason">The reason, or <see cref="RefusalSlicing.AnyReason"/>.</param>
/// <param name="Subjects">Subjects with a photo in the group.</param>
/// <param name="Rate">Refused photos of all photos of the group that were tried.</param>
/// <param name="IsMarked">Whether the group has fewer subjects than the protocol asks for.</param>
/// <param name="Ratio">The rate over that of the reference group, or null. Only ratios of any reason are tested.</param>
public sealed record Refusal(string Value, string Reason, int Subjects, RateEstimate Rate, bool IsMarked, GroupRatio? Ratio);

/// <summary>Refused photos by the groups of one slicing and by reason.</summary>
/// <param name="By">The columns; <see cref="Everybody"/> for all photos together.</param>
/// <param name="Reference">The group that the others are compared with, or null.</param>
/// <param name="IsReferenceChosen">Whether the protocol names none, so that the group with the most photos was taken.</param>
/// <param name="Rows">Each group and reason.</param>
public sealed record RefusalSlicing(string By, string? Reference, bool IsReferenceChosen, IReadOnlyList<Refusal> Rows)
{
    /// <summary>What stands for all photos.</summary>
    public const string Everybody = "all";

    /// <summary>What stands for all reasons.</summary>
    public const string AnyReason = "any";
}
