using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Vetting.Accuracy;

namespace MatchEngine.Vetting.Tests.Accuracy;

public class PowerStatementTests
{
    private static readonly Protocol Protocol = new() { Name = "test", Slices = [["group"]], MinimumSubjects = 30 };

    /// <summary>People with two photos each, a third of them in group a.</summary>
    private static PowerStatement Of(int people, Protocol? protocol = null)
    {
        var images = new DataSet(
            "set", [.. Enumerable.Range(0, 2 * people).Select(i => $"{i:D6}")],
            [.. Enumerable.Range(0, 2 * people).Select(i => $"{i / 2:D6}")],
            new Dictionary<string, string[]> { ["group"] = [.. Enumerable.Range(0, 2 * people).Select(i => i / 2 % 3 == 0 ? "a" : "b")] },
            new Dictionary<string, string> { ["group"] = "annotated" });
        return PowerStatement.Of(SearchSplit.Of(images, protocol ?? Protocol), protocol ?? Protocol);
    }

    [Fact]
    public void The_numbers_are_those_of_the_split()
    {
        var power = Of(600);
        Assert.Equal((300, 300, 300, 600, 300), (
            power.GallerySubjects, power.Mated, power.MatedSubjects, power.NonMated, power.NonMatedSubjects));
        Assert.Equal(10.0 / 600, power.LowestFpir!.Value, 12);
        Assert.Equal((0.01, 0.01), (power.FnirBelowIfNone!.Value, power.FpirBelowIfNone!.Value));
        Assert.Equal(300, power.Groups.Sum(g => g.Mated));
        Assert.Equal(600, power.Groups.Sum(g => g.NonMated));
        // The larger group is what the other is compared with.
        Assert.Null(power.Groups.Single(g => g.Value == "b").FnirRatio);
        Assert.InRange(power.Groups.Single(g => g.Value == "a").FpirRatio!.Value, 1.5, 3);
    }

    [Fact]
    public void Of_groups_with_too_few_people_or_too_few_expected_errors_nothing_is_promised()
    {
        Assert.All(Of(60).Groups, g => Assert.Null(g.FnirRatio ?? g.FpirRatio));
        // 90 people in group a, 45 mated searches: at a rate of 5 % two errors are expected.
        var power = Of(270);
        Assert.Null(power.Groups.Single(g => g.Value == "a").FnirRatio);
        Assert.NotNull(power.Groups.Single(g => g.Value == "a").FpirRatio);
    }

    [Fact]
    public void A_difference_as_large_as_promised_is_found_in_80_of_100_sets()
    {
        var power = Of(3000);
        var group = power.Groups.Single(g => g.Value == "a");
        var reference = power.Groups.Single(g => g.Value == "b");
        var ratio = group.FpirRatio!.Value;
        // Both together have the assumed rate; one of them has `ratio` times the other's.
        var low = power.AssumedFpir * (group.NonMated + reference.NonMated) / (ratio * group.NonMated + reference.NonMated);
        var random = new Random(5);
        int Errors(int trials, double rate) => Enumerable.Range(0, trials).Count(_ => random.NextDouble() < rate);
        var found = 0;
        const int Sets = 600;
        for (var set = 0; set < Sets; set++)
        {
            double a = Errors(group.NonMated, low * ratio), b = Errors(reference.NonMated, low);
            var z = Math.Log(a / group.NonMated / (b / reference.NonMated)) / Math.Sqrt((1 / a) + (1 / b));
            found += Math.Abs(z) > 1.96 ? 1 : 0;
        }
        Assert.InRange((double)found / Sets, 0.7, 0.95);
    }
}
