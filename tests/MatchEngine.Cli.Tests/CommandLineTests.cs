namespace MatchEngine.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("nonsense")]
    [InlineData("search", "x.jpg")]
    [InlineData("search", "-g", "g", "x.jpg", "--top", "0")]
    [InlineData("search", "-g", "g", "x.jpg", "--floor", "1.5")]
    [InlineData("search", "-g", "g", "x.jpg", "--floor", "nan")]
    [InlineData("search", "-g", "g", "x.jpg", "--face", "0")]
    [InlineData("search", "-g", "g", "x.jpg", "--min-quality", "101")]
    [InlineData("enroll", "-g", "g", ".", "--min-quality", "good")]
    [InlineData("search", "-g", "g", "x.jpg", "--face", "smallest")]
    [InlineData("enroll", "-g", "g")]
    [InlineData("enroll", "-g", "g", "--metadata", "missing.csv")]
    [InlineData("enroll", "-g", "g", "missing-folder")]
    [InlineData("enroll", "-g", "g", ".", "--where", "a=b")]
    [InlineData("enroll", "-g", "g", ".", "--subject-from", "csv")]
    [InlineData("enroll", "-g", "g", ".", "--subject-from", "moon")]
    [InlineData("enroll", "-g", "g", ".", "--workers", "0")]
    [InlineData("enroll", "-g", "a/b", ".")]
    [InlineData("detect", "missing.jpg")]
    [InlineData("compare", "a.jpg")]
    [InlineData("demo", "--out", "no/such/folder/x.html")]
    public void Bad_usage_is_exit_code_2_and_says_so_on_standard_error(params string[] arguments)
    {
        var outcome = _cli.Run(arguments).Expect(2);
        Assert.Empty(outcome.Output);
        Assert.NotEmpty(outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_usage_leaves_no_gallery_behind()
    {
        _cli.Run("enroll", "-g", "g", "missing-folder").Expect(2);
        _cli.Run("enroll", "-g", "h", "--metadata", "missing.csv").Expect(2);
        Assert.Equal(0, _cli.Run("gallery", "list", "--json").Expect(0).Json.GetProperty("galleries").GetArrayLength());
    }

    [Fact]
    public void Help_lists_the_verbs()
    {
        var help = _cli.Run("--help").Expect(0).Output;
        foreach (var verb in (string[])[
            "gallery", "audit", "backup", "restore", "enroll", "search", "compare", "detect", "models", "vet", "demo"])
            Assert.Contains(verb, help, StringComparison.Ordinal);
    }
}
