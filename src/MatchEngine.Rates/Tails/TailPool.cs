using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Tails;

/// <summary>
/// What the tails of a gallery's own people have in common. Each of them, searched in the gallery, has a tail; where a probe's own is thin
/// (a gallery of some hundred subjects leaves it ten or thirty scores) the pool says what tails are like there. Pools of other galleries
/// of the same model, or of shards, can be added to it.
/// </summary>
/// <remarks>
/// Mean and variance between probes by the method of moments, each estimate weighed by its precision (DerSimonian and Laird, Controlled
/// Clinical Trials 7, 1986). The prior with which a tail was fitted is taken out of its estimate before it is pooled.
/// </remarks>
public sealed class TailPool
{
    /// <summary>The least number of tails that make a prior.</summary>
    public const int LeastTails = 30;

    // Closer than this tails of different people are never known to be: the tail of a real gallery is only nearly a Pareto one.
    private const double LeastShapeDeviation = 0.03;
    private const double LeastLogScaleDeviation = 0.05;

    private readonly TailPrior _prior;
    private Moments _shape;
    private Moments _scale;

    /// <summary>An empty pool.</summary>
    /// <param name="prior">What is known of the model's tails without a pool; null for <see cref="TailPrior.Cosines"/>.</param>
    public TailPool(TailPrior? prior = null)
    {
        _prior = prior ?? TailPrior.Cosines;
        _prior.Require();
        if (_prior.LogScale is not null)
            throw new ArgumentException("a pool is made of tails that were fitted without one", nameof(prior));
    }

    /// <summary>How many tails are in it.</summary>
    public long Tails => _shape.Count;

    /// <summary>Adds the tail of one of the gallery's people, searched in it.</summary>
    /// <param name="summary">Its scores. With <see cref="ScoreSummary.PossibleMates"/> 0, when its own templates were left out.</param>
    /// <returns>Whether it has a tail.</returns>
    public bool Add(ScoreSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var fit = TailFit.Of(summary, "pool", _prior, TailFit.LeastSubjectsPooled);
        if (fit.Reason != UnsaidReason.None)
            return false;
        var (mean, variance) = WithoutPrior(fit);
        _shape = _shape.Add(mean, variance);
        _scale = _scale.Add(Math.Log(fit.Scale), fit.LogScaleVariance);
        return true;
    }

    /// <summary>Adds the tails of another pool that was begun with the same prior.</summary>
    /// <exception cref="ArgumentException">It was begun with another one.</exception>
    public void AddAll(TailPool other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._prior != _prior)
            throw new ArgumentException("the pools were begun with different priors", nameof(other));
        (_shape, _scale) = (_shape.Add(other._shape), _scale.Add(other._scale));
    }

    /// <summary>The prior that comes of it; null while there are fewer than <see cref="LeastTails"/>.</summary>
    public TailPrior? ToPrior()
    {
        if (Tails < LeastTails)
            return null;
        var shape = Math.Clamp(_shape.Mean, TailPrior.MinShape, TailPrior.MaxShape);
        // The gallery's people share its faces, so their mean is not known better than the model's own prior knows it by much.
        var deviation = Math.Clamp(Math.Sqrt(_shape.Between()), LeastShapeDeviation, _prior.ShapeDeviation);
        return new TailPrior(shape, deviation, _scale.Mean, Math.Max(Math.Sqrt(_scale.Between()), LeastLogScaleDeviation));
    }

    // Precisions of a normal prior and a normal likelihood add up to that of the posterior.
    private (double Mean, double Variance) WithoutPrior(TailFit fit)
    {
        var posterior = 1 / (fit.ShapeDeviation * fit.ShapeDeviation);
        var prior = 1 / (_prior.ShapeDeviation * _prior.ShapeDeviation);
        var likelihood = Math.Max(posterior - prior, 0.01 * prior);
        return ((fit.Shape * posterior - _prior.Shape * prior) / likelihood, 1 / likelihood);
    }

    /// <summary>Sums of weights 1/variance and of weighted powers.</summary>
    private readonly record struct Moments(long Count, double Weight, double WeightSquared, double First, double Second)
    {
        public double Mean => First / Weight;

        public Moments Add(double value, double variance)
        {
            var weight = 1 / variance;
            return Add(new Moments(1, weight, weight * weight, weight * value, weight * value * value));
        }

        public Moments Add(Moments other) =>
            new(
                Count + other.Count,
                Weight + other.Weight,
                WeightSquared + other.WeightSquared,
                First + other.First,
                Second + other.Second);

        /// <summary>The variance between probes: what the scatter exceeds the estimates' own variances by.</summary>
        public double Between()
        {
            var scatter = Second - First * First / Weight;
            return Math.Max(0, (scatter - (Count - 1)) / (Weight - WeightSquared / Weight));
        }
    }
}
