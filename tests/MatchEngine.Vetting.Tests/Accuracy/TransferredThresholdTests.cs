using System.Security.Cryptography;
using System.Text;
using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Vetting.Accuracy;

namespace MatchEngine.Vetting.Tests.Accuracy;

public class TransferredThresholdTests
{
    private static readonly Protocol Protocol = new()
    {
        Name = "test", Bootstrap = new BootstrapPlan { Replicates = 100 },
        Identification = new IdentificationPlan { FalsePositiveRates = [0.1, 0.001] },
    };

    private static bool IsFirst(string subject) => SHA256.HashData(Encoding.UTF8.GetBytes(subject))[0] % 2 == 0;

    /// <summary>Strangers' highest scores, of the second half raised by so much.</summary>
    private static SearchSet Searches(double shift)
    {
        var (random, people) = (new Random(2), 1200);
        var images = new DataSet(
            "set", [.. Enumerable.Range(0, people).Select(i => $"i{i}")], [.. Enumerable.Range(0, people).Select(i => $"s{i}")]);
        return new SearchSet(100, [.. Enumerable.Range(0, people).Select(i =>
        {
            var subject = images.SubjectOf[i];
            var score = random.NextDouble() + (IsFirst($"s{i}") ? 0 : shift);
            return new Search
            {
                Probe = $"i{i}", Photo = i, Subject = subject, IsMated = i % 3 == 0, HighestNonMate = score,
                MateRank = i % 3 == 0 ? 1 : null, MateScore = i % 3 == 0 ? 0.4 + random.NextDouble() : null,
            };
        })])
        {
            Images = images,
        };
    }

    [Fact]
    public void The_rates_are_those_counted_by_hand_on_the_other_half()
    {
        var searches = Searches(0);
        var transferred = Assert.Single(TransferredThreshold.Of(searches, Protocol, TestContext.Current.CancellationToken));
        Assert.Equal(0.1, transferred.WantedFpir);
        var strangers = searches.NonMated.Where(s => !IsFirst(searches.Images!.Subjects[s.Subject])).ToArray();
        var mated = searches.Mated.Where(s => !IsFirst(searches.Images!.Subjects[s.Subject])).ToArray();
        Assert.Equal((strangers.Count(s => s.HighestNonMate >= transferred.Threshold), strangers.Length), (
            transferred.Fpir.Errors, transferred.Fpir.Trials));
        Assert.Equal((mated.Count(s => s.MateScore < transferred.Threshold), mated.Length), (
            transferred.Fnir.Errors, transferred.Fnir.Trials));
        Assert.Equal(ClaimAgreement.Agrees, transferred.Agreement);
    }

    [Fact]
    public void Where_the_other_half_scores_higher_the_threshold_does_not_hold_what_it_promised()
    {
        var transferred = Assert.Single(TransferredThreshold.Of(Searches(0.3), Protocol, TestContext.Current.CancellationToken));
        Assert.Equal(ClaimAgreement.HigherThanClaimed, transferred.Agreement);
    }
}
