using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Tests.Sketches;

public unsafe class SketchColumnTests
{
    [Fact]
    public void Rows_are_written_read_back_and_erased_one_by_one()
    {
        var random = new Random(1);
        var basis = SketchBasisTests.Some(64, 24);
        var column = new SketchColumn(basis, 21);
        Assert.Equal(0u, (nuint)column.Blocks % 64);
        var rows = Enumerable.Range(0, 21).Select(_ => Enumerable.Range(0, 24).Select(_ => (byte)random.Next(16)).ToArray()).ToArray();
        for (var i = 0; i < rows.Length; i++)
            column.Write(i, rows[i], fits: i % 10 != 3);
        Assert.Equal([3, 13], column.Outliers.ToArray());
        var codes = new byte[24];
        for (var i = 0; i < rows.Length; i++)
        {
            column.Read(i, codes);
            Assert.Equal(rows[i], codes);
        }
        column.Erase(9);
        for (var i = 0; i < rows.Length; i++)
        {
            column.Read(i, codes);
            Assert.Equal(i == 9 ? new byte[24] : rows[i], codes);
        }
        Assert.False(column.IsUnfit);
        for (var i = 0; i < 10; i++)
            column.Write(i, rows[i], fits: false);
        Assert.True(column.IsUnfit);
    }
}
