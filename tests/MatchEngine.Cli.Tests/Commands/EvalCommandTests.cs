using System.Text.Json;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Commands;

public sealed class EvalCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <summary>A data set of six people with two photos each, and one row whose photo is missing.</summary>
    private string WriteDataSet(bool withMissing = false)
    {
        var names = Portraits.Write(_cli.File("set"));
        File.WriteAllLines(_cli.File("set/metadata.csv"), [
            "image,subject,kind",
            .. names.SelectMany(name => (string[])[$"{name}-a.jpg,{name},gallery", $"{name}-b.jpg,{name},probe"]),
            .. withMissing ? (string[])["missing.jpg,p30,probe"] : [],
        ]);
        File.WriteAllText(_cli.File("set/dataset.json"), """{ "name": "portraits", "labels": { "kind": "recorded" } }""");
        File.WriteAllText(
            _cli.File("all.json"),
            """{ "name": "all", "bootstrap": { "replicates": 100, "seed": 1 }, "falseMatchRates": [0.5, 0.1], "globalFmr": 0.2 }""");
        return _cli.File("set");
    }

    [Fact]
    public void A_data_set_is_verified_and_a_second_run_gives_the_same_report()
    {
        var folder = WriteDataSet();
        var report = _cli.Run(
            "eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--out",
            _cli.File("one"), "--json").Expect(0).Json;
        // Twelve photos of six people: 6 mated and 60 impostor pairs, told apart by any threshold in between.
        Assert.Equal((6, 60), (report.GetProperty("counts").GetProperty("mated").GetInt32(), report.GetProperty("counts")
            .GetProperty("impostors").GetInt32()));
        Assert.Equal(0, report.GetProperty("verification").GetProperty("eer").GetProperty("value").GetDouble());
        Assert.True(File.Exists(_cli.File("one/report.html")));
        _cli.Run("eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--out", _cli.File("two")).Expect(0);
        Assert.Equal(File.ReadAllBytes(_cli.File("one/report.json")), File.ReadAllBytes(_cli.File("two/report.json")));
    }

    [Fact]
    public void At_a_given_threshold_what_the_card_claims_stands_beside_what_is_measured()
    {
        var folder = WriteDataSet();
        var report = _cli.Run(
            "eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--out", _cli.File("out"), "--threshold", "0.40",
            "--json").Expect(0).Json;
        var row = Assert.Single(report.GetProperty("thresholds").EnumerateArray());
        Assert.Equal(0.4, row.GetProperty("threshold").GetDouble());
        Assert.Equal("the card of fr-feature", row.GetProperty("claimedBy").GetString());
        // 2,686 of 18,811,950 comparisons of lfw-a reach 0.40.
        Assert.InRange(row.GetProperty("claimedFmr").GetDouble(), 1.2e-4, 1.7e-4);
        Assert.Equal(0.4, report.GetProperty("globalThreshold").GetProperty("threshold").GetDouble());
        Assert.Contains(
            report.GetProperty("summary").EnumerateArray(),
            s => s.GetString()!.StartsWith("For threshold 0.4000 the card of fr-feature claims FMR 0.01", StringComparison.Ordinal));
        // What another report measured is the claim of the next one.
        var again = _cli.Run(
            "eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--out", _cli.File("again"), "--threshold-from",
            _cli.File("out/report.json"), "--json").Expect(0).Json;
        Assert.Contains(
            again.GetProperty("thresholds").EnumerateArray(),
            r => r.GetProperty("threshold").GetDouble() == 0.4
                && r.GetProperty("claimedBy").GetString() == "the report of fr-feature"
                && r.GetProperty("agreementFmr").GetString() == "agrees");
        var searches = _cli.Run(
            "eval", "identify", "--data-set", folder, "--replicates", "100", "--out", _cli.File("open"), "--threshold", "0.40", "0.5",
                "--json")
            .Expect(0).Json.GetProperty("identification");
        Assert.Equal([0.4, 0.5], searches.GetProperty("thresholds").EnumerateArray().Select(r => r.GetProperty("threshold").GetDouble()));
        // Three people are enrolled: a stranger is compared three times.
        Assert.Equal(
            3 * row.GetProperty("claimedFmr").GetDouble(),
            searches.GetProperty("thresholds")[0].GetProperty("claimedFpir").GetDouble(), 1e-6);
    }

    [Fact]
    public void With_the_products_own_gates_photos_are_refused_and_counted()
    {
        var folder = WriteDataSet();
        string[] arguments = ["eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--json", "--out"];
        _cli.Run([.. arguments, _cli.File("all"), "--quality", "overall"]).Expect(0);
        var qualities = File.ReadLines(_cli.File("all/photo-quality.csv")).Skip(1)
            .Select(line => double.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)).Order().ToArray();
        // Between the third and the fourth: three of twelve photos are refused.
        var least = ((qualities[2] + qualities[3]) / 2).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var report = _cli.Run([.. arguments, _cli.File("gated"), "--faces", "only", "--min-quality", least]).Expect(0).Json;
        Assert.Equal(3, report.GetProperty("counts").GetProperty("acquisitionFailures").GetProperty("low_quality").GetInt32());
        Assert.Equal("only", report.GetProperty("provenance").GetProperty("gates").GetProperty("faces").GetString());
        var any = report.GetProperty("refusals").EnumerateArray().First(r => r.GetProperty("reason").GetString() == "any");
        Assert.Equal((3, 12), (any.GetProperty("refused").GetInt32(), any.GetProperty("photos").GetInt32()));
        Assert.Contains("'only'", _cli.Run([.. arguments, _cli.File("x"), "--faces", "both"]).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_that_name_no_photos_are_evaluated_with_a_data_set_beside_them()
    {
        var folder = WriteDataSet();
        File.WriteAllLines(_cli.File("scores.csv"), Enumerable.Range(0, 40).Select(i => $"0.{i:D2},{i % 2}").Prepend("score,mated"));
        var report = _cli.Run(
            "eval", "verify", "--scores", _cli.File("scores.csv"), "--data-set", folder, "--protocol", _cli.File("all.json"), "--out",
            _cli.File("out"), "--json").Expect(0).Json;
        Assert.Equal(JsonValueKind.Null, report.GetProperty("provenance").GetProperty("dataSet").ValueKind);
        Assert.Contains(
            report.GetProperty("notes").EnumerateArray(), n => n.GetString()!.Contains("could not be used", StringComparison.Ordinal));
    }

    [Fact]
    public void A_first_report_of_a_folder_of_photos_takes_two_commands()
    {
        Portraits.Write(_cli.File("photos"));
        var told = _cli.Run("eval", "init", _cli.File("photos")).Expect(0).Output;
        Assert.StartsWith("12 photos of 6 subjects, by the name of each photo.", told, StringComparison.Ordinal);
        Assert.Contains("6 mated and 60 impostor comparisons", told, StringComparison.Ordinal);
        var report = _cli.Run(
            "eval", "verify", "--data-set", _cli.File("photos"), "--replicates", "100", "--out", _cli.File("out"), "--json").Expect(0).Json;
        Assert.Equal(6, report.GetProperty("counts").GetProperty("mated").GetInt32());
        // Nobody asked for rates by race.
        Assert.DoesNotContain(
            report.GetProperty("summary").EnumerateArray(), s => s.GetString()!.StartsWith("Rates by", StringComparison.Ordinal));
        Assert.Contains("is there already", _cli.Run("eval", "init", _cli.File("photos")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("eval init", _cli.Run(
            "eval", "verify", "--data-set", _cli.File("out"), "--out", _cli.File("x")).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_reports_are_compared_by_person()
    {
        var folder = WriteDataSet();
        foreach (var name in (string[])["one", "two"])
            _cli.Run("eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--out", _cli.File(name)).Expect(0);
        var comparison = _cli.Run(
            "eval", "compare", _cli.File("one/report.json"), _cli.File("two/report.json"), "--out", _cli.File("both"), "--replicates",
                "100",
            "--json").Expect(0).Json;
        Assert.True(comparison.GetProperty("paired").GetBoolean());
        Assert.True(File.Exists(_cli.File("both/comparison.html")));
        Assert.Contains(
            "no report.json",
            _cli.Run("eval", "compare", _cli.File("one/report.json"), _cli.File("both/comparison.json"), "--out",
                _cli.File("x")).Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_photo_is_named_and_left_out_or_ends_a_strict_run()
    {
        var folder = WriteDataSet(withMissing: true);
        string[] arguments = ["eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--out", _cli.File("out")];
        Assert.Contains("missing.jpg", _cli.Run(arguments).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("missing.jpg", _cli.Run([.. arguments, "--strict"]).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Identification_enrols_and_searches_what_the_protocol_says()
    {
        var folder = WriteDataSet();
        File.WriteAllText(_cli.File("open.json"), """
            { "name": "open", "bootstrap": { "replicates": 100, "seed": 1 },
              "identification": { "gallery": { "kind": ["gallery"] }, "probes": { "kind": ["probe"] }, "nonMatedShare": 0.5,
                "falsePositiveRates": [0.5], "ranks": [1] } }
            """);
        var report = _cli.Run(
            "eval", "identify", "--data-set", folder, "--protocol", _cli.File("open.json"), "--out", _cli.File("out"),
            "--index-cost", "--json").Expect(0).Json
            .GetProperty("identification");
        Assert.Equal(3, report.GetProperty("gallerySize").GetInt32());
        // Three people are no challenge to a graph: it loses nobody.
        var cost = Assert.Single(report.GetProperty("indexCost").EnumerateArray());
        Assert.Equal((3, 0), (cost.GetProperty("mated").GetInt32(), cost.GetProperty("lostByIndex").GetInt32()));
    }

    [Fact]
    public void Quality_is_measured_on_the_photos_and_compared_measure_by_measure()
    {
        var folder = WriteDataSet();
        string[] arguments =
        [
            "eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--quality",
            "overall,InterEyeDistance,Sharpness", "--out",
        ];
        var report = _cli.Run([.. arguments, _cli.File("one"), "--json"]).Expect(0).Json;
        var discard = report.GetProperty("photoDiscard").EnumerateArray().ToList();
        Assert.Equal(
            ["overall", "InterEyeDistance", "Sharpness"], discard.Select(row => row.GetProperty("measure").GetString()).Distinct());
        Assert.Equal([0.05, 0.1, 0.2], discard.Take(3).Select(row => row.GetProperty("discarded").GetDouble()));
        Assert.Equal(JsonValueKind.Null, discard[0].GetProperty("beyondFirst").ValueKind);
        Assert.Equal(13, File.ReadAllLines(_cli.File("one/photo-quality.csv")).Length);
        // From the cache the values are the same.
        _cli.Run([.. arguments, _cli.File("two")]).Expect(0);
        foreach (var file in (string[])["photo-quality.csv", "photo-discard.csv", "report.json"])
            Assert.Equal(File.ReadAllBytes(_cli.File("one/" + file)), File.ReadAllBytes(_cli.File("two/" + file)));
        Assert.Contains(
            "UnifiedQualityScore",
            _cli.Run([.. arguments[..^2], "nonsense", "--out", _cli.File("out")]).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_the_metadata_can_stand_for_quality()
    {
        var folder = WriteDataSet();
        // One photo under a wrong name: without a false non-match there is nothing to discard.
        var lines = File.ReadAllLines(_cli.File("set/metadata.csv"));
        File.WriteAllLines(_cli.File("set/metadata.csv"), lines.Select((line, i) =>
            i == 0 ? line + ",sharpness" : $"{line.Replace("p30-b.jpg,p30", "p30-b.jpg,p60", StringComparison.Ordinal)},{i * 0.5}"));
        File.WriteAllText(
            _cli.File("set/dataset.json"),
            """{ "name": "portraits", "labels": { "kind": "recorded", "sharpness": "machine-estimated" } }""");
        var report = _cli.Run(
            "eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--quality", "sharpness", "--out",
            _cli.File("out"), "--json").Expect(0).Json;
        Assert.NotEqual(JsonValueKind.Null, report.GetProperty("quality").ValueKind);
        Assert.Contains(
            "colour", _cli.Run("eval", "verify", "--data-set", folder, "--quality", "colour", "--out", _cli.File("out")).Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_that_are_written_give_the_same_rates_when_they_are_read()
    {
        var folder = WriteDataSet();
        _cli.Run("eval", "scores", "--data-set", folder, "--protocol", _cli.File("all.json"), "--out", _cli.File("scores.csv")).Expect(0);
        Assert.Equal(1 + 66, File.ReadLines(_cli.File("scores.csv")).Count());
        var read = _cli.Run(
            "eval", "verify", "--scores", _cli.File("scores.csv"), "--data-set", folder, "--protocol", _cli.File("all.json"), "--out",
            _cli.File("read"), "--json").Expect(0).Json;
        var made = _cli.Run(
            "eval", "verify", "--data-set", folder, "--protocol", _cli.File("all.json"), "--out",
            _cli.File("made"), "--json").Expect(0).Json;
        Assert.Equal(Thresholds(made), Thresholds(read));

        static string[] Thresholds(JsonElement report) => [.. report.GetProperty("operatingPoints").EnumerateArray()
            .Select(point => $"{point.GetProperty("fmr")} {point.GetProperty("fnmr")}")];
    }

    [Fact]
    public void Pyeers_scores_give_pyeers_rates()
    {
        var genuine = TestData.Require("oracle/pyeer/exp1_true.txt");
        var report = _cli.Run(
            "eval", "verify", "--genuine", genuine, "--impostor", TestData.Require("oracle/pyeer/exp1_false.txt"), "--out",
            _cli.File("out"), "--json").Expect(0).Json
            .GetProperty("verification");
        Assert.Equal(0.080862, report.GetProperty("eer").GetProperty("value").GetDouble(), 1e-6);
        Assert.Equal(0.128536, report.GetProperty("fmr100").GetDouble(), 1e-6);
        Assert.Equal(0.284640, report.GetProperty("fmr1000").GetDouble(), 1e-6);
        Assert.Equal(0.319012, report.GetProperty("zeroFmr").GetDouble(), 1e-6);
    }

    [Theory]
    [InlineData("verify", "--out", "x")]
    [InlineData("verify", "--data-set", "nowhere", "--out", "x")]
    [InlineData("verify", "--genuine", "a", "--out", "x")]
    [InlineData("verify", "--scores", "nowhere.csv", "--out", "x")]
    [InlineData("verify", "--scores", "nowhere.csv", "--protocol", "no-such-protocol", "--out", "x")]
    [InlineData("identify", "--scores", "log.txt", "--out", "x")]
    [InlineData("scores", "--out", "x")]
    public void Mistakes_end_with_exit_code_2_and_a_sentence(params string[] arguments)
    {
        var outcome = _cli.Run(["eval", .. arguments]).Expect(2);
        Assert.Empty(outcome.Output);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gallery_of_six_people_is_too_small_to_foretell_strangers_and_says_so()
    {
        var folder = WriteDataSet();
        var report = _cli.Run(
            "eval", "cohort", "--data-set", folder, "--floor", "0.4", "0.2", "--out", _cli.File("cohort"), "--json").Expect(0).Json;
        var rows = report.GetProperty("rows").EnumerateArray().ToList();
        // All twelve photos without their person, the six that are not enrolled with it, at both floors.
        Assert.Equal(
            [("not-enrolled", 0.2, 12), ("not-enrolled", 0.4, 12), ("enrolled", 0.2, 6), ("enrolled", 0.4, 6)],
            rows.Select(row => (
                row.GetProperty("mate").GetString()!, row.GetProperty("floor").GetDouble(), row.GetProperty("unsaid").GetInt32())));
        Assert.All(rows, row => Assert.Equal(0, row.GetProperty("searches").GetInt32()));
        Assert.All((string[])["cohort.json", "cohort.csv", "cohort.md"], file => Assert.True(File.Exists(_cli.File($"cohort/{file}"))));
        string[] arguments = ["eval", "cohort", "--data-set", folder, "--floor"];
        Assert.Contains("too few people", _cli.Run([.. arguments, "0.4"]).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("floors are scores", _cli.Run([.. arguments, "4"]).Expect(2).Error, StringComparison.Ordinal);
    }
}
