using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Tests.CrossComparison;

public unsafe class PackedEmbeddingsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(100)]
    public void Values_stand_panel_by_panel_and_the_rest_is_zero(int count)
    {
        var set = new EmbeddingSet(5);
        for (var i = 0; i < count; i++)
            set.Add($"p{i}", [i, i + 0.1f, i + 0.2f, i + 0.3f, i + 0.4f]);
        int[] order = [.. Enumerable.Range(0, count).Reverse()];
        using var packed = new PackedEmbeddings(set, order);
        Assert.Equal((count + 47) / 48, packed.Panels);
        for (var place = 0; place < packed.Panels * 48; place++)
        {
            for (var k = 0; k < 5; k++)
                Assert.Equal(place < count ? set.Values(order[place])[k] : 0, packed.Panel(place / 48)[k * 48 + place % 48]);
        }
        var rows = new float[5 * 8];
        fixed (float* target = rows)
            packed.CopyRows(Math.Max(0, count - 3), target);
        for (var r = 0; r < 8; r++)
        {
            var place = Math.Max(0, count - 3) + r;
            Assert.Equal(place < count ? set.Values(order[place])[2] : 0, rows[2 * 8 + r]);
        }
        Assert.False(packed.AreScaled);
    }
}
