namespace MatchEngine.Rates.Cohorts;

/// <summary>Predicted against counted strangers of one slice of the probes at one floor.</summary>
/// <param name="Slice">The slice.</param>
/// <param name="Floor">The floor.</param>
/// <param name="Searches">How many searches said a number.</param>
/// <param name="People">How many people their probes show.</param>
/// <param name="Unsaid">How many searches could not say a number; they are in no sum.</param>
/// <param name="Predicted">The sum of the numbers.</param>
/// <param name="Counted">How many strangers came.</param>
/// <param name="Low">The lower limit of a 95 % interval, by person, of predicted over counted; 0 where none was counted, but for what
/// none is worth.</param>
/// <param name="High">The upper limit; infinite where none was counted.</param>
public sealed record CohortRow(
    string Slice, double Floor, int Searches, int People, int Unsaid, double Predicted, long Counted, double Low, double High)
{
    /// <summary>So many strangers must be counted for the ratio itself to be judged.</summary>
    public const int LeastCounted = 100;

    /// <summary>Predicted over counted; infinite where none was counted, NaN where none was predicted either.</summary>
    public double Ratio => Predicted / Counted;

    /// <summary>The greatest factor by which prediction and count may differ: 1.5 where a tenth of a stranger a search was counted or
    /// more, 3 deeper.</summary>
    public double Tolerance => Counted >= 0.1 * Searches ? 1.5 : 3;

    /// <summary>Whether the prediction holds: the ratio is within the tolerance, or, where few were counted, its interval reaches into
    /// it.</summary>
    public bool Holds => Counted >= LeastCounted
        ? Ratio <= Tolerance && Ratio >= 1 / Tolerance
        : Searches == 0 || (Low <= Tolerance && High >= 1 / Tolerance);
}
