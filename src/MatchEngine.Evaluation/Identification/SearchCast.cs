using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
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
        var order = plan.OrderBy is null ? images.Images : images.Column(plan.OrderBy);
        var enrollable = PhotoFilter.Passing(images, plan.Gallery).ToHashSet();
        var searchable = PhotoFilter.Passing(images, plan.Probes).ToHashSet();

        var subjects = enrollable.Concat(searchable).Select(photo => images.SubjectOf[photo]).Distinct().Order().ToArray();
        new RandomStream(plan.Seed, 1).Shuffle<int>(subjects);
        // Subjects without a photo to search with cannot be left out to any purpose: they fill the gallery.
        var withProbe = searchable.Select(photo => images.SubjectOf[photo]).ToHashSet();
        var candidates = subjects.Where(withProbe.Contains).ToArray();
        var leftOut = candidates.Take((int)Math.Round(plan.NonMatedShare * candidates.Length)).ToHashSet();

        var enrolled = new Dictionary<int, int[]>();
        var failedEnrolments = 0;
        foreach (var own in enrollable.Where(photo => !leftOut.Contains(images.SubjectOf[photo])).GroupBy(photo => images.SubjectOf[photo]))
        {
            var chosen = own.OrderBy(photo => order[photo], StringComparer.Ordinal)
                .ThenBy(photo => images.Images[photo], StringComparer.Ordinal).Take(plan.EnrolledPerSubject ?? int.MaxValue).ToArray();
            enrolled[own.Key] = chosen;
            if (!chosen.Any(rowOf.ContainsKey))
                failedEnrolments++;
        }
        foreach (var photo in enrolled.Values.SelectMany(p => p).Concat(searchable)
            .Where(photo => !rowOf.ContainsKey(photo) && !failed.Contains(photo)).Distinct().Order())
            faults.Add(
                images.Name, 0, "missing image",
                $"image '{images.Images[photo]}' is wanted and has neither an embedding nor a reason why there is none");

        var places = subjects.Where(s => enrolled.TryGetValue(s, out var photos) && photos.Any(rowOf.ContainsKey)).ToArray();
        var (rows, first) = (new List<int>(), new List<int> { 0 });
        foreach (var subject in places)
        {
            rows.AddRange(enrolled[subject].Where(rowOf.ContainsKey).Select(photo => rowOf[photo]));
            first.Add(rows.Count);
        }
        var galleryPhotos = enrolled.Values.SelectMany(p => p).ToHashSet();
        var probes = new List<Probe>();
        var leftOutProbes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var enrolledAs = rows.Where(row => embeddings.Digests[row] is not null).ToLookup(
            row => embeddings.Digests[row]!, row => images.SubjectOf[images.IndexOf(embeddings.Images[row])]);
        foreach (var photo in searchable.Where(photo => !galleryPhotos.Contains(photo)).OrderBy(
            photo => images.Images[photo], StringComparer.Ordinal))
        {
            var row = rowOf.GetValueOrDefault(photo, -1);
            if (row < 0 && !failed.Contains(photo))
                continue;
            var subject = images.SubjectOf[photo];
            if (row >= 0 && embeddings.Digests[row] is { } digest && enrolledAs.Contains(digest))
            {
                var reason = enrolledAs[digest].All(s => s == subject)
                    ? "probe identical to an enrolled photo"
                    : "probe identical to an enrolled photo of another subject";
                leftOutProbes[reason] = leftOutProbes.GetValueOrDefault(reason) + 1;
                continue;
            }
            // Neither enrolled nor left out: the subject has a probe and no photo for the gallery. It is a stranger to the gallery too.
            probes.Add(new Probe(photo, row, enrolled.ContainsKey(subject)));
        }
        if (places.Length == 0)
            throw new EvaluationException($"no photo of '{images.Name}' can be enrolled; look at identification.gallery of the protocol");
        if (probes.Count == 0)
            throw new EvaluationException(
                $"no photo of '{images.Name}' is left to search with; " + (images.Subjects.Count == images.Images.Count
                    ? "every subject has one photo, and that is enrolled: give subjects a second photo, or leave some out of the gallery "
                        + "with identification.nonMatedShare"
                    : "look at identification.probes of the protocol"));
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
            LeftOut = leftOutProbes,
        };
    }
}
