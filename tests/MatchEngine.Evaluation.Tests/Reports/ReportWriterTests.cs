using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Tests.Inputs;

namespace MatchEngine.Evaluation.Tests.Reports;

public sealed class ReportWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_is_written_as_json_html_and_tables_and_over_an_older_one()
    {
        var target = Path.Combine(_folder.Path, "a", "b");
        var files = ReportWriter.Write(SampleReports.Identification(), target);
        Assert.Equal(files.Order(), ReportWriter.Write(SampleReports.Identification(), target).Order());
        Assert.Equal(files.Order(), Directory.GetFiles(target).Order());
        Assert.Equal(ReportJson.Write(SampleReports.Identification()), File.ReadAllText(Path.Combine(target, "report.json")));
        Assert.Contains(files, f => f.EndsWith("report.html", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        var file = _folder.Write("taken", "");
        Assert.StartsWith(
            file, Assert.Throws<EvaluationException>(() => ReportWriter.Write(SampleReports.Identification(), file)).Message,
            StringComparison.Ordinal);
    }
}
