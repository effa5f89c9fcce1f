namespace MatchEngine.Vectors.Sketches;

/// <summary>
/// A probe's side of the estimates: score ≈ factor · (sum − offset), and how far below its score a row's estimate may lie.
/// </summary>
/// <param name="Factor">a: the value of a unit of the sum.</param>
/// <param name="Offset">7.5 · Σ b, which the codes' own offset adds to every sum.</param>
/// <param name="Shrinkage">|r_q|·max(r̄, |r_q|): the share of a score that residuals hide.</param>
/// <param name="ShrinkageDeviation">v·|r_q|: the deviation of that share.</param>
/// <param name="Spread">The standard deviation of the rest of the error.</param>
/// <param name="Tail">How much heavier than a normal variable's the error's tail is.</param>
internal readonly record struct SketchProbe(float Factor, float Offset, float Shrinkage, float ShrinkageDeviation, float Spread, float Tail)
{
    /// <summary>
    /// The variance of the estimates of strangers' scores less that of the scores. Of residuals and of what codes round away an estimate
    /// knows nothing (the steps are those for which a normal element's error does not depend on its code), so it varies less by that; the
    /// rounding of the probe's own elements is noise, by which it varies more. Right to some hundredths of the scores' variance.
    /// </summary>
    public float ExcessVariance { get; init; }

    /// <summary>The score to be expected of a row from its sum.</summary>
    public float Estimate(int sum) => Factor * (sum - Offset);

    /// <summary>z: the number of spreads that the error of no candidate of a list exceeds, but with the probability allowed.</summary>
    public static float Quantile(int listLength) =>
        (float)SketchTraining.NormalQuantile(SketchBasis.FailureProbability / listLength) + 0.001f;

    /// <summary>The same probe with another error in quadrature.</summary>
    /// <param name="error">The standard deviation of that error.</param>
    public SketchProbe With(float error) => this with { Spread = MathF.Sqrt((Spread * Spread) + (error * error)) };

    /// <summary>w: the spread of the error of a row of the given score.</summary>
    public float SpreadAt(float score) => MathF.Sqrt((Spread * Spread) + (score * score * ShrinkageDeviation * ShrinkageDeviation));

    /// <summary>The smallest sum of a row that may have the given score or a higher one.</summary>
    /// <param name="score">The least score of interest.</param>
    /// <param name="quantile">From <see cref="Quantile"/>; 0 for the sum to be expected of that score.</param>
    public int LeastSum(float score, float quantile)
    {
        var sum = (LeastEstimate(score, quantile) / Factor) + Offset;
        // A float of this size is no exact integer; a unit below errs on the safe side.
        return sum < -1e9f || float.IsNaN(sum) ? int.MinValue : sum > 1e9f ? int.MaxValue : (int)MathF.Floor(sum) - 1;
    }

    /// <summary>A sum that no row with an estimate of the given score or a higher one falls below, and few others reach.</summary>
    public int LeastTallied(float score)
    {
        var sum = (score / Factor) + Offset;
        return sum < -1e9f ? int.MinValue : sum > 1e9f ? int.MaxValue : (int)MathF.Floor(sum) - 1;
    }

    /// <summary>The smallest estimate of a row that may have the given score or a higher one.</summary>
    public float LeastEstimate(float score, float quantile) => score - (Math.Abs(score) * Shrinkage) - (quantile * Tail * SpreadAt(score));
}
