using System.Globalization;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Reports;

namespace MatchEngine.Evaluation.Tests.Reports;

public class ReportTableTests
{
    [Fact]
    public void Tables_are_tidy_and_hold_the_values_of_the_report()
    {
        var report = SampleReports.Verification();
        var tables = ReportTable.Of(ReportJson.Make(report));
        Assert.Superset(new HashSet<string>
        {
            "operating-points", "slices", "matrix", "differentials", "det", "slice-det", "score-shift", "ageing",
            "top-impostors", "error-versus-discard",
        }, tables.Keys.ToHashSet());
        foreach (var (name, csv) in tables)
        {
            var rows = DelimitedRows.Read(
                name, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv)), ',', new InputFaults(strict: true))
                .Select(r => r.Fields).ToArray();
            Assert.True(rows.Length > 1);
            Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
            Assert.Equal(rows[0].Length, rows[0].Distinct().Count());
        }
        var slices = DelimitedRows.Read(
            "slices", new MemoryStream(System.Text.Encoding.UTF8.GetBytes(tables["slices"])), ',', new InputFaults(strict: true))
            .Select(r => r.Fields).ToArray();
        var (value, fnmr) = (Array.IndexOf(slices[0], "value"), Array.IndexOf(slices[0], "fnmr"));
        Assert.Contains(slices, row => row[value] == "z, \"w\"");
        Assert.Equal(report.Verification!.Slicings[0].Slices[0].Fnmr.Rate, double.Parse(slices[1][fnmr], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Text_of_the_data_is_no_formula_in_a_spreadsheet_and_numbers_stay_numbers()
    {
        foreach (var text in new[] { "=HYPERLINK(\"x\")", "+1", "-1+2", "@sum", "\tx", "\rx" })
        {
            var csv = ReportTable.Of(new JsonObject { ["slices"] = new JsonArray(new JsonObject { ["value"] = text, ["low"] =
                -0.5 }) })["slices"];
            var row = csv[(csv.IndexOf('\n', StringComparison.Ordinal) + 1)..];
            Assert.StartsWith("'", row.TrimStart('"'), StringComparison.Ordinal);
            Assert.EndsWith(",-0.5\n", row, StringComparison.Ordinal);
        }
        Assert.Equal("plain", ReportTable.Harmless("plain"));
        Assert.Equal("", ReportTable.Harmless(""));
    }

    [Fact]
    public void A_search_report_has_its_own_tables()
    {
        var tables = ReportTable.Of(ReportJson.Make(SampleReports.Identification()));
        Assert.Superset(
            new HashSet<string> { "identification-points", "ranks", "cmc", "gallery-sizes", "open-set", "slices", "index-cost" },
            tables.Keys.ToHashSet());
        Assert.StartsWith("rank,hitRate\n1,0.", tables["cmc"], StringComparison.Ordinal);
    }
}
