using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Rates.Tests.Calibrations;

public sealed class CalibrationSetTests
{
    private static readonly Calibration Random = Of(Restriction.RandomPairs, null, 100);
    private static readonly Calibration Women = Of(Restriction.Group, "F, a", 500);
    private static readonly Calibration Worst = Of(Restriction.WorstGroup, "F, a", 500);

    [Fact]
    public void A_score_is_worth_something_between_random_pairs_and_the_worst_group()
    {
        var range = new CalibrationSet([Worst, Women, Random]).At(0.3);
        Assert.Equal((0.01, 0.05), (range.RandomPairs.Value, range.WorstGroup!.Value));
        Assert.Equal(Restriction.WorstGroup, range.WorstGroup.Population.Restriction);
        Assert.Null(new CalibrationSet([Random]).At(0.3).WorstGroup);
    }

    [Fact]
    public void A_group_is_found_by_its_recorded_name_or_not_at_all()
    {
        var set = new CalibrationSet([Worst, Women, Random]);
        Assert.Same(Women, set.OfGroup("F, a"));
        Assert.Null(set.OfGroup("F, b"));
        Assert.Equal([Random, Women, Worst], set.All);
    }

    [Fact]
    public void A_recorded_group_has_its_own_rate_and_stands_alone()
    {
        var set = new CalibrationSet([Worst, Women, Random]);
        var own = set.At(0.3, "F, a");
        Assert.Equal(0.05, own.Group!.Value);
        Assert.Equal([own.Group], own.Shown);
        var unknown = set.At(0.3, "F, b");
        Assert.Null(unknown.Group);
        Assert.Equal([unknown.RandomPairs, unknown.WorstGroup!], unknown.Shown);
        var only = new CalibrationSet([Random]).At(0.3);
        Assert.Equal([only.RandomPairs], only.Shown);
    }

    [Fact]
    public void Populations_of_ranges_stand_once_in_the_order_of_a_card()
    {
        var set = new CalibrationSet([Worst, Women, Random]);
        Assert.Equal(
            [Random.Population, Women.Population, Worst.Population],
            FalseMatchRange.PopulationsOf(set.At(0.3), null, set.At(0.4, "F, a"), set.At(0.5)));
        Assert.Equal([Random.Population, Worst.Population], FalseMatchRange.PopulationsOf(set.At(0.3)));
        Assert.Empty(FalseMatchRange.PopulationsOf([null]));
    }

    [Fact]
    public void A_card_without_random_pairs_or_with_a_population_twice_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new CalibrationSet([]));
        Assert.Throws<ArgumentException>(() => new CalibrationSet([Women]));
        Assert.Throws<ArgumentException>(() => new CalibrationSet([Random, Women, Women]));
        Assert.Throws<ArgumentException>(() => new CalibrationSet([Random, Worst, Of(Restriction.WorstGroup, "M, a", 3)]));
    }

    private static Calibration Of(Restriction restriction, string? group, long falseMatches) =>
        new(new Population("set", restriction, group, 50, 10_000, null, []), [new(0.3, falseMatches)]);
}
