namespace MatchEngine.Evaluation.Intervals;

/// <summary>A confidence interval of a rate.</summary>
/// <param name="Low">Lower end, 0 … 1.</param>
/// <param name="High">Upper end, 0 … 1.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The confidence of every interval in this house unless it says otherwise.</summary>
    public const double Confidence = 0.95;

    /// <summary>Whether <paramref name="value"/> lies in the interval, its ends included.</summary>
    public bool Contains(double value) => value >= Low && value <= High;
}
