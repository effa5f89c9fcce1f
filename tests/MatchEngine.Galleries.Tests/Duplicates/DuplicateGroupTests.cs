using MatchEngine.Galleries.Duplicates;

namespace MatchEngine.Galleries.Tests.Duplicates;

public class DuplicateGroupTests
{
    [Fact]
    public void Subjects_that_hang_together_by_pairs_are_a_group()
    {
        var groups = DuplicateGroup.Of([Pair("c", "d", 0.5f), Pair("a", "b", 0.9f), Pair("d", "e", 0.7f), Pair("b", "a", 0.4f)]);

        Assert.Equal(2, groups.Count);
        Assert.Equal(["a", "b"], groups[0].Members.Select(member => member.SubjectId));
        Assert.Equal((2, 0.4f, 0.9f), (groups[0].Pairs, groups[0].Weakest, groups[0].Strongest));
        Assert.Equal(["c", "d", "e"], groups[1].Members.Select(member => member.SubjectId));
        Assert.Equal((2, 0.5f, 0.7f), (groups[1].Pairs, groups[1].Weakest, groups[1].Strongest));
        Assert.Empty(DuplicateGroup.Of([]));
    }

    [Fact]
    public void Equal_ids_of_two_galleries_are_two_members()
    {
        var group = Assert.Single(DuplicateGroup.Of([Pair("x", "x", 0.8f, "other")]));
        Assert.Equal([new("here", "x"), new("other", "x")], group.Members);
    }

    [Fact]
    public void Long_chains_in_any_order_are_one_group()
    {
        var pairs = Enumerable.Range(0, 5000).Select(i => Pair($"{i:0000}", $"{i + 1:0000}", i)).ToArray();
        new Random(5).Shuffle(pairs);
        var group = Assert.Single(DuplicateGroup.Of(pairs));
        Assert.Equal((5001, 5000, 0f, 4999f), (group.Members.Count, group.Pairs, group.Weakest, group.Strongest));
    }

    private static DuplicateLink Pair(string first, string second, float score, string other = "here") =>
        new(new("here", first), new(other, second), score);
}
