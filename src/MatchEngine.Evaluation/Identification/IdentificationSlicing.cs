using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Identification;

/// <summary>The probes of one slicing at the global threshold: rates of each group, ratios and how unequal the groups are.</summary>
/// <param name="By">The columns.</param>
/// <param name="Reference">The group that the others are compared with, or null.</param>
/// <param name="IsReferenceChosen">Whether the protocol names none, so that the one with the most mated searches was taken.</param>
/// <param name="Slices">Each slice.</param>
/// <param name="Fnir">Differentials of FNIR over the slices that take part; null with fewer than two.</param>
/// <param name="Fpir">Differentials of FPIR.</param>
public sealed record IdentificationSlicing(
    string By, string? Reference, bool IsReferenceChosen, IReadOnlyList<IdentificationSlice> Slices, RateDifferentials? Fnir,
    RateDifferentials? Fpir)
{
    /// <summary>One group's rates before anything was drawn.</summary>
    internal sealed record Group(string Value, int Subjects, WantedRate Miss, WantedRate Positive, WantedRate RankOne);

    internal static IdentificationSlicing Of(
        string by, Group[] groups, int named, Protocol protocol, IReadOnlyList<BootstrapResult>? drawn)
    {
        bool IsMarked(int g) => groups[g].Subjects < protocol.MinimumSubjects;
        bool Few(WantedRate rate) => rate.Statistic is null || rate.Statistic.Subjects < protocol.MinimumSubjects;
        bool IsFnirMarked(int g) => IsMarked(g) || Few(groups[g].Miss);
        bool IsFpirMarked(int g) => IsMarked(g) || Few(groups[g].Positive);
        var known = groups.All(g => g.Miss.Statistic is not null && g.Positive.Statistic is not null && g.RankOne.Statistic is not null);
        var misses = known ? groups.Select(g => g.Miss.Statistic!).ToArray() : [];
        var positives = known ? groups.Select(g => g.Positive.Statistic!).ToArray() : [];
        var reference = !known ? -1 : named >= 0 ? named : GroupRatio.Largest(misses, IsFnirMarked);
        var missRatios = known
            ? GroupRatio.Of(misses, Draws(g => g.Miss), reference, IsFnirMarked)
            : new GroupRatio?[groups.Length];
        var positiveRatios = known
            ? GroupRatio.Of(positives, Draws(g => g.Positive), reference, IsFpirMarked)
            : new GroupRatio?[groups.Length];
        IdentificationSlice[] slices = [.. groups.Select((group, g) => new IdentificationSlice(
            by, group.Value, group.Subjects, group.Miss.Estimate(drawn), group.Positive.Estimate(drawn), group.RankOne.Estimate(drawn),
            IsMarked(g), IsFnirMarked(g), IsFpirMarked(g), missRatios[g], positiveRatios[g]))];
        return new IdentificationSlicing(
            by,
            reference < 0 ? null : groups[reference].Value,
            named < 0,
            slices,
            Differentials.Of(slices.Where(s => !s.IsFnirMarked).Select(s => (s.Value, s.Fnir))),
            Differentials.Of(slices.Where(s => !s.IsFpirMarked).Select(s => (s.Value, s.Fpir))));

        BootstrapResult[]? Draws(Func<Group, WantedRate> rate) => drawn is null ? null : [.. groups.Select(g => rate(g).Draws(drawn)!)];
    }

    /// <summary>Corrects all ratios of a report for everything that was looked at.</summary>
    internal static (IReadOnlyList<IdentificationSlicing> Slicings, IReadOnlyList<RefusalSlicing> Refusals) Corrected(
        IdentificationSlicing[] slicings, IReadOnlyList<RefusalSlicing> refusals)
    {
        var corrected = new Queue<GroupRatio?>(GroupRatio.Corrected([
            .. slicings.SelectMany(s => s.Slices).SelectMany(s => new[] { s.FnirRatio, s.FpirRatio }),
            .. refusals.SelectMany(r => r.Rows).Select(r => r.Ratio)]));
        return (
            [.. slicings.Select(slicing => slicing with
            {
                Slices = [.. slicing.Slices.Select(s => s with { FnirRatio = corrected.Dequeue(), FpirRatio = corrected.Dequeue() })],
            })],
            [.. refusals.Select(r => r with { Rows = [.. r.Rows.Select(row => row with { Ratio = corrected.Dequeue() })] })]);
    }
}
