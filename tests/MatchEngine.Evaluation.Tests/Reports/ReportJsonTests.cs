using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Reports;

public partial class ReportJsonTests
{
    [Fact]
    public void The_same_inputs_and_seed_give_the_same_bytes_whatever_the_order_of_the_rows()
    {
        var first = ReportJson.Write(SampleReports.Verification());
        Assert.Equal(first, ReportJson.Write(SampleReports.Verification()));
        Assert.Equal(first, ReportJson.Write(SampleReports.Verification(SampleReports.Shuffled())));
        var search = ReportJson.Write(SampleReports.Identification());
        Assert.Equal(search, ReportJson.Write(SampleReports.Identification(SampleReports.Shuffled())));
    }

    [Fact]
    public void The_promised_keys_are_there_with_the_values_of_the_result()
    {
        var report = SampleReports.Verification();
        var json = JsonNode.Parse(ReportJson.Write(report))!;
        var result = report.Verification!;
        Assert.Equal("verification", (string?)json["kind"]);
        Assert.Equal(result.Comparisons.ImpostorScores.Total, (long)json["counts"]!["impostors"]!);
        Assert.Equal(1, (int)json["counts"]!["acquisitionFailures"]!["no face"]!);
        Assert.Equal(1, (int)json["counts"]!["leftOut"]!["identical photo under another subject"]!);
        Assert.Equal("scores.csv", (string?)json["counts"]!["faults"]!["first"]![0]!["file"]);
        Assert.Equal(result.EqualErrorRate.Value, (double)json["verification"]!["eer"]!["value"]!);
        Assert.Equal(result.Curve.NearestFmr(0.001).Fnmr, (double)json["verification"]!["fmr1000"]!);
        var point = json["operatingPoints"]![1]!;
        Assert.Equal(0.01, (double)point["fmr"]!);
        Assert.Equal(result.OperatingPoints[1].Threshold, (double)point["threshold"]!);
        Assert.Equal(result.OperatingPoints[1].Fnmr!.Rate, (double)point["fnmr"]!);
        Assert.True((double)point["fnmrLow"]! < (double)point["fnmr"]! && (double)point["fnmr"]! < (double)point["fnmrHigh"]!);
        Assert.NotNull(point["fnmrBySubject"]);
        var slice = json["slices"]!.AsArray().First(s => (string?)s!["by"] == "sex" && (string?)s["value"] == "F")!;
        Assert.Equal(result.Slicings[0].Slices[0].Fnmr.Rate, (double)slice["fnmr"]!);
        Assert.Equal(34, (int)slice["subjects"]!);
        Assert.Equal(result.Slicings[0].Fmr!.Gini, (double)json["differentials"]!["sex"]!["fmr"]!["gini"]!);
        Assert.NotNull(json["corrected"]!["operatingPoints"]);
    }

