using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Tests.Identification;

public class SearchSplitTests
{
    private static readonly DataSet Images = new(
        "set", [.. Enumerable.Range(0, 60).Select(i => $"p{i:D2}")], [.. Enumerable.Range(0, 60).Select(i => $"s{i / 3:D2}")]);

    private static readonly Protocol Protocol = new() { Name = "test" };

    [Fact]
    public void Nobody_is_both_enrolled_and_a_stranger_and_no_photo_is_both_enrolled_and_searched_with()
    {
        var split = SearchSplit.Of(Images, Protocol);
        Assert.Equal(10, split.Enrolled.Count);
        Assert.All(split.Enrolled, own => Assert.Equal(3 * own.Key, Assert.Single(own.Value)));
        Assert.Equal(50, split.Searchable.Count);
        Assert.Equal(20, split.Searchable.Count(split.IsMated));
        Assert.Empty(split.Searchable.Intersect(split.Enrolled.Values.SelectMany(photos => photos)));
        Assert.All(split.Searchable, photo => Assert.Equal(split.Enrolled.ContainsKey(photo / 3), split.IsMated(photo)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_split_in_whatever_order_the_rows_stand_and_another_seed_another()
    {
        var turned = new DataSet("set", [.. Images.Images.Reverse()], [.. Images.Column("subject").Reverse()]);
        string[] Gallery(DataSet images, ulong seed) => [.. SearchSplit.Of(
            images, Protocol with { Identification = Protocol.Identification with { Seed = seed } }).Enrolled.Values
            .SelectMany(photos => photos).Select(photo => images.Images[photo]).Order()];
        Assert.Equal(Gallery(Images, 1), Gallery(turned, 1));
        Assert.NotEqual(Gallery(Images, 1), Gallery(Images, 2));
    }

    [Fact]
    public void A_probe_that_is_an_enrolled_photo_byte_for_byte_is_left_out_and_counted()
    {
        var split = SearchSplit.Of(Images, Protocol);
        var gallery = split.Enrolled.Values.Select(photos => photos[0]).ToArray();
        var (own, foreign) = (gallery[0] + 1, gallery[1] + 1);
        string? Digest(int photo) => photo == own ? $"{gallery[0]}" : photo == foreign ? $"{gallery[2]}" : $"{photo}";
        var (probes, leftOut) = split.Probes(Digest, Digest);
        Assert.Equal(split.Searchable.Except([own, foreign]), probes);
        Assert.Equal(
            [("probe identical to an enrolled photo", 1L), ("probe identical to an enrolled photo of another subject", 1L)],
            leftOut.Select(reason => (reason.Key, reason.Value)));
        // Of what was not enrolled nothing can be found again.
        Assert.Equal(split.Searchable, split.Probes(_ => null, Digest).Probes);
    }
}
