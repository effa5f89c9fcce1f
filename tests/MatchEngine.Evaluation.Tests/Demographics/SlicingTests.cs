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
    public void A_column_that_is_not_there_and_a_banded_word_are_refused()
    {
        Assert.Contains(
            "no column 'race'",
            Assert.Throws<EvaluationException>(() => Slicing.Of(People(), ["race"], Plan())).Message, StringComparison.Ordinal);
        var plan = Plan() with
        {
            Bands = new Dictionary<string, IReadOnlyList<double>> { ["sex"] = [0] },
            Labels = new Dictionary<string, IReadOnlyDictionary<string, string>>(),
        };
        Assert.Contains(
            "is not a number",
            Assert.Throws<EvaluationException>(() => Slicing.Of(People(), ["sex"], plan)).Message, StringComparison.Ordinal);
    }
}
