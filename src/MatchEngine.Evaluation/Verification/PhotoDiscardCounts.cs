using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>
/// Counts what refusing photos does, for several measures and shares. The bootstrap draws subjects once for all of them, and its results
/// come back in the order of <see cref="Rates"/>.
/// </summary>
internal sealed class PhotoDiscardCounts
{
    /// <summary>The shares of the photos that are refused.</summary>
    public static readonly IReadOnlyList<double> Shares = [0.05, 0.1, 0.2];

    private const int RandomRefusals = 400;

    private readonly Comparisons _comparisons;
    private readonly DataSet _images;
    private readonly double _threshold;
    private readonly int[] _photos;
    private readonly (OneWayRate Pairs, OneWayRate Subjects) _all;
    private readonly List<(string Measure, double Share, int Photos, OneWayRate Pairs, OneWayRate Subjects)> _points = [];
    private readonly ulong _seed;

    /// <summary>Counts.</summary>
    /// <param name="comparisons">Mated comparisons of photos that are known.</param>
    /// <param name="threshold">The fixed threshold.</param>
    /// <param name="qualities">The measures.</param>
    /// <param name="seed">Of the random refusals.</param>
    public PhotoDiscardCounts(Comparisons comparisons, double threshold, IReadOnlyList<PhotoQuality> qualities, ulong seed)
    {
        (_comparisons, _images, _threshold, _seed) = (comparisons, comparisons.Images!, threshold, seed);
        _photos = [.. (comparisons.IsAllPairs
            ? comparisons.Compared
            : [.. comparisons.Mated.First, .. comparisons.Mated.Second, .. comparisons.Impostors.First, .. comparisons.Impostors.Second])
                .Distinct().Order()];
        _all = Count(new bool[_images.Images.Count]);
        foreach (var quality in qualities)
        {
            int[] worstFirst = [.. _photos
                .OrderBy(photo => quality.Of.GetValueOrDefault(_images.Images[photo], double.PositiveInfinity))
                .ThenBy(photo => _images.Images[photo], StringComparer.Ordinal)];
            foreach (var share in Shares)
            {
                var refused = Refused(share);
                var (pairs, subjects) = Count(Without(worstFirst.AsSpan(..refused)));
                _points.Add((quality.Measure, share, _photos.Length - refused, pairs, subjects));
            }
        }
    }

    /// <summary>The rates for which intervals are wanted.</summary>
    public IEnumerable<SubjectRate> Rates =>
        [_all.Pairs, _all.Subjects, .. _points.SelectMany(point => new[] { point.Pairs, point.Subjects })];

    /// <summary>Puts rates and intervals together.</summary>
    /// <param name="drawn">One result for each of <see cref="Rates"/>; null without a bootstrap.</param>
    public IReadOnlyList<PhotoDiscard> Result(IReadOnlyList<BootstrapResult>? drawn)
    {
        var random = Shares.ToDictionary(share => share, AtRandom);
        var results = new List<PhotoDiscard>();
        for (var i = 0; i < _points.Count; i++)
        {
            var (measure, share, photos, pairs, subjects) = _points[i];
            var (own, first) = (2 + 2 * i, 2 + 2 * (i % Shares.Count));
            RateChange Change(SubjectRate from, int fromPlace, SubjectRate to, int toPlace) =>
                new(from.Rate - to.Rate, drawn is null ? null : BootstrapResult.Difference(drawn[fromPlace], drawn[toPlace]));
            results.Add(new PhotoDiscard(
                measure,
                share,
                photos,
                drawn is null ? pairs.Undrawn() : drawn[own].ToEstimate(),
                subjects.Rate,
                drawn is null || subjects.Errors == 0 ? null : drawn[own + 1].ToInterval(),
                Change(_all.Pairs, 0, pairs, own),
                Change(_all.Subjects, 1, subjects, own + 1),
                i < Shares.Count ? null : Change(_points[i % Shares.Count].Pairs, first, pairs, own),
                i < Shares.Count ? null : Change(_points[i % Shares.Count].Subjects, first + 1, subjects, own + 1),
                random[share].Pairs,
                random[share].Subjects));
        }
        return results;
    }

    private int Refused(double share) => (int)Math.Round(share * _photos.Length);

    private (Interval Pairs, Interval Subjects) AtRandom(double share)
    {
        var (pairs, subjects) = (new double[RandomRefusals], new double[RandomRefusals]);
        Parallel.For(0, RandomRefusals, trial =>
        {
            var stream = new RandomStream(_seed, (ulong)trial);
            int[] order = [.. _photos];
            stream.Shuffle<int>(order);
            var (byPairs, bySubjects) = Count(Without(order.AsSpan(..Refused(share))));
            (pairs[trial], subjects[trial]) = (byPairs.Rate, bySubjects.Rate);
        });
        return (Middle(pairs), Middle(subjects));

        static Interval Middle(double[] rates)
        {
            Array.Sort(rates);
            var tail = (1 - Interval.Confidence) / 2;
            return new Interval(rates[(int)(tail * rates.Length)], rates[(int)Math.Ceiling((1 - tail) * rates.Length) - 1]);
        }
    }

    private bool[] Without(ReadOnlySpan<int> photos)
    {
        var refused = new bool[_images.Images.Count];
        foreach (var photo in photos)
            refused[photo] = true;
        return refused;
    }

    private (OneWayRate Pairs, OneWayRate Subjects) Count(bool[] refused)
    {
        var (errors, trials) = (new long[_images.Subjects.Count], new long[_images.Subjects.Count]);
        var mated = _comparisons.Mated;
        for (var i = 0; i < mated.Count; i++)
        {
            if (refused[mated.First[i]] || refused[mated.Second[i]])
                continue;
            var subject = _images.SubjectOf[mated.First[i]];
            trials[subject]++;
            errors[subject] += mated.Scores[i] < _threshold ? 1 : 0;
        }
        return (new OneWayRate(errors, trials), new OneWayRate(errors, trials, bySubject: true));
    }
}
