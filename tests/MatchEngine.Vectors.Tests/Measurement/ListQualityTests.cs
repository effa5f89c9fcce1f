using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Measurement;

public class ListQualityTests
{
    [Fact]
    public void Lists_are_held_against_the_exhaustive_ones()
    {
        // By hand: 3 + 2 of 8 subjects, 1 + 1 of 3 above the floor; two searches are mated (the third's mate is not first),
        // one of those lost its mate.
        var quality = ListQuality.Of(
        [
            new ListQuality.Search([7, 1, 2, 3], AboveFloor: 1, Mate: 7, Found: [7, 3, 9, 2]),
            new ListQuality.Search([5, 6], AboveFloor: 2, Mate: 5, Found: [6, 8]),
            new ListQuality.Search([4, 5], AboveFloor: 0, Mate: 5, Found: [5]),
        ]);

        Assert.Equal(5 / 8.0, quality.Recall, 1e-12);
        Assert.Equal(2 / 3.0, quality.RecallAboveFloor!.Value, 1e-12);
        Assert.Equal((2, 1), (quality.Mated, quality.MatesLost));
    }

    [Fact]
    public void Nothing_above_the_floor_is_told_from_nothing_found()
    {
        Assert.Null(ListQuality.Of([new ListQuality.Search([1, 2], 0, 1, [1, 2])]).RecallAboveFloor);
        Assert.Equal(0, ListQuality.Of([new ListQuality.Search([1, 2], 1, 1, [])]).RecallAboveFloor);
        Assert.Equal(
            (1, 1), ListQuality.Of([new ListQuality.Search([1, 2], 1, 1, [])]) is var lost ? (lost.Mated, lost.MatesLost) : default);
    }
}
