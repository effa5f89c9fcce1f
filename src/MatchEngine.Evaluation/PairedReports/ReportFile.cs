using System.Globalization;
using System.Text.Json;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.PairedReports;

/// <summary>A finished evaluation as it lies on disk: <c>report.json</c> and the tables of subjects beside it.</summary>
public sealed class ReportFile
{
    private ReportFile()
    {
    }

    /// <summary>The system.</summary>
    public required string System { get; init; }

    /// <summary>The data set, or null.</summary>
    public required string? DataSet { get; init; }

    /// <summary>Digest of its files, or null.</summary>
    public required string? DataSetDigest { get; init; }

    /// <summary>Whether searches were evaluated, not comparisons.</summary>
    public required bool IsIdentification { get; init; }

    /// <summary>Which comparisons were made; equal digests mean the same ones. Null where it is not known.</summary>
    public required string? Comparisons { get; init; }

    /// <summary>Trade-off of both errors, thresholds rising: FMR and FNMR, or FPIR and FNIR.</summary>
    public required IReadOnlyList<(double Threshold, double FalsePositives, double Misses)> Curve { get; init; }

    /// <summary>Errors of each subject at each point.</summary>
    public required IReadOnlyList<SubjectTally> Tallies { get; init; }

    /// <summary>Slicing → subject → group, for the subjects all of whose photos are in one.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Groups { get; init; }

    /// <summary>Fewer subjects do not make a group.</summary>
    public required int MinimumSubjects { get; init; }

    /// <summary>Reads a report.</summary>
    /// <param name="file">The <c>report.json</c>.</param>
    /// <exception cref="EvaluationException">The file or a table beside it is missing or cannot be read.</exception>
    public static ReportFile Read(string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = document.RootElement;
            if (!(Text(root, "schema") ?? "").StartsWith(ReportSchema.Name, StringComparison.Ordinal))
                throw new EvaluationException(file, 0, "this is no report.json of an evaluation; give the one beside report.html");
            var provenance = root.GetProperty("provenance");
            var set = provenance.GetProperty("dataSet");
            var searches = Text(root, "kind") == "identification";
            var (curve, positive, miss) = searches ? ("openSet", "fpir", "fnir") : ("det", "fmr", "fnmr");
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            return new ReportFile
            {
                System = Text(provenance, "system") ?? "unnamed system",
                DataSet = set.ValueKind == JsonValueKind.Object ? Text(set, "name") : null,
                DataSetDigest = set.ValueKind == JsonValueKind.Object ? Text(set, "digest") : null,
                IsIdentification = searches,
                Comparisons = Text(root.GetProperty("counts"), "comparisonsDigest"),
                Curve = NotEmpty([.. root.GetProperty("curves").GetProperty(curve).EnumerateArray()
                    .Where(p => p.GetProperty("threshold").ValueKind == JsonValueKind.Number)
                    .Select(p => (
                        p.GetProperty("threshold").GetDouble(), p.GetProperty(positive).GetDouble(), p.GetProperty(miss).GetDouble()))
                    .OrderBy(p => p.Item1)]),
                Tallies = ReadTallies(Path.Combine(folder, SubjectTally.Table + ".csv")),
                Groups = ReadGroups(Path.Combine(folder, SubjectTally.GroupsTable + ".csv")),
                MinimumSubjects = provenance.GetProperty("minimumSubjects").GetInt32(),
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or OverflowException or ArgumentException)
        {
            throw new EvaluationException($"{file}: not a report of an evaluation ({error.Message})", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{file}: cannot be read ({error.Message})", error);
        }
    }

    /// <summary>The miss rate where false positives are so frequent, between the points of the curve.</summary>
    internal double MissesAt(double falsePositives)
    {
        // False positives fall along the curve and misses rise.
        var (low, high) = (0, Curve.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Curve[middle].FalsePositives <= falsePositives)
                high = middle;
            else
                low = middle + 1;
        }
        if (low == 0 || !(Curve[low].FalsePositives > 0) || !(falsePositives > 0))
            return Curve[low].Misses;
        var (above, below) = (Curve[low - 1], Curve[low]);
        var part = (Math.Log(above.FalsePositives) - Math.Log(falsePositives)) / (Math.Log(above.FalsePositives) - Math.Log(
            below.FalsePositives));
        return above.Misses + Math.Clamp(part, 0, 1) * (below.Misses - above.Misses);
    }

    private static List<(double Threshold, double FalsePositives, double Misses)> NotEmpty(
        List<(double Threshold, double FalsePositives, double Misses)> curve) =>
        curve.Count > 0 ? curve : throw new FormatException("its curve has no point");

    private static List<SubjectTally> ReadTallies(string file) => [.. Rows(file).Select(row => new SubjectTally(
        row["point"], row["given"] == "true", row["subject"], Number(row["mated"]), Number(row["misses"]), Number(row["others"]),
        Number(row["falsePositives"])))];

    private static Dictionary<string, IReadOnlyDictionary<string, string>> ReadGroups(string file) => !File.Exists(file) ? []
        : Rows(file).GroupBy(row => row["by"]).ToDictionary(
            by => by.Key, by => (IReadOnlyDictionary<string, string>)by.ToDictionary(row => row["subject"], row => row["value"]));

    private static long Number(string text) => long.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture);

    private static IEnumerable<Dictionary<string, string>> Rows(string file)
    {
        if (!File.Exists(file))
            throw new EvaluationException(
                file, 0, "the table of errors by subject is missing; make the report again, with subjects, and keep its tables beside it");
        using var stream = File.OpenRead(file);
        string[]? header = null;
        foreach (var (_, fields) in DelimitedRows.Read(file, stream, ',', new InputFaults(strict: true)))
        {
            if (header is null)
                header = fields;
            else
                yield return header.Zip(fields).ToDictionary(f => f.First, f => f.Second);
        }
    }

    private static string? Text(JsonElement of, string key) =>
        of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
