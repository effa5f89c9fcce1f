using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Commands;

/// <summary>
/// The tables and the card that are committed are what their commands give. That strangers come as they were foretold is held by
/// <c>StrangersTests</c> of Faces, by code of its own.
/// </summary>
public sealed class CommittedTablesTests(CommittedTablesTests.Photos photos) : IClassFixture<CommittedTablesTests.Photos>
{
    private static readonly string[] Floors = ["0.30", "0.32", "0.34", "0.36", "0.38", "0.40", "0.45", "0.50"];

    /// <summary>A data folder with the embeddings of what was evaluated.</summary>
    public sealed class Photos : IDisposable
    {
        internal Matchengine Cli { get; } = new() { Patience = TimeSpan.FromMinutes(20) };

        public void Dispose() => Cli.Dispose();
    }

    [Theory(Explicit = true)]
    [InlineData("lfw-a-first", "--half", "first")]
    [InlineData("lfw-a-second", "--half", "second")]
    [InlineData("london-in-lfw-a", "--probes", "london-faces")]
    public void The_committed_tables_are_those_of_their_commands(string table, string option, string value)
    {
        var lfw = TestData.Require("lfw-a");
        var folder = photos.Cli.File(table);
        photos.Cli.Run([
            "eval", "cohort", "--data-set", lfw, "--corrections", "lfw-a", option, option == "--probes" ? TestData.Require(value) : value,
            "--floor", .. Floors, "--out", folder]).Expect(0);
        var expected = File.ReadAllLines(Path.Combine(TestData.Repository, "eval", "results", "cohort", table + ".csv"));
        var found = File.ReadAllLines(Path.Combine(folder, "cohort.csv"));
        Assert.Equal(expected[0], found[0]);
        // Another processor's networks may give another last digit: a score on the edge may change sides.
        Assert.All(expected.Zip(found).Skip(1), pair =>
        {
            var (committed, made) = (pair.First.Split(','), pair.Second.Split(','));
            Assert.Equal(committed[..7], made[..7]);
            Assert.Equal(double.Parse(committed[8]), double.Parse(made[8]), 2 + 0.005 * double.Parse(committed[8]));
        });
        Assert.Equal(expected.Length, found.Length);
    }

    [Fact(Explicit = true)]
    public void The_installed_cards_calibrations_are_those_of_their_command()
    {
        string[] arguments = ["--corrections", "lfw-a", "--not-supported", "profile views", "--json"];
        var found = photos.Cli.Run(["models", "calibrate", "--data-set", TestData.Require("lfw-a"), .. arguments]).Expect(0).Json;
        var listed = photos.Cli.Run("models", "list", "--json").Expect(0).Json.GetProperty("models").EnumerateArray()
            .Single(model => model.GetProperty("id").GetString() == "fr-feature");
        foreach (var set in (string[])["calibrations", "correctedCalibrations"])
        {
            Assert.Equal(
                listed.GetProperty(set).EnumerateArray().Select(Population), found.GetProperty(set).EnumerateArray().Select(Population));
        }

        static string Population(System.Text.Json.JsonElement calibration) => string.Join(
            "; ", ((string[])["dataSet", "restriction", "group", "people", "comparisons", "labels"])
                .Select(name => calibration.GetProperty("population").GetProperty(name).ToString()));
    }
}
