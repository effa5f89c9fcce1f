namespace MatchEngine.Evaluation.Tests.Intervals;

public class SentenceCoverageTests(ITestOutputHelper output)
{
    [Fact]
    public void FNMR_at_an_FMR_is_covered_where_each_draw_sets_its_own_threshold_and_not_where_the_threshold_is_taken_as_given()
    {
        var (anew, before) = new SentenceCoverage(60, 0.25, false).AtFmr(150, 200);
        Assert.InRange(anew, 0.92, 1);
        Assert.True(before < anew, $"{before} with the threshold taken as given, {anew} with it set anew");
    }

    /// <summary>
    /// Prints the table of eval/README.md: every kind of sentence with an interval, in the mild and in the hard design.
    /// </summary>
    [Fact(Explicit = true)]
    public void Table_of_coverage_of_every_sentence()
    {
        // Fewer for a quick look; the table of the docs has 1,000, which a standard error of 0.7 points goes with.
        var sets = int.TryParse(Environment.GetEnvironmentVariable("MATCHENGINE_COVERAGE_SETS"), out var asked) ? asked : 1000;
        const int Replicates = 500;
        var only = Environment.GetEnvironmentVariable("MATCHENGINE_COVERAGE_ONLY");
        var (mild, hard) = (SentenceCoverage.Mild.Run(sets, Replicates, only), SentenceCoverage.Hard.Run(sets, Replicates, only));
        output.WriteLine("| sentence | mild | hard |");
        output.WriteLine("|---|---|---|");
        foreach (var (sentence, share) in mild)
            output.WriteLine($"| {sentence} | {share:P1} | {hard[sentence]:P1} |");
        Assert.All(mild.Concat(hard), covered => Assert.True(covered.Value >= 0.93, $"{covered.Key}: {covered.Value:P1}"));
    }
}
