using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>What the fake model's scores are worth: people at random, one group, which is also the worst.</summary>
internal static class FakeCalibrations
{
    public const string Group = "F, a";

    public static CalibrationSet Set { get; } = new([
        Of(Restriction.RandomPairs, null, 1_000_000, (0.2, 100_000), (0.4, 1_000), (0.6, 20), (0.8, 0)),
        Of(Restriction.Group, Group, 10_000, (0.2, 5_000), (0.4, 100), (0.6, 3)),
        Of(Restriction.WorstGroup, Group, 10_000, (0.2, 5_000), (0.4, 100), (0.6, 3)),
    ]);

    private static Calibration Of(Restriction restriction, string? group, long comparisons, params (double, long)[] rows) => new(
        new Population("test set", restriction, group, 100, comparisons, group is null ? null : "made up", ["children"]),
        [.. rows.Select(row => new CalibrationPoint(row.Item1, row.Item2))]);
}
