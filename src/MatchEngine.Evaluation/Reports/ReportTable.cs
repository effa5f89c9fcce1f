using System.Globalization;
using System.Text.Json.Nodes;

namespace MatchEngine.Evaluation.Reports;

/// <summary>
/// The arrays of a report as tidy tables: one row an observation, one column a variable, the names of <c>report.json</c>.
/// </summary>
public static class ReportTable
{
    /// <summary>The tables of a report by file name without extension, each with a header line; tables without rows are left out.</summary>
    public static IReadOnlyDictionary<string, string> Of(JsonObject report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var tables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, path) in new[]
        {
            ("operating-points", "operatingPoints"), ("thresholds", "thresholds"), ("slices", "slices"), ("slice-remainders",
                "sliceRemainders"), ("refusals", "refusals"),
            ("matrix", "matrix"), ("score-shift", "scoreShift"),
            ("ageing", "ageing"), ("age-matrix", "ageMatrix"), ("error-versus-discard", "quality.points"), ("photo-discard",
                "photoDiscard"),
            ("subjects-false-non-matches", "subjects.mostFalseNonMatches"),
            ("subjects-false-matches", "subjects.mostFalseMatches"), ("suspect-photos", "hygiene.photos"),
            ("suspect-subjects", "hygiene.subjectPairs"),
            ("top-impostors", "hygiene.topImpostors"), ("lowest-mated", "hygiene.lowestMated"),
            ("det", "curves.det"), ("slice-det", "curves.slices"),
            ("histogram", "curves.histogram"), ("open-set", "curves.openSet"),
            ("identification-points", "identification.points"), ("identification-thresholds", "identification.thresholds"), ("ranks",
                "identification.ranks"), ("extrapolation", "extrapolation.points"),
            ("identification-extrapolation", "identification.extrapolation.points"), ("leads", "identification.leads"),
            ("gallery-sizes", "identification.sizes"), ("index-cost", "identification.indexCost"),
            ("lowest-mates", "identification.lowestMates"),
                ("highest-non-mates", "identification.highestNonMates"), ("faults", "counts.faults.first"),
        })
        {
            JsonNode? node = report;
            foreach (var key in path.Split('.'))
                node = (node as JsonObject)?[key];
            if (node is JsonArray { Count: > 0 } rows)
                tables[name] = Csv([.. rows.Select(r => r!.AsObject())]);
        }
        if (report["identification"]?["cmc"] is JsonArray { Count: > 0 } cmc)
            tables["cmc"] = Csv([.. cmc.Select((share, i) => new JsonObject { ["rank"] = i + 1, ["hitRate"] = share!.DeepClone() })]);
        if (report["differentials"] is JsonObject { Count: > 0 } differentials)
        {
            tables["differentials"] = Csv(
                [.. differentials.SelectMany(by => by.Value!.AsObject().SelectMany(measure => measure.Value is JsonObject values
                    ? values.Select(v => Row(by.Key, measure.Key, v.Key, v.Value))
                    : [Row(by.Key, "", measure.Key, measure.Value)]))]);
        }
        return tables;
    }

    private static JsonObject Row(string by, string rate, string measure, JsonNode? value) =>
        new() { ["by"] = by, ["rate"] = rate, ["measure"] = measure, ["value"] = value?.DeepClone() };

    internal static string Csv(JsonObject[] rows)
    {
        // Rows of one table may lack a column: bounds stand only where no error was seen.
        var columns = rows.SelectMany(r => r.SelectMany(Leaves)).Select(l => l.Name).Distinct().ToArray();
        var lines = rows.Select(row =>
        {
            var values = row.SelectMany(Leaves).ToDictionary(l => l.Name, l => l.Value);
            return string.Join(',', columns.Select(c => values.GetValueOrDefault(c, "")));
        });
        return string.Join('\n', lines.Prepend(string.Join(',', columns))) + "\n";
    }

    // An interval becomes two columns, an object one column a key; a table within a table has a file of its own.
    private static IEnumerable<(string Name, string Value)> Leaves(KeyValuePair<string, JsonNode?> property) => property.Value switch
    {
        JsonArray { Count: 2 } range when range.All(v => v is null or JsonValue) =>
            [(property.Key + "Low", Text(range[0])), (property.Key + "High", Text(range[1]))],
        JsonArray => [],
        JsonObject inner => inner.SelectMany(Leaves).Select(l => ($"{property.Key}.{l.Name}", l.Value)),
        var value => [(property.Key, Text(value))],
    };

    private static string Text(JsonNode? value)
    {
        var text = value is null
            ? ""
            : value.GetValueKind() == System.Text.Json.JsonValueKind.String ? Harmless(value.GetValue<string>()) : value.ToJsonString();
        return Quoted(text);
    }

    /// <summary>Text of the data as a field of a table.</summary>
    internal static string Field(string text) => Quoted(Harmless(text));

    private static string Quoted(string text) => text.AsSpan().IndexOfAny("\",\r\n") < 0
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");

    /// <summary>
    /// Text of the data that a spreadsheet would run as a formula, with an apostrophe before it, which spreadsheets take as "this is text".
    /// </summary>
    public static string Harmless(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
    }
}
