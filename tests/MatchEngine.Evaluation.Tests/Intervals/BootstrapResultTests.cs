using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Intervals;

public class BootstrapResultTests
{
    private static (OneWayRate Low, OneWayRate High) Rates()
    {
        var random = new RandomStream(2, 0);
        var (low, high, trials) = (new long[200], new long[200], new long[200]);
        for (var s = 0; s < 200; s++)
        {
            trials[s] = 10;
            for (var t = 0; t < 10; t++)
            {
                low[s] += random.NextDouble() < 0.05 ? 1 : 0;
                high[s] += random.NextDouble() < 0.2 ? 1 : 0;
            }
        }
        return (new OneWayRate(low, trials), new OneWayRate(high, trials));
    }

    [Fact]
    public void Ratio_and_difference_are_formed_draw_by_draw()
    {
        var (low, high) = Rates();
        var drawn = new SubjectBootstrap(200, 1000).Run([low, high]);
        var ratio = BootstrapResult.Ratio(drawn[1], drawn[0])!.Value;
        Assert.True(ratio.Contains(high.Rate / low.Rate) && ratio.Contains(4) && ratio.Low > 2 && ratio.High < 8);
        var difference = BootstrapResult.Difference(drawn[1], drawn[0]);
        Assert.True(difference.Contains(0.15) && difference.Low > 0.1 && difference.High < 0.2);
        // A statistic against itself: one draw serves both.
        Assert.Equal(new Interval(1, 1), BootstrapResult.Ratio(drawn[0], drawn[0]));
    }

    [Fact]
    public void A_ratio_to_a_rate_without_errors_has_no_interval()
    {
        var none = new OneWayRate(new long[200], [.. Enumerable.Repeat(10L, 200)]);
        var drawn = new SubjectBootstrap(200, 200).Run([Rates().Low, none]);
        Assert.Null(BootstrapResult.Ratio(drawn[0], drawn[1]));
        Assert.Equal(IntervalMethod.RuleOfThree, drawn[1].ToEstimate().Method);
    }

    [Fact]
    public void An_interval_of_more_confidence_is_wider_and_both_hold_the_rate()
    {
        var drawn = new SubjectBootstrap(200, 2000).Run([Rates().High])[0];
        var (usual, sure) = (drawn.ToInterval(), drawn.ToInterval(0.99));
        Assert.True(sure.Low < usual.Low && usual.High < sure.High && usual.Contains(drawn.Statistic.Rate));
    }

    [Fact]
    public void One_subject_alone_gives_no_bootstrap_interval()
    {
        var drawn = new SubjectBootstrap(1, 100).Run([new OneWayRate([3], [10])])[0];
        Assert.Equal(IntervalMethod.Wilson, drawn.ToEstimate().Method);
    }
}
