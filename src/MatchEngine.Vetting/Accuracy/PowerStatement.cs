using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Vetting.Accuracy;

/// <summary>What the data can find of one group, whatever the target does.</summary>
/// <param name="By">The columns.</param>
/// <param name="Value">The group.</param>
/// <param name="MatedSubjects">People with a mated search.</param>
/// <param name="Mated">Mated searches.</param>
/// <param name="NonMatedSubjects">People with a non-mated search.</param>
/// <param name="NonMated">Non-mated searches.</param>
/// <param name="FnirRatio">
/// The smallest ratio of its FNIR to the reference group's that 80 of 100 such sets would show, were the FNIR of both together as assumed;
/// null for the reference group, groups too small to be compared, and where so few errors are expected that nothing can be said.
/// </param>
/// <param name="FpirRatio">The same of FPIR.</param>
public sealed record GroupPower(
    string By, string Value, int MatedSubjects, int Mated, int NonMatedSubjects, int NonMated, double? FnirRatio, double? FpirRatio);

/// <summary>
/// What the data can find and what they cannot, from the numbers of searches and people alone: drawn up before the target is asked
/// anything. Photos that the target refuses make it less.
/// </summary>
/// <param name="GallerySubjects">People who are to be enrolled.</param>
/// <param name="Mated">Mated searches.</param>
/// <param name="MatedSubjects">People with one.</param>
/// <param name="NonMated">Non-mated searches.</param>
/// <param name="NonMatedSubjects">People with one.</param>
/// <param name="LowestFpir">The lowest FPIR at which a threshold can be set: ten errors stand behind it.</param>
/// <param name="FnirBelowIfNone">Were no mate missed, FNIR would be known to lie below this (3 / people).</param>
/// <param name="FpirBelowIfNone">Were no stranger returned, FPIR would be known to lie below this.</param>
/// <param name="AssumedFnir">The FNIR that the groups' ratios assume.</param>
/// <param name="AssumedFpir">The FPIR that they assume.</param>
/// <param name="Groups">What can be found of groups.</param>
public sealed record PowerStatement(
    int GallerySubjects, int Mated, int MatedSubjects, int NonMated, int NonMatedSubjects, double? LowestFpir, double? FnirBelowIfNone,
    double? FpirBelowIfNone, double AssumedFnir, double AssumedFpir, IReadOnlyList<GroupPower> Groups)
{
    // Rates that a service in use may well have; the statement names them beside what follows from them.
    private const double UsualFnir = 0.05;
    private const double UsualFpir = 0.1;

    /// <summary>Draws it up.</summary>
    /// <param name="split">Who is enrolled and searched for.</param>
    /// <param name="protocol">The groups and their least size.</param>
    public static PowerStatement Of(SearchSplit split, Protocol protocol)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(protocol);
        var (mated, nonMated) = (Trials.Of(split, split.Searchable.Where(split.IsMated)),
            Trials.Of(split, split.Searchable.Where(photo => !split.IsMated(photo))));
        return new PowerStatement(
            split.Enrolled.Count, mated.Searches, mated.People, nonMated.Searches, nonMated.People,
            nonMated.Searches >= OperatingPoint.ErrorsNeeded ? OperatingPoint.ErrorsNeeded / nonMated.Searches : null,
            Below(mated.People), Below(nonMated.People), UsualFnir, UsualFpir,
            [.. Slicing.All(split.Images, protocol, []).SelectMany(slicing => Of(split, protocol, slicing))]);
    }

    private static IEnumerable<GroupPower> Of(SearchSplit split, Protocol protocol, Slicing slicing)
    {
        var groups = slicing.Values.Select((value, v) =>
        {
            var own = split.Searchable.Where(photo => slicing.ValueOf[photo] == v).ToArray();
            return (Value: value, Mated: Trials.Of(split, own.Where(split.IsMated)),
                NonMated: Trials.Of(split, own.Where(photo => !split.IsMated(photo))));
        }).ToArray();
        if (groups.Length == 0)
            yield break;
        var named = slicing.ReferenceIn(protocol);
        var reference = named >= 0 ? named : Array.IndexOf(groups, groups.MaxBy(g => g.Mated.Searches + g.NonMated.Searches));
        for (var g = 0; g < groups.Length; g++)
        {
            var group = groups[g];
            double? Ratio(double rate, Trials own, Trials other) =>
                g == reference || Math.Min(own.People, other.People) < protocol.MinimumSubjects
                ? null
                : GroupRatio.DetectableRatio(rate, 0, own.Searches, own.People, other.Searches, other.People);
            yield return new GroupPower(
                slicing.By, group.Value, group.Mated.People, group.Mated.Searches, group.NonMated.People, group.NonMated.Searches,
                Ratio(UsualFnir, group.Mated, groups[reference].Mated), Ratio(UsualFpir, group.NonMated, groups[reference].NonMated));
        }
    }

    // The rule of three, by people: searches of one person are no further evidence.
    private static double? Below(int people) => people > 3 ? 3.0 / people : null;

    private readonly record struct Trials(int Searches, int People)
    {
        public static Trials Of(SearchSplit split, IEnumerable<int> photos)
        {
            var all = photos.ToArray();
            return new Trials(all.Length, all.Select(photo => split.Images.SubjectOf[photo]).Distinct().Count());
        }
    }
}
