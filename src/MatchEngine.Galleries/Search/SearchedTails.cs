using System.Globalization;
using MatchEngine.Galleries.Filters;
using MatchEngine.Galleries.Indexing;
using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Galleries.Search;

/// <summary>
/// What the scores of a search say of strangers: the tails of each face in each gallery, from which numbers and floors of the whole list
/// are added up.
/// </summary>
/// <remarks>
/// Each gallery has a tail of its own, for its people may be of another kind than the next one's; a small one is helped by what the tails
/// of its own people have in common. Where some are too small even for that, their people and those of the largest other gallery make one
/// tail a face, and each of these galleries has its share of the number.
/// </remarks>
internal sealed class SearchedTails
{
    private readonly List<Tail> _tails = [];

    /// <summary>Fits the tails.</summary>
    /// <param name="galleries">What the galleries answered, with their names; at least one.</param>
    public SearchedTails(IReadOnlyList<(string Name, GalleryAnswer Answer)> galleries)
    {
        var faces = galleries[0].Answer.Answers.Count;
        // An empty gallery has no strangers, unless there is no other one.
        var peopled = galleries.Where(gallery => gallery.Answer.Answers.Any(answer => answer.Tally is not { Subjects: 0 })).ToList();
        if (peopled.Count == 0)
            peopled = [galleries[0]];
        var small = peopled.Where(gallery => gallery.Answer.Prior is null
            && gallery.Answer.Answers.Any(answer => answer.Tally is { Subjects: < TailFit.LeastSubjects })).ToList();
        var largest = peopled.Except(small).Where(gallery => gallery.Answer.Answers.All(answer => answer.Tally is not null))
            .OrderByDescending(gallery => gallery.Answer.Answers[0].Tally!.Subjects).Take(1).ToList();
        var together = small.Count == 0 || peopled.Count == 1 ? []
            : peopled.Where(gallery => small.Contains(gallery) || largest.Contains(gallery)).ToList();
        for (var face = 0; face < faces; face++)
        {
            var at = face;
            if (together.Count > 0)
            {
                var parts = together.Select(gallery => Compared(gallery.Name, gallery.Answer, at)).ToList();
                _tails.Add(Merged([.. parts.Select(part => part.Tail)], parts.Select(part => part.Summary), together[0].Answer.Filter));
            }
            _tails.AddRange(peopled.Except(together).Select(gallery =>
            {
                var (tail, summary) = Compared(gallery.Name, gallery.Answer, at);
                return tail with { Fit = Fit(summary, tail.Population, gallery.Answer.Prior) };
            }));
        }
    }

    /// <summary>The number expected at or above a score.</summary>
    public StrangersExpected Above(double score) => StrangersExpected.Sum([.. _tails.Select(tail => tail.Above(score))]);

    /// <summary>The number expected at or above the floors.</summary>
    /// <param name="floors">For each gallery its name and floor; null: none.</param>
    public StrangersExpected AboveFloors(IReadOnlyDictionary<string, float?> floors)
    {
        if (floors.Values.Any(floor => floor is null))
            return Unsaid(UnsaidReason.NoFloor);
        return StrangersExpected.Sum([.. _tails.SelectMany(tail => tail.AboveFloors(floors))]);
    }

    /// <summary>The least floor with no more than a number of strangers expected; null where none can be said.</summary>
    public float? Floor(double strangers)
    {
        if (_tails.Any(tail => tail.Fit is null)
            || TailFit.FloorForStrangers([.. _tails.Select(tail => tail.Fit!)], strangers) is not { } floor)
            return null;
        // A score is a float: one below the floor would let more strangers in.
        var score = (float)floor;
        return score < floor ? MathF.BitIncrement(score) : score;
    }

    private StrangersExpected Unsaid(UnsaidReason reason) => StrangersExpected.Unsaid(
        reason, _tails.Sum(tail => tail.Comparisons), string.Join("; ", _tails.Select(tail => tail.Population).Distinct()));

    private static (Tail Tail, ScoreSummary? Summary) Compared(string gallery, GalleryAnswer answer, int face)
    {
        if (answer.Answers[face].Tally is not { } tally)
            return (new Tail(
                [(gallery, answer.Answers[face].Compared)], answer.Answers[face].Compared,
                $"some templates of gallery '{gallery}'", null), null);
        return (
            new Tail([(gallery, tally.Subjects)], tally.Subjects, Population(tally.Subjects, [gallery], answer.Filter), null),
            SubjectTally.Summary(tally, answer.PossibleMates));
    }

    private static Tail Merged(Tail[] parts, IEnumerable<ScoreSummary?> summaries, BiographicFilter? filter)
    {
        (string Name, long Subjects)[] galleries = [.. parts.SelectMany(part => part.Galleries)];
        var comparisons = parts.Sum(part => part.Comparisons);
        if (summaries.Any(summary => summary is null))
            return new Tail(galleries, comparisons, string.Join("; ", parts.Select(part => part.Population)), null);
        var population = Population(comparisons, [.. galleries.Select(gallery => gallery.Name)], filter);
        return new Tail(galleries, comparisons, population, Fit(summaries.Aggregate((a, b) => a!.Merge(b!)), population));
    }

    private static TailFit? Fit(ScoreSummary? summary, string population, TailPrior? prior = null) =>
        summary is null ? null : TailFit.Of(summary, population, prior);

    private static string Population(long subjects, string[] galleries, BiographicFilter? filter) => string.Create(
        CultureInfo.InvariantCulture,
        $"the {subjects:N0} subject{(subjects == 1 ? "" : "s")} of {(galleries.Length == 1 ? "gallery" : "galleries")} "
            + $"{string.Join(", ", galleries.Select(gallery => $"'{gallery}'"))}{(filter is null ? "" : $" with {filter}")}");

    /// <summary>The scores of one face with the people of a gallery, or of several.</summary>
    /// <param name="Galleries">Which, and how many people of each; templates where not everybody was compared.</param>
    /// <param name="Comparisons">How many people; templates where not everybody was compared.</param>
    /// <param name="Population">Who they are, in words.</param>
    /// <param name="Fit">The tail; null where not everybody was compared.</param>
    private sealed record Tail(
        IReadOnlyList<(string Name, long Subjects)> Galleries, long Comparisons, string Population, TailFit? Fit)
    {
        public StrangersExpected Above(double score) =>
            Fit?.Above(score) ?? StrangersExpected.Unsaid(UnsaidReason.NotCompared, Comparisons, Population);

        /// <summary>Of each floor the share of the galleries that have it.</summary>
        public IEnumerable<StrangersExpected> AboveFloors(IReadOnlyDictionary<string, float?> floors) =>
            from gallery in Galleries
            group gallery.Subjects by floors[gallery.Name]!.Value into floor
            select Above(floor.Key).Among(floor.Sum());
    }
}
