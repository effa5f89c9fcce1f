using FsCheck.Fluent;
using MatchEngine.Tests;

namespace MatchEngine.Vectors.Tests;

public class SubjectSetTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2000, 0, 3000)]
    [InlineData(2000, -1500, 3000)]
    [InlineData(2000, 40_000_000, 40_003_000)]
    [InlineData(50, long.MinValue, long.MaxValue)]
    [InlineData(3, 0, 1_000_000)]
    public void It_holds_what_a_hash_set_holds(int draws, long from, long to)
    {
        var random = new Random(1);
        long[] drawn = [.. Enumerable.Range(0, draws).Select(_ => random.NextInt64(from, to))];
        var expected = drawn.ToHashSet();
        var (only, but) = (SubjectSet.Only(drawn), SubjectSet.AllBut(drawn));
        Assert.Equal((expected.Count, false, expected.Count, true), (only.Count, only.IsExclusion, but.Count, but.IsExclusion));
        Assert.Equal(expected.Order(), only.Members.Order());
        Assert.Equal(expected.Order(), but.Members.Order());
        long[] asked = [.. drawn.SelectMany(s => new[] { s - 64, s - 1, s, s + 1, s + 64 }), long.MinValue, -1, 0, 1, long.MaxValue];
        foreach (var subject in asked)
            Assert.Equal((expected.Contains(subject), !expected.Contains(subject)), (only.Admits(subject), but.Admits(subject)));
    }

    [Fact]
    public void It_is_made_again_of_its_members() => Prop.ForAll(
        Gen.Choose(int.MinValue, int.MaxValue).ArrayOf().Zip(Gen.Choose(1, 5000)).ToArbitrary(),
        input =>
        {
            // Members far apart make a hash set, those within a small range a bitmap.
            long[] members = [.. input.Item1.Select(drawn => (long)drawn << 20), .. input.Item1.Select(
                drawn => (long)(drawn % input.Item2))];
            foreach (var part in new[] { members, members[..(members.Length / 2)], members[(members.Length / 2)..] })
            {
                var again = SubjectSet.AllBut(SubjectSet.AllBut(part).Members);
                Assert.All(part, member => Assert.False(again.Admits(member)));
                Assert.Equal(part.Distinct().Order(), again.Members.Order());
            }
        }).CheckSame();

    [Fact]
    public void A_set_of_nobody_lists_nobody_or_everybody()
    {
        Assert.False(SubjectSet.Only().Admits(0));
        Assert.True(SubjectSet.AllBut().Admits(0));
    }
}
