using System.Globalization;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Indexing;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Consistency;

/// <summary>
/// Compares what was just enrolled with the rest of its gallery: it warns of a photo that does not look like its subject, looks like
/// another one, or is far poorer than the subject's others. It brings the gallery's index up to date and costs a search a face.
/// </summary>
/// <param name="gallery">The gallery.</param>
/// <param name="limits">From where on something is remarked.</param>
/// <param name="organisation">Who enrols: what providers do not share with it is not compared; null: everything is.</param>
public sealed class EnrolmentCheck(Gallery gallery, ConsistencyLimits limits, string? organisation) : IEnrolmentCheck
{
    // The nearest subject is wanted, and those behind it that are as near; nobody reads more of them beside a photo.
    private const int MostAlike = 3;

    /// <summary>Whether faces are compared with other subjects', too, and not with the subject's own alone.</summary>
    public bool AmongOthers { get; init; } = true;

    /// <inheritdoc/>
    public IReadOnlyList<EnrolmentWarning> Look(string image, IReadOnlyList<string> encounters, CancellationToken cancellationToken) =>
        [.. Look(encounters, cancellationToken).Select(remark => remark.ToWarning(image))];

    private List<ConsistencyRemark> Look(IReadOnlyList<string> encounters, CancellationToken cancellationToken)
    {
        var remarks = new List<ConsistencyRemark>();
        foreach (var id in encounters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (gallery.FindTemplate(id) is not var (encounter, stored))
                continue;
            try
            {
                if (gallery.FindSubject(encounter.SubjectId) is { } subject)
                    remarks.AddRange(SubjectConsistency.Of(gallery, subject, limits, other => other.Id == id));
                if (AmongOthers)
                    remarks.AddRange(Alike(encounter, stored.Template, stored.Subject, cancellationToken));
            }
            finally
            {
                stored.Template.Erase();
            }
        }
        return remarks;
    }

    private List<ConsistencyRemark> Alike(Encounter encounter, Template template, long subject, CancellationToken cancellationToken)
    {
        var answer = gallery.Compare(
            [template], MostAlike, tally: SubjectTally.Request(MostAlike), except: subject, searcher: organisation, exhaustive: true,
            cancellationToken: cancellationToken);
        var remarks = new List<ConsistencyRemark>();
        if (answer.Answers[0].Hits.Count == 0)
            return remarks;
        var linked = gallery.Links(encounter.SubjectId).Select(link => link.SubjectId).ToHashSet(StringComparer.Ordinal);
        // Whoever is alike may be the same person: that is what is looked for.
        var fit = answer.Answers[0].Tally is { } tally
            ? TailFit.Of(
                SubjectTally.Summary(tally, possibleMates: 1),
                string.Create(CultureInfo.InvariantCulture, $"the {tally.Subjects:N0} other subjects of gallery '{gallery.Name}'"),
                answer.Prior)
            : null;
        foreach (var hit in answer.Answers[0].Hits)
        {
            var other = answer.Found[hit.Id].Encounter;
            // That the same photo stands under another name is told by itself.
            if (linked.Contains(other.SubjectId) || other.ImageSha256 == encounter.ImageSha256
                || remarks.Any(remark => remark.Other!.SubjectId == other.SubjectId))
                continue;
            if (Chance(hit.Score, fit, answer.Answers[0].Tally?.Subjects ?? answer.Size) is { } chance)
                remarks.Add(ConsistencyRemark.Alike(encounter, other, hit.Score, chance));
        }
        return remarks;
    }

    /// <summary>What can be said of chance where it is small enough; else null.</summary>
    /// <param name="score">The score.</param>
    /// <param name="fit">The tail of the photo's own scores; null where not everybody was compared.</param>
    /// <param name="subjects">How many were.</param>
    private string? Chance(float score, TailFit? fit, long subjects)
    {
        if (fit?.Above(score) is { High: { } high } expected)
            return (expected.Value ?? high) <= ConsistencyLimits.LooksLikeStrangers
                ? $"fewer than {Words(ConsistencyLimits.LooksLikeStrangers)} strangers are expected to reach it, among "
                    + expected.Population
                : null;
        // A gallery too small to tell by itself: by the card's rate of the people who are most alike, for nobody says who these are.
        if (limits.Calibrations?.At(score).All.MaxBy(rate => rate.Value ?? rate.Below ?? 1) is not { } worst)
            return null;
        return (worst.Value ?? worst.Below ?? 1) * subjects <= ConsistencyLimits.LooksLikeStrangers
            ? $"fewer than {Words(ConsistencyLimits.LooksLikeStrangers)} strangers are expected to reach it, by pairs of "
                + $"{worst.Population.Pairs} of {worst.Population.DataSet}"
            : null;
    }

    private static string Words(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
