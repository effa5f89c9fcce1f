using System.Text.Json;

namespace MatchEngine.Cli.Tests.Bench;

public sealed class BenchDiffTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public BenchDiffTests() => Directory.CreateDirectory(_cli.Data);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Two_measurements_stand_side_by_side_as_ratios_of_after_to_before()
    {
        var before = Written(
            "before.json", Row("MatchEngine exact", 1, 100), Row("MatchEngine hnsw", 279, 300), Row("MatchEngine scan", 1, 9));
        var after = Written(
            "after.json", Row("MatchEngine exact", 1, 150), Row("MatchEngine hnsw", 310, 600), Row("MatchEngine exact", 64, 5));

        var answer = _cli.Run("bench", "diff", before, after, "--json").Expect(0).Json;

        Assert.Equal(
            ["MatchEngine exact 1 1.5", "MatchEngine hnsw 310 2"],
            answer.GetProperty("rows").EnumerateArray().Select(row => FormattableString.Invariant(
                $"{row.GetProperty("engine").GetString()} {row.GetProperty("setting")} {row.GetProperty("searchesRatio").GetDouble()}")));
        Assert.Contains("2 results stand in one file alone", answer.GetProperty("notes").GetRawText(), StringComparison.Ordinal);
        var table = _cli.Run("bench", "diff", before, after).Expect(0).Output;
        Assert.Contains("1.50", table, StringComparison.Ordinal);
        Assert.Contains("in turns", table, StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_the_two_unlike_is_named()
    {
        var before = Written("before.json", "avx2", 20e9, Row("MatchEngine exact", 1, 100));
        var after = Written("after.json", "avx-vnni", 40e9, Row("MatchEngine exact", 1, 100));
        var notes = _cli.Run("bench", "diff", before, after, "--json").Expect(0).Json.GetProperty("notes").GetRawText();
        Assert.Contains("kernel: avx2 before, avx-vnni after", notes, StringComparison.Ordinal);
        Assert.Contains("20.0 GB/s before, 40.0 after", notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "holds no results")]
    [InlineData("[1]", "is no measurement")]
    [InlineData("not json", "is no measurement")]
    [InlineData("{\"results\": [null]}", "holds no results")]
    public void A_file_that_is_no_measurement_is_refused_by_name(string content, string told)
    {
        var good = Written("good.json", Row("MatchEngine exact", 1, 100));
        var bad = Path.Combine(_cli.Data, "bad.json");
        File.WriteAllText(bad, content);
        var error = _cli.Run("bench", "diff", good, bad).Expect(2).Error;
        Assert.Contains("bad.json", error, StringComparison.Ordinal);
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.Contains("cannot be read", _cli.Run("bench", "diff", good, bad + ".not").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_common_is_nothing_to_compare() => Assert.Contains(
        "nothing to compare",
        _cli.Run(
            "bench", "diff", Written("a.json", Row("MatchEngine exact", 1, 100)), Written("b.json", Row("MatchEngine scan", 1, 100)))
            .Expect(2).Error,
        StringComparison.Ordinal);

    private string Written(string name, params object[] rows) => Written(name, "avx2", 20e9, rows);

    private string Written(string name, string kernel, double bandwidth, params object[] rows)
    {
        var file = Path.Combine(_cli.Data, name);
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            date = "2026-11-30T00:00:00Z", processors = 2, runtime = "r", system = "s", kernel, streamingBytesPerSecond = bandwidth,
            templates = 1000, dimension = 64, probes = 10, m = 32, results = rows,
        }));
        return file;
    }

    private static object Row(string engine, int setting, double rate) => new
    {
        engine, setting, recall = 1, mated = 10, matesLost = 0, searchesPerCpuSecond = rate, medianMicroseconds = 10, p99Microseconds = 20,
        buildPerCpuSecond = 1000, bytesPerTemplate = 90,
    };
}
