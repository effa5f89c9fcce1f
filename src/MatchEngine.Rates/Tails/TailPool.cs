using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Tails;

/// <summary>
/// What the tails of a gallery's own people have in common. Each of them, searched in the gallery, has a tail; where a probe's own is thin
/// (a gallery of some hundred subjects leaves it ten or thirty scores) the pool says what tails are like there. Pools of other galleries
/// of the same model, or of shards, can be added to it.
/// </summary>
/// <remarks>
/// What is pooled is the scale σ: its mean and its variance between people, which is the variance of their estimates less that of each
/// one's own error
/// (the method of moments). The logarithm of an estimate from k exceedances is too low by 1/2k on average, which is added. The shape stays
/// the model's: the tenth that a pool sees bends more than the far tail that is asked about, and a pool of shapes foretells too few
/// strangers.
/// </remarks>
public sealed class TailPool
{
    /// <summary>The least number of tails that make a prior.</summary>
    public const int LeastTails = 30;

    // Closer than this tails of different people are never known to be: the tail of a real gallery is only nearly a Pareto one.
    private const double LeastDeviation = 0.05;

    private readonly TailPrior _prior;
    private double _sum;
    private double _squares;
    private double _errors;

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
    public long Tails { get; private set; }

    /// <summary>Adds the tail of one of the gallery's people, searched in it.</summary>
    /// <param name="summary">Its scores. With <see cref="ScoreSummary.PossibleMates"/> 0, when its own templates were left out.</param>
    /// <returns>Whether it has a tail.</returns>
    public bool Add(ScoreSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var fit = TailFit.Of(summary, "pool", _prior, TailFit.LeastSubjectsPooled);
        if (fit.Reason != UnsaidReason.None)
            return false;
        var scale = Math.Log(fit.Scale) + 1 / (2 * fit.Exceedances);
        (_sum, _squares, _errors, Tails) = (_sum + scale, _squares + scale * scale, _errors + fit.LogScaleVariance, Tails + 1);
        return true;
    }

    /// <summary>Adds the tails of another pool that was begun with the same prior.</summary>
    /// <exception cref="ArgumentException">It was begun with another one.</exception>
    public void AddAll(TailPool other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._prior != _prior)
            throw new ArgumentException("the pools were begun with different priors", nameof(other));
        (_sum, _squares, _errors) = (_sum + other._sum, _squares + other._squares, _errors + other._errors);
        Tails += other.Tails;
    }

    /// <summary>The prior that comes of it; null while there are fewer than <see cref="LeastTails"/>.</summary>
    public TailPrior? ToPrior()
    {
        if (Tails < LeastTails)
            return null;
        var mean = _sum / Tails;
        var between = (_squares - Tails * mean * mean) / (Tails - 1) - _errors / Tails;
        return _prior with { LogScale = mean, LogScaleDeviation = Math.Sqrt(Math.Max(between, LeastDeviation * LeastDeviation)) };
    }
}
