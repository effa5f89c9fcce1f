using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Tests.CrossComparison;

public class ScoreRowsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 48)]
    [InlineData(21, 101)]
    public void Each_score_is_the_inner_product_of_its_two_embeddings(int rows, int columns)
    {
        var (embeddings, _) = SyntheticFaces.Make(rows + columns, _ => 1, 32, 3);
        Check(embeddings, rows, columns, (i, j) => ScoreKernel.Dot(embeddings.Values(i), embeddings.Values(j)));
    }

    [Fact]
    public void Quantised_embeddings_are_scaled()
    {
        var set = new EmbeddingSet(4);
        for (var i = 0; i < 12; i++)
            set.Add($"p{i}", new sbyte[] { (sbyte)i, 2, 3, (sbyte)-i }, 0.01f * (i + 1));
        Check(set, 5, 7, (i, j) => ScoreKernel.Dot(set.Values(i), set.Values(j)) * (set.Scale(i) * set.Scale(j)));
    }

    private static void Check(EmbeddingSet set, int rows, int columns, Func<int, int, float> expected)
    {
        using var left = new PackedEmbeddings(set, [.. Enumerable.Range(0, rows)]);
        using var right = new PackedEmbeddings(set, [.. Enumerable.Range(rows, columns)]);
        using var scores = new ScoreRows(left, right);
        var block = new float[ScoreRows.RowsAtOnce * scores.Width];
        for (var first = 0; first < rows; first += ScoreRows.RowsAtOnce)
        {
            scores.Fill(first, block);
            for (var row = 0; row < ScoreRows.RowsAtOnce; row++)
            {
                for (var column = 0; column < scores.Width; column++)
                {
                    var isThere = first + row < rows && column < columns;
                    Assert.Equal(isThere ? expected(first + row, rows + column) : 0, block[row * scores.Width + column]);
                }
            }
        }
    }
}
