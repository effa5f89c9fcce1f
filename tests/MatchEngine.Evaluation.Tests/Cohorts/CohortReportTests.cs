using System.Text.Json;
using MatchEngine.Evaluation.Cohorts;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.Inputs;
using MatchEngine.Rates.Cohorts;

namespace MatchEngine.Evaluation.Tests.Cohorts;

public class CohortReportTests
{
    private static readonly DataSet Set = new(
        "faces", ["a", "b"], ["x", "y"], new Dictionary<string, string[]> { ["sex"] = ["F", "M"] },
        new Dictionary<string, string> { ["sex"] = "self-reported" });

    private static readonly CohortReport Report = new(
        new CohortResult(
            Set, Set, 2, 2, 0, new CohortPlan { Floors = [0.3, 0.4] },
            [
                Slice(MateEnrolment.NotEnrolled, null, null, new("all", 0.3, 1000, 50, 0, 480, 400, 0.9, 1.6)),
                Slice(MateEnrolment.NotEnrolled, null, null, new("all", 0.4, 1000, 50, 2, 2.5, 0, 0.83, double.PositiveInfinity)),
                Slice(MateEnrolment.NotEnrolled, "sex", "F, or \"f\"", new("x", 0.3, 500, 20, 0, 400, 200, 1.6, 2.5)),
                Slice(MateEnrolment.Enrolled, "sex", "M", new("x", 0.3, 500, 20, 0, 30, 20, 0.7, 3.2)),
            ],
            ["a note"]),
        new Protocol { Name = "cohort", Half = SubjectHalf.Second, Slices = [["sex"]] }, "model", "ab12", null);

    private static CohortSlice Slice(MateEnrolment mate, string? by, string? value, CohortRow row) => new(mate, by, value, row);

    [Fact]
    public void It_says_how_many_rows_hold_and_how_many_by_their_count()
    {
        // 480/400 is within 1.5, 400/200 is not; the others are judged by their intervals.
        Assert.Equal((3, 4), Report.Held);
        Assert.Equal((1, 2), Report.HeldByCount);
        Assert.Equal("3 of 4 rows hold, of the 2 with 100 strangers or more 1.", Report.Verdict());
    }

    [Fact]
    public void Json_has_every_row_and_no_infinity()
    {
        using var json = JsonDocument.Parse(Report.ToJson());
        var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(4, rows.Count);
        Assert.Equal(1.2, rows[0].GetProperty("ratio").GetDouble());
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("ratio").ValueKind);
        Assert.Equal(["not-enrolled", "enrolled"], rows.Select(row => row.GetProperty("mate").GetString()).Distinct());
        Assert.Equal(
            "self-reported",
            json.RootElement.GetProperty("provenance").GetProperty("probes").GetProperty("labels").GetProperty("sex").GetString());
        Assert.Equal(Report.ToJson(), Report.ToJson());
    }

    [Fact]
    public void The_table_for_people_names_the_labels_and_marks_what_does_not_hold()
    {
        var text = Report.ToMarkdown();
        Assert.Contains("sex: self-reported", text, StringComparison.Ordinal);
        Assert.Contains("second half of the people", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.All(text.Split('\n').Where(line => !line.StartsWith('|')), line => Assert.InRange(line.Length, 0, 120));
        Assert.Contains("| all | 50 | 1,000 | 1.20 (0.90–1.60), 400 | 2.50 predicted, 0 |", text, StringComparison.Ordinal);
        Assert.Contains("2.00 (1.60–2.50), 200 ✗", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Count(letter => letter == '✗') - 1);
    }

    [Fact]
    public void Files_are_written_side_by_side()
    {
        using var folder = new TemporaryFolder();
        var files = Report.Write(Path.Combine(folder.Path, "out"));
        Assert.Equal(["cohort.json", "cohort.csv", "cohort.md"], files.Select(Path.GetFileName));
        var lines = File.ReadAllLines(files[1]);
        Assert.Equal(5, lines.Length);
        Assert.Equal("not-enrolled,,,0.3,1000,50,0,480,400,1.2,0.9,1.6,1", lines[1]);
        Assert.StartsWith("not-enrolled,sex,\"F, or \"\"f\"\"\",0.3", lines[3], StringComparison.Ordinal);
    }
}
