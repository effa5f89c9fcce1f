using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Identification;

/// <summary>
/// Who is enrolled and who is searched for, drawn up from the metadata and a plan alone: it is the same for every system, whatever photos
/// that one can use, and nothing in it depends on the order of the rows.
/// </summary>
public sealed class SearchSplit
{
    private readonly int[] _searchable;

    private SearchSplit(DataSet images, int[] subjects, IReadOnlyDictionary<int, int[]> enrolled, int[] searchable) =>
        (Images, Subjects, Enrolled, _searchable) = (images, subjects, enrolled, searchable);

    /// <summary>The photos that take part.</summary>
    public DataSet Images { get; }

    /// <summary>The subjects that can be enrolled or searched for, in the order in which nested galleries take them up.</summary>
    public IReadOnlyList<int> Subjects { get; }

    /// <summary>The photos that are to be enrolled, by subject, the first one first.</summary>
    public IReadOnlyDictionary<int, int[]> Enrolled { get; }

    /// <summary>The photos that may be searched with, in order of their names: none of them is to be enrolled.</summary>
    public IReadOnlyList<int> Searchable => _searchable;

    /// <summary>Draws up the split of a protocol.</summary>
    /// <param name="images">The data set.</param>
    /// <param name="protocol">Which photos take part, which are enrolled and which are searched with.</param>
    /// <exception cref="EvaluationException">The protocol makes no sense, or no photo passes its filter.</exception>
    public static SearchSplit Of(DataSet images, Protocol protocol)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(protocol);
        protocol.Validate();
        return Of(PhotoFilter.Apply(images, protocol.Filter, protocol.PhotosPerSubject, protocol.Half), protocol.Identification);
    }

    /// <summary>Whether the subject of a photo is to be enrolled: a search with it is a mated one.</summary>
    public bool IsMated(int photo) => Enrolled.ContainsKey(Images.SubjectOf[photo]);

    /// <summary>The photos to search with, without those that are, byte for byte, an enrolled photo: they would find themselves.</summary>
    /// <param name="enrolledDigest">Digest of a photo that is enrolled; null where it is not, or where the digest is not known.</param>
    /// <param name="probeDigest">Digest of a photo that may be searched with; null where it is not known.</param>
    /// <returns>The probes in order of their names, and how many were left out, by reason.</returns>
    public (IReadOnlyList<int> Probes, IReadOnlyDictionary<string, long> LeftOut) Probes(
        Func<int, string?> enrolledDigest, Func<int, string?> probeDigest)
    {
        ArgumentNullException.ThrowIfNull(enrolledDigest);
        ArgumentNullException.ThrowIfNull(probeDigest);
        var enrolledAs = Enrolled.Values.SelectMany(photos => photos).Select(photo => (Digest: enrolledDigest(photo), Photo: photo))
            .Where(e => e.Digest is not null).ToLookup(e => e.Digest!, e => Images.SubjectOf[e.Photo]);
        var (probes, leftOut) = (new List<int>(), new SortedDictionary<string, long>(StringComparer.Ordinal));
        foreach (var photo in _searchable)
        {
            if (probeDigest(photo) is not { } digest || !enrolledAs.Contains(digest))
            {
                probes.Add(photo);
                continue;
            }
            var subject = Images.SubjectOf[photo];
            var reason = enrolledAs[digest].All(s => s == subject)
                ? "probe identical to an enrolled photo"
                : "probe identical to an enrolled photo of another subject";
            leftOut[reason] = leftOut.GetValueOrDefault(reason) + 1;
        }
        return (probes, leftOut);
    }

    /// <summary>Draws up the split of a plan over photos all of which take part.</summary>
    internal static SearchSplit Of(DataSet images, IdentificationPlan plan)
    {
        var order = plan.OrderBy is null ? images.Images : images.Column(plan.OrderBy);
        var enrollable = PhotoFilter.Passing(images, plan.Gallery).ToHashSet();
        var searchable = PhotoFilter.Passing(images, plan.Probes).ToHashSet();

        var subjects = enrollable.Concat(searchable).Select(photo => images.SubjectOf[photo]).Distinct().Order().ToArray();
        new RandomStream(plan.Seed, 1).Shuffle<int>(subjects);
        // Subjects without a photo to search with cannot be left out to any purpose: they fill the gallery.
        var withProbe = searchable.Select(photo => images.SubjectOf[photo]).ToHashSet();
        var candidates = subjects.Where(withProbe.Contains).ToArray();
        var leftOut = candidates.Take((int)Math.Round(plan.NonMatedShare * candidates.Length)).ToHashSet();

        var enrolled = enrollable.Where(photo => !leftOut.Contains(images.SubjectOf[photo])).GroupBy(photo => images.SubjectOf[photo])
            .ToDictionary(
                own => own.Key,
                own => own.OrderBy(photo => order[photo], StringComparer.Ordinal)
                    .ThenBy(photo => images.Images[photo], StringComparer.Ordinal).Take(plan.EnrolledPerSubject ?? int.MaxValue).ToArray());
        var gallery = enrolled.Values.SelectMany(photos => photos).ToHashSet();
        return new SearchSplit(
            images, subjects, enrolled,
            [.. searchable.Where(photo => !gallery.Contains(photo)).OrderBy(photo => images.Images[photo], StringComparer.Ordinal)]);
    }

    /// <summary>Refuses a split of which nothing can be made.</summary>
    /// <param name="enrolled">How many subjects are enrolled.</param>
    /// <param name="probes">How many photos there are to search with.</param>
    /// <exception cref="EvaluationException">There is nobody, or nothing; the message holds the remedy.</exception>
    public void Require(int enrolled, int probes)
    {
        if (enrolled == 0)
            throw new EvaluationException($"no photo of '{Images.Name}' can be enrolled; look at identification.gallery of the protocol");
        if (probes == 0)
            throw new EvaluationException(
                $"no photo of '{Images.Name}' is left to search with; " + (Images.Subjects.Count == Images.Images.Count
                    ? "every subject has one photo, and that is enrolled: give subjects a second photo, or leave some out of the gallery "
                        + "with identification.nonMatedShare"
                    : "look at identification.probes of the protocol"));
    }
}
