namespace MatchEngine.Rates.Tails;

/// <summary>The likeliest tail of a probe's exceedances, and how widely shapes scatter about it: enough to tell a mate from a
/// stranger.</summary>
/// <param name="Tail">The tail.</param>
/// <param name="Deviation">The standard deviation of the shape.</param>
internal readonly record struct TailMode(ParetoTail Tail, double Deviation)
{
    /// <summary>Where to start when nothing is known but the prior and the mean excess, which is σ/(1 − ξ).</summary>
    public static TailMode Start(in ExceedanceBins bins, TailPrior prior) =>
        new(new ParetoTail(prior.Shape, bins.MeanExcess() * (1 - prior.Shape)), prior.ShapeDeviation);

    /// <summary>The scale that gives the same mean excess at another shape.</summary>
    public double ScaleAt(double shape) => Tail.Scale * (1 - shape) / (1 - Tail.Shape);

    /// <summary>The vertex of a parabola through the logarithm of the density at three shapes.</summary>
    /// <param name="bins">The exceedances.</param>
    /// <param name="prior">What is known before.</param>
    public TailMode Improve(in ExceedanceBins bins, TailPrior prior)
    {
        var (at, step) = (Tail.Shape, Deviation);
        var middle = ShapeProfile.At(bins, prior, at, Tail.Scale);
        var start = this with { Tail = middle.Tail };
        var low = ShapeProfile.At(bins, prior, at - step, start.ScaleAt(at - step)).Marginal;
        var high = ShapeProfile.At(bins, prior, at + step, start.ScaleAt(at + step)).Marginal;
        // The prior alone gives −1/deviation²; data can only add to that, but for what Laplace's method leaves out.
        var least = 1 / (prior.ShapeDeviation * prior.ShapeDeviation);
        var curvature = Math.Min((high - 2 * middle.Marginal + low) / (step * step), -least);
        var move = Math.Clamp((low - high) / (2 * step) / curvature, -2 * prior.ShapeDeviation, 2 * prior.ShapeDeviation);
        var shape = Math.Clamp(at + move, TailPrior.MinShape, TailPrior.MaxShape);
        return new TailMode(new ParetoTail(shape, start.ScaleAt(shape)), 1 / Math.Sqrt(-curvature));
    }

    /// <summary>How many strangers are expected per unit of the score, the mean over the likeliest shape and those ±√3 deviations from it
    /// (Gauss–Hermite with three nodes).</summary>
    /// <param name="excess">The score less the threshold, 0 or more.</param>
    /// <param name="exceedances">How many there are.</param>
    public double Intensity(double excess, double exceedances)
    {
        var sum = 0.0;
        for (var node = -1; node <= 1; node++)
        {
            var shape = Tail.Shape + node * 1.7320508 * Deviation;
            var tail = new ParetoTail(shape, ScaleAt(shape));
            var (share, _) = tail.Beyond(excess);
            if (share > 0)
                sum += (node == 0 ? 2.0 / 3 : 1.0 / 6) * share * tail.Hazard(excess);
        }
        return exceedances * sum;
    }
}
