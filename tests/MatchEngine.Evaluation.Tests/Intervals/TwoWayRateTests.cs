using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Intervals;

public class TwoWayRateTests
{
    [Fact]
    public void A_replicate_equals_a_count_over_every_pair_of_photos()
    {
        var random = new RandomStream(11, 0);
        const int Subjects = 12;
        var photos = Enumerable.Range(0, Subjects).Select(_ => random.Next(4)).ToArray();
        var counts = new SubjectPairCounts();
        var errors = new long[Subjects, Subjects];
        for (var a = 0; a < Subjects; a++)
        {
            for (var b = a + 1; b < Subjects; b++)
            {
                for (var t = 0; t < photos[a] * photos[b]; t++)
                {
                    if (random.Next(3) != 0)
                        continue;
                    counts.Add(b, a);
                    errors[a, b]++;
                }
            }
        }
        var weights = Enumerable.Range(0, Subjects).Select(_ => random.Next(3)).ToArray();
        var (wrong, all) = (0L, 0L);
        for (var a = 0; a < Subjects; a++)
        {
            for (var b = a + 1; b < Subjects; b++)
            {
                wrong += weights[a] * weights[b] * errors[a, b];
                all += weights[a] * weights[b] * photos[a] * photos[b];
            }
        }
        Assert.Equal((double)wrong / all, TwoWayRate.WithinGroup(counts, photos).Replicate(weights), 15);
    }

    [Fact]
    public void A_list_of_all_pairs_gives_the_same_rate_replicate_and_variance_as_the_group()
    {
        var random = new RandomStream(12, 0);
        const int Subjects = 9;
        var photos = Enumerable.Range(0, Subjects).Select(_ => 1 + random.Next(3)).ToArray();
        var (errors, trials) = (new SubjectPairCounts(), new SubjectPairCounts());
        for (var a = 0; a < Subjects; a++)
        {
            for (var b = a + 1; b < Subjects; b++)
            {
                for (var t = 0; t < photos[a] * photos[b]; t++)
                {
                    trials.Add(a, b);
                    if (random.Next(4) == 0)
                        errors.Add(a, b);
                }
            }
        }
        var (group, list) = (TwoWayRate.WithinGroup(errors, photos), TwoWayRate.OfList(errors, trials));
        var weights = Enumerable.Range(0, Subjects).Select(_ => random.Next(3)).ToArray();
        Assert.Equal(list.Trials, group.Trials);
        Assert.Equal(list.Errors, group.Errors);
        Assert.Equal(list.Replicate(weights), group.Replicate(weights), 15);
        Assert.Equal(list.DesignVariance, group.DesignVariance, 12);
    }

    [Fact]
    public void Two_groups_are_compared_photo_by_photo_but_never_within_one_subject()
    {
        // Subject 0 has photos in both groups (its age changed the band).
        int[] first = [2, 1, 0], second = [1, 0, 3];
        var errors = new SubjectPairCounts();
        errors.Add(0, 2);
        errors.Add(2, 0);
        var rate = TwoWayRate.AcrossGroups(errors, first, second);
        Assert.Equal((2 * 3) + (1 * 1) + (1 * 3), rate.Trials);
        Assert.Equal(2, rate.Errors);
    }

    [Theory]
    [InlineData(40, 1.0, true)]
    [InlineData(40, 0.0, false)]
    [InlineData(300, 1.0, false)]
    public void An_interval_is_marked_where_errors_cluster_on_a_few_of_few_subjects(int subjects, double likeness, bool isMarked)
    {
        var counts = new SubjectPairCounts();
        var random = new RandomStream(14, 0);
        for (var a = 0; a < subjects; a++)
        {
            for (var b = a + 1; b < subjects; b++)
            {
                // Either the first two subjects resemble every other one, or errors fall anywhere.
                if (likeness > 0 ? a < 2 && random.Next(4) == 0 : random.Next(40) == 0)
                    counts.Add(a, b);
            }
        }
        var rate = TwoWayRate.WithinGroup(counts, [.. Enumerable.Repeat(1, subjects)]);
        var estimate = new SubjectBootstrap(subjects, 200).Run([rate])[0].ToEstimate();
        Assert.Equal(isMarked, estimate.IsUncertain);
        Assert.Equal(isMarked, estimate.ToString().Contains("perhaps wider", StringComparison.Ordinal));
    }

    [Fact]
    public void The_variance_counts_each_pair_of_comparisons_with_a_common_subject_once()
    {
        // Independent computation over all ordered pairs of dyads.
        var random = new RandomStream(13, 0);
        const int Subjects = 8;
        int[] photos = [1, 2, 1, 3, 1, 1, 2, 1];
        var counts = new SubjectPairCounts();
        var dyads = new List<(int A, int B, double Residual)>();
        var wrong = new Dictionary<(int, int), int>();
        for (var a = 0; a < Subjects; a++)
        {
            for (var b = a + 1; b < Subjects; b++)
            {
                wrong[(a, b)] = a == 3 || b == 3 ? photos[a] * photos[b] : random.Next(2);
                for (var e = 0; e < wrong[(a, b)]; e++)
                    counts.Add(a, b);
            }
        }
        var rate = TwoWayRate.WithinGroup(counts, photos);
        foreach (var ((a, b), errors) in wrong)
            dyads.Add((a, b, errors - rate.Rate * photos[a] * photos[b]));
        var variance = 0.0;
        foreach (var x in dyads)
        {
            foreach (var y in dyads)
            {
                if (x.A == y.A || x.A == y.B || x.B == y.A || x.B == y.B)
                    variance += x.Residual * y.Residual;
            }
        }
        Assert.Equal(variance / rate.Trials / rate.Trials, rate.DesignVariance, 12);
    }
}
