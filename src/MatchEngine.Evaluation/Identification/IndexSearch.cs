using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Vectors;

namespace MatchEngine.Evaluation.Identification;

/// <summary>
/// Runs the searches of a plan on an index of this engine, so that what an index costs can be measured: see <see cref="IndexCost"/>.
/// </summary>
public static class IndexSearch
{
    private const int Batch = 64;

    /// <summary>Enrols the plan's gallery in an index and searches with its probes.</summary>
    /// <param name="index">An empty index of the embeddings' dimension. It holds the gallery afterwards.</param>
    /// <param name="embeddings">One embedding a photo.</param>
    /// <param name="images">Their subjects and labels.</param>
    /// <param name="plan">Gallery and probes; gallery sizes are not looked at.</param>
    /// <param name="faults">Takes photos that are wanted and have neither an embedding nor a reason why there is none.</param>
    /// <param name="listLength">Rows of a candidate list; a mate beyond is missed.</param>
    /// <param name="progress">Told the share of searches that are done.</param>
    /// <param name="cancellationToken">Ends it between two batches of searches and within them.</param>
    /// <exception cref="ArgumentException">The index is not empty.</exception>
    /// <exception cref="EvaluationException">Nobody can be enrolled, or there are no probes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SearchSet Run(
        IVectorIndex index,
        EmbeddingSet embeddings,
        DataSet images,
        IdentificationPlan plan,
        InputFaults faults,
        int listLength = GallerySearch.KeptCandidates,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(listLength, 1);
        if (index.Count != 0)
            throw new ArgumentException($"the index holds {index.Count} templates; give an empty one", nameof(index));
        var cast = SearchCast.Of(embeddings, images, plan, faults);
        for (var place = 0; place < cast.Enrolled.Length; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var row = cast.FirstPhotoOf[place]; row < cast.FirstPhotoOf[place + 1]; row++)
                index.Add(row, cast.Enrolled[place], Template.FromEmbedding(embeddings.Values(cast.GalleryRows[row]), index.Model));
        }
        var searches = new List<Search>();
        var searched = cast.Probes.Where(p => p.Row >= 0).ToArray();
        for (var start = 0; start < searched.Length; start += Batch)
        {
            var batch = searched[start..Math.Min(start + Batch, searched.Length)];
            Template[] probes = [.. batch.Select(p => Template.FromEmbedding(embeddings.Values(p.Row), index.Model))];
            var answers = index.SearchBatch(probes, listLength, cancellationToken: cancellationToken);
            searches.AddRange(batch.Zip(answers, (probe, answer) => Describe(probe, answer, cast)));
            progress?.Report((double)(start + batch.Length) / searched.Length);
        }
        searches.AddRange(cast.Probes.Where(p => p.Row < 0).Select(p => new Search
        {
            Probe = images.Images[p.Photo],
            Photo = p.Photo,
            Subject = images.SubjectOf[p.Photo],
            IsMated = p.IsMated,
            HasFailed = true,
        }));
        return new SearchSet(cast.Enrolled.Length, [.. searches.OrderBy(s => s.Probe, StringComparer.Ordinal)])
        {
            Images = images,
            ListLength = listLength < cast.Enrolled.Length ? listLength : null,
            EnrolledPhotos = cast.GalleryRows.Length,
            FailedEnrolments = cast.FailedEnrolments,
            Tried = cast.Tried,
            AcquisitionFaults = cast.AcquisitionFaults,
            LeftOut = cast.LeftOut,
        };
    }

    private static Search Describe(SearchCast.Probe probe, IndexAnswer answer, SearchCast cast)
    {
        var subject = cast.Images.SubjectOf[probe.Photo];
        var mate = probe.IsMated ? answer.Hits.Where(h => h.Subject == subject).Cast<IndexHit?>().FirstOrDefault() : null;
        var others = answer.Hits.Where(h => h.Subject != subject).ToArray();
        return new Search
        {
            Probe = cast.Images.Images[probe.Photo],
            Photo = probe.Photo,
            Subject = subject,
            IsMated = probe.IsMated,
            MatePhoto = cast.PlaceOf.TryGetValue(subject, out var place) ? cast.GalleryPhotos[cast.FirstPhotoOf[place]] : -1,
            MateRank = mate is { } found ? 1 + others.Count(h => h.Score >= found.Score) : null,
            MateScore = mate?.Score,
            HighestNonMate = others.Length == 0 ? double.NegativeInfinity : others[0].Score,
            Candidates = [.. answer.Hits.OrderByDescending(h => h.Score).ThenBy(h => h.Subject == subject)
                .Select(h => new SearchCandidate(
                    cast.Images.Subjects[(int)h.Subject], h.Score, h.Subject == subject,
                    cast.GalleryPhotos[cast.FirstPhotoOf[cast.PlaceOf[(int)h.Subject]]]))],
        };
    }
}
