using System.Text.Json;

namespace MatchEngine.Cli.Tests.Commands;

public sealed class BenchCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_index_is_measured_and_the_numbers_are_written_to_a_file()
    {
        Directory.CreateDirectory(_cli.Data);
        var file = Path.Combine(_cli.Data, "bench.json");
        string[] small =
        [
            "bench", "index", "--n", "3000", "--dim", "64", "--probes", "64", "--rounds", "1", "--paths",
            "scan,exact,hnsw", "--ef", "64,200",
        ];
        var table = _cli.Run([.. small, "--json", file]).Expect(0).Output;
        Assert.Contains("recall@20", table, StringComparison.Ordinal);
        using var written = JsonDocument.Parse(File.ReadAllText(file));
        Check(written.RootElement);
        Check(_cli.Run([.. small, "--json"]).Expect(0).Json);
    }

    [Theory]
    [InlineData("--n", "10")]
    [InlineData("--dim", "500")]
    [InlineData("--paths", "exact,tree")]
    [InlineData("--paths", ",")]
    [InlineData("--ef", "0")]
    [InlineData("--m", "3")]
    [InlineData("--rounds", "0")]
    public void What_cannot_be_measured_is_refused(string option, string value) =>
        Assert.Contains(option, _cli.Run("bench", "index", option, value).Expect(2).Error, StringComparison.Ordinal);

    private static void Check(JsonElement report)
    {
        Assert.Equal((3000, 64), (report.GetProperty("templates").GetInt32(), report.GetProperty("probes").GetInt32()));
        Assert.True(report.GetProperty("streamingBytesPerSecond").GetDouble() > 1e8);
        var results = report.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(
            [
                "MatchEngine scan 1", "MatchEngine scan 64", "MatchEngine exact 1", "MatchEngine exact 64",
                "MatchEngine hnsw 64", "MatchEngine hnsw 200"],
            results.Select(r => $"{r.GetProperty("engine").GetString()} {r.GetProperty("setting").GetInt32()}"));
        Assert.All(results, r => Assert.InRange(r.GetProperty("recall").GetDouble(), 0.8, 1));
        Assert.All(results[..4], r => Assert.Equal((1.0, 0), (r.GetProperty("recall").GetDouble(), r.GetProperty("matesLost").GetInt32())));
        Assert.All(results, r =>
            Assert.True(r.GetProperty("searchesPerCpuSecond").GetDouble() > 0 && r.GetProperty("bytesPerTemplate").GetDouble() > 64));
    }
}
