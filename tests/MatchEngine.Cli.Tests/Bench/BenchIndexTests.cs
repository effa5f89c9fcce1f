using System.Text.Json;

namespace MatchEngine.Cli.Tests.Bench;

public sealed class BenchIndexTests : IDisposable
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

    [Fact]
    public void Several_sizes_tell_the_growth_and_each_row_its_size_its_kernel_and_what_it_reads()
    {
        var report = _cli.Run(
            "bench", "index", "--n", "3000,1000,2000", "--dim", "64", "--probes", "64", "--rounds", "1", "--paths", "scan,hnsw",
            "--json").Expect(0).Json;
        Assert.Equal(3000, report.GetProperty("templates").GetInt32());
        var results = report.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(
            [1000, 1000, 1000, 2000, 2000, 2000, 3000, 3000, 3000], results.Select(row => row.GetProperty("templates").GetInt32()));
        Assert.All(results, row => Assert.NotEmpty(row.GetProperty("kernel").GetString()!));
        Assert.All(
            results.Where(row => row.GetProperty("engine").GetString() == "MatchEngine scan"),
            row => Assert.Equal(64, row.GetProperty("bytesScanned").GetDouble()));
        var single = results[0];
        Assert.Equal(
            single.GetProperty("searchesPerCpuSecond").GetDouble() * 1000 * 64, single.GetProperty("scannedPerCpuSecond").GetDouble(), 1.0);
        Assert.Equal(JsonValueKind.Null, results[1].GetProperty("scannedPerCpuSecond").ValueKind); // A batch shares what it reads.
        Assert.Equal(JsonValueKind.Null, results[2].GetProperty("bytesScanned").ValueKind); // A graph reads here and there.
        // A graph has a beam of its own at each size, and is one path all the same.
        Assert.Equal(
            ["MatchEngine scan 1", "MatchEngine scan 64", "MatchEngine hnsw "],
            report.GetProperty("growths").EnumerateArray().Select(
                growth => $"{growth.GetProperty("engine").GetString()} {growth.GetProperty("setting")}"));
        Assert.All(report.GetProperty("growths").EnumerateArray(), growth => Assert.Equal(3, growth.GetProperty("sizes").GetInt32()));
    }

    [Fact]
    public void Progress_is_told_as_lines_of_JSON_where_that_is_asked_for()
    {
        var run = _cli.Run(
            "bench", "index", "--n", "1000", "--dim", "64", "--probes", "16", "--rounds", "1", "--paths", "scan", "--progress-json",
            "--json").Expect(0);
        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["making 1,000 templates", "measuring 1,000 templates"],
            lines.Select(line => line.GetProperty("work").GetString()!).Distinct());
        Assert.Contains("building scan", lines.Select(line => line.GetProperty("step").GetString()));
        Assert.All(lines, line => Assert.InRange(line.GetProperty("share").GetDouble(), 0, 1));
    }

    [Theory]
    [InlineData("--n", "10")]
    [InlineData("--n", "1000,x")]
    [InlineData("--n", "1000,1000")]
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
