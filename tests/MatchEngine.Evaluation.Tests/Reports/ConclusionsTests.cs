using MatchEngine.Evaluation.Reports;

namespace MatchEngine.Evaluation.Tests.Reports;

public class ConclusionsTests
{
    [Fact]
    public void The_summary_says_what_can_and_what_cannot_be_concluded()
    {
        var said = Conclusions.Of(SampleReports.Verification());
        Assert.Contains(said, s => s.StartsWith("At FMR 0.01 ", StringComparison.Ordinal));
        Assert.Contains(said, s => s.StartsWith("No threshold is given for FMR 0.000001: not supported by ", StringComparison.Ordinal));
        Assert.Contains(said, s => s.StartsWith("By sex, FNMR of 1 group was looked at against M (", StringComparison.Ordinal)
            && s.EndsWith("would have been found in 80 of 100 such sets (F).", StringComparison.Ordinal));
        Assert.Contains(said, s => s.StartsWith("FNMR by sex differs from that of M for F, ", StringComparison.Ordinal)
            && s.Contains("With Holm's correction for the ", StringComparison.Ordinal));
        // No reference group is named by race: the largest is taken, and said to be.
        Assert.Contains(said, s => s.StartsWith("By race, FMR of 2 groups was looked at against the largest group, ",
            StringComparison.Ordinal));
        Assert.DoesNotContain(said, s => s.Contains("overlap", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains(
            "1 photo stands under another subject too, byte for byte (s000060/p000.jpg as 's000060', s000061/p000.jpg as 's000061')",
            StringComparison.Ordinal));
        Assert.Contains(
            "The labels 'race' are machine-estimated (a tool), not self-reported: a difference "
                + "between groups may be an error of the labels.",
            said);
        Assert.DoesNotContain(said, s => s.StartsWith("The labels 'sex'", StringComparison.Ordinal));
        Assert.Contains(said, s => s.StartsWith("Rates by nothing are not given", StringComparison.Ordinal));
        Assert.Contains(said, s => s.StartsWith("1 line or photo could not be used", StringComparison.Ordinal));
        Assert.Contains(said, s => s.StartsWith("With the known mistakes of the labels put right", StringComparison.Ordinal));
    }

    [Fact]
    public void A_search_report_names_gallery_size_and_refused_thresholds()
    {
        var said = Conclusions.Of(SampleReports.Identification());
        Assert.Contains(said, s => s.StartsWith("In a gallery of 50 subjects the mate is not at rank 1 in ", StringComparison.Ordinal));
        Assert.Contains(said, s => s.StartsWith("No threshold is given for FPIR 0.01", StringComparison.Ordinal));
    }
}
