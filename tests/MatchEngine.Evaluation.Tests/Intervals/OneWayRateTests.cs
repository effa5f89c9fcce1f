using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Intervals;

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

    [Fact]
    public void Effective_subjects_are_all_when_trials_are_even_and_about_one_when_one_has_nearly_all()
    {
        Assert.Equal(4, new OneWayRate([1, 0, 0, 1], [5, 5, 5, 5]).EffectiveSubjects, 12);
        var uneven = new OneWayRate([3, 1, 0, 1], [1000, 2, 2, 2]);
        Assert.InRange(uneven.EffectiveSubjects, 1, 1.1);
        Assert.True(new SubjectBootstrap(4, 200).Run([uneven])[0].ToEstimate().IsUncertain);
        Assert.Equal(4, new OneWayRate([3, 1, 0, 1], [1000, 2, 2, 2], bySubject: true).EffectiveSubjects);
    }

    [Fact]
    public void Errors_of_a_single_subject_give_an_interval_by_pairs_and_by_subject()
    {
        var (errors, trials) = (new long[47], new long[47]);
        Array.Fill(trials, 6L);
        (errors[3], trials[3]) = (15, 3003);
        foreach (var bySubject in new[] { false, true })
        {
            var drawn = new SubjectBootstrap(47, 2000).Run([new OneWayRate(errors, trials, bySubject)])[0];
            var range = drawn.ToInterval();
            Assert.True(range.Low < drawn.Statistic.Rate && range.High > drawn.Statistic.Rate, $"{range} around {drawn.Statistic.Rate}");
        }
    }
}
