using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Rates.Cohorts;

namespace MatchEngine.Evaluation.Cohorts;

/// <summary>
/// A cohort evaluation as files: <c>cohort.json</c> (all of it), <c>cohort.csv</c> (the table) and <c>cohort.md</c> (for people). No date
/// and no path: the same inputs give the same bytes.
/// </summary>
/// <param name="Result">What was found.</param>
/// <param name="Protocol">What was wanted.</param>
/// <param name="System">The embedder.</param>
/// <param name="ModelDigest">Digest of its file.</param>
/// <param name="CorrectionsSource">Where corrections of the labels come from, or null for labels as published.</param>
public sealed record CohortReport(
    CohortResult Result, Protocol Protocol, string System, string? ModelDigest, string? CorrectionsSource)
{
    /// <summary>The layout of the files.</summary>
    public const int Schema = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How many rows are judged, and how many of them hold.</summary>
    public (int Held, int Rows) Held => (Result.Rows.Count(row => row.IsJudged && row.Row.Holds), Result.Rows.Count(row => row.IsJudged));

    /// <summary>The same of the rows in which at least <see cref="CohortRow.LeastCounted"/> strangers were counted.</summary>
    public (int Held, int Rows) HeldByCount =>
        (Result.Rows.Count(row => row.IsJudgedByCount && row.Row.Holds), Result.Rows.Count(row => row.IsJudgedByCount));

    /// <summary>Writes the files.</summary>
    /// <param name="folder">The folder; it is made where it is not there.</param>
    /// <returns>Their paths.</returns>
    /// <exception cref="EvaluationException">The folder cannot be written to.</exception>
    public IReadOnlyList<string> Write(string folder) => ReportFolder.Write(
        folder, "cohort report", [("cohort.json", ToJson()), ("cohort.csv", ToCsv()), ("cohort.md", ToMarkdown())]);

    /// <summary>All of it as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(new
    {
        Schema,
        Kind = "cohort",
        Provenance = new
        {
            Gallery = Named(Result.Gallery),
            Probes = Named(Result.Probes),
            System,
            ModelDigest,
            Protocol = Protocol.Name,
            Half = Protocol.Half.ToString().ToLowerInvariant(),
            CorrectionsSource,
        },
        Result.GallerySubjects,
        Result.GalleryPhotos,
        Result.FailedProbes,
        Result.Plan.EnrolledPerSubject,
        Rule = Judgement,
        Held = new { Held.Held, Held.Rows, ByCount = new { HeldByCount.Held, HeldByCount.Rows } },
        Result.Notes,
        Rows = Result.Rows.Select(row => new
        {
            Mate = Code(row.Mate),
            row.By,
            row.Value,
            row.Row.Floor,
            row.Row.Searches,
            row.Row.People,
            row.Row.Unsaid,
            Predicted = Digits(row.Row.Predicted),
            row.Row.Counted,
            Ratio = Digits(row.Row.Ratio),
            Low = Digits(row.Row.Low),
            High = Digits(row.Row.High),
            Holds = row.IsJudged ? row.Row.Holds : (bool?)null,
        }),
    }, Options) + "\n";

    /// <summary>The table, one row a line.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("mate,by,value,floor,searches,people,unsaid,predicted,counted,ratio,low,high,holds\n");
        foreach (var slice in Result.Rows)
        {
            var row = slice.Row;
            text.AppendJoin(',', [
                Code(slice.Mate), Field(slice.By), Field(slice.Value), Number(row.Floor), Number(row.Searches), Number(row.People),
                Number(row.Unsaid), Number(Digits(row.Predicted)), Number(row.Counted), Number(Digits(row.Ratio)),
                Number(Digits(row.Low)), Number(Digits(row.High)), slice.IsJudged ? row.Holds ? "1" : "0" : ""]).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>For people: a line a slice, a column a floor, each "ratio (interval), counted".</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"# Strangers foretold and counted: {Result.Probes.Name} among the people of {Result.Gallery.Name}\n");
        foreach (var paragraph in (string[])[Heading(), Judgement, Verdict()])
            text.Append(CultureInfo.InvariantCulture, $"\n{Wrapped(paragraph)}\n");
        foreach (var mate in Result.Rows.GroupBy(row => row.Mate))
        {
            var person = mate.Key == MateEnrolment.Enrolled ? "enrolled with another photo" : "not enrolled";
            text.Append(CultureInfo.InvariantCulture, $"\n## The probe's person is {person}\n\n");
            text.Append("| slice | people | searches |");
            foreach (var floor in Result.Plan.Floors)
                text.Append(CultureInfo.InvariantCulture, $" {floor:0.00##} |");
            text.Append("\n|---|---:|---:|");
            text.Insert(text.Length, "---|", Result.Plan.Floors.Count).Append('\n');
            foreach (var slice in mate.GroupBy(row => row.Name))
            {
                var first = slice.First().Row;
                text.Append(CultureInfo.InvariantCulture, $"| {slice.Key} | {first.People:N0} | {first.Searches:N0} |");
                foreach (var row in slice)
                    text.Append(CultureInfo.InvariantCulture, $" {Cell(row)} |");
                text.Append('\n');
            }
        }
        foreach (var note in Result.Notes)
            text.Append(CultureInfo.InvariantCulture, $"\n{Wrapped(note)}\n");
        return text.ToString();
    }

    /// <summary>What was searched with what, and where the labels come from.</summary>
    public string Heading()
    {
        var enrolled = Result.Plan.EnrolledPerSubject is { } most ? $"{most} photo{(most == 1 ? "" : "s")} each" : "all their photos";
        var columns = Protocol.Slices.SelectMany(columns => columns).Distinct().Where(Result.Probes.LabelSources.ContainsKey).ToList();
        var labels = columns.Count == 0
            ? "none"
            : string.Join("; ", columns.Select(column => $"{column}: {Result.Probes.LabelSources[column]}"));
        var half = Protocol.Half == SubjectHalf.Both ? "" : $" ({Protocol.Half.ToString().ToLowerInvariant()} half of the people)";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Photos of {Result.Probes.Name} searched among {Result.GallerySubjects:N0} people of {Result.Gallery.Name}{half}, "
                + $"enrolled with {enrolled}; model {System}. Labels of the probes: {labels}."
                + $"{(CorrectionsSource is null ? "" : " Known mistakes of who is who are put right.")}");
    }

    /// <summary>How many rows hold.</summary>
    public string Verdict() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Held.Held} of {Held.Rows} rows hold, of the {HeldByCount.Rows} with {CohortRow.LeastCounted} strangers or more "
            + $"{HeldByCount.Held}.");

    private static string Judgement =>
        "Predicted over counted strangers (95 % interval by person), and the number counted. A row holds where the ratio lies within "
            + "0.67 … 1.5 (0.33 … 3 where fewer than a tenth of a stranger a search was counted); with fewer than 100 strangers counted, "
            + "where its interval reaches into that. ✗: it does not.";

    // Prose is read as it stands, too.
    private static string Wrapped(string paragraph)
    {
        const int Width = 120;
        var lines = new List<string> { "" };
        foreach (var word in paragraph.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > Width)
                lines.Add("");
            lines[^1] += lines[^1].Length == 0 ? word : " " + word;
        }
        return string.Join('\n', lines);
    }

    private static string Cell(CohortSlice slice)
    {
        var row = slice.Row;
        if (!slice.IsJudged)
            return "–";
        var ratio = row.Counted == 0
            ? $"{Short(row.Predicted)} predicted"
            : $"{Short(row.Ratio)} ({Short(row.Low)}–{Short(row.High)})";
        return string.Create(CultureInfo.InvariantCulture, $"{ratio}, {row.Counted:N0}{(row.Holds ? "" : " ✗")}");
    }

    private static object Named(DataSet set) => new { set.Name, set.Citation, set.Terms, set.Digest, Labels = set.LabelSources };

    private static string Code(MateEnrolment mate) => mate == MateEnrolment.Enrolled ? "enrolled" : "not-enrolled";

    // Four significant digits; JSON has no infinity.
    private static double? Digits(double value) =>
        double.IsFinite(value) ? double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;

    private static string Short(double value) => value.ToString(value < 9.95 ? "0.00" : "0.#", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Field(string? text) => text is null ? ""
        : text.AsSpan().ContainsAny(',', '"', '\n') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;
}
