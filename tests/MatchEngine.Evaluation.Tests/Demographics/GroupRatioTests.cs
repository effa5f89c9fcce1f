using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Demographics;

public class GroupRatioTests
{
    // Five groups of 200 people with ten trials each, one of them apart, and one of two people.
    private static (OneWayRate[] Rates, IReadOnlyList<BootstrapResult> Drawn) Groups(params double[] truth)
    {
        var subjects = 200 * truth.Length;
        var rates = truth.Select((rate, g) =>
        {
            var random = new RandomStream(9, (ulong)g);
            var (errors, trials) = (new long[subjects], new long[subjects]);
            for (var s = 200 * g; s < 200 * (g + 1); s++)
            {
                trials[s] = 10;
                for (var t = 0; t < 10; t++)
                    errors[s] += random.NextDouble() < rate ? 1 : 0;
            }
            return new OneWayRate(errors, trials);
        }).ToArray();
        return (rates, new SubjectBootstrap(subjects, 1000).Run(rates));
    }

    [Fact]
    public void A_group_apart_differs_and_the_others_do_not_however_many_are_looked_at()
    {
        var (rates, drawn) = Groups(0.05, 0.05, 0.15, 0.05, 0.05);
        var found = GroupRatio.Corrected(GroupRatio.Of(rates, drawn, 0, _ => false));
        Assert.Null(found[0]);
        Assert.True(found[2] is { Differs: true, DiffersAfterHolm: true, Value: > 2 });
        Assert.All(new[] { 1, 3, 4 }, g => Assert.False(found[g]!.DiffersAfterHolm));
        // What could have been found is stated: 2,000 trials at about 7 %.
        Assert.All(found.Skip(1), ratio => Assert.InRange(ratio!.Detectable!.Value, 1.2, 1.6));
    }

    [Fact]
    public void A_marked_group_is_shown_and_not_tested_and_silences_nobody()
    {
        var (rates, drawn) = Groups(0.05, 0.15, 0.05);
        var found = GroupRatio.Corrected(GroupRatio.Of(rates, drawn, 0, g => g == 2));
        Assert.True(found[1]!.DiffersAfterHolm);
        Assert.True(found[2] is { PValue: null, Differs: false, Value: not null });
    }

    [Fact]
    public void A_difference_as_large_as_the_detectable_one_is_found_in_about_80_of_100_sets()
    {
        const int Sets = 200;
        const double Base = 0.1;
        var ratio = 1.0;
        // The detectable ratio depends on the rate of both groups together, and that on the ratio.
        for (var step = 0; step < 20; step++)
            ratio = Detectable(Base * (1 + ratio) / 2);
        var found = 0;
        Parallel.For(0, Sets, set =>
        {
            var random = new RandomStream(31, (ulong)set);
            var rates = new[] { Base, Base * ratio }.Select((rate, g) =>
            {
                var (errors, trials) = (new long[200], new long[200]);
                for (var s = 100 * g; s < 100 * (g + 1); s++)
                {
                    trials[s] = 10;
                    for (var t = 0; t < 10; t++)
                        errors[s] += random.NextDouble() < rate ? 1 : 0;
                }
                return new OneWayRate(errors, trials);
            }).ToArray();
            var drawn = new SubjectBootstrap(200, 300, (ulong)set + 1).Run(rates);
            if (GroupRatio.Of(rates, drawn, 0, _ => false)[1]!.Differs)
                Interlocked.Increment(ref found);
        });
        Assert.InRange(found / (double)Sets, 0.68, 0.92);

        // 1,000 trials in each group, z(0.975) + z(0.8) = 2.8016.
        static double Detectable(double pooled) => Math.Exp(2.8016 * Math.Sqrt(2 / (1000 * pooled)));
    }

    [Fact]
    public void Holms_correction_is_that_of_the_textbook()
    {
        // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
        Assert.Equal([0.03, 0.06, 0.06, 0.02], GroupRatio.Holm([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));
        Assert.Equal([1.0, 1.0], GroupRatio.Holm([0.9, 0.8]));
        Assert.Empty(GroupRatio.Holm([]));
    }

    [Fact]
    public void A_ratio_with_a_zero_in_it_is_a_bound_and_is_not_tested()
    {
        var (rates, drawn) = Groups(0.05, 0);
        Assert.True(GroupRatio.Of(rates, drawn, 0, _ => false)[1] is { Value: null, PValue: null, Below: > 0, Above: null });
        Assert.True(GroupRatio.Of(rates, drawn, 1, _ => false)[0] is { Value: null, PValue: null, Below: null, Above: > 1 });
    }

    [Fact]
    public void The_group_with_the_most_trials_is_taken_where_none_is_named()
    {
        OneWayRate[] rates = [new([0, 1, 0], [5, 0, 0]), new([0, 1, 0], [0, 9, 0]), new([0, 0, 1], [0, 0, 20])];
        Assert.Equal(2, GroupRatio.Largest(rates, _ => false));
        Assert.Equal(1, GroupRatio.Largest(rates, g => g == 2));
        Assert.Equal(-1, GroupRatio.Largest(rates, g => g > 0));
    }
}
