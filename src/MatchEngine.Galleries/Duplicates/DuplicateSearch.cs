using System.Globalization;
using System.Runtime.InteropServices;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Indexing;
using MatchEngine.Galleries.Stores;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Duplicates;

/// <summary>
/// Who is enrolled twice: all pairs of subjects of a gallery, or of one gallery with another, whose faces reach a score. Every template of
/// the one is searched with, in batches, among all of the other, exhaustively: no graph is walked.
/// </summary>
/// <remarks>
/// <para>A pair is found from one of its sides, the one whose id stands first in ordinal order, for the score of two templates is the same
/// from either. A subject's pairs are told when all of its templates were searched with, each with the two encounters that are most
/// alike.</para>
/// <para>What is enrolled or removed while the search runs may be in it or not. A pair whose subjects were both there from the beginning
/// to the end is found, but for the probability of one in a million a template that searches through sketches have
/// (<see cref="IndexAnswer.ExactSketch"/>).</para>
/// </remarks>
public sealed class DuplicateSearch
{
    // A batch of the index is 64 probes; several fill the time in which the next templates are read.
    private const int ProbesOfPage = 256;

    // Most subjects are like nobody but themselves. Whose list is full is searched with again.
    private const int ListLength = 8;
    private const int ListGrowth = 8;

    // So many tails tell the mean of a gallery to a few hundredths.
    private const int SampledSubjects = 1000;

    private readonly Gallery _gallery;
    private readonly Gallery _other;
    private readonly Lock _gate = new();
    private Sample? _sample;

