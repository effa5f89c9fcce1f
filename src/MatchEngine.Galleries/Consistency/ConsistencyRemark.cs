using System.Globalization;
using MatchEngine.Galleries.Enrolment;

namespace MatchEngine.Galleries.Consistency;

/// <summary>Something about an enrolled photo that somebody should look at.</summary>
/// <param name="Kind">What.</param>
/// <param name="Encounter">The photo's face.</param>
/// <param name="Detail">The same in a sentence, with the numbers that it rests on.</param>
public sealed record ConsistencyRemark(ConsistencyKind Kind, Encounter Encounter, string Detail)
{
    /// <summary>The best score with the subject's other photos, or with the other subject; null where it is about quality.</summary>
    public float? Score { get; private init; }

    /// <summary>The encounter of the subject's own, or of the other subject, that is most alike; null where it is about quality.</summary>
    public Encounter? Other { get; private init; }

    /// <summary>The overall quality that the subject's other photos have in the median; null unless it is about quality.</summary>
    public double? UsualQuality { get; private init; }

    /// <summary>The remark as a warning of an enrolment.</summary>
    internal EnrolmentWarning ToWarning(string image) => new(image, Kind.ToCode(), $"the photo {Detail}");

    /// <summary>The photo does not look like the subject's others.</summary>
    /// <param name="encounter">The photo's face.</param>
    /// <param name="nearest">The most alike of the subject's others.</param>
    /// <param name="score">Their score.</param>
    /// <param name="others">With how many it was compared.</param>
    /// <param name="limits">What was applied.</param>
    internal static ConsistencyRemark Inconsistent(
        Encounter encounter, Encounter nearest, float score, int others, ConsistencyLimits limits) => new(
        ConsistencyKind.InconsistentSubject, encounter,
        string.Create(
            CultureInfo.InvariantCulture,
            $"does not look like the same person as "
                + $"{(others == 1 ? "the subject's other photo" : $"any of {others} other photos of the subject")}: "
                + $"the best score is {score:0.000}, which more than 1 of {1 / ConsistencyLimits.UnlikeRate:0} pairs of different people "
                + $"reach ({limits.UnlikeScore:0.000}, {limits.Population}); one of the labels may be wrong"))
    {
        Score = score,
        Other = nearest,
    };

    /// <summary>The photo looks like another subject.</summary>
    /// <param name="encounter">The photo's face.</param>
    /// <param name="other">The most alike encounter of the other subject.</param>
    /// <param name="score">Their score.</param>
    /// <param name="chance">What can be said of chance, in words.</param>
    internal static ConsistencyRemark Alike(Encounter encounter, Encounter other, float score, string chance) => new(
        ConsistencyKind.LooksLike, encounter,
        string.Create(
            CultureInfo.InvariantCulture,
            $"looks like subject '{other.SubjectId}' too (score {score:0.000}; {chance}): one person may be enrolled twice, "
                + $"a label may be wrong, or they are relatives"))
    {
        Score = score,
        Other = other,
    };

    /// <summary>The photo is far poorer than the subject's others.</summary>
    /// <param name="encounter">The photo's face.</param>
    /// <param name="quality">Its overall quality.</param>
    /// <param name="usual">The others' median.</param>
    internal static ConsistencyRemark Poor(Encounter encounter, double quality, double usual) => new(
        ConsistencyKind.PoorBesideOthers, encounter,
        string.Create(
            CultureInfo.InvariantCulture,
            $"is far poorer than the subject's other photos (quality {quality:0} where {usual:0} is usual): the subject may be better "
                + $"off without it"))
    {
        UsualQuality = usual,
    };
}
