namespace MatchEngine.Rates.Calibrations;

/// <summary>
/// What a score is worth among the people of one population: the number of comparisons of different people that reached it. A rate is given
/// only where at least <see cref="MinimumErrors"/> false matches stand behind it; beyond that only a bound is honest.
/// </summary>
/// <remarks>
/// A model card holds several, one for each population:
/// <code>
/// "calibrations": [
///   {
///     "population": {
///       "dataSet": "lfw-a",              // required
///       "restriction": "same-sex",       // required: random-pairs | same-sex | same-sex-and-race | group | worst-group
///       "group": null,                   // required for group and worst-group: "F, asian"
///       "people": 2813,                  // required, 2 or more
///       "comparisons": 11958214,         // required, 1 or more
///       "labels": "sex hand-checked",    // null where no label was used
///       "notSupported": ["children", "profile views"]
///     },
///     "note": "…",                       // what else a reader must know, or null
/// "points": [ { "score": 0.3, "falseMatches": 41235, "low": 0.0033, "high": 0.0036 }, … ] // rising scores; limits null where
/// unsupported
///   }, …
/// ]
/// </code>
/// At most one of each population; one of random pairs must be there if any is.
/// </remarks>
public sealed class Calibration
{
    /// <summary>False matches that must stand behind a printed rate (a rate from n errors has a relative standard error of about
    /// 1/√n).</summary>
    public const int MinimumErrors = 10;

    private readonly CalibrationPoint[] _points;
    private readonly double[] _scores;

    /// <summary>Makes a calibration from counts.</summary>
    /// <param name="population">Whom they were counted on; its comparisons are the rate's denominator.</param>
    /// <param name="points">The rows, scores rising, counts never rising.</param>
    /// <param name="note">What else a reader must know of the data, or null.</param>
    /// <exception cref="ArgumentException">A row or the population is not in order.</exception>
    public Calibration(Population population, IReadOnlyList<CalibrationPoint> points, string? note = null)
    {
        ArgumentNullException.ThrowIfNull(population);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentException.ThrowIfNullOrWhiteSpace(population.DataSet, nameof(population));
        if (population.Comparisons < 1 || population.People < 2)
            throw new ArgumentException("a rate needs at least one comparison of two people", nameof(population));
        if ((population.Group is not null) != (population.Restriction is Restriction.Group or Restriction.WorstGroup))
            throw new ArgumentException($"a group has a name, and nothing else has; see population '{population.Id}'", nameof(population));
        if (points.Count == 0)
            throw new ArgumentException("a calibration needs at least one point", nameof(points));
        for (var i = 0; i < points.Count; i++)
            Require(points[i], i == 0 ? null : points[i - 1], population.Comparisons, i);
        (Population, Note, _points) = (population, note, [.. points]);
        _scores = [.. points.Select(point => point.Score)];
    }

    /// <summary>Whom it was measured on.</summary>
    public Population Population { get; }

    /// <summary>What else a reader must know of the data, or null.</summary>
    public string? Note { get; }

    /// <summary>The rows, scores rising.</summary>
    public IReadOnlyList<CalibrationPoint> Points => _points;

    /// <summary>The highest score whose rate at least <see cref="MinimumErrors"/> false matches support; null when there is none.</summary>
    public double? LastSupported()
    {
        var last = Array.FindLastIndex(_points, point => point.FalseMatches >= MinimumErrors);
        return last < 0 ? null : _scores[last];
    }

    /// <summary>
    /// The false match rate at a threshold (a comparison is accepted at score ≥ T). Between two rows the logarithm of the rate is taken
    /// as linear in the score.
    /// Outside of what the data support the rate is null and a bound stands in its place: below the first row the rate is that row's or
    /// more, so neither
    /// is given.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="score"/> is not a number.</exception>
    public FalseMatchRate At(double score)
    {
        if (double.IsNaN(score))
            throw new ArgumentOutOfRangeException(nameof(score), "a score is a number");
        if (score < _scores[0])
            return new FalseMatchRate(null, null, null, null, Population);
        var found = Array.BinarySearch(_scores, score);
        var below = found >= 0 ? found : ~found - 1;
        var above = found >= 0 ? found : below + 1;
        if (above < _points.Length && _points[above].FalseMatches >= MinimumErrors)
        {
            var part = above == below ? 0 : (score - _scores[below]) / (_scores[above] - _scores[below]);
            var (a, b) = (_points[below], _points[above]);
            return new FalseMatchRate(
                Between(a.FalseMatches, b.FalseMatches, part) / Population.Comparisons,
                a.Low is { } al && b.Low is { } bl ? Between(al, bl, part) : null,
                a.High is { } ah && b.High is { } bh ? Between(ah, bh, part) : null,
                null,
                Population);
        }
        // The count at the row below is at least the count at the score itself, so the bound errs on the safe side.
        var bound = Math.Min(1, PoissonLimit.Upper95(_points[below].FalseMatches) / Population.Comparisons);
        return new FalseMatchRate(null, null, null, bound, Population);
    }

    /// <summary>
    /// The least threshold of the table, to a ten-thousandth, whose rate is no more than a target. It holds for this population and does
    /// not travel to another.
    /// </summary>
    /// <param name="rate">The target, above 0.</param>
    /// <returns>Null where the comparisons do not suffice to support that rate, or the table begins above it.</returns>
    public double? ThresholdFor(double rate)
    {
        if (!(rate > 0))
            throw new ArgumentOutOfRangeException(nameof(rate), "a rate that can be supported is above 0");
        if (LastSupported() is not { } last || At(last).Value > rate || At(_scores[0]).Value <= rate)
            return null;
        const double PerUnit = 10_000;
        var (low, high) = (Math.Floor(_scores[0] * PerUnit), Math.Ceiling(last * PerUnit));
        while (high - low > 1)
        {
            var middle = Math.Floor((low + high) / 2);
            (low, high) = At(middle / PerUnit).Value > rate ? (middle, high) : (low, middle);
        }
        return Math.Min(high / PerUnit, last);
    }

    private static double Between(double below, double above, double part) =>
        below == above ? below : Math.Exp((1 - part) * Math.Log(below) + part * Math.Log(above));

    private static void Require(CalibrationPoint? point, CalibrationPoint? before, long comparisons, int row)
    {
        if (point is null || !double.IsFinite(point.Score) || point.Score <= before?.Score)
            throw new ArgumentException($"scores must be finite and rise; see row {row}", nameof(point));
        if (point.FalseMatches < 0 || point.FalseMatches > (before?.FalseMatches ?? comparisons))
            throw new ArgumentException($"false matches must lie within 0 … {comparisons} and never rise; see row {row}", nameof(point));
        var rate = (double)point.FalseMatches / comparisons;
        if ((point.Low is null) != (point.High is null) || point.Low > rate || point.Low <= 0 || point.High < rate || point.High > 1)
            throw new ArgumentException($"an interval has two limits within 0 … 1, about the rate; see row {row}", nameof(point));
    }
}
