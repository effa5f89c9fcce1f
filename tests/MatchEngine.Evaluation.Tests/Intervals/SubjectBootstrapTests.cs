using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Intervals;

public class SubjectBootstrapTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public void Intervals_of_mated_comparisons_cover_the_truth_in_93_to_97_of_100_simulated_sets(double spread)
    {
        var (bootstrap, _) = BootstrapCoverage.OneWay(100, 30, spread, 2000, 1000);
        Assert.InRange(bootstrap, 0.93, 0.97);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public void Intervals_of_impostor_comparisons_cover_the_truth_in_93_to_97_of_100_simulated_sets(double spread)
    {
        var (bootstrap, _) = BootstrapCoverage.TwoWay(100, 30, spread, 1000, 1000);
        Assert.InRange(bootstrap, 0.93, 0.97);
    }

    [Fact]
    public void Intervals_that_take_comparisons_of_one_subject_as_independent_cover_too_little()
    {
        var (bootstrap, wilson) = BootstrapCoverage.TwoWay(100, 100, 1, 500, 300);
        Assert.True(wilson < 0.7, $"Wilson covers {wilson}");
        Assert.True(bootstrap > 0.9, $"the bootstrap covers {bootstrap}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_replicates_and_another_seed_gives_others()
    {
        var statistic = new OneWayRate([1, 0, 2, 0, 1], [5, 4, 5, 3, 2]);
        var first = new SubjectBootstrap(5, 100, 7).Run([statistic])[0].Replicates.ToArray();
        Assert.Equal(first, new SubjectBootstrap(5, 100, 7).Run([statistic])[0].Replicates.ToArray());
        Assert.NotEqual(first, new SubjectBootstrap(5, 100, 8).Run([statistic])[0].Replicates.ToArray());
    }

    [Fact]
    public void A_cancelled_bootstrap_ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var statistic = new OneWayRate([1, 0], [5, 4]);
        Assert.ThrowsAny<OperationCanceledException>(() => new SubjectBootstrap(2, 100).Run([statistic], null, cancelled.Token));
    }

    /// <summary>Prints the second table of eval/README.md: a few subjects have most of the photos.</summary>
    [Fact(Explicit = true)]
    public void Table_of_coverage_with_uneven_numbers_of_photos()
    {
        foreach (var spread in new[] { 0.0, 0.5, 1.0 })
        {
            foreach (var subjects in new[] { 30, 100, 300 })
            {
                var one = BootstrapCoverage.OneWay(subjects, 30, spread, 1000, 500, skewed: true);
                var two = BootstrapCoverage.TwoWay(subjects, 30, spread, 500, 500, skewed: true);
                output.WriteLine(
                    $"| {subjects} | 30 | {spread} | {one.Bootstrap:P1} | {one.Wilson:P1} | {two.Bootstrap:P1} | {two.Wilson:P1} |");
            }
        }
    }

    /// <summary>Prints the table of eval/README.md.</summary>
    [Fact(Explicit = true)]
    public void Table_of_coverage_for_the_docs()
    {
        output.WriteLine(
            "| subjects | expected errors | spread | mated: bootstrap | mated: Wilson | impostor: bootstrap | impostor: Wilson |");
        foreach (var spread in new[] { 0.0, 0.5, 1.0 })
        {
            foreach (var subjects in new[] { 10, 20, 30, 50, 100, 300 })
            {
                foreach (var errors in new[] { 3, 5, 10, 30, 100 })
                {
                    if (errors > subjects)
                        continue;
                    var one = BootstrapCoverage.OneWay(subjects, errors, spread, 2000, 500);
                    var two = BootstrapCoverage.TwoWay(subjects, errors, spread, 2000, 500);
                    output.WriteLine(
                        $"| {subjects} | {errors} | {spread} | {one.Bootstrap:P1} | {one.Wilson:P1} | "
                            + $"{two.Bootstrap:P1} | {two.Wilson:P1} |");
                }
            }
        }
    }
}