    /// <summary>A search within a gallery, or between two.</summary>
    /// <param name="gallery">The gallery whose subjects are searched with.</param>
    /// <param name="other">Where they are searched; null for the gallery itself, in which nobody is a duplicate of himself.</param>
    /// <exception cref="ModelMismatchException">The galleries are of different models, whose scores mean nothing to each
    /// other.</exception>
    public DuplicateSearch(Gallery gallery, Gallery? other = null)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        if (other is not null && other.Model.Digest != gallery.Model.Digest)
            throw new ModelMismatchException(gallery.Model.Digest, other.Model.Digest);
        (_gallery, _other) = (gallery, other ?? gallery);
    }

    private bool IsWithin => ReferenceEquals(_gallery, _other);

    /// <summary>
    /// Finds the pairs, page by page as the enumeration goes on. It may be ended at any page, and gone on with behind
    /// <see cref="DuplicatePage.Through"/> by another search of the same galleries with the same floor.
    /// </summary>
    /// <param name="floor">The score that a pair reaches, −1 … 1.</param>
    /// <param name="after">Begins behind this subject, which need not exist any more; null with the first.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentOutOfRangeException">The floor is no score.</exception>
    /// <exception cref="StoreException">A store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">A gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<DuplicatePage> Find(float floor, string? after = null, CancellationToken cancellationToken = default) =>
        floor is >= -1 and <= 1
            ? Pages(floor, after, cancellationToken)
            : throw new ArgumentOutOfRangeException(nameof(floor), floor, "a floor is a score within −1 … 1");

    /// <summary>
    /// How many pairs of different people are expected to reach a score by chance, on average, among all that the search compares: from
    /// the tails of a thousand of its subjects, or of all where there are fewer. Where subjects have several templates their chances are
    /// added up, which is no less than what they have together.
    /// </summary>
    /// <param name="floor">The score.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The number, or why none can be said, as in galleries of few subjects.</returns>
    /// <exception cref="StoreException">A store cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public StrangersExpected StrangersAbove(float floor, CancellationToken cancellationToken = default)
    {
        var sample = Sampled(cancellationToken);
        if (sample.Fits.Count == 0)
            return StrangersExpected.Unsaid(UnsaidReason.TooFewComparisons, 0, sample.Population);
        var all = StrangersExpected.OfSample(
            [.. sample.Fits.Select(fits => StrangersExpected.Sum([.. fits.Select(fit => fit.Above(floor))]))], sample.Subjects,
            sample.Population);
        // Each pair of a gallery with itself is compared from both sides.
        return IsWithin ? all.Among(all.Comparisons / 2) : all;
    }

    /// <summary>The least score, in ten-thousandths, that no more than about a number of pairs of different people reach by
    /// chance.</summary>
    /// <param name="pairs">How many.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="UnsaidFloorException">None can be said: the galleries are too small, or so few pairs of so many lie beyond what the
    /// tails tell.</exception>
    /// <exception cref="StoreException">A store cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float FloorForStrangers(double pairs, CancellationToken cancellationToken = default)
    {
        var sample = Sampled(cancellationToken);
        var searches = IsWithin ? sample.Subjects / 2.0 : sample.Subjects;
        if (!(pairs >= searches * TailFit.LeastExpected))
            throw new UnsaidFloorException(pairs, searches * TailFit.LeastExpected, sample.Population);
        if (sample.Fits.Count == 0)
            throw new UnsaidFloorException(pairs, StrangersAbove(1, cancellationToken));
        var share = sample.Fits.Count / searches;
        return TailFit.FloorForStrangers([.. sample.Fits.SelectMany(fits => fits)], pairs * share) is { } floor
            ? (float)floor
            : throw new UnsaidFloorException(pairs, StrangersAbove(1, cancellationToken));
    }

    private IEnumerable<DuplicatePage> Pages(float floor, string? after, CancellationToken cancellationToken)
    {
        var probes = new List<Searched>();
        try
        {
            var (subjects, through) = (0, after);
            foreach (var subject in _gallery.Subjects(after))
            {
                cancellationToken.ThrowIfCancellationRequested();
                probes.AddRange(Templates(subject));
                (subjects, through) = (subjects + 1, subject.Id);
                if (probes.Count < ProbesOfPage)
                    continue;
                yield return Page(floor, subjects, through, probes, cancellationToken);
                subjects = 0;
            }
            if (subjects > 0)
                yield return Page(floor, subjects, through!, probes, cancellationToken);
        }
        finally
        {
            Erase(probes);
        }
    }

    private DuplicatePage Page(float floor, int subjects, string through, List<Searched> probes, CancellationToken cancellationToken)
    {
        var best = new Dictionary<(string First, string Second), DuplicatePair>();
        foreach (var chunk in probes.Chunk(ProbesOfPage))
        {
            foreach (var (probe, encounter, score) in Alike(chunk, floor, cancellationToken))
            {
                if (IsWithin && string.CompareOrdinal(probe.Encounter.SubjectId, encounter.SubjectId) > 0)
                    continue;
                ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    best, (probe.Encounter.SubjectId, encounter.SubjectId), out _);
                if (pair is null || score > pair.Score)
                    pair = new DuplicatePair(new(_gallery.Name, probe.Encounter), new(_other.Name, encounter), score);
            }
        }
        var page = new DuplicatePage(
            through, subjects, probes.Count,
            [.. best.Values.OrderByDescending(pair => pair.Score)
                .ThenBy(pair => pair.First.Encounter.SubjectId, StringComparer.Ordinal)
                .ThenBy(pair => pair.Second.Encounter.SubjectId, StringComparer.Ordinal)]);
        Erase(probes);
        return page;
    }

    /// <summary>Whoever else reaches the floor, for each of some templates.</summary>
    private List<(Searched Probe, Encounter Encounter, float Score)> Alike(
        IReadOnlyList<Searched> probes, float floor, CancellationToken cancellationToken)
    {
        var alike = new List<(Searched, Encounter, float)>();
        for (var length = ListLength; probes.Count > 0; length = (int)Math.Min((long)length * ListGrowth, Array.MaxLength))
        {
            var answer = _other.Compare(
                [.. probes.Select(probe => probe.Stored.Template)], length, floor, exhaustive: true, cancellationToken: cancellationToken);
            var full = new List<Searched>();
            foreach (var (probe, hits) in probes.Zip(answer.Answers))
            {
                if (hits.Hits.Count >= length)
                    full.Add(probe);
                else
                    alike.AddRange(
                        from hit in hits.Hits
                        where !IsWithin || hit.Subject != probe.Stored.Subject
                        select (probe, answer.Found[hit.Id].Encounter, hit.Score));
            }
            probes = full;
        }
        return alike;
    }

    private IEnumerable<Searched> Templates(Subject subject) => subject.Encounters
        .Select(encounter => _gallery.FindTemplate(encounter.Id))
        .OfType<(Encounter Encounter, StoredTemplate Template)>()
        .Select(found => new Searched(found.Encounter, found.Template));

    private Sample Sampled(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _sample ??= Take(cancellationToken);
    }

    private Sample Take(CancellationToken cancellationToken)
    {
        var subjects = _gallery.Summarize().Subjects;
        var population = string.Create(
            CultureInfo.InvariantCulture,
            $"the {_other.Summarize().Subjects:N0} subjects of gallery '{_other.Name}'"
                + $"{(IsWithin ? " among themselves" : $", each with the {subjects:N0} of '{_gallery.Name}'")}");
        // Evenly out of the order of ids, which says nothing of faces.
        var step = Math.Max(1, subjects / SampledSubjects);
        var fits = new List<TailFit[]>();
        foreach (var subject in _gallery.Subjects().Where((_, place) => place % step == step / 2))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var probes = Templates(subject).ToList();
            try
            {
                if (probes.Count > 0)
                    fits.Add([.. probes.Select(probe => Fit(probe.Stored, population, cancellationToken))]);
            }
            finally
            {
                Erase(probes);
            }
        }
        return new Sample(subjects, population, fits);
    }

    private TailFit Fit(StoredTemplate probe, string population, CancellationToken cancellationToken)
    {
        var answer = _other.Compare(
            [probe.Template], 1, tally: SubjectTally.Request(1), except: IsWithin ? probe.Subject : null, exhaustive: true,
            cancellationToken: cancellationToken);
        // Whoever is alike may be the same person: that is what is looked for.
        return TailFit.Of(SubjectTally.Summary(answer.Answers[0].Tally!, possibleMates: 1), population, answer.Prior);
    }

    private static void Erase(List<Searched> probes)
    {
        foreach (var probe in probes)
            probe.Stored.Template.Erase();
        probes.Clear();
    }

    private readonly record struct Searched(Encounter Encounter, StoredTemplate Stored);

    /// <summary>The tails of some subjects: of each, those of its templates.</summary>
    private sealed record Sample(long Subjects, string Population, IReadOnlyList<TailFit[]> Fits);
}
