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
        var difference = BootstrapResult.Difference(drawn[1], drawn[0])!.Value;
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
    public void A_p_value_is_small_exactly_where_the_interval_excludes_1()
    {
        var (low, high) = Rates();
        var drawn = new SubjectBootstrap(200, 1000).Run([low, high]);
        Assert.True(BootstrapResult.RatioPValue(drawn[1], drawn[0]) < 1e-6);
        Assert.Equal(1, BootstrapResult.RatioPValue(drawn[0], drawn[0]));
        // Over many pairs of like rates the two ways of judging agree, but for the last digit.
        for (var seed = 0UL; seed < 20; seed++)
        {
            var random = new RandomStream(77, seed);
            var (x, y, trials) = (new long[60], new long[60], Enumerable.Repeat(10L, 60).ToArray());
            for (var s = 0; s < 60; s++)
            {
                for (var t = 0; t < 10; t++)
                {
                    x[s] += random.NextDouble() < 0.05 ? 1 : 0;
                    y[s] += random.NextDouble() < 0.09 ? 1 : 0;
                }
            }
            var pair = new SubjectBootstrap(60, 1000, seed).Run([new OneWayRate(x, trials), new OneWayRate(y, trials)]);
            var (range, p) = (BootstrapResult.Ratio(pair[0], pair[1])!.Value, BootstrapResult.RatioPValue(pair[0], pair[1])!.Value);
            if (p is < 0.045 or > 0.055)
                Assert.Equal(p < 0.05, !range.Contains(1));
        }
    }

    [Fact]
    public void At_a_threshold_that_every_draw_sets_anew_a_rate_is_known_less_well()
    {
        var (low, high) = Rates();
        var drawn = new SubjectBootstrap(200, 2000).Run([low, high]);
        var plain = drawn[0].ToInterval();
        // Where the other rate is twice as high this one is half: as FNMR falls where FMR rises.
        var moved = drawn[0].AtWanted(drawn[1], times => low.Rate / times);
        Assert.True(moved.High - moved.Low > plain.High - plain.Low);
        // Nothing moves where this rate does not depend on the threshold.
        Assert.Equal(plain, drawn[0].AtWanted(drawn[1], _ => low.Rate));
    }

    [Fact]
    public void No_estimate_lies_outside_its_own_interval()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var random = new RandomStream(123, seed);
            var (errors, trials) = (new long[12], new long[12]);
            for (var s = 0; s < 12; s++)
            {
                trials[s] = 1 + random.Next(3) * random.Next(40);
                errors[s] = random.Next(4) == 0 ? random.Next((int)trials[s] + 1) : 0;
            }
            var rate = new OneWayRate(errors, trials);
            var range = new SubjectBootstrap(12, 200, seed).Run([rate])[0].ToInterval();
            Assert.True(double.IsNaN(range.Low) || range.Contains(rate.Rate), $"{rate.Rate} outside {range}");
        }
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
        Assert.Equal(IntervalMethod.CannotBeSaid, drawn.ToEstimate().Method);
    }
}
