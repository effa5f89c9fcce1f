namespace MatchEngine.Vetting.Load;

/// <summary>
/// How long answers took, in milliseconds. A quantile stands there only where at least one answer lies beyond it: p99 from 100 answers on,
/// p99.9 from 1,000.
/// </summary>
/// <param name="Count">The answers.</param>
/// <param name="Mean">Their mean; null of none.</param>
/// <param name="P50">Half took no longer.</param>
/// <param name="P90">Nine in ten took no longer.</param>
/// <param name="P99">99 in a hundred took no longer.</param>
/// <param name="P999">999 in a thousand took no longer.</param>
/// <param name="Max">The longest.</param>
public sealed record LatencySummary(long Count, double? Mean, double? P50, double? P90, double? P99, double? P999, double? Max);
