using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Verification;

public class PhotoDiscardCountsTests
{
    private const double Threshold = 0.5;

    /// <summary>Subjects of five photos; a tenth of the photos, the first ones, are poor and score low with their fellows.</summary>
    private static Comparisons Make(int people = 20)
    {
        var count = 5 * people;
        var images = new DataSet(
            "s", [.. Enumerable.Range(0, count).Select(i => $"p{i:D3}")],
            [.. Enumerable.Range(0, count).Select(i => $"s{i % people:D2}")]);
        var random = new RandomStream(3, 0);
        var (mated, impostors) = (new PairList(), new PairList());
        for (var a = 0; a < count; a++)
            for (var b = a + people; b < count; b += people)
                mated.Add(a, b, a < count / 10 ? 0.2 + 0.4 * random.NextDouble() : 0.48 + 0.5 * random.NextDouble());
        impostors.Add(0, 1, 0);
        return new Comparisons(images, mated, impostors);
    }

    private static PhotoQuality Measure(string name, Func<int, double> of, int photos = 100) =>
        new(name, Enumerable.Range(0, photos).ToDictionary(i => $"p{i:D3}", of));

    private static (double Pairs, double Subjects) Plainly(Comparisons comparisons, Func<int, double> quality, double share)
    {
        var refused = Enumerable.Range(0, 100).OrderBy(quality).Take((int)Math.Round(share * 100)).ToHashSet();
        var left = Enumerable.Range(0, comparisons.Mated.Count)
            .Select(i => (A: comparisons.Mated.First[i], B: comparisons.Mated.Second[i], Score: comparisons.Mated.Scores[i]))
            .Where(pair => !refused.Contains(pair.A) && !refused.Contains(pair.B)).ToArray();
        return (left.Average(pair => pair.Score < Threshold ? 1.0 : 0), left.GroupBy(pair => pair.A % 20).Average(
            own => own.Average(pair => pair.Score < Threshold ? 1.0 : 0)));
    }

    [Fact]
    public void Rates_are_those_of_refusing_photo_by_photo()
    {
        var comparisons = Make();
        Func<int, double> useful = i => i, useless = i => (i * 37) % 100;
        var result = new PhotoDiscardCounts(
            comparisons, Threshold, [Measure("useful", useful), Measure("useless", useless)], seed: 1).Result(null);
        Assert.Equal(["useful", "useful", "useful", "useless", "useless", "useless"], result.Select(point => point.Measure));
        Assert.Equal([0.05, 0.1, 0.2], result.Take(3).Select(point => point.Discarded));
        var all = Plainly(comparisons, useful, 0);
        foreach (var point in result)
        {
            var quality = point.Measure == "useful" ? useful : useless;
            var (pairs, subjects) = Plainly(comparisons, quality, point.Discarded);
            Assert.Equal(100 - (int)(100 * point.Discarded), point.Photos);
            Assert.Equal(pairs, point.Fnmr.Rate, 12);
            Assert.Equal(subjects, point.FnmrBySubject, 12);
            Assert.Equal(all.Pairs - pairs, point.Reduction.Value, 12);
            Assert.Equal(all.Subjects - subjects, point.ReductionBySubject.Value, 12);
            if (point.Measure == "useful")
                Assert.Null(point.BeyondFirst);
            else
                Assert.Equal(Plainly(comparisons, useful, point.Discarded).Pairs - pairs, point.BeyondFirst!.Value.Value, 12);
            Assert.InRange(all.Pairs, point.AtRandom.Low, point.AtRandom.High);
            Assert.InRange(all.Subjects, point.AtRandomBySubject.Low, point.AtRandomBySubject.High);
        }
        // The ten poor photos are gone, and so are most errors: far below what chance does.
        Assert.True(result[1].Fnmr.Rate < result[1].AtRandom.Low);
    }

    [Fact]
    public void Photos_without_a_quality_are_refused_last()
    {
        var some = new PhotoQuality("some", new Dictionary<string, double> { ["p050"] = 9, ["p051"] = 8 });
        var comparisons = Make();
        var result = new PhotoDiscardCounts(comparisons, Threshold, [some], seed: 1).Result(null)[0];
        Assert.Equal(Plainly(comparisons, i => i is 50 or 51 ? -1 : i, 0.05).Pairs, result.Fnmr.Rate, 12);
    }

    [Fact]
    public void An_evaluation_tells_a_useful_measure_from_a_useless_one_by_its_interval()
    {
        // Of twenty people three have all the errors that quality foretells: no interval of so few is narrow enough.
        const int People = 100;
        var comparisons = Make(People);
        var plan = new Protocol { Name = "p", FalseMatchRates = [0.5], GlobalFmr = 0.5, Bootstrap = new() { Replicates = 400, Seed = 1 } };
        // Half of the impostors score lower than the threshold.
        var result = VerificationEvaluation.Run(
            new Comparisons(comparisons.Images, comparisons.Mated, Impostors()), plan,
            [Measure("useful", i => i, 5 * People), Measure("useless", i => (i * 37) % (5 * People), 5 * People)]);
        var (useful, useless) = (result.PhotoDiscards[1], result.PhotoDiscards[4]);
        Assert.True(useful.Reduction.Range!.Value.Low > 0, $"{useful.Reduction}");
        Assert.True(
            useless.Reduction.Range!.Value.Contains(0) || useless.Reduction.Value < useful.Reduction.Value / 3, $"{useless.Reduction}");
        Assert.True(useless.BeyondFirst!.Value.Range!.Value.High < 0, $"{useless.BeyondFirst}");
    }

    private static PairList Impostors()
    {
        var list = new PairList();
        for (var i = 0; i < 40; i++)
            list.Add(2 * i, 2 * i + 1, i % 2 == 0 ? Threshold : 0.3);
        return list;
    }
}
