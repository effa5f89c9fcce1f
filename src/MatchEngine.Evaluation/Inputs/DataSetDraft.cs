using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MatchEngine.Evaluation.Inputs;

/// <summary>Where the subject of a photo is read from.</summary>
public enum SubjectNaming
{
    /// <summary>The folder that the photo lies in.</summary>
    Folder,

    /// <summary>The photo's file name, without what numbers the photos of a subject.</summary>
    FileName,

    /// <summary>A table beside the photos.</summary>
    Table,
}

/// <summary>
/// A first <c>metadata.csv</c> and <c>dataset.json</c> of a folder of photos: what can be seen is filled in, and what only people know is
/// asked in comments.
/// </summary>
public sealed partial class DataSetDraft
{
    private static readonly HashSet<string> Extensions = new(
        [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".jp2", ".heic", ".avif"], StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ImageColumns = ["image", "file", "filename", "file_name", "path", "photo"];
    private static readonly string[] SubjectColumns = ["subject", "subject_id", "person", "person_id", "identity", "id", "name"];

    private readonly List<(string Image, string Subject, string[] Values)> _rows;
    private readonly string[] _columns;
    private readonly string _name;

    private DataSetDraft(string name, SubjectNaming naming, List<(string, string, string[])> rows, string[] columns, string? table)
    {
        (_name, Naming, _rows, _columns, Table) = (name, naming, rows, columns, table);
        Photos = rows.Count;
        var photos = rows.GroupBy(r => r.Item2, StringComparer.Ordinal).Select(own => own.Count()).ToArray();
        Subjects = photos.Length;
        WithSeveral = photos.Count(n => n > 1);
        Mated = photos.Sum(n => (long)n * (n - 1) / 2);
        Impostors = (long)Photos * (Photos - 1) / 2 - Mated;
    }

    /// <summary>Where the subjects were read from.</summary>
    public SubjectNaming Naming { get; }

    /// <summary>The table they were read from, or null.</summary>
    public string? Table { get; }

    /// <summary>Rows of the table whose photo is not there, or that name no subject; they are left out.</summary>
    public int Absent { get; private init; }

    /// <summary>Rows of the table that cannot be read, or have more or fewer fields than its header; they are left out.</summary>
    public int Malformed { get; private init; }

    /// <summary>Photos that the table gives to more than one subject; none of their rows is used, since one must be wrong.</summary>
    public IReadOnlyList<string> Contradicted { get; private init; } = [];

    /// <summary>How many photos there are.</summary>
    public int Photos { get; }

    /// <summary>How many subjects.</summary>
    public int Subjects { get; }

    /// <summary>How many of them have more than one photo.</summary>
    public int WithSeveral { get; }

    /// <summary>Pairs of photos of one subject.</summary>
    public long Mated { get; }

    /// <summary>Pairs of photos of two subjects.</summary>
    public long Impostors { get; }

    /// <summary>The label columns that were found.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>Looks at a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="naming">Where subjects are to be read from; null to judge by what is there.</param>
    /// <exception cref="EvaluationException">There is no photo, or no table where one is asked for.</exception>
    public static DataSetDraft Of(string folder, SubjectNaming? naming = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
            throw new EvaluationException(folder, 0, "there is no such folder");
        var images = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Extensions.Contains(Path.GetExtension(
            f)))
            .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal).ToArray();
        if (images.Length == 0)
            throw new EvaluationException(folder, 0, $"there is no photo in this folder; photos end with {string.Join(", ", Extensions)}");
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (naming is null or SubjectNaming.Table)
        {
            foreach (var table in Directory.EnumerateFiles(folder, "*.csv").Concat(Directory.EnumerateFiles(folder, "*.tsv"))
                .Where(f => Path.GetFileName(f) != "metadata.csv").Order(StringComparer.Ordinal))
            {
                if (OfTable(name, table, images) is { } draft)
                    return draft;
            }
            if (naming is not null)
                throw new EvaluationException(
                    folder, 0,
                    $"no .csv or .tsv in this folder names photos and subjects; it has a column {string.Join(" or ", ImageColumns)} and a "
                        + "column "
                        + string.Join(" or ", SubjectColumns));
        }
        var folders = images.Select(image => image.Contains('/', StringComparison.Ordinal) ? image[..image.LastIndexOf('/')]
            : "").ToArray();
        var stems = Stems(images);
        var chosen = naming ?? Judge(folders, stems);
        // Where the name says who it is, the folder may say something else worth keeping: neutral, smiling.
        var keepsFolder = chosen == SubjectNaming.FileName && folders.Distinct(StringComparer.Ordinal).Skip(1).Any();
        return new DataSetDraft(
            name, chosen,
            [.. images.Select((image, i) => (
                image, chosen == SubjectNaming.Folder && folders[i].Length > 0 ? folders[i] : stems[i], keepsFolder ? [folders[i]]
                    : (string[])[]))],
            keepsFolder ? ["folder"] : [], null);
    }

    /// <summary>The content of <c>metadata.csv</c>.</summary>
    public string Metadata()
    {
        static string Field(string text) =>
            text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var text = new StringBuilder("image,subject");
        foreach (var column in _columns)
            text.Append(',').Append(Field(column));
        text.Append('\n');
        foreach (var (image, subject, values) in _rows)
            text.AppendJoin(',', [Field(image), Field(subject), .. values.Select(Field)]).Append('\n');
        return text.ToString();
    }

    /// <summary>The content of <c>dataset.json</c>, with its questions as comments; it can be read as it is.</summary>
    public string Description()
    {
        var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        string Quoted(string text) => JsonSerializer.Serialize(text, options);
        var sources = string.Join(", ", DataSetReader.KnownSources);
        var text = new StringBuilder("{\n");
        text.Append("  // What is this set called in a report?\n  \"name\": ").Append(Quoted(_name)).Append(",\n");
        text.Append("  // Where was it published, or who made it and when? Without an answer: null.\n  \"citation\": null,\n");
        text.Append("  // Under which terms may it be used, and did the people consent?\n  \"terms\": null,\n");
        text.Append("  // For each column that rates are wanted by: where do its values come from?\n  // Begin with one of ")
            .Append(sources).Append(", and say how.\n");
        text.Append("  // Columns are added to metadata.csv, one value a photo; an empty value is not known.\n  \"labels\": {\n");
        foreach (var column in _columns)
            text.Append("    // ").Append(Quoted(column)).Append(": \"recorded\",\n");
        if (_columns.Length == 0)
            text.Append("    // \"sex\": \"self-reported\",\n    // \"age\": \"recorded (years at capture)\",\n    // \"captured_on\": "
                + "\"recorded\",\n");
        return text.Append("  }\n}\n").ToString();
    }

    private static DataSetDraft? OfTable(string name, string table, string[] images)
    {
        using var stream = File.OpenRead(table);
        var first = File.ReadLines(table).FirstOrDefault() ?? "";
        var separator = first.Contains('\t', StringComparison.Ordinal) ? '\t' : DelimitedRows.SeparatorOf(first);
        string[]? header = null;
        var (image, subject) = (-1, -1);
        var known = images.ToDictionary(i => i, i => i, StringComparer.Ordinal);
        // A table may name photos without their folder, or without the ending; only where that is not ambiguous.
        foreach (var group in images.GroupBy(i => Path.GetFileName(i), StringComparer.Ordinal).Concat(
            images.GroupBy(i => Path.GetFileNameWithoutExtension(i)!, StringComparer.Ordinal)).Where(g => !g.Skip(1).Any()))
            known.TryAdd(group.Key, group.First());
        var rows = new List<(string Image, string Subject, string[] Values)>();
        var (absent, uneven, faults) = (0, 0, new InputFaults(strict: false));
        foreach (var (_, fields) in DelimitedRows.Read(table, stream, separator, faults))
        {
            if (header is null)
            {
                header = [.. fields.Select(f => f.Trim())];
                int Find(string[] names) => names.Select(n => Array.FindIndex(header, h => string.Equals(h, n,
                    StringComparison.OrdinalIgnoreCase)))
                    .FirstOrDefault(i => i >= 0, -1);
                (image, subject) = (Find(ImageColumns), Find(SubjectColumns));
                if (image < 0 || subject < 0)
                    return null;
            }
            else if (fields.Length != header.Length)
                uneven++;
            else if (known.TryGetValue(fields[image].Trim(), out var photo) && fields[subject].Trim().Length > 0)
                rows.Add((photo, fields[subject].Trim(), [.. fields.Where((_, c) => c != image && c != subject).Select(f => f.Trim())]));
            else
                absent++;
        }
        var photos = rows.GroupBy(r => r.Image, StringComparer.Ordinal).ToArray();
        string[] contradicted = [.. photos.Where(p => p.DistinctBy(r => r.Subject).Skip(1).Any()).Select(p => p.Key)];
        rows = [.. photos.Where(p => !contradicted.Contains(p.Key)).Select(p => p.First())];
        return rows.Count == 0
            ? null
            : new DataSetDraft(
                name, SubjectNaming.Table, rows, [.. header!.Where((_, c) => c != image && c != subject)], Path.GetFileName(table))
            { Absent = absent, Malformed = uneven + (int)faults.Total, Contradicted = contradicted };
    }

    // Photos of one person numbered: Aaron_Peirsol_0001, anna-2, p07.jpg; where that tells nobody apart twice, what stands before the first
    // separator: 001_03.
    private static string[] Stems(string[] images)
    {
        var plain = images.Select(image => Path.GetFileNameWithoutExtension(image)!).ToArray();
        var numbered = plain.Select(stem => Number().Replace(stem, "") is { Length: > 0 } rest ? rest : stem).ToArray();
        // One name for all is one person (anna_1, anna_2), unless it is the camera that numbered them.
        if (Repeats(numbered) || (numbered.Distinct(StringComparer.Ordinal).Count() == 1 && !Camera().IsMatch(numbered[0])))
            return numbered;
        var heads = plain.Select(stem => stem.Split('_', '-', ' ')[0]).ToArray();
        return Repeats(heads) ? heads : plain;

        static bool Repeats(string[] names) => names.Distinct(StringComparer.Ordinal).Count() is var distinct && distinct > 1
            && distinct < names.Length;
    }

    // Folders are subjects unless the same names come back in several of them: neutral/001, smiling/001.
    private static SubjectNaming Judge(string[] folders, string[] stems)
    {
        if (folders.Distinct(StringComparer.Ordinal).Count() < 2)
            return SubjectNaming.FileName;
        var foldersOf = stems.Zip(folders).GroupBy(p => p.First, StringComparer.Ordinal)
            .Select(own => own.Select(p => p.Second).Distinct(StringComparer.Ordinal).Count()).ToArray();
        // Photos that are merely numbered in every folder (1.jpg, 2.jpg) name nobody.
        var named = stems.Distinct(StringComparer.Ordinal).Count() > folders.Distinct(StringComparer.Ordinal).Count();
        return named && foldersOf.Count(n => n > 1) * 2 > foldersOf.Length ? SubjectNaming.FileName : SubjectNaming.Folder;
    }

    [GeneratedRegex(
        "^(img|image|dsc|dscn|dscf|p|pic|picture|photo|foto|face|frame|scan|file)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Camera();

    [GeneratedRegex(@"[_\-. ]?\d+$")]
    private static partial Regex Number();
}
