namespace MatchEngine.Rates.Tails;

/// <summary>
/// The generalised Pareto distribution of what exceeds a threshold (Pickands, Annals of Statistics 3, 1975; Coles, An Introduction to
/// Statistical Modeling of Extreme Values, 2001, chapter 4): P(Y &gt; y) = (1 + ξ·y/σ)^(−1/ξ), and e^(−y/σ) for ξ = 0.
/// </summary>
/// <param name="Shape">ξ. Below 0 the distribution ends at −σ/ξ.</param>
/// <param name="Scale">σ, above 0, in units of the score.</param>
internal readonly record struct ParetoTail(double Shape, double Scale)
{
    // So near to 0 the power is the exponential function to double precision's last digits but four; nearer, rounding would grow.
    public const double LeastShape = 1e-6;

    /// <summary>The share of exceedances beyond <paramref name="excess"/>, and ∂ ln share / ∂ ln σ there.</summary>
    /// <param name="excess">A score less the threshold, 0 or more.</param>
    public (double Share, double Slope) Beyond(double excess)
    {
        var shape = Math.Abs(Shape) < LeastShape ? LeastShape : Shape;
        var z = excess / Scale;
        var rest = 1 + shape * z;
        return rest <= 0 ? (0, 0) : (Math.Exp(-Math.Log(rest) / shape), z / rest);
    }

    /// <summary>The hazard: density over the share beyond; infinite past the distribution's end.</summary>
    /// <param name="excess">A score less the threshold, 0 or more.</param>
    public double Hazard(double excess)
    {
        var left = Scale + Shape * excess;
        return left <= 0 ? double.PositiveInfinity : 1 / left;
    }
}
