namespace MatchEngine.Rates.Calibrations;

/// <summary>A false match rate or, where the data cannot support one, a bound on it; and whom it was measured on.</summary>
/// <param name="Value">The rate, 0 … 1: the share of comparisons of two different people of the population that reach the score. Null
/// where unsupported.</param>
/// <param name="Low">The lower limit of a 95 % interval of it by person; null where there is none.</param>
/// <param name="High">The upper limit.</param>
/// <param name="Below">Where <paramref name="Value"/> is null: the rate lies below this with 95 % confidence, were the comparisons
/// independent; 3/n when no
/// error was seen. Null when nothing can be said.</param>
/// <param name="Population">Whom it was measured on.</param>
public sealed record FalseMatchRate(double? Value, double? Low, double? High, double? Below, Population Population);

/// <summary>What a score is worth when nobody recorded which group the people belong to: between these two, or more for whom the data do
/// not hold.</summary>
/// <param name="RandomPairs">The rate of people at random.</param>
/// <param name="WorstGroup">The rate within the worst group with enough data; null when no group has.</param>
public sealed record FalseMatchRange(FalseMatchRate RandomPairs, FalseMatchRate? WorstGroup);
