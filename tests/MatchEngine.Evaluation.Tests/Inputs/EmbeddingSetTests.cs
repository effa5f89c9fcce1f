using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Tests.Inputs;

public class EmbeddingSetTests
{
    [Fact]
    public void Embeddings_and_templates_come_back_as_they_were_added_however_many()
    {
        var set = new EmbeddingSet(3);
        for (var i = 0; i < 1000; i++)
        {
            if (i % 3 == 2)
                set.Add($"p{i}", [(sbyte)i, -1, 127], 0.5f + i);
            else
                set.Add($"p{i}", [i, i + 1f, i + 2f], $"d{i}", i);
        }
        Assert.Equal(1000, set.Count);
        for (var i = 0; i < 1000; i++)
        {
            float[] expected = i % 3 == 2 ? [(sbyte)i, -1, 127] : [i, i + 1f, i + 2f];
            Assert.Equal(expected, set.Values(i).ToArray());
            Assert.Equal(i % 3 == 2 ? 0.5f + i : 1, set.Scale(i));
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var set = new EmbeddingSet(2);
        set.Add("a", [1f, 0f]);
        Assert.Throws<ArgumentException>(() => set.Add("b", [1f]));
        Assert.Throws<ArgumentException>(() => set.Add("b", [1f, float.NaN]));
        Assert.Throws<ArgumentException>(() => set.Add("b", [(sbyte)1, 2], 0));
        Assert.Throws<ArgumentException>(() => set.Add("a", [0f, 1f]));
        Assert.Throws<ArgumentException>(() => set.AddFailure("a", "no face"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbeddingSet(0));
        Assert.Equal(1, set.Count);
    }
}
