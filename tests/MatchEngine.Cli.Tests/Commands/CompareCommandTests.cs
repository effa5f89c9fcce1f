using System.Text.Json;

namespace MatchEngine.Cli.Tests.Commands;

public sealed class CompareCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_same_face_scores_high_and_another_low()
    {
        Portraits.Write(_cli.File("photos"));
        var same = _cli.Run("compare", _cli.File("photos/p30-a.jpg"), _cli.File("photos/p30-b.jpg"), "--json").Expect(0).Json;
        Assert.Equal(["score", "fmr", "populations", "model", "a", "b"], same.EnumerateObject().Select(property => property.Name));
        Assert.InRange(same.GetProperty("score").GetDouble(), 0.8, 1);
        Assert.Equal(
            ["randomPairs", "worstGroup", "group"], same.GetProperty("fmr").EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.Null, same.GetProperty("fmr").GetProperty("group").ValueKind);
        Assert.Equal(
            same.GetProperty("populations").EnumerateArray().Select(population => population.GetProperty("id").GetString()),
            ((string[])["randomPairs", "worstGroup"])
                .Select(which => same.GetProperty("fmr").GetProperty(which).GetProperty("population").GetString()));
        Assert.True(same.GetProperty("a").GetProperty("box").GetProperty("height").GetDouble() > 20);
        var other = _cli.Run("compare", _cli.File("photos/p30-a.jpg"), _cli.File("photos/p61-b.jpg"), "--json").Expect(0).Json;
        Assert.InRange(other.GetProperty("score").GetDouble(), -1, 0.4);
    }

    [Fact]
    public void An_image_that_cannot_be_used_is_named()
    {
        Portraits.Write(_cli.File("photos"));
        var error = _cli.Run("compare", _cli.File("photos/p30-a.jpg"), _cli.File("missing.jpg")).Expect(2).Error;
        Assert.Contains("missing.jpg", error, StringComparison.Ordinal);
    }
}
