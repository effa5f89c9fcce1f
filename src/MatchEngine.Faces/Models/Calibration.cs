
namespace MatchEngine.Faces.Models;

/// <summary>
/// What a score is worth: the number of impostor comparisons of a data set that reached it. A rate is given only where at least
/// <see cref="MinimumErrors"/> false matches stand behind it; beyond that only a bound is honest.
/// </summary>
public sealed class Calibration
{
    /// <summary>
    /// False matches that must stand behind a printed rate (a rate from n errors has a relative standard error of about 1/√n).
    /// </summary>
    public const int MinimumErrors = 10;

    // Upper limits of a one-sided 95 % confidence interval of a Poisson mean when 0 … 9 events were seen
    // (Garwood 1936; half the 0.95 quantile of chi-square with 2e + 2 degrees of freedom). The first is the "rule of three".
    private static readonly double[] PoissonUpper95 = [2.996, 4.744, 6.296, 7.754, 9.154, 10.513, 11.842, 13.148, 14.435, 15.705];

    private readonly double[] _scores;
    private readonly long[] _falseMatches;

    /// <summary>Makes a calibration from counts.</summary>
    /// <param name="dataSet">Name of the data set the comparisons come from.</param>
    /// <param name="impostors">Number of impostor comparisons, above 0.</param>
    /// <param name="scores">Scores in ascending order.</param>
    /// <param name="falseMatches">For each score, how many impostor comparisons reached it (score ≥ T); never rising.</param>
    /// <param name="note">What a reader must know of the data, or null.</param>
    /// <exception cref="ArgumentException">The lists differ in length, are empty, unordered, or counts exceed
    /// <paramref name="impostors"/>.</exception>
    public Calibration(string dataSet, long impostors, IReadOnlyList<double> scores, IReadOnlyList<long> falseMatches, string? note = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataSet);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(falseMatches);
        ArgumentOutOfRangeException.ThrowIfLessThan(impostors, 1);
        if (scores.Count == 0 || scores.Count != falseMatches.Count)
            throw new ArgumentException("a calibration needs as many counts as scores, and at least one", nameof(falseMatches));
        for (var i = 0; i < scores.Count; i++)
        {
            if (!double.IsFinite(scores[i]) || (i > 0 && scores[i] <= scores[i - 1]))
                throw new ArgumentException($"scores must be finite and rise; see entry {i}", nameof(scores));
            if (falseMatches[i] < 0 || falseMatches[i] > (i > 0 ? falseMatches[i - 1] : impostors))
                throw new ArgumentException(
                    $"false match counts must lie within 0 … {impostors} and never rise; see entry {i}", nameof(falseMatches));
        }
        (DataSet, Impostors, Note) = (dataSet, impostors, note);
        _scores = [.. scores];
        _falseMatches = [.. falseMatches];
    }

    /// <summary>Name of the data set behind the counts.</summary>
    public string DataSet { get; }

    /// <summary>Number of impostor comparisons behind the counts.</summary>
    public long Impostors { get; }

    /// <summary>What a reader must know of the data, or null.</summary>
    public string? Note { get; }

    /// <summary>The scores of the entries, rising.</summary>
    public IReadOnlyList<double> Scores => _scores;

    /// <summary>For each of <see cref="Scores"/> how many impostor comparisons reached it.</summary>
    public IReadOnlyList<long> FalseMatches => _falseMatches;

    /// <summary>
    /// The highest score whose rate at least <see cref="MinimumErrors"/> false matches support, with that rate; null when there is none.
    /// </summary>
    public (double Score, double Fmr)? LastSupported()
    {
        var last = Array.FindLastIndex(_falseMatches, count => count >= MinimumErrors);
        return last < 0 ? null : (_scores[last], (double)_falseMatches[last] / Impostors);
    }

    /// <summary>
    /// The false match rate at threshold <paramref name="score"/> (a comparison is accepted at score ≥ T). Between two entries log FMR
    /// is taken as linear in the score. Outside of what the data support the rate is null and a bound stands in its place: below the
    /// first entry the rate is that entry's or more, so neither is given.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="score"/> is not a number.</exception>
    public FalseMatchRate At(double score)
    {
        if (double.IsNaN(score))
            throw new ArgumentOutOfRangeException(nameof(score), "a score is a number");
        if (score < _scores[0])
            return default;
        var found = Array.BinarySearch(_scores, score);
        var below = found >= 0 ? found : ~found - 1;
        var above = found >= 0 ? found : below + 1;
        if (above < _scores.Length && _falseMatches[above] >= MinimumErrors)
        {
            var part = above == below ? 0 : (score - _scores[below]) / (_scores[above] - _scores[below]);
            var log = (1 - part) * Math.Log(_falseMatches[below]) + part * Math.Log(_falseMatches[above]);
            return new FalseMatchRate(Math.Exp(log) / Impostors, null);
        }
        // The count at the entry below is at least the count at the score itself, so the bound errs on the safe side.
        var errors = _falseMatches[below];
        var bound = errors < PoissonUpper95.Length ? PoissonUpper95[errors] : errors + 1.645 * Math.Sqrt(errors) + 1.35;
        return new FalseMatchRate(null, bound / Impostors);
    }
}

/// <summary>A false match rate or, where the data cannot support one, a bound on it.</summary>
/// <param name="Fmr">The rate, 0 … 1, or null.</param>
/// <param name="FmrBelow">Where <paramref name="Fmr"/> is null: the rate lies below this with 95 % confidence, were the comparisons
/// independent; 3/n when no error was seen. Null when nothing can be said.</param>
public readonly record struct FalseMatchRate(double? Fmr, double? FmrBelow);
