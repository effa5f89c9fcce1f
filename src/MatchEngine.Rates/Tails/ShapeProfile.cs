namespace MatchEngine.Rates.Tails;

/// <summary>At one shape: the likeliest scale, and how likely the shape is with it.</summary>
/// <param name="Tail">The shape with its likeliest scale.</param>
/// <param name="LogDensity">Log-likelihood plus the logarithm of the prior.</param>
/// <param name="Information">−∂²/∂(ln σ)² of that.</param>
internal readonly record struct ShapeProfile(ParetoTail Tail, double LogDensity, double Information)
{
    private const int MaxSteps = 12;

    /// <summary>The logarithm of the density with ln σ integrated out, by Laplace's method, less a constant.</summary>
    public double Marginal => LogDensity - Math.Log(Information) / 2;

    /// <summary>Newton's method in ln σ from a good start.</summary>
    /// <param name="bins">The exceedances.</param>
    /// <param name="prior">What is known before.</param>
    /// <param name="shape">ξ.</param>
    /// <param name="scale">Where to start, σ.</param>
    public static ShapeProfile At(in ExceedanceBins bins, TailPrior prior, double shape, double scale)
    {
        if (Math.Abs(shape) < ParetoTail.LeastShape)
            shape = ParetoTail.LeastShape;
        // The tail must not end before the last subject.
        var least = shape < 0 ? Math.Log(-shape * Math.Max(bins.LastEdge, 1e-6) * 1.02) : double.NegativeInfinity;
        var log = Math.Max(Math.Log(scale), least);
        var shift = (shape - prior.Shape) / prior.ShapeDeviation;
        for (var step = 1; ; step++)
        {
            var (value, first, second) = bins.LogLikelihood(shape, Math.Exp(log));
            if (prior.LogScale is { } mean)
            {
                var (precision, away) = (1 / (prior.LogScaleDeviation * prior.LogScaleDeviation), log - mean);
                (value, first, second) = (value - away * away * precision / 2, first - away * precision, second - precision);
            }
            var next = Math.Max(log + Math.Clamp(second < 0 ? -first / second : 0.2 * Math.Sign(first), -0.5, 0.5), least);
            var move = next - log;
            if (Math.Abs(move) < 0.01 || step == MaxSteps)
            {
                // The last step's gain by the parabola: another look at the likelihood would not change the fourth digit.
                var gain = first * move + second * move * move / 2;
                return new ShapeProfile(new ParetoTail(shape, Math.Exp(next)), value + gain - shift * shift / 2, Math.Max(-second, 1));
            }
            log = next;
        }
    }
}
