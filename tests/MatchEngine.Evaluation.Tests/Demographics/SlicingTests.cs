using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Tests.Demographics;

public class SlicingTests
{
    private static DataSet People() => new(
        "people",
        ["1", "2", "3", "4", "5"],
        ["a", "a", "b", "c", "d"],
        new Dictionary<string, string[]> { ["sex"] = ["F", "F", "M", "U", "M"], ["age"] = ["9", "31", "18", "", "100"] },
        new Dictionary<string, string> { ["sex"] = "self-reported", ["age"] = "recorded" });

    private static Protocol Plan() => new()
    {
        Name = "p",
        Labels = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["sex"] = new Dictionary<string, string> { ["U"] = "", ["F"] = "female" },
        },
        Bands = new Dictionary<string, IReadOnlyList<double>> { ["age"] = [0, 18, 65] },
        Reference = new Dictionary<string, string> { ["sex"] = "M", ["age"] = "18–64" },
    };

    [Fact]
    public void Values_are_renamed_and_unknown_ones_are_in_no_slice()
    {
        var slicing = Slicing.Of(People(), ["sex"], Plan());
        Assert.Equal(["M", "female"], slicing.Values);
        Assert.Equal([1, 1, 0, -1, 0], slicing.ValueOf);
        Assert.Equal(0, slicing.ReferenceIn(Plan()));
    }

    [Fact]
    public void Bands_stand_in_the_order_of_age()
    {
        var slicing = Slicing.Of(People(), ["age"], Plan());
        Assert.Equal(["0–17", "18–64", "65+"], slicing.Values);
        Assert.Equal([0, 1, 1, -1, 2], slicing.ValueOf);
    }

    [Fact]
    public void Combinations_hold_the_values_that_occur_together()
    {
        var slicing = Slicing.Of(People(), ["sex", "age"], Plan());
        Assert.Equal("sex × age", slicing.By);
        Assert.Equal(["M × 18–64", "M × 65+", "female × 0–17", "female × 18–64"], slicing.Values);
        Assert.Equal("M × 18–64", slicing.Values[slicing.ReferenceIn(Plan())]);
    }

    [Fact]
    public void Labels_without_a_stated_source_are_refused()
    {
        var set = new DataSet("s", ["1"], ["a"], new Dictionary<string, string[]> { ["sex"] = ["F"] });
        Assert.Contains(
            "nothing says where the labels 'sex'",
            Assert.Throws<EvaluationException>(() => Slicing.Of(set, ["sex"], Plan())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_not_there_is_refused_and_a_banded_word_is_a_fault_of_its_photo()
    {
        Assert.Contains(
            "no column 'race'",
            Assert.Throws<EvaluationException>(() => Slicing.Of(People(), ["race"], Plan())).Message, StringComparison.Ordinal);
        var plan = Plan() with
        {
            Bands = new Dictionary<string, IReadOnlyList<double>> { ["sex"] = [0] },
            Labels = new Dictionary<string, IReadOnlyDictionary<string, string>>(),
        };
        var faults = new InputFaults(strict: false);
        Assert.All(Slicing.Of(People(), ["sex"], plan, faults).ValueOf, value => Assert.Equal(-1, value));
        Assert.Equal(5, faults.Counts["not a number"]);
        Assert.Contains("'F' in column 'sex' of image '1'", faults.First[0].Reason, StringComparison.Ordinal);
        Assert.Throws<EvaluationException>(() => Slicing.Of(People(), ["sex"], plan, new InputFaults(strict: true)));
    }

    [Fact]
    public void A_person_under_two_values_is_named()
    {
        var images = new DataSet(
            "people", ["1", "2", "3"], ["a", "a", "b"],
            new Dictionary<string, string[]> { ["sex"] = ["F", "M", "M"], ["age"] = ["9", "31", "40"] },
            new Dictionary<string, string> { ["sex"] = "self-reported", ["age"] = "recorded" });
        var plan = Plan() with { Labels = new Dictionary<string, IReadOnlyDictionary<string, string>>(), Slices = [["sex"], ["age"]] };
        var notes = new List<string>();
        Assert.Equal(2, Slicing.All(images, plan, notes).Count());
        // Nobody stays in one band of age.
        Assert.Contains("1 subject stands under more than one value ('a': F, M)", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_value_is_counted_once_in_however_many_combinations_its_column_stands()
    {
        var images = new DataSet(
            "people", ["1", "2"], ["a", "b"], new Dictionary<string, string[]> { ["sex"] = ["F", "M"], ["age"] = ["abc", "31"] },
            new Dictionary<string, string> { ["sex"] = "self-reported", ["age"] = "recorded" });
        var faults = new InputFaults(strict: false);
        var plan = Plan() with { Slices = [["sex"], ["age"], ["sex", "age"]] };
        Assert.Equal(3, Slicing.All(images, plan, [], faults).Count());
        Assert.Equal(1, faults.Total);
    }
}