    [Fact]
    public void A_rate_without_errors_is_null_with_its_bound_and_an_unsupported_threshold_is_refused_in_words()
    {
        var target = new JsonObject();
        JsonParts.AddRate(target, "fmr", RateEstimate.Independent(0, 3000));
        Assert.Null(target["fmr"]);
        Assert.Equal(0.001, (double)target["fmrBelow"]!);
        Assert.Equal("0 of 3,000, below 0.1 %", (string?)target["fmrText"]);
        var last = JsonNode.Parse(ReportJson.Write(SampleReports.Verification()))!["operatingPoints"]!.AsArray()[^1]!;
        Assert.Null(last["threshold"]);
        Assert.Null(last["fnmr"]);
        Assert.StartsWith("not supported by ", (string?)last["text"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_ratio_to_the_reference_group_with_a_zero_in_it_becomes_a_bound()
    {
        // Nobody of group y is ever taken for another; group x is, once in ten.
        var images = new DataSet(
            "s",
            [.. Enumerable.Range(0, 40).Select(i => $"p{i:D2}")],
            [.. Enumerable.Range(0, 40).Select(i => $"s{i:D2}")],
            new Dictionary<string, string[]> { ["g"] = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? "x" : "y")] },
            new Dictionary<string, string> { ["g"] = "recorded" });
        var (mated, impostors) = (new PairList(), new PairList());
        mated.Add(0, 0, 1);
        for (var i = 0; i < 40; i++)
        {
            for (var j = i + 1; j < 40; j++)
                impostors.Add(i, j, j < 20 && (i + j) % 10 == 0 ? 0.9 : 0.1);
        }
        foreach (var (reference, other, ending) in new[] { ("x", "y", "Below"), ("y", "x", "Above") })
        {
            var plan = new Protocol
            {
                Name = "p",
                Slices = [["g"]],
                Reference = new Dictionary<string, string> { ["g"] = reference },
                GlobalFmr = 0.05,
                FalseMatchRates = [0.05],
                MinimumSubjects = 2,
                Bootstrap = new BootstrapPlan { Replicates = 100 },
            };
            var result = VerificationEvaluation.Run(new Comparisons(images, mated, impostors), plan);
            var json = ReportJson.Make(
                new EvaluationReport { Protocol = plan, Faults = new InputFaults(false), DataSet = images, Verification = result });
            var slice = json["slices"]!.AsArray().Single(s => (string?)s!["value"] == other)!;
            Assert.Null(slice["fmrRatio"]);
            var (errors, trials) = (result.Slicings[0].Slices[0].Fmr.Errors, 190.0);
            // One photo a person: as many pairs of people as comparisons, and 4 over them for a bound.
            Assert.Equal(ending == "Below" ? 4 / (double)errors : errors / 4.0, (double)slice["fmrRatio" + ending]!, 1e-9);
            Assert.Equal(trials, result.Slicings[0].Slices[0].Fmr.Trials);
        }
    }

    [Fact]
    public void No_percentage_in_words_is_zero_or_infinite()
    {
        foreach (var report in new[] { SampleReports.Verification(), SampleReports.Identification() })
        {
            var text = ReportJson.Write(report);
            Assert.DoesNotMatch(@"(?<![\d.])0 %", text);
            Assert.DoesNotContain("∞", text, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_key_is_described_in_the_documentation()
    {
        var documented = Backticked().Matches(File.ReadAllText(Path.Combine(TestData.Repository, "eval", "README.md")))
            .Select(m => m.Groups[1].Value).ToHashSet();
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var report in new[] { SampleReports.Verification(), SampleReports.Identification() })
            Collect(JsonNode.Parse(ReportJson.Write(report)), keys, report);
        Assert.True(keys.Count > 150, $"{keys.Count} keys");
        Assert.Equal([], keys.Except(documented));
    }

    // Rates share the endings Low, High, Below, Above, Method, Uncertain, Wilson, ClopperPearson and Text,
    // ratios others, which the documentation describes once.
    private static void Collect(JsonNode? node, SortedSet<string> keys, EvaluationReport report)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                Collect(item, keys, report);
        }
        else if (node is JsonObject made)
        {
            foreach (var (key, value) in made)
            {
                if (value?.GetPath() is { } path && DataNamed().IsMatch(path))
                {
                    Collect(value, keys, report);
                    continue;
                }
                var ending = Endings().Match(key);
                keys.Add(ending.Success && made.ContainsKey(ending.Groups[1].Value) ? ending.Groups[2].Value : key);
                Collect(value, keys, report);
            }
        }
    }

    // Keys that are names of the data: label columns, reasons, slicings.
    [GeneratedRegex(@"(labels|inputs|acquisitionFailures|leftOut|byKind|differentials|quantiles)(\.[^.\[]+|\['.*'\])$")]
    private static partial Regex DataNamed();

    [GeneratedRegex(
        "^(.+?)(Low|High|Below|Above|Method|Uncertain|Wilson|ClopperPearson|Text|Interval|HolmPValue|PValue|Detectable|DiffersAfterHolm"
            + "|Differs)$")]
    private static partial Regex Endings();

    [GeneratedRegex("`([A-Za-z0-9]+)`")]
    private static partial Regex Backticked();
}
