using MatchEngine.Galleries.Stores;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Consistency;

/// <summary>Whether the photos of one subject go together.</summary>
internal static class SubjectConsistency
{
    /// <summary>
    /// With so many of a subject's other photos one is compared at most, evenly out of all: a subject with hundreds would cost their
    /// square.
    /// </summary>
    public const int MostOthers = 32;

    /// <summary>What there is to say of some of a subject's photos beside the others.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="limits">From where on.</param>
    /// <param name="wanted">Which photos; the others serve for comparison.</param>
    /// <exception cref="Errors.StoreException">The store cannot be read.</exception>
    public static IEnumerable<ConsistencyRemark> Of(
        Gallery gallery, Subject subject, ConsistencyLimits limits, Func<Encounter, bool> wanted)
    {
        if (subject.Encounters.Count < 2)
            return [];
        var templates = new Dictionary<string, StoredTemplate>(StringComparer.Ordinal);
        try
        {
            return [.. subject.Encounters.Where(wanted).SelectMany(Look)];
        }
        finally
        {
            foreach (var stored in templates.Values)
                stored.Template.Erase();
        }

        IEnumerable<ConsistencyRemark> Look(Encounter encounter)
        {
            // The same photo once more says nothing of a person.
            var others = subject.Encounters.Where(other => other.ImageSha256 != encounter.ImageSha256).ToList();
            if (limits.UnlikeScore is { } unlike && Nearest(encounter, others) is var (nearest, score, compared) && score < unlike)
                yield return ConsistencyRemark.Inconsistent(encounter, nearest, score, compared, limits);
            if (encounter.Quality is < ConsistencyLimits.GoodQuality and var quality && Median(others) is { } usual
                && usual - quality >= ConsistencyLimits.PoorerBy)
                yield return ConsistencyRemark.Poor(encounter, quality, usual);
        }

        (Encounter Nearest, float Score, int Compared)? Nearest(Encounter encounter, List<Encounter> others)
        {
            if (Template(encounter) is not { } own)
                return null;
            var (nearest, best, compared) = (default(Encounter), float.MinValue, 0);
            var step = Math.Max(1, (others.Count + MostOthers - 1) / MostOthers);
            for (var i = 0; i < others.Count; i += step)
            {
                if (Template(others[i]) is not { } other)
                    continue;
                compared++;
                if (Vectors.Template.Similarity(own, other) is var score && score > best)
                    (nearest, best) = (others[i], score);
            }
            return nearest is null ? null : (nearest, best, compared);
        }

        Template? Template(Encounter encounter)
        {
            if (templates.TryGetValue(encounter.Id, out var known))
                return known.Template;
            if (gallery.FindTemplate(encounter.Id) is not var (_, stored))
                return null;
            templates.Add(encounter.Id, stored);
            return stored.Template;
        }
    }

    private static double? Median(IEnumerable<Encounter> encounters)
    {
        double[] sorted = [.. encounters.Select(encounter => encounter.Quality).OfType<double>().Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
