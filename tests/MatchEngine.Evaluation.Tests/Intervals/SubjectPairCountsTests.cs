using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Intervals;

public class SubjectPairCountsTests
{
    [Fact]
    public void Pairs_are_counted_whichever_subject_stands_first()
    {
        var counts = new SubjectPairCounts();
        foreach (var (a, b) in new[] { (3, 1), (1, 3), (0, 2), (1, 2), (3, 1) })
            counts.Add(a, b);
        Assert.Equal([(0, 2, 1), (1, 2, 1), (1, 3, 3)], counts.Entries());
        Assert.Equal(5, counts.Total);
        var (rows, starts, columns, values) = counts.Compressed();
        Assert.Equal([0, 1], rows);
        Assert.Equal([0, 1, 3], starts);
        Assert.Equal([2, 2, 3], columns);
        Assert.Equal([1, 1, 3], values);
    }

    [Fact]
    public void One_subject_is_not_an_impostor_of_itself() => Assert.Throws<ArgumentException>(() => new SubjectPairCounts().Add(4, 4));
}
