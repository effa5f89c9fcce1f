using System.Globalization;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Rates.Cohorts;
using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Evaluation.Cohorts;

/// <summary>
/// Searches a labelled gallery with probes whose person is known and holds the strangers that each search foretells against those that
/// come, by slice.
/// </summary>
/// <remarks>
/// Every photo of the probes is searched with twice: with its own person left out of the gallery, and, where another photo of theirs is
/// enrolled, with them in it (the photo itself is never in the gallery it is searched in). A stranger is another subject whose best score
/// reaches the floor. Labels of the probes make the slices.
/// </remarks>
public static class CohortEvaluation
{
    private const char Joint = '\t';

    /// <summary>Searches a data set's people with their own photos.</summary>
    /// <param name="embeddings">One embedding a photo, of length 1.</param>
    /// <param name="images">Their subjects and labels.</param>
    /// <param name="protocol">Which photos take part, and slices.</param>
    /// <param name="plan">Floors and enrolment.</param>
    /// <param name="faults">Takes photos that cannot be used.</param>
    /// <param name="progress">Told the share of searches that are done.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">There are no two people, or the plan makes no sense.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CohortResult Run(
        EmbeddingSet embeddings, DataSet images, Protocol protocol, CohortPlan plan, InputFaults faults,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var people = Cast.Of(embeddings, images, protocol, faults);
        return Run(people, people, protocol, plan, progress, cancellationToken);
    }

    /// <summary>Searches a data set's people with the photos of another, none of whom is taken to be enrolled.</summary>
    /// <param name="gallery">One embedding a photo of those that are enrolled.</param>
    /// <param name="galleryImages">Their subjects.</param>
    /// <param name="probes">One embedding a photo of those that are searched with, of the same model.</param>
    /// <param name="probeImages">Their subjects and labels.</param>
    /// <param name="protocol">Which photos of the gallery take part, and the probes' slices.</param>
    /// <param name="plan">Floors and enrolment.</param>
    /// <param name="faults">Takes photos that cannot be used.</param>
    /// <param name="progress">Told the share of searches that are done.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">There are no two people, the models differ, or the plan makes no sense.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CohortResult Run(
        EmbeddingSet gallery, DataSet galleryImages, EmbeddingSet probes, DataSet probeImages, Protocol protocol, CohortPlan plan,
        InputFaults faults, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(probes);
        if (gallery.Dimension != probes.Dimension || gallery.ModelDigest != probes.ModelDigest)
            throw new EvaluationException("the embeddings of gallery and probes are not of one model, and cannot be compared");
        ArgumentNullException.ThrowIfNull(protocol);
        // A half, and columns to filter by, are the gallery's; the probes come whole.
        var whole = protocol with { Half = SubjectHalf.Both, Filter = new Dictionary<string, IReadOnlyList<string>>() };
        return Run(
            Cast.Of(gallery, galleryImages, protocol, faults), Cast.Of(probes, probeImages, whole, faults), protocol, plan, progress,
            cancellationToken);
    }

    private static CohortResult Run(
        Cast gallery, Cast probes, Protocol protocol, CohortPlan plan, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Validate();
        var notes = new List<string>();
        Slicing[] slicings = [.. Slicing.All(probes.Images, protocol, notes)];
        var enrolled = gallery.Enrolled(plan.EnrolledPerSubject);
        var columns = Array.ConvertAll(enrolled, place => gallery.Roster.RowOf[place]);
        var people = Array.ConvertAll(enrolled, gallery.SubjectAt);
        var subjects = people.Distinct().Count();
        if (subjects < 2)
            throw new EvaluationException($"'{gallery.Images.Name}' has photos of {subjects} people; strangers need two at least");
        var isSame = ReferenceEquals(gallery, probes);
        var (notEnrolled, withMate) = (new CohortTally(plan.Floors), new CohortTally(plan.Floors));
        using var packedGallery = new PackedEmbeddings(gallery.Embeddings, columns);
        using var packedProbes = new PackedEmbeddings(probes.Embeddings, probes.Roster.RowOf);
        using var rows = new ScoreRows(packedProbes, packedGallery);
        var scores = new float[ScoreRows.RowsAtOnce * rows.Width];
        var lowest = (float)plan.Floors.Min();
        for (var first = 0; first < packedProbes.Count; first += ScoreRows.RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Fill(first, scores);
            for (var probe = first; probe < Math.Min(first + ScoreRows.RowsAtOnce, packedProbes.Count); probe++)
            {
                var search = new Search(
                    scores.AsSpan((probe - first) * rows.Width, enrolled.Length), people, enrolled,
                    isSame ? (probes.SubjectAt(probe), probe) : (-1, -1), lowest);
                var slices = Slices(slicings, probes.Roster.PhotoOf[probe]);
                // The number of a person of another set is no person of the gallery's.
                var person = isSame ? probes.SubjectAt(probe) : ~probes.SubjectAt(probe);
                var others = subjects - (isSame && gallery.IsEnrolled(person) ? 1 : 0);
                var name = gallery.Images.Name;
                notEnrolled.Add(slices, person, search.Fit(others, name, withOwn: false), search.Strangers);
                if (search.Own is not null)
                    withMate.Add(slices, person, search.Fit(others + 1, name, withOwn: true), search.Strangers);
            }
            progress?.Report((double)first / packedProbes.Count);
        }
        return new CohortResult(
            gallery.Images, probes.Images, subjects, enrolled.Length, probes.Roster.Failures.Count, plan,
            [.. Table(MateEnrolment.NotEnrolled, notEnrolled, slicings), .. Table(MateEnrolment.Enrolled, withMate, slicings)], notes);
    }

    private static List<string> Slices(Slicing[] slicings, int photo)
    {
        var slices = new List<string> { "" };
        foreach (var slicing in slicings)
        {
            if (slicing.ValueOf[photo] is >= 0 and var value)
                slices.Add(slicing.By + Joint + slicing.Values[value]);
        }
        return slices;
    }

    // All probes, then the slicings and their groups in the protocol's order.
    private static IEnumerable<CohortSlice> Table(MateEnrolment mate, CohortTally tally, Slicing[] slicings)
    {
        var rows = tally.ToRows().ToLookup(row => row.Slice, StringComparer.Ordinal);
        foreach (var row in rows[""])
            yield return new CohortSlice(mate, null, null, row with { Slice = "all" });
        foreach (var (slicing, value) in slicings.SelectMany(slicing => slicing.Values.Select(value => (slicing, value))))
        {
            foreach (var row in rows[slicing.By + Joint + value])
                yield return new CohortSlice(mate, slicing.By, value, row with { Slice = $"{slicing.By}: {value}" });
        }
    }

    /// <summary>The photos of a data set that take part.</summary>
    private sealed record Cast(EmbeddingSet Embeddings, DataSet Images, Roster Roster)
    {
        private HashSet<int> _enrolled = [];

        public static Cast Of(EmbeddingSet embeddings, DataSet images, Protocol protocol, InputFaults faults)
        {
            ArgumentNullException.ThrowIfNull(embeddings);
            ArgumentNullException.ThrowIfNull(images);
            ArgumentNullException.ThrowIfNull(protocol);
            ArgumentNullException.ThrowIfNull(faults);
            protocol.Validate();
            var chosen = PhotoFilter.Apply(images, protocol.Filter, protocol.PhotosPerSubject, protocol.Half);
            var subset = PhotoFilter.Only(embeddings, images, chosen);
            var roster = Roster.Of(subset, chosen, faults);
            AllPairs.CheckLengths(subset, roster.RowOf);
            return new Cast(subset, chosen, roster);
        }

        public int SubjectAt(int place) => Images.SubjectOf[Roster.PhotoOf[place]];

        public bool IsEnrolled(int subject) => _enrolled.Contains(subject);

        /// <summary>The places of the photos that are enrolled; photos of a subject stand together.</summary>
        public int[] Enrolled(int? perSubject)
        {
            var places = new List<int>();
            for (var place = 0; place < Roster.PhotoOf.Length; place = Roster.EndOfSubject[place])
                places.AddRange(Enumerable.Range(place, Math.Min(perSubject ?? int.MaxValue, Roster.EndOfSubject[place] - place)));
            _enrolled = [.. places.Select(SubjectAt)];
            return [.. places];
        }
    }

    /// <summary>The scores of one probe, a subject at its best.</summary>
    private sealed class Search
    {
        private readonly SubjectScores _others = new();

        public Search(ReadOnlySpan<float> scores, int[] people, int[] places, (int Person, int Place) own, float lowest)
        {
            for (var from = 0; from < scores.Length;)
            {
                var (person, best) = (people[from], float.NegativeInfinity);
                for (; from < scores.Length && people[from] == person; from++)
                {
                    if (places[from] != own.Place || person != own.Person)
                        best = Math.Max(best, scores[from]);
                }
                if (person == own.Person)
                    Own = float.IsNegativeInfinity(best) ? null : best;
                else
                {
                    _others.AddOnly(best);
                    if (best >= lowest)
                        Strangers.Add((person, best));
                }
            }
        }

        /// <summary>The best score of the probe's own person; null when no other photo of theirs is enrolled.</summary>
        public float? Own { get; }

        /// <summary>The other people that reach the lowest floor.</summary>
        public List<(int Person, float Score)> Strangers { get; } = [];

        public TailFit Fit(int subjects, string gallery, bool withOwn)
        {
            // The own person is added last, so that the same scores serve both searches.
            if (withOwn)
                _others.AddOnly(Own!.Value);
            return TailFit.Of(
                _others.ToSummary(subjects), string.Create(CultureInfo.InvariantCulture, $"the {subjects:N0} subjects of {gallery}"));
        }
    }
}
