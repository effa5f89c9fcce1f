using System.Text;
using MatchEngine.Evaluation.Reports;

namespace MatchEngine.Evaluation.Tests.Reports;

public class ReportHeadlineTests
{
    [Fact]
    public void A_report_says_first_what_its_page_has_at_its_head()
    {
        var report = ReportJson.Write(SampleReports.Verification());
        var head = Read(report);
        var page = HtmlReport.Make(System.Text.Json.Nodes.JsonNode.Parse(report)!.AsObject(), new ReportOptions());
        Assert.Equal("verification", head.Kind);
        Assert.Equal("test", head.Protocol);
        Assert.InRange(head.Numbers.Count, 1, 3);
        Assert.Contains(System.Net.WebUtility.HtmlEncode(head.Sentence), page, StringComparison.Ordinal);
        Assert.All(head.Numbers, number =>
        {
            Assert.Contains($"<strong>{System.Net.WebUtility.HtmlEncode(number.Figure)}</strong>", page, StringComparison.Ordinal);
            Assert.True(number.Interval is not { } interval || interval.Low <= interval.High);
        });
        Assert.Equal("identification", Read(ReportJson.Write(SampleReports.Identification())).Kind);
    }

    [Theory]
    [InlineData("""{"kind":"identification"}""", "one is of searches")]
    [InlineData("""{"kind":"verification"}""", "not both say")]
    [InlineData("""{"kind":"verification","provenance":{"dataSet":{"name":"others"}}}""", "different people: faces, and others")]
    [InlineData("""{"kind":"verification","provenance":{"dataSet":{"name":"faces"},"protocol":{"name":"q"}}}""",
        "different protocols: p, and q")]
    [InlineData("""{"kind":"verification","provenance":{"dataSet":{"name":"faces"},"protocol":{"name":"p"}},"counts":{"images":5}}""",
        "different numbers of photos")]
    public void Two_reports_say_why_their_numbers_do_not_stand_beside_each_other(string other, string why)
    {
        var one = Read(
            """{"kind":"verification","provenance":{"dataSet":{"name":"faces"},"protocol":{"name":"p"}},"counts":{"images":4}}""");
        Assert.Contains(why, one.Apart(Read(other)), StringComparison.Ordinal);
        Assert.Null(one.Apart(one));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kind":7}""")]
    public void What_is_no_report_is_refused(string text) => Assert.Throws<FormatException>(() => Read(text));

    [Fact]
    public void Intervals_overlap_or_lie_apart_or_nothing_is_said()
    {
        var one = new HeadlineNumber("n", "1 %", "") { Interval = (0.01, 0.02) };
        Assert.True(one.Overlaps(one with { Interval = (0.02, 0.03) }));
        Assert.False(one.Overlaps(one with { Interval = (0.021, 0.03) }));
        Assert.Null(one.Overlaps(one with { Interval = null }));
    }

    private static ReportHeadline Read(string text) => ReportHeadline.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
