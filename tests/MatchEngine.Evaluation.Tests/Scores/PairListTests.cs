using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Tests.Scores;

public class PairListTests
{
    [Fact]
    public void Columns_stand_row_by_row()
    {
        var pairs = new PairList();
        pairs.Add(1, 2, 0.5, 3);
        pairs.Add(4, 5, 0.25, 0);
        Assert.Equal([1, 4], pairs.First.ToArray());
        Assert.Equal([2, 5], pairs.Second.ToArray());
        Assert.Equal([0.5, 0.25], pairs.Scores.ToArray());
        Assert.Equal([3, 0], pairs.Folds.ToArray());
    }

    [Fact]
    public void Either_all_comparisons_have_folds_or_none()
    {
        var pairs = new PairList();
        pairs.Add(1, 2, 0.5);
        Assert.True(pairs.Folds.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => pairs.Add(1, 2, 0.5, 0));
        Assert.Throws<ArgumentException>(() => pairs.Add(1, 2, double.NaN));
    }
}
