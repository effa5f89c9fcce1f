using MatchEngine.Rates.Calibrations;
using MatchEngine.Rates.Tests.Tails;

namespace MatchEngine.Rates.Tests.Calibrations;

public sealed class CalibrationBuilderTests
{
    private readonly record struct Pair(int A, PersonLabels LabelsA, int B, PersonLabels LabelsB, float Score);

    /// <summary>People of two sexes and two races; scores rise with what a pair shares. Some have no label.</summary>
    private static readonly Pair[] Pairs = [.. AllPairs(new Random(4))];

    private static readonly CalibrationSet Set = Build(Pairs);

    [Theory]
    [InlineData(Restriction.RandomPairs, null)]
    [InlineData(Restriction.SameSex, null)]
    [InlineData(Restriction.SameSexAndRace, null)]
    [InlineData(Restriction.Group, "F, a")]
    [InlineData(Restriction.Group, "M, b")]
    [InlineData(Restriction.Group, "age, 0–17")]
    public void Each_calibration_counts_its_own_pairs(Restriction restriction, string? group)
    {
        var own = Pairs.Where(pair => restriction switch
        {
            Restriction.RandomPairs => true,
            Restriction.SameSex => pair.LabelsA.Sex is not null && pair.LabelsA.Sex == pair.LabelsB.Sex,
            Restriction.SameSexAndRace => pair.LabelsA.Sex is not null && pair.LabelsA.Sex == pair.LabelsB.Sex
                && pair.LabelsA.Race == pair.LabelsB.Race,
            _ when group!.StartsWith("age", StringComparison.Ordinal) => pair.LabelsA.AgeBand is not null
                && pair.LabelsA.AgeBand == pair.LabelsB.AgeBand,
            _ => new[] { pair.LabelsA, pair.LabelsB }.All(labels => $"{labels.Sex}, {labels.Race}" == group),
        }).ToArray();
        var calibration = Set.All.Single(c => c.Population.Restriction == restriction && c.Population.Group == group);
        Assert.Equal(own.Length, calibration.Population.Comparisons);
        Assert.Equal(own.SelectMany(pair => new[] { pair.A, pair.B }).Distinct().Count(), calibration.Population.People);
        Assert.All(calibration.Points, point => Assert.Equal(own.Count(pair => pair.Score >= (float)point.Score), point.FalseMatches));
        Assert.Equal(0, calibration.Points[^1].FalseMatches);
        Assert.Equal(restriction == Restriction.RandomPairs ? null : "made up", calibration.Population.Labels);
        Assert.Equal(["children"], calibration.Population.NotSupported);
    }

    [Fact]
    public void The_worst_group_is_the_one_that_scores_highest_of_those_with_enough_people()
    {
        // "M, c" scores higher still and has three people.
        Assert.Equal("F, b", Set.WorstGroup!.Population.Group);
        Assert.Null(Set.OfGroup("M, c"));
        Assert.Matches(
            "^Too little data to be compared, so the worst group of all may be among them: .*M, c \\(3 people\\)", Set.WorstGroup.Note);
        Assert.Null(Set.RandomPairs.Note);
        Assert.True(Set.At(0.3).WorstGroup!.Value > 1.5 * Set.At(0.3).RandomPairs.Value);
    }

    [Fact]
    public void Without_labels_there_are_random_pairs_alone()
    {
        var set = Build(Pairs.Select(pair => pair with { LabelsA = default, LabelsB = default }));
        Assert.Equal([Restriction.RandomPairs], set.All.Select(c => c.Population.Restriction));
        Assert.Null(set.WorstGroup);
    }

    [Fact]
    public void Intervals_stand_where_ten_false_matches_do() => Assert.All(
        Set.All.SelectMany(c => c.Points),
        point => Assert.Equal(point.FalseMatches >= Calibration.MinimumErrors, point.Low is not null && point.High is not null));

    [Fact]
    public void The_interval_by_person_covers_the_true_rate_where_people_differ()
    {
        // A pair's score is the sum of what each person brings and of its own part: the true rate is that of a normal distribution.
        var random = new Random(6);
        var (covered, naive) = (0, 0);
        const int Sets = 200;
        var truth = 1 - MathNet.Numerics.Distributions.Normal.CDF(0, Math.Sqrt(2 * 0.03 * 0.03 + 0.1 * 0.1), 0.2);
        for (var set = 0; set < Sets; set++)
        {
            var builder = new CalibrationBuilder();
            var people = Enumerable.Range(0, 100).Select(_ => 0.03 * SimulatedGallery.Gauss(random)).ToArray();
            for (var a = 0; a < people.Length; a++)
            {
                for (var b = 0; b < a; b++)
                    builder.Add(a, default, b, default, (float)(people[a] + people[b] + 0.1 * SimulatedGallery.Gauss(random)));
            }
            var rate = builder.Build("set", null, []).RandomPairs.At(0.2);
            covered += rate.Low <= truth && truth <= rate.High ? 1 : 0;
            naive += Math.Abs(rate.Value!.Value - truth) <= 1.96 * Math.Sqrt(truth * (1 - truth) / 4950) ? 1 : 0;
        }
        Assert.InRange(covered, 0.91 * Sets, 0.995 * Sets);
        // As if comparisons were independent it would not.
        Assert.True(naive < 0.85 * Sets, $"{naive}");
    }

    [Fact]
    public void A_person_is_not_compared_with_themself() =>
        Assert.Throws<ArgumentException>(() => new CalibrationBuilder().Add(1, default, 1, default, 0.5f));

    [Fact]
    public void Of_no_comparison_nothing_is_made() =>
        Assert.Throws<InvalidOperationException>(() => new CalibrationBuilder().Build("set", null, []));

    private static CalibrationSet Build(IEnumerable<Pair> pairs)
    {
        var builder = new CalibrationBuilder();
        foreach (var pair in pairs)
            builder.Add(pair.A, pair.LabelsA, pair.B, pair.LabelsB, pair.Score);
        return builder.Build("set", "made up", ["children"]);
    }

    private static IEnumerable<Pair> AllPairs(Random random)
    {
        var people = Enumerable.Range(0, 400).Select(i => i switch
        {
            < 3 => new PersonLabels("M", "c"),
            < 20 => default,
            _ => new PersonLabels(i % 2 == 0 ? "F" : "M", i % 4 < 2 ? "a" : "b", i % 5 == 0 ? "0–17" : null),
        }).ToArray();
        for (var a = 0; a < people.Length; a++)
        {
            for (var b = 0; b < a; b++)
            {
                var (x, y) = (people[a], people[b]);
                var alike = (x.Sex is not null && x.Sex == y.Sex ? 0.05 : 0) + (x.Race is not null && x.Race == y.Race ? 0.05 : 0)
                    + (x.Sex == "F" && y.Sex == "F" && x.Race == "b" && y.Race == "b" ? 0.03 : 0)
                    + (x.AgeBand is not null && x.AgeBand == y.AgeBand ? 0.05 : 0)
                    + (x.Race == "c" && y.Race == "c" ? 0.3 : 0);
                yield return new Pair(a, x, b, y, (float)(alike + 0.1 * SimulatedGallery.Gauss(random)));
            }
        }
    }
}
