using MatchEngine.Vectors.Exact;

namespace MatchEngine.Vectors.Tests.Exact;

public class BestPerSubjectTests
{
    [Fact]
    public void Any_sequence_of_rows_gives_the_list_by_definition()
    {
        var random = new Random(21);
        var collector = new BestPerSubject();
        for (var round = 0; round < 400; round++)
        {
            var listLength = random.Next(4) == 0 ? random.Next(1, 400) : random.Next(1, 25);
            var floor = random.Next(3) == 0 ? (float)random.NextDouble() : -1f;
            var rows = Rows(random, count: random.Next(0, 1200), subjects: random.Next(1, 300), levels: random.Next(2, 50));
            collector.Begin(listLength, floor);
            Offer(collector, rows);
            Assert.Equal(Expected(rows, listLength, floor), collector.ToList());
        }
    }

    [Fact]
    public void Parts_poured_together_give_the_list_of_the_whole()
    {
        var random = new Random(22);
        for (var round = 0; round < 200; round++)
        {
            var listLength = random.Next(1, 60);
            var rows = Rows(random, count: 900, subjects: 80, levels: 20);
            BestPerSubject[] parts = [new(), new(), new()];
            foreach (var part in parts)
                part.Begin(listLength, 0.1f);
            for (var i = 0; i < parts.Length; i++)
                Offer(parts[i], [.. rows.Where((_, j) => j % 3 == i)]);
            parts[0].AddAll(parts[1]);
            parts[0].AddAll(parts[2]);
            Assert.Equal(Expected(rows, listLength, 0.1f), parts[0].ToList());
        }
    }

    [Fact]
    public void Rows_that_come_worst_first_or_best_first_make_no_difference()
    {
        var rows = Rows(new Random(23), count: 3000, subjects: 500, levels: 1000);
        foreach (var order in new[] { rows.OrderBy(r => r.Score), rows.OrderByDescending(r => r.Score) })
        {
            var collector = new BestPerSubject();
            collector.Begin(20, -1f);
            Offer(collector, [.. order]);
            Assert.Equal(Expected(rows, 20, -1f), collector.ToList());
        }
    }

    [Fact]
    public void Nothing_of_a_list_remains_after_clearing()
    {
        var collector = new BestPerSubject();
        collector.Begin(300, -1f);
        Offer(collector, Rows(new Random(24), count: 2000, subjects: 400, levels: 1000));
        collector.ToList();
        collector.Clear();
        var buffer = (IndexHit[])typeof(BestPerSubject).GetField(
            "_buffer", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(collector)!;
        Assert.All(buffer, row => Assert.Equal(default, row));
        collector.Begin(5, -1f);
        Assert.Empty(collector.ToList());
    }

    private static void Offer(BestPerSubject collector, IndexHit[] rows)
    {
        foreach (var row in rows)
        {
            if (collector.Admits(row))
                collector.Add(row);
        }
    }

    private static IndexHit[] Rows(Random random, int count, int subjects, int levels)
    {
        var ids = Enumerable.Range(0, count).ToArray();
        random.Shuffle(ids);
        return [.. ids.Select(id => new IndexHit(id, random.Next(subjects), random.Next(levels) / (float)levels))];
    }

    private static IndexHit[] Expected(IndexHit[] rows, int listLength, float floor) =>
    [
        .. rows.Where(row => row.Score >= floor)
            .GroupBy(row => row.Subject)
            .Select(group => group.OrderByDescending(row => row.Score).ThenBy(row => row.Id).First())
            .OrderByDescending(row => row.Score).ThenBy(row => row.Id)
            .Take(listLength)
    ];
}
