using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Tests.Inputs;

public class PhotoFilterTests
{
    private static DataSet People() => new(
        "people",
        ["b2", "a1", "a3", "a2", "b1"],
        ["b", "a", "a", "a", "b"],
        new Dictionary<string, string[]> { ["look"] = ["x", "x", "y", "x", "z"] });

    [Fact]
    public void Photos_pass_by_the_values_of_their_columns_and_by_number_a_subject()
    {
        var filter = new Dictionary<string, IReadOnlyList<string>> { ["look"] = ["x", "z"] };
        Assert.Equal(["b2", "a1", "a2", "b1"], PhotoFilter.Apply(People(), filter, null).Images);
        var one = PhotoFilter.Apply(People(), filter, 1);
        Assert.Equal(["a1", "b1"], one.Images);
        Assert.Equal(["x", "z"], one.Column("look"));
    }

    [Theory]
    [InlineData("0..18", new[] { "a", "b" })]
    [InlineData("18..", new[] { "c" })]
    [InlineData("..4.5", new[] { "a" })]
    [InlineData("17", new[] { "b" })]
    public void A_range_takes_numbers_from_its_lower_end_to_below_its_upper_one(string wanted, string[] expected)
    {
        var set = new DataSet(
            "s", ["a", "b", "c", "d", "e"], ["a", "b", "c", "d", "e"],
            new Dictionary<string, string[]> { ["age"] = ["4", "17", "18", "", "NA"] });
        Assert.Equal(expected, PhotoFilter.Apply(set, new Dictionary<string, IReadOnlyList<string>> { ["age"] = [wanted] }, null).Images);
    }

    [Fact]
    public void Without_a_filter_the_set_stays_as_it_is() =>
        Assert.Equal(5, PhotoFilter.Apply(People(), new Dictionary<string, IReadOnlyList<string>>(), null).Images.Count);

    [Fact]
    public void A_filter_that_nothing_passes_is_refused() => Assert.Throws<EvaluationException>(() =>
        PhotoFilter.Apply(People(), new Dictionary<string, IReadOnlyList<string>> { ["look"] = ["none"] }, null));

    [Fact]
    public void Embeddings_of_photos_that_were_filtered_out_go_and_those_of_strangers_stay_to_be_named()
    {
        var set = new EmbeddingSet(2);
        set.Add("a1", [(sbyte)1, 2], 0.5f, "d1", 0.7);
        set.Add("a3", [1f, 0f]);
        set.Add("stranger", [(sbyte)3, 4], 0.25f);
        set.AddFailure("b1", "no face");
        set.AddFailure("b2", "no face");
        var chosen = PhotoFilter.Apply(People(), new Dictionary<string, IReadOnlyList<string>> { ["look"] = ["x"] }, null);
        var part = PhotoFilter.Only(set, People(), chosen);
        Assert.Same(set, PhotoFilter.Only(set, chosen, chosen));
        Assert.Equal(["a1", "stranger"], part.Images);
        Assert.Equal([1f, 2f], part.Values(0).ToArray());
        Assert.Equal((0.5f, 0.25f), (part.Scale(0), part.Scale(1)));
        Assert.Equal("d1", part.Digests[0]);
        Assert.Equal(0.7, part.Qualities[0]);
        Assert.Equal("b2", Assert.Single(part.Failures).Image);
    }

    [Fact]
    public void The_halves_share_no_subject_and_make_the_whole()
    {
        var images = new DataSet(
            "s", [.. Enumerable.Range(0, 400).Select(i => $"p{i:D3}")], [.. Enumerable.Range(0, 400).Select(i => $"person {i / 2}")]);
        var none = new Dictionary<string, IReadOnlyList<string>>();
        var (first, second) = (
            PhotoFilter.Apply(images, none, null, SubjectHalf.First), PhotoFilter.Apply(images, none, null, SubjectHalf.Second));
        Assert.Empty(first.Subjects.Intersect(second.Subjects));
        Assert.Equal(images.Images.Order(), first.Images.Concat(second.Images).Order());
        Assert.InRange(first.Subjects.Count, 70, 130);
    }
}
