using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.CrossComparison;

namespace MatchEngine.Evaluation.Tests.Identification;

public class IndexCostTests
{
    [Fact]
    public void Mates_that_an_approximate_index_loses_are_counted_probe_by_probe()
    {
        var (embeddings, images) = SyntheticFaces.Make(200, _ => 2, 32, 41);
        var exact = GallerySearch.Run(
            embeddings, images, new IdentificationPlan { NonMatedShare = 0.25 }, new InputFaults(strict: true))[^1];
        // An index that loses every tenth mate.
        var lossy = exact with
        {
            Searches = [.. exact.Searches.Select((s, i) => i % 10 == 0 && s.IsMated ? s with { MateRank = null, MateScore = null } : s)],
        };
        var lost = exact.Searches.Where((s, i) => i % 10 == 0 && s is { IsMated: true, MateRank: 1 }).Count();
        var cost = IndexCost.Of(exact, lossy, 1, null, new BootstrapPlan { Replicates = 500 });
        Assert.Equal(lost, cost.LostByIndex);
        Assert.Equal(150, cost.Trials);
        Assert.Equal(lost / 150.0, cost.Difference, 12);
        Assert.True(cost.Range!.Value.Low > 0 && cost.Range.Value.Contains(cost.Difference));
        var same = IndexCost.Of(exact, exact, 1, 0.3, new BootstrapPlan { Replicates = 100 });
        Assert.Equal((0L, 0.0), (same.LostByIndex, same.Difference));
        // None was lost of any of 150 people: 3 / 150 may still be.
        Assert.Equal(new Interval(-0.02, 0.02), same.Range);
    }

    [Fact]
    public void Two_indexes_are_compared_on_the_same_probes_only()
    {
        var (embeddings, images) = SyntheticFaces.Make(20, _ => 2, 32, 42);
        var exact = GallerySearch.Run(embeddings, images, new IdentificationPlan(), new InputFaults(strict: true))[^1];
        var other = exact with { Searches = [.. exact.Searches.Skip(2)] };
        Assert.Throws<EvaluationException>(() => IndexCost.Of(exact, other, 1, null, new BootstrapPlan()));
    }
}
