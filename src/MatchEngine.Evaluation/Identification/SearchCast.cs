using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Identification;

/// <summary>Who is enrolled and who is searched for, drawn up from a plan. Nothing in it depends on the order of the metadata.</summary>
internal sealed class SearchCast
{
    private SearchCast()
    {
    }

    /// <summary>A probe.</summary>
    /// <param name="Photo">Its index in the data set.</param>
    /// <param name="Row">Its row in the embedding set, or −1 when it gave no template.</param>
    /// <param name="IsMated">Whether its subject is, or ought to be, enrolled.</param>
    public readonly record struct Probe(int Photo, int Row, bool IsMated);

    /// <summary>The photos.</summary>
    public required DataSet Images { get; init; }

    /// <summary>The enrolled subjects in the order in which the nested galleries take them up.</summary>
    public required int[] Enrolled { get; init; }

    /// <summary>For each enrolled subject its place in <see cref="Enrolled"/>.</summary>
    public required Dictionary<int, int> PlaceOf { get; init; }

    /// <summary>The photos of the gallery, in the order of <see cref="GalleryRows"/>.</summary>
    public required int[] GalleryPhotos { get; init; }

    /// <summary>The embeddings of the gallery, subject by subject in that order.</summary>
    public required int[] GalleryRows { get; init; }

    /// <summary>For each place in <see cref="Enrolled"/> where its photos begin in <see cref="GalleryRows"/>, and one entry more.</summary>
    public required int[] FirstPhotoOf { get; init; }

    /// <summary>The probes.</summary>
    public required IReadOnlyList<Probe> Probes { get; init; }

    /// <summary>Subjects that ought to be enrolled and gave no template.</summary>
    public required int FailedEnrolments { get; init; }

    /// <summary>The photos of which a template was wanted.</summary>
    public required int[] Tried { get; init; }

    /// <summary>Those of which none could be made.</summary>
    public required AcquisitionFault[] AcquisitionFaults { get; init; }

    /// <summary>What was left out on purpose.</summary>
    public required IReadOnlyDictionary<string, long> LeftOut { get; init; }

    public static SearchCast Of(EmbeddingSet embeddings, DataSet images, IdentificationPlan plan, InputFaults faults)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(faults);
        var rowOf = new Dictionary<int, int>();
        for (var row = 0; row < embeddings.Count; row++)
        {
            if (images.IndexOf(embeddings.Images[row]) is >= 0 and var photo)
                rowOf[photo] = row;
        }
        var failed = embeddings.Failures.Select(f => images.IndexOf(f.Image)).ToHashSet();
        var split = SearchSplit.Of(images, plan);
        var enrolled = split.Enrolled;
        var failedEnrolments = enrolled.Values.Count(photos => !photos.Any(rowOf.ContainsKey));
        foreach (var photo in enrolled.Values.SelectMany(p => p).Concat(split.Searchable)
            .Where(photo => !rowOf.ContainsKey(photo) && !failed.Contains(photo)).Distinct().Order())
            faults.Add(
                images.Name, 0, "missing image",
                $"image '{images.Images[photo]}' is wanted and has neither an embedding nor a reason why there is none");

        var places = split.Subjects.Where(s => enrolled.TryGetValue(s, out var photos) && photos.Any(rowOf.ContainsKey)).ToArray();
        var (rows, first) = (new List<int>(), new List<int> { 0 });
        foreach (var subject in places)
        {
            rows.AddRange(enrolled[subject].Where(rowOf.ContainsKey).Select(photo => rowOf[photo]));
            first.Add(rows.Count);
        }
        var galleryPhotos = enrolled.Values.SelectMany(p => p).ToHashSet();
        string? Digest(int photo) => rowOf.TryGetValue(photo, out var row) ? embeddings.Digests[row] : null;
        var (searched, leftOut) = split.Probes(Digest, Digest);
        // Neither enrolled nor left out: the subject has a probe and no photo for the gallery. It is a stranger to the gallery too.
        Probe[] probes = [.. searched.Where(photo => rowOf.ContainsKey(photo) || failed.Contains(photo))
            .Select(photo => new Probe(photo, rowOf.GetValueOrDefault(photo, -1), split.IsMated(photo)))];
        split.Require(places.Length, probes.Length);
        var tried = galleryPhotos.Concat(probes.Select(p => p.Photo)).Where(photo => rowOf.ContainsKey(photo) || failed.Contains(photo))
            .Distinct().Order().ToArray();
        return new SearchCast
        {
            Tried = tried,
            AcquisitionFaults = [.. embeddings.Failures.Where(f => Array.BinarySearch(tried, images.IndexOf(f.Image)) >= 0)
                .OrderBy(f => f.Image, StringComparer.Ordinal)],
            Images = images,
            Enrolled = places,
            PlaceOf = places.Select((subject, place) => (subject, place)).ToDictionary(e => e.subject, e => e.place),
            GalleryPhotos = [.. places.SelectMany(subject => enrolled[subject].Where(rowOf.ContainsKey))],
            GalleryRows = [.. rows],
            FirstPhotoOf = [.. first],
            Probes = probes,
            FailedEnrolments = failedEnrolments,
            LeftOut = leftOut,
        };
    }
}
