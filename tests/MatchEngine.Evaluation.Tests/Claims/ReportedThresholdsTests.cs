using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Tests.Inputs;
using MatchEngine.Evaluation.Tests.Reports;

namespace MatchEngine.Evaluation.Tests.Claims;

public sealed class ReportedThresholdsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_thresholds_of_another_report_come_with_what_it_measured_as_claims()
    {
        var report = SampleReports.Verification();
        var file = _folder.Write("report.json", ReportJson.Write(report));
        var read = ReportedThresholds.Read(file, searches: false);
        var supported = report.Verification!.OperatingPoints.Where(p => p.Threshold is not null).OrderBy(p => p.Threshold).ToArray();
        Assert.Equal(supported.Select(p => p.Threshold!.Value), read.Select(r => r.Threshold));
        Assert.Equal(
            supported.Select(p => p.Fmr!.Errors == 0 ? null : (double?)p.Fmr.Rate), read.Select(r => r.Claim!.FalsePositives));
        Assert.All(read, r => Assert.Equal("people", r.Claim!.DataSet));
        // FMR is no claim about searches.
        Assert.All(ReportedThresholds.Read(file, searches: true), r => Assert.Null(r.Claim));
        var searches = _folder.Write("search.json", ReportJson.Write(SampleReports.Identification()));
        Assert.All(ReportedThresholds.Read(searches, searches: true), r => Assert.NotNull(r.Claim!.Misses));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"schema":"matchengine-evaluation/1"}""")]
    [InlineData("""{"schema":"matchengine-evaluation/1","provenance":{"dataSet":null},"operatingPoints":[]}""")]
    public void What_is_no_report_is_refused_by_name(string content)
    {
        var file = _folder.Write("report.json", content);
        Assert.StartsWith(file, Assert.Throws<EvaluationException>(() => ReportedThresholds.Read(file, false)).Message,
            StringComparison.Ordinal);
        Assert.Throws<EvaluationException>(() => ReportedThresholds.Read(Path.Combine(_folder.Path, "none"), false));
    }
}
