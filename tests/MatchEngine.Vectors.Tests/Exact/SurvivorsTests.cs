using MatchEngine.Vectors.Exact;

namespace MatchEngine.Vectors.Tests.Exact;

public class SurvivorsTests
{
    [Fact]
    public void The_order_is_by_falling_sum_to_within_a_class_and_drops_what_is_below()
    {
        var random = new Random(3);
        foreach (var range in new[] { 1, 10, 5_000_000 })
        {
            var survivors = new Survivors(2048);
            var rows = new List<(int Segment, int Row, int Sum)>();
            while (!survivors.IsFull)
            {
                var row = (random.Next(5), rows.Count, random.Next(-range, range));
                rows.Add(row);
                survivors.Add(row.Item1, row.Item2, row.Item3);
            }
            survivors.Drop(range / -2);
            rows.RemoveAll(row => row.Sum < range / -2);
            survivors.Sort();
            Assert.Equal(rows.Count, survivors.Count);
            var found = Enumerable.Range(0, survivors.Count)
                .Select(i => (survivors.Segment(i), survivors.Row(i), survivors.Sum(i))).ToList();
            Assert.Equal(rows.Order(), found.Order());
            var width = ((1.5 * range) / 64) + 1;
            for (var i = 1; i < found.Count; i++)
                Assert.True(found[i].Item3 <= found[..i].Min(row => row.Item3) + width);
            survivors.Reset();
            Assert.Equal(0, survivors.Count);
        }
    }

    [Fact]
    public void Equal_and_extreme_sums_are_ordered_too()
    {
        var survivors = new Survivors(3);
        survivors.Add(0, 1, int.MinValue);
        survivors.Add(0, 2, int.MaxValue);
        survivors.Add(0, 3, 0);
        survivors.Sort();
        Assert.Equal([2, 3, 1], Enumerable.Range(0, 3).Select(survivors.Row));
    }
}
