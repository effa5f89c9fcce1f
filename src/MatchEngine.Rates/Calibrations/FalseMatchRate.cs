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

/// <summary>
/// What a score is worth: between the rates of two populations where nobody recorded which group the people belong to (and more for whom
/// the data do not hold), or the rate of the group that was recorded.
/// </summary>
/// <param name="RandomPairs">The rate of people at random.</param>
/// <param name="WorstGroup">The rate within the worst group with enough data; null when no group has.</param>
/// <param name="Group">The rate within the group that the gallery's owner recorded; null where none is recorded, or the data do not
/// support it.</param>
public sealed record FalseMatchRange(FalseMatchRate RandomPairs, FalseMatchRate? WorstGroup, FalseMatchRate? Group = null)
{
    /// <summary>All rates that there are: of people at random, of the recorded group, of the worst group.</summary>
    public IReadOnlyList<FalseMatchRate> All => [.. ((FalseMatchRate?[])[RandomPairs, Group, WorstGroup]).OfType<FalseMatchRate>()];

    /// <summary>What stands beside a score: the recorded group's rate alone, or the two ends of the range.</summary>
    public IReadOnlyList<FalseMatchRate> Shown =>
        Group is not null ? [Group] : WorstGroup is not null ? [RandomPairs, WorstGroup] : [RandomPairs];

    /// <summary>The populations of some ranges, each once, in the order of a card.</summary>
    /// <param name="ranges">The ranges; null where a score has none.</param>
    public static IReadOnlyList<Population> PopulationsOf(params IEnumerable<FalseMatchRange?> ranges) =>
    [
        .. ranges
            .SelectMany(range => range?.All ?? [])
            .Select(rate => rate.Population)
            .Distinct()
            .OrderBy(population => population.Restriction)
            .ThenBy(population => population.Group, StringComparer.Ordinal),
    ];
}
