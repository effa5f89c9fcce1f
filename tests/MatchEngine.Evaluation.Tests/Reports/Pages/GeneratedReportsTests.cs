using System.Globalization;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Reports.Pages;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Reports.Pages;

/// <summary>What must hold of the charts of any report: generated ones, from hardly anything to much.</summary>
public class GeneratedReportsTests
{
    private static IEnumerable<JsonObject> Reports()
    {
        foreach (var (people, photos, noise, seed) in new[]
        {
            (3, 2, 0.9, 1UL),
                (12, 2, 0.2, 2UL), (12, 4, 1.4, 3UL), (40, 3, 0.5, 4UL), (40, 5, 1.1, 5UL), (90, 2, 0.8, 6UL), (90, 4, 1.0, 7UL),
        })
        {
            var (embeddings, images) = SyntheticFaces.Make(
                people, s => s % 4 == 0 ? photos + 3 : photos, 32, seed,
                new Dictionary<string, Func<int, int, string>>
                {
                    ["sex"] = (s, _) => s % 3 == 0 ? "F" : "M",
                    ["place"] = (s, _) => $"p{s % 5}",
                    ["age"] = (s, p) => (12 + s % 40 + 3 * p).ToString(CultureInfo.InvariantCulture),
                },
                noise: (s, _) => noise + (s % 5 == 0 ? 0.6 : 0));
            var plan = SampleReports.Plan with
            {
                Slices = [["sex"], ["place"], ["sex", "place"]],
                MinimumSubjects = 5,
                Ageing = new AgeingPlan { AgeColumn = "age", AgeBands = [0, 18, 40] },
                Bootstrap = new BootstrapPlan { Replicates = 120 },
                Thresholds = seed % 2 == 0 ? [0.3] : [],
            };
            var report = new EvaluationReport { Protocol = plan, Faults = new InputFaults(strict: true), DataSet = images, System = "s" };
            yield return ReportJson.Make(report with
            {
                Verification = VerificationEvaluation.Run(embeddings, images, plan, null, report.Faults),
            });
            yield return ReportJson.Make(report with
            {
                Identification = IdentificationEvaluation.Run(embeddings, images, plan, report.Faults),
            });
        }
    }

    [Fact]
    public void Every_bar_and_band_ends_at_two_computed_ends_and_holds_its_own_dot()
    {
        var bars = 0;
        foreach (var report in Reports())
        {
            var computed = Computed(report).ToHashSet();
            var page = HtmlReport.Body(report, new ReportOptions(), []);
            var points = page.Plots.SelectMany(p => p.Series).SelectMany(s => s.Points)
                .Concat(page.Forests.SelectMany(f => f.Rows).Select(r => r.Estimate)).Where(p => p.Ends is not null).ToArray();
            bars += points.Length;
            Assert.All(points, p => Assert.Contains(p.Ends!.Value, computed));
            Assert.All(points.Where(p => p.Y is not null), p => Assert.True(
                p.Ends!.Value.Low <= p.Y && p.Y <= p.Ends.Value.High, $"{p.Y} lies outside {p.Ends}"));
            // And what is drawn of it does too: the place on the axis keeps the order.
            foreach (var forest in page.Forests)
                Assert.All(forest.Rows.Where(r => r.Estimate is { Y: not null, Ends: not null }), r => Assert.True(
                    forest.X.Place(r.Estimate.Ends!.Value.Low) <= forest.X.Place(r.Estimate.Y!.Value)
                        && forest.X.Place(r.Estimate.Y.Value) <= forest.X.Place(r.Estimate.Ends.Value.High)));
        }
        Assert.True(bars > 400, $"{bars} bars");
    }

    [Fact]
    public void No_curve_goes_on_where_fewer_than_ten_errors_stand_behind_it()
    {
        var curves = 0;
        foreach (var report in Reports())
        {
            var searches = report.Text("kind") == "identification";
            var (mated, others) = searches
                ? (report.Number("counts.matedSearches")!.Value, report.Number("counts.nonMatedSearches")!.Value)
                : (report.Number("counts.mated")!.Value, report.Number("counts.impostors")!.Value);
            if (Curves.TradeOff(report) is { } tradeOff && tradeOff.Series[0].Kind == SeriesKind.Step)
            {
                curves++;
                Assert.All(tradeOff.Series[0].Points, p => Assert.True(p.X * others > 9.99 && p.Y * mated > 9.99, $"{p}"));
            }
            foreach (var series in Curves.AgainstThreshold(report)?.Series ?? [])
                Assert.All(series.Points, p => Assert.True(p.Y * (series.Name is "FMR" or "FPIR" ? others : mated) > 9.99, $"{p}"));
        }
        Assert.True(curves >= 8, $"{curves} curves");
    }

    [Fact]
    public void No_chart_is_empty_and_no_series_is_without_a_name_of_its_own_among_several()
    {
        foreach (var report in Reports())
        {
            var page = HtmlReport.Body(report, new ReportOptions(), []);
            Assert.All(page.Plots, p =>
            {
                Assert.Contains(p.Series, s => s.Points.Count(point => point.IsKnown) > 1 || s.Kind == SeriesKind.Dots);
                Assert.InRange(p.Series.Count, 1, Plot.MostSeries);
                Assert.Equal(p.Series.Count(s => s.Name is not null), p.Series.Select(s => s.Name).OfType<string>().Distinct().Count());
            });
            Assert.All(page.Forests, f => Assert.Contains(f.Rows, r => r.Estimate.Ends is not null));
        }
    }

    // Every interval that stands in the report, whatever it is of.
    private static IEnumerable<(double Low, double High)> Computed(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject row:
                foreach (var key in row.Select(p => p.Key).Where(k => k.EndsWith("Low", StringComparison.Ordinal)))
                {
                    if (row.Number(key) is { } low && row.Number(key[..^3] + "High") is { } high)
                        yield return (low, high);
                }
                foreach (var inner in row.SelectMany(p => Computed(p.Value)))
                    yield return inner;
                break;
            case JsonArray { Count: 2 } ends when ends[0] is JsonValue && new JsonObject { ["x"] = ends.DeepClone() }.Range("x")
                is { High: { } upper } range:
                yield return (range.Low, upper);
                break;
            case JsonArray rows:
                foreach (var inner in rows.SelectMany(Computed))
                    yield return inner;
                break;
            default:
                break;
        }
    }
}
