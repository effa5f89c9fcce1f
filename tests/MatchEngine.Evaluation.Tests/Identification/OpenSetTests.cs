using System.Text.Json;
using FsCheck.Fluent;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Tests.Verification;
using MatchEngine.Tests;
using TestData = MatchEngine.Tests.TestData;

namespace MatchEngine.Evaluation.Tests.Identification;

public class OpenSetTests
{
    private static Search Mated(int? rank, double? score, bool failed = false) =>
        new() { Probe = "p", IsMated = true, MateRank = rank, MateScore = score, HasFailed = failed };

    private static Search NonMated(double highest) => new()
    {
        Probe = "p",
        IsMated = false,
        HighestNonMate = highest,
        Candidates = [new SearchCandidate("x", highest, false), new SearchCandidate("y", highest - 0.1, false)],
    };

    private static OpenSet Small() => new(new SearchSet(100, [
        Mated(1, 0.9), Mated(1, 0.4), Mated(3, 0.6), Mated(null, null), Mated(1, 0.95, failed: true),
        .. Enumerable.Range(1, 10).Select(i => NonMated(i / 10.0))]));

    [Fact]
    public void A_mate_counts_as_missed_when_it_is_low_on_the_list_below_the_threshold_absent_or_the_probe_failed()
    {
        var set = Small();
        Assert.Equal(3 / 5.0, set.Fnir(1, double.NegativeInfinity));
        Assert.Equal(2 / 5.0, set.Fnir(3, double.NegativeInfinity));
        Assert.Equal(3 / 5.0, set.Fnir(3, 0.5));
        Assert.Equal(2 / 5.0, set.Fnir(1000, 0.4));
    }

    [Fact]
    public void A_false_positive_is_a_non_mated_search_with_a_candidate_at_or_above_the_threshold()
    {
        var set = Small();
        Assert.Equal(0.6, set.Fpir(0.5));
        Assert.Equal(0, set.Fpir(1.01));
        var (mean, cut) = set.Selectivity(0.45);
        Assert.Equal((6 + 6) / 10.0 - 0.1, mean, 12);
        Assert.True(cut);
    }

    [Fact]
    public void A_threshold_at_FPIR_f_is_the_lowest_that_keeps_it_and_needs_ten_over_f_searches()
    {
        var set = new OpenSet(new SearchSet(100, [Mated(1, 0.9), .. Enumerable.Range(1, 100).Select(i => NonMated(i / 100.0))]));
        Assert.Equal(0.91, set.ThresholdAt(0.1)!.Value, 12);
        Assert.Equal(0.1, set.Fpir(set.ThresholdAt(0.1)!.Value));
        Assert.Null(set.ThresholdAt(0.09));
    }

    [Fact]
    public void Rates_are_monotone_in_threshold_and_rank()
    {
        Prop.ForAll(DetCurveTests.Scores(), DetCurveTests.Scores(), (mates, others) =>
        {
            var set = new OpenSet(new SearchSet(50, [.. mates.Select((m, i) => Mated(1 + i % 7, m)), .. others.Select(NonMated)]));
            for (var t = 0.0; t < 1.1; t += 0.05)
            {
                if (set.Fpir(t) < set.Fpir(t + 0.05) || set.Fnir(5, t) > set.Fnir(5, t + 0.05) || set.Fnir(3, t) < set.Fnir(4, t))
                    return false;
                if (set.FalsePositives(t) != others.Count(o => o >= t))
                    return false;
            }
            var cmc = set.Cmc(10);
            return cmc.Zip(cmc.Skip(1)).All(c => c.First <= c.Second)
                && Enumerable.Range(1, 10).All(r => Math.Abs(1 - cmc[r - 1] - set.Fnir(r, double.NegativeInfinity)) < 1e-12);
        }).CheckSame();
    }

    [Fact]
    public void The_CMC_is_that_of_pyeer()
    {
        var searches = SearchReader.ReadPyeer(
            TestData.Require("oracle/pyeer/exp1_scores.txt"), TestData.Require("oracle/pyeer/exp1_tp.txt"), new InputFaults(strict: true));
        Assert.Equal(85, searches.Searches.Count);
        var expected = JsonSerializer.Deserialize<double[]>(File.ReadAllText(TestData.Require("oracle/pyeer/expected_cmc_exp1.json")))!;
        var ours = new OpenSet(searches).Cmc(20);
        for (var r = 0; r < 20; r++)
            Assert.Equal(expected[r], ours[r], 1e-6);
    }

    [Fact]
    public void The_curve_agrees_with_the_rates_at_each_of_its_thresholds()
    {
        var set = Small();
        foreach (var (threshold, fpir, fnir) in set.Curve())
        {
            Assert.Equal(set.Fpir(threshold), fpir);
            Assert.Equal(set.Fnir(int.MaxValue, threshold), fnir);
        }
    }
}
