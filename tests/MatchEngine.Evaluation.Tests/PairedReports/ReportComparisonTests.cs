using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.PairedReports;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Tests.Inputs;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.PairedReports;

public sealed class ReportComparisonTests : IDisposable
{
    private static readonly Protocol Plan = new()
    {
        Name = "p",
        Slices = [["sex"]],
        FalseMatchRates = [0.1, 0.01],
        GlobalFmr = 0.01,
        MinimumSubjects = 20,
        Bootstrap = new BootstrapPlan { Replicates = 200 },
        Identification = new IdentificationPlan { FalsePositiveRates = [0.1], GallerySizes = [] },
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The same 200 people; the noisier the photos, the worse the system. Women get noise of their own.
    private string Report(string name, double noise, double more, string digest = "d", ulong seed = 5, bool searches = false)
    {
        var (embeddings, images) = SyntheticFaces.Make(
            200, _ => 3, 32, seed,
            new Dictionary<string, Func<int, int, string>> { ["sex"] = (s, _) => s % 2 == 0 ? "F" : "M" },
            noise: (s, _) => noise + (s % 2 == 0 ? more : 0));
        var set = new DataSet(
            images.Name, images.Images, [.. images.SubjectOf.Select(s => images.Subjects[s])],
            new Dictionary<string, string[]> { ["sex"] = [.. images.Column("sex")] }, images.LabelSources) { Digest = digest };
        var faults = new InputFaults(strict: true);
        var report = new EvaluationReport
        {
            Protocol = Plan,
            Faults = faults,
            DataSet = set,
            System = name,
            Verification = searches ? null : VerificationEvaluation.Run(embeddings, set, Plan, null, faults),
            Identification = searches ? Evaluation.Identification.IdentificationEvaluation.Run(embeddings, set, Plan, faults) : null,
        };
        return ReportWriter.Write(report, Path.Combine(_folder.Path, name))[0];
    }

    [Fact]
    public void The_system_that_is_better_for_women_only_is_found_to_be_just_that()
    {
        var (a, b) = (ReportFile.Read(Report("a", 0.9, 0.5)), ReportFile.Read(Report("b", 0.9, 0)));
        var comparison = ReportComparison.Of(a, b, 500);
        Assert.True(comparison.IsPaired);
        Assert.Equal([0.1, 0.01], comparison.Rates.Where(r => r.By is null).Select(r => r.Point));
        Assert.All(comparison.Rates.Where(r => r.By is null), r => Assert.True(r.Differs && r.Difference < 0));
        var (women, men) = (comparison.Rates.Single(r => r.Value == "F"), comparison.Rates.Single(r => r.Value == "M"));
        Assert.True(women is { Differs: true, AdjustedPValue: < 0.05 });
        Assert.False(men.Differs && men.AdjustedPValue < 0.05);
        Assert.True(women.Range!.Value.Contains(women.Difference) && men.Range!.Value.Contains(men.Difference));
        Assert.Contains(
            ComparisonOutput.Summary(comparison),
            s => s.StartsWith("By sex, at FMR 0.01: b misses fewer of F (−", StringComparison.Ordinal));
    }

    [Fact]
    public void A_report_compared_with_itself_differs_in_nothing()
    {
        foreach (var searches in new[] { false, true })
        {
            var file = ReportFile.Read(Report(searches ? "s" : "v", 0.9, 0.3, searches: searches));
            var comparison = ReportComparison.Of(file, file, 200);
            Assert.All(comparison.Rates, r => Assert.True(!r.Differs && r.Difference == 0));
            Assert.All(comparison.Rates.Where(r => r.Range is not null), r => Assert.Equal(-r.Range!.Value.Low, r.Range.Value.High, 1e-12));
        }
    }

    [Fact]
    public void The_same_people_drawn_for_both_tell_more_than_people_drawn_apart()
    {
        var (a, b) = (ReportFile.Read(Report("a", 0.95, 0.3)), ReportFile.Read(Report("b", 0.9, 0.3)));
        // The same comparisons under another description of the data set: still the same people.
        var c = Report("c", 0.9, 0.3, digest: "other");
        var described = ReportComparison.Of(a, ReportFile.Read(c), 500);
        var report = JsonNode.Parse(File.ReadAllText(c))!;
        report["counts"]!["comparisonsDigest"] = "other";
        File.WriteAllText(c, report.ToJsonString());
        var apart = ReportComparison.Of(a, ReportFile.Read(c), 500);

        var (together, separate) = (ReportComparison.Of(a, b, 500).Rates[0].Range!.Value, apart.Rates[0].Range!.Value);
        Assert.True(together.High - together.Low < separate.High - separate.Low);
        Assert.Equal((true, false), (described.IsPaired, apart.IsPaired));
        Assert.Equal(together, described.Rates[0].Range!.Value);
    }

    [Fact]
    public void The_page_holds_its_numbers_as_text_and_the_files_are_the_same_each_time()
    {
        var (a, b) = (ReportFile.Read(Report("a <b>", 0.9, 0.5)), ReportFile.Read(Report("b", 0.9, 0)));
        var comparison = ReportComparison.Of(a, b, 200);
        var files = ComparisonOutput.Write(comparison, Path.Combine(_folder.Path, "out"));
        var page = File.ReadAllText(files[1]);
        Assert.Contains("<td>F</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("a <b>", page, StringComparison.Ordinal);
        var json = JsonNode.Parse(File.ReadAllText(files[0]))!;
        Assert.Equal(comparison.Rates.Count, json["rates"]!.AsArray().Count);
        Assert.Equal(comparison.Rates[0].Difference, (double)json["rates"]![0]!["difference"]!);
        var again = ComparisonOutput.Write(ReportComparison.Of(a, b, 200), Path.Combine(_folder.Path, "again"));
        foreach (var (x, y) in files.Zip(again))
            Assert.Equal(File.ReadAllText(x), File.ReadAllText(y));
    }

    [Fact]
    public void Unlike_reports_and_reports_without_their_tables_are_refused()
    {
        var (a, s) = (Report("a", 0.9, 0), Report("s", 0.9, 0, searches: true));
        Assert.Contains("like with like", Assert.Throws<EvaluationException>(
            () => ReportComparison.Of(ReportFile.Read(a), ReportFile.Read(s))).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(Path.GetDirectoryName(a)!, "subject-errors.csv"));
        Assert.Contains("is missing", Assert.Throws<EvaluationException>(() => ReportFile.Read(a)).Message, StringComparison.Ordinal);
        Assert.Throws<EvaluationException>(() => ReportFile.Read(_folder.Write("x.json", "{}")));
    }

    [Fact]
    public void A_rate_of_totals_by_subject_varies_as_the_rate_of_pairs_does()
    {
        var random = new RandomStream(3, 3);
        const int People = 150;
        var counts = new SubjectPairCounts();
        var (errors, trials, likeness) = (new long[People], new long[People], new double[People]);
        for (var s = 0; s < People; s++)
            likeness[s] = random.NextDouble() < 0.1 ? 3 : 0.7;
        for (var a = 0; a < People; a++)
        {
            for (var b = a + 1; b < People; b++)
            {
                trials[a]++;
                trials[b]++;
                if (random.NextDouble() >= 0.02 * likeness[a] * likeness[b])
                    continue;
                counts.Add(a, b);
                errors[a]++;
                errors[b]++;
            }
        }
        var photos = Enumerable.Repeat(1, People).ToArray();
        var (pairs, totals) = (TwoWayRate.WithinGroup(counts, photos), new LinearPairRate(errors, trials));
        Assert.Equal((pairs.Errors, pairs.Trials), (totals.Errors, totals.Trials));
        var drawn = new SubjectBootstrap(People, 1000).Run([pairs, totals]);
        Assert.Equal(1, Math.Sqrt(drawn[1].Variance / drawn[0].Variance), 0.1);
    }
}
