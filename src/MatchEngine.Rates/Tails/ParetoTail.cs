using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary>The same of four tails or excesses at once; a search asks for hundreds.</summary>
    /// <param name="shape">The shapes, none of them 0.</param>
    /// <param name="z">The excesses over the scales.</param>
    /// <returns>Past the end of a tail nothing is left, and <c>Linear</c>, which is 1 + ξz, is 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<double> Share, Vector256<double> Slope, Vector256<double> Linear) Beyond(
        Vector256<double> shape, Vector256<double> z)
    {
        var rest = Vector256<double>.One + shape * z;
        var within = Vector256.GreaterThan(rest, Vector256<double>.Zero);
        rest = Vector256.ConditionalSelect(within, rest, Vector256<double>.One);
        return (Vector256.Exp(-Vector256.Log(rest) / shape) & within, z / rest & within, rest);
    }

    /// <summary>The hazard: density over the share beyond; infinite past the distribution's end.</summary>
    /// <param name="excess">A score less the threshold, 0 or more.</param>
    public double Hazard(double excess)
    {
        var left = Scale + Shape * excess;
        return left <= 0 ? double.PositiveInfinity : 1 / left;
    }
}
