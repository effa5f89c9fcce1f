using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Tests.Summaries;

public sealed class ScoreGridTests
{
    [Fact]
    public void A_score_on_an_edge_belongs_to_the_cell_above_it()
    {
        for (var cell = 0; cell < ScoreGrid.Cells; cell++)
        {
            var edge = (float)ScoreGrid.ScoreAt(cell);
            Assert.Equal(cell, ScoreGrid.CellOf(edge));
            if (cell > 0)
                Assert.Equal(cell - 1, ScoreGrid.CellOf(MathF.BitDecrement(edge)));
        }
    }

    [Fact]
    public void What_rounding_puts_outside_of_a_cosine_goes_to_the_cell_at_that_end()
    {
        Assert.Equal(0, ScoreGrid.CellOf(-1.0000001f));
        Assert.Equal(ScoreGrid.Cells - 1, ScoreGrid.CellOf(1.0000001f));
        Assert.Equal(ScoreGrid.Cells - 1, ScoreGrid.CellOf(float.PositiveInfinity));
    }

    [Fact]
    public void What_is_no_number_has_no_cell() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreGrid.CellOf(float.NaN));

    [Theory]
    [InlineData(-1)]
    [InlineData(ScoreGrid.Cells)]
    public void A_cell_beyond_the_grid_has_no_score(int cell) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreGrid.ScoreAt(cell));
}
