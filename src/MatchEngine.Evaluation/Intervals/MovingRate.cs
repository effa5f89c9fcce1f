namespace MatchEngine.Evaluation.Intervals;

/// <summary>A rate at a threshold that was set on the same people so that another rate had a wanted value.</summary>
/// <param name="Rate">The draws of the rate, at the threshold of the data.</param>
/// <param name="SetBy">Those of the rate that the threshold was set by.</param>
/// <param name="RateAt">The rate in the data at the threshold where the other is so many times what it is now.</param>
internal sealed record MovingRate(BootstrapResult Rate, BootstrapResult SetBy, Func<double, double> RateAt);
