namespace MatchEngine.Evaluation.Extremes;

/// <summary>
/// A generalised Pareto distribution fitted to what exceeds a threshold (Pickands, Annals of Statistics 3, 1975), by maximum likelihood
/// over one parameter (Grimshaw, Technometrics 35, 1993): P(Y &gt; y) = (1 + ξ·y/σ)^(−1/ξ), and e^(−y/σ) for ξ = 0.
/// </summary>
/// <param name="Shape">ξ; below 0 the distribution ends at −σ/ξ. Held within ±<see cref="MostShape"/>.</param>
/// <param name="Scale">σ, above 0, in units of the score.</param>
public readonly record struct ParetoFit(double Shape, double Scale)
{
    /// <summary>Beyond this shape the tail of comparison scores has never been seen, and estimates from a hundred scores are
    /// noise.</summary>
    public const double MostShape = 0.5;

    /// <summary>Share of the exceedances that exceed the threshold by more than <paramref name="excess"/>.</summary>
    /// <param name="excess">0 or more.</param>
    public double Beyond(double excess) => Math.Abs(Shape) < 1e-9
        ? Math.Exp(-excess / Scale)
        : 1 + Shape * excess / Scale is > 0 and var rest ? Math.Pow(rest, -1 / Shape) : 0;

    /// <summary>The excess that only the share <paramref name="beyond"/> of the exceedances pass.</summary>
    /// <param name="beyond">Above 0, at most 1.</param>
    public double Quantile(double beyond)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beyond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(beyond, 1);
        return Math.Abs(Shape) < 1e-9 ? -Scale * Math.Log(beyond) : Scale / Shape * (Math.Pow(beyond, -Shape) - 1);
    }

    /// <summary>Fits the distribution.</summary>
    /// <param name="excesses">By how much each score exceeds the threshold; none below 0, not all 0.</param>
    /// <param name="weights">How often each counts; null for once. Not all 0.</param>
    /// <exception cref="ArgumentException">There is nothing to fit.</exception>
    public static ParetoFit Of(ReadOnlySpan<double> excesses, ReadOnlySpan<double> weights = default)
    {
        if (!weights.IsEmpty && weights.Length != excesses.Length)
            throw new ArgumentException("every excess has a weight", nameof(weights));
        var (sum, total, largest) = (0.0, 0.0, 0.0);
        for (var i = 0; i < excesses.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            sum += weight * excesses[i];
            total += weight;
            if (weight > 0)
                largest = Math.Max(largest, excesses[i]);
        }
        if (!(sum > 0))
            throw new ArgumentException("nothing exceeds the threshold", nameof(excesses));
        var mean = sum / total;

        // For a given τ = ξ/σ the likeliest shape is the mean of log(1 + τ·y); the profile is searched over a grid and then by golden
        // section.
        var (best, bestValue) = (0.0, double.NegativeInfinity);
        const int Grid = 60;
        var (from, to) = (-0.999 / largest, 10 / mean);
        for (var g = 0; g <= Grid; g++)
        {
            var tau = At(g);
            var value = LogLikelihood(excesses, weights, total, tau, mean);
            if (value > bestValue)
                (best, bestValue) = (g, value);
        }
        var (low, high) = (At(Math.Max(0, best - 1)), At(Math.Min(Grid, best + 1)));
        const double Golden = 0.6180339887498949;
        for (var step = 0; step < 60 && high - low > 1e-12 * (Math.Abs(low) + Math.Abs(high)); step++)
        {
            var (a, b) = (high - Golden * (high - low), low + Golden * (high - low));
            if (LogLikelihood(excesses, weights, total, a, mean) > LogLikelihood(excesses, weights, total, b, mean))
                high = b;
            else
                low = a;
        }
        return Make(excesses, weights, total, (low + high) / 2, mean);

        // Denser near 0, where shapes of scores lie.
        double At(double g) => g / Grid is var part && part < 0.5
            ? from * (1 - 2 * part) * (1 - 2 * part)
            : to * (2 * part - 1) * (2 * part - 1);
    }

    private static ParetoFit Make(ReadOnlySpan<double> excesses, ReadOnlySpan<double> weights, double total, double tau, double mean)
    {
        if (Math.Abs(tau) * mean < 1e-9)
            return new ParetoFit(0, mean);
        var sum = 0.0;
        for (var i = 0; i < excesses.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            if (weight > 0)
                sum += weight * Math.Log(1 + tau * excesses[i]);
        }
        var shape = sum / total;
        if (Math.Abs(shape) <= MostShape)
            return new ParetoFit(shape, shape / tau);
        shape = Math.CopySign(MostShape, shape);
        // At the held shape the mean gives the scale: E(Y) = σ/(1 − ξ).
        return new ParetoFit(shape, mean * (1 - shape));
    }

    private static double LogLikelihood(
        ReadOnlySpan<double> excesses, ReadOnlySpan<double> weights, double total, double tau, double mean)
    {
        var fit = Make(excesses, weights, total, tau, mean);
        if (fit.Shape == 0)
            return -total * (Math.Log(mean) + 1);
        var sum = 0.0;
        for (var i = 0; i < excesses.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            var rest = 1 + fit.Shape * excesses[i] / fit.Scale;
            if (weight > 0)
                sum += rest > 0 ? weight * Math.Log(rest) : double.PositiveInfinity;
        }
        return double.IsInfinity(sum) ? double.NegativeInfinity : -total * Math.Log(fit.Scale) - (1 + 1 / fit.Shape) * sum;
    }
}
