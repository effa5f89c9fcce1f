namespace MatchEngine.Evaluation.Tests;

public class OneWayRateTests
{
    [Fact]
    public void Subjects_count_as_often_as_they_are_drawn()
    {
        long[] errors = [1, 0, 3], trials = [2, 0, 4];
        var rate = new OneWayRate(errors, trials);
        Assert.Equal((4L, 6L, 2), (rate.Errors, rate.Trials, rate.Subjects));
        Assert.Equal(4 / 6.0, rate.Rate);
        Assert.Equal((2 * 1 + 3) / (2 * 2 + 4.0), rate.Replicate([2, 5, 1]));
        Assert.True(double.IsNaN(rate.Replicate([0, 3, 0])));
    }

    [Fact]
    public void By_subject_each_ones_own_rate_counts_the_same()
    {
        var rate = new OneWayRate([1, 0, 3], [2, 0, 4], bySubject: true);
        Assert.Equal((0.5 + 0.75) / 2, rate.Rate);
        Assert.Equal((2 * 0.5 + 0.75) / 3, rate.Replicate([2, 5, 1]), 15);
    }
}
