using MathNet.Numerics.Distributions;

namespace MatchEngine.Evaluation.Verification;

/// <summary>The axes of a DET plot: a rate r is drawn at Φ⁻¹(r), where two normal distributions of scores give a straight line.</summary>
public static class NormalDeviate
{
    /// <summary>Φ⁻¹(rate): −∞ for 0, +∞ for 1. bob.measure draws the two ends at ∓8.126 instead.</summary>
    /// <param name="rate">0 … 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range.</exception>
    public static double Of(double rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, 1);
        return Normal.InvCDF(0, 1, rate);
    }
}
