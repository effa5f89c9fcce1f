using MatchEngine.Rates.Cohorts;
using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;
using MatchEngine.Rates.Tests.Tails;

namespace MatchEngine.Rates.Tests.Cohorts;

public sealed class CohortTallyTests
{
    private static readonly TailFit Fit = TailFit.Of(SimulatedGallery.Normal(0.01, 0.1).Search(new Random(3), 1000), "x");

    [Fact]
    public void Predictions_and_strangers_add_up_by_slice_and_floor()
    {
        var tally = new CohortTally(0.3, 0.4);
        tally.Add(["all", "F"], 1, Fit, [(7, 0.3f), (8, 0.45f)]);
        tally.Add(["all"], 2, Fit, [(7, 0.31f), (9, 0.2f)]);
        tally.Add(["all"], 2, TailFit.Of(ScoreSummary.Empty, "nobody"), [(7, 0.9f)]);
        var rows = tally.ToRows();
        Assert.Equal(["F", "F", "all", "all"], rows.Select(row => row.Slice));
        var all = rows[2];
        Assert.Equal((0.3, 2, 2, 1, 3L), (all.Floor, all.Searches, all.People, all.Unsaid, all.Counted));
        Assert.Equal(2 * Fit.Above(0.3).Value!.Value, all.Predicted, 9);
        Assert.Equal(1, rows[1].Counted);
        Assert.InRange(all.Ratio, all.Low, all.High);
    }

    [Fact]
    public void With_none_counted_the_lower_limit_is_the_rule_of_three()
    {
        var tally = new CohortTally(0.45);
        tally.Add(["all"], 1, Fit, []);
        var row = tally.ToRows().Single();
        Assert.Equal(row.Predicted / 2.996, row.Low, 9);
        Assert.Equal(double.PositiveInfinity, row.High);
        Assert.True(row.Holds);
    }

    [Fact]
    public void The_interval_covers_the_true_ratio_where_a_few_people_are_everybodys_stranger()
    {
        // A gallery of a thousand has about forty people who look like many, some more and some less: 0.3 strangers a search on average.
        var random = new Random(5);
        var predicted = Fit.Above(0.35).Value!.Value;
        var (covered, naive) = (0, 0);
        const int Sets = 300;
        for (var set = 0; set < Sets; set++)
        {
            var tally = new CohortTally(0.35);
            var lookAlikes = Enumerable.Range(0, 1000).Select(_ => random.NextDouble() < 0.04 ? 2 * random.NextDouble() : 0).ToArray();
            var counted = 0;
            for (var probe = 0; probe < 300; probe++)
            {
                var strangers = new List<(int, float)>();
                for (var person = 0; person < lookAlikes.Length; person++)
                {
                    if (lookAlikes[person] > 0 && random.NextDouble() < 0.3 / 40 * Math.Pow(lookAlikes[person], 3) / 2)
                        strangers.Add((1000 + person, 0.4f));
                }
                counted += strangers.Count;
                tally.Add(["all"], probe, Fit, strangers);
            }
            // E(u³)/2 of u even over 0 … 2 is 1: the truth is 0.3 a search.
            var truth = predicted / 0.3;
            var row = tally.ToRows().Single();
            covered += row.Low <= truth && truth <= row.High ? 1 : 0;
            naive += Math.Abs(Math.Log(row.Ratio / truth)) <= 1.96 / Math.Sqrt(counted) ? 1 : 0;
        }
        Assert.InRange(covered, 0.88 * Sets, 0.995 * Sets);
        // As if strangers were independent it would not.
        Assert.True(naive < 0.75 * Sets, $"{naive}");
    }

    [Fact]
    public void Floors_are_numbers()
    {
        Assert.Throws<ArgumentException>(() => new CohortTally());
        Assert.Throws<ArgumentException>(() => new CohortTally(double.NaN));
    }
}
