namespace MatchEngine.Cli.Tests.Commands;

public sealed class DemoCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_demo_finds_altered_faces_and_no_strangers()
    {
        var demo = _cli.Run("demo", "--json").Expect(0).Json;
        var searches = demo.GetProperty("searches").EnumerateArray().ToList();
        var altered = searches.Where(search => search.GetProperty("mate").GetString() is not null).ToList();
        Assert.Equal(17 * 4, altered.Count);
        Assert.True(altered.Count(search => search.GetProperty("mateAtRank1").GetBoolean()) >= 62);
        var strangers = searches.Except(altered).ToList();
        Assert.Equal(5, strangers.Count);
        Assert.All(strangers, search => Assert.Equal(0, search.GetProperty("candidates").GetArrayLength()));

        var page = File.ReadAllText(_cli.File("matchengine-demo.html"));
        Assert.Contains("plumbing, not accuracy", page, StringComparison.Ordinal);
        Assert.Contains("@vladmandic/face-api", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        // The demo's galleries are gone; it made nothing but the page.
        Assert.Equal(["matchengine-demo.html"], Directory.GetFileSystemEntries(_cli.Folder).Select(Path.GetFileName));
    }
}
