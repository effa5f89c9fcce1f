using System.Text.Json;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Commands;

/// <summary>
/// Whether rates hold for the people of whom they are said: the goals of strangers foretold on real photos, on people on whom nothing was
/// chosen, and on probes of another set. One data folder serves all, so the photos are extracted once.
/// </summary>
public sealed class CohortGoalTests(CohortGoalTests.Photos photos) : IClassFixture<CohortGoalTests.Photos>
{
    private static readonly string[] Floors = ["0.3", "0.32", "0.34", "0.36", "0.4", "0.45", "0.5"];

    /// <summary>A data folder with the embeddings of what was evaluated.</summary>
    public sealed class Photos : IDisposable
    {
        internal Matchengine Cli { get; } = new();

        public void Dispose() => Cli.Dispose();
    }

    [Fact]
    public void Strangers_come_as_foretold_for_the_second_half_of_lfw_a()
    {
        var report = Cohort("--data-set", TestData.Require("lfw-a"), "--corrections", "lfw-a", "--half", "second");
        Assert.InRange(report.GetProperty("gallerySubjects").GetInt32(), 1300, 1500);
        var rows = report.GetProperty("rows").EnumerateArray().ToList();
        Assert.True(rows.Count(IsJudgedByCount) >= 30, "too few groups have a hundred strangers");
        Assert.All(rows, AssertHolds);
    }

    [Fact]
    public void Strangers_of_london_faces_come_as_foretold_in_the_gallery_of_lfw_a()
    {
        var report = Cohort(
            "--data-set", TestData.Require("lfw-a"), "--probes", TestData.Require("london-faces"), "--corrections", "lfw-a");
        var rows = report.GetProperty("rows").EnumerateArray().ToList();
        Assert.True(rows.Count(IsJudgedByCount) >= 5, "too few groups have a hundred strangers");
        Assert.All(rows.Where(IsJudgedByCount), AssertHolds);
        Assert.All(rows, row => Assert.Equal("not-enrolled", row.GetProperty("mate").GetString()));
    }

    private JsonElement Cohort(params string[] arguments) =>
        photos.Cli.Run(["eval", "cohort", .. arguments, "--floor", .. Floors, "--json"]).Expect(0).Json;

    private static bool IsJudgedByCount(JsonElement row) => row.GetProperty("counted").GetInt64() >= 100;

    /// <summary>The rule of the goal, worked out here from the row's own numbers.</summary>
    private static void AssertHolds(JsonElement row)
    {
        var (counted, predicted) = (row.GetProperty("counted").GetInt64(), row.GetProperty("predicted").GetDouble());
        var most = counted >= 0.1 * row.GetProperty("searches").GetInt32() ? 1.5 : 3;
        var holds = IsJudgedByCount(row)
            ? predicted / counted <= most && counted / predicted <= most
            : row.GetProperty("low").GetDouble() <= most
                && (row.GetProperty("high") is not { ValueKind: JsonValueKind.Number } high || high.GetDouble() >= 1 / most);
        Assert.True(holds, row.ToString());
        Assert.True(row.GetProperty("holds").GetBoolean());
    }
}
