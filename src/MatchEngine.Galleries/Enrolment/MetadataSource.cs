using System.Text.Unicode;
using CsvHelper;
using MatchEngine.Faces.Native;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>
/// Photos listed in a metadata file: CSV in UTF-8 with a first line of column names, its fields separated by commas, semicolons or tabs.
/// <c>image</c> is a path, relative to the file's folder; <c>subject</c> is the subject's id; <c>source_url</c> says where the photo came
/// from; every other column is a key whose value goes with the encounter and, if the subject has none yet, becomes its biographic;
/// <c>captured_on</c> is the date of capture. A row is one line, or several where quotes hold line breaks. Empty cells are no values.
/// A bad row is reported with file and line, and the rest is read.
/// </summary>
public sealed class MetadataSource : IEnrolmentSource
{
    private const string ImageColumn = "image";
    private const string SubjectColumn = "subject";
    private const string SourceUrlColumn = "source_url";

    // What a decoder puts in the place of bytes that it cannot read.
    private static ReadOnlySpan<byte> ReplacementCharacter => "\uFFFD"u8;

    private readonly string _file;
    private readonly string _folder;

    /// <summary>A source over a metadata file.</summary>
    /// <param name="file">The file; it is opened when reading begins.</param>
    public MetadataSource(string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        _file = Path.GetFullPath(file);
        _folder = Path.GetDirectoryName(_file)!;
    }

    /// <summary>
    /// The folder that rows cannot leave: a row that names anything else is a bad one, and paths are shown relative to it. Null: a row may
    /// name any file.
    /// </summary>
    public EnclosingFolder? Enclosure { get; init; }

    /// <summary>By what time a date of capture lies in the future; by default the machine's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How subjects are named; by default by the column <c>subject</c>.</summary>
    public SubjectFrom SubjectFrom { get; init; } = SubjectFrom.Column;

    /// <summary>Only rows with these values are taken: column → value, compared character by character.</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>();

    /// <summary>Only images that are, or lie below, one of these paths are taken; empty takes all.</summary>
    public IReadOnlyList<string> Within { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<EnrolmentEntry> Read(CancellationToken cancellationToken = default)
    {
        var malformed = new List<CsvMalformedRecord>();
        using var reader = OpenFile(malformed.Add);
        var header = ReadHeader(reader, malformed);
        var within = Within.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))).ToList();
        bool more;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            // One call passes over the malformed rows before the next good one.
            more = Next(reader);
            foreach (var row in malformed)
                yield return Rejected(row.LineNumber, Reason(row, header.Width));
            malformed.Clear();
            if (more && ToEntry(reader, header, within) is { } entry)
                yield return entry;
        }
        while (more);
    }

    private CsvReader OpenFile(Action<CsvMalformedRecord> onMalformed)
    {
        var shape = CsvShape.Of(_file);
        var options = new CsvReaderOptions
        {
            Separator = shape.Separator,
            HasHeader = false,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = onMalformed,
            TrackLineNumbers = true,
            AllowLineBreaksInQuotes = shape.HasLineBreaks,
            MaxRecordSize = 1 << 20,
            IncludeValuesInExceptions = false,
        };
        try
        {
            return CsvReader.FromFile(_file, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetadataException(Shown, $"the metadata file cannot be read: {Reason(e)}", e);
        }
    }

    private bool Next(CsvReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (Exception e) when (e is IOException or CsvFormatException)
        {
            throw new MetadataException(Shown, $"the metadata file cannot be read on: {Reason(e)}", e);
        }
    }

    // The system's words repeat the path.
    private string Reason(Exception e) => Enclosure is null || e is CsvFormatException ? e.Message : "it is not there, or may not be read";

    private static string Reason(CsvMalformedRecord row, int width) => row.Reason switch
    {
        CsvMalformedReason.FieldCountMismatch => $"the row has not the {width} fields that the first line names",
        CsvMalformedReason.StrayQuote or CsvMalformedReason.TextAfterClosingQuote =>
            "a quote stands in the middle of a field; double it and put the field in quotes",
        _ => "a quote is opened and not closed on the same line",
    };

    private sealed record Header(
        int Width, int Image, int? Subject, int? SourceUrl, IReadOnlyList<(int Column, string Name)> Others,
        IReadOnlyList<(int Column, string Value)> Where);

    private Header ReadHeader(CsvReader reader, List<CsvMalformedRecord> malformed)
    {
        var found = Next(reader);
        if (malformed is [var bad, ..])
            throw new MetadataException(Shown, $"line {bad.LineNumber}, which must name the columns, cannot be read: {Reason(bad, 0)}");
        if (!found)
            throw new MetadataException(Shown, "the metadata file is empty; its first line must name the columns");
        var names = Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i).Trim()).ToArray();
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length > 0 && !columns.TryAdd(names[i], i))
                throw new MetadataException(Shown, $"there are two columns named '{names[i]}'; rename one");
        }
        var image = Require(ImageColumn);
        int? subject = SubjectFrom == SubjectFrom.Column
            ? Require(SubjectColumn)
            : columns.TryGetValue(SubjectColumn, out var unused) ? unused : null;
        int? sourceUrl = columns.TryGetValue(SourceUrlColumn, out var url) ? url : null;
        var others = columns.Where(column => column.Value != image && column.Value != subject && column.Value != sourceUrl)
            .OrderBy(column => column.Value).Select(column => (column.Value, column.Key)).ToList();
        return new Header(
            names.Length, image, subject, sourceUrl, others, [.. Where.Select(condition => (Require(condition.Key), condition.Value))]);

        int Require(string name) => columns.TryGetValue(name, out var index)
            ? index
            : throw new MetadataException(
                Shown,
                $"there is no column '{name}'; the columns are: {string.Join(", ", names)}");
    }

    private EnrolmentEntry? ToEntry(CsvReader reader, Header header, List<string> within)
    {
        if (header.Where.Any(condition => reader.GetString(condition.Column) != condition.Value))
            return null;
        var line = reader.LineNumber;
        if (reader.RawRecord.IndexOf(ReplacementCharacter) >= 0 || !Utf8.IsValid(reader.RawRecord))
            return Rejected(line, "the row holds bytes that are not UTF-8; save the file as UTF-8");
        var image = Field(header.Image);
        if (image.Length == 0)
            return Rejected(line, $"the row has no {ImageColumn}");
        if (image.Contains('\0'))
            return Rejected(line, $"the row's {ImageColumn} holds a NUL character");
        image = Spelt(image);
        var path = Path.GetFullPath(image, _folder);
        var file = path;
        if (Enclosure is not null)
        {
            if (Enclosure.Find(image, _folder) is not { } found || Enclosure.ResolveFile(found) is not { } real)
                return Rejected(line, EnclosingFolder.Refusal);
            file = real;
        }
        if (within.Count > 0
            && !within.Any(prefix => path == prefix || path.StartsWith(prefix + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            return null;

        string subject, group;
        if (SubjectFrom == SubjectFrom.Column)
        {
            subject = ComposedText.Of(Field(header.Subject!.Value));
            group = $"{subject}/{SubjectNaming.WithoutExtension(image)}";
        }
        else
        {
            (subject, group) = SubjectNaming.Of(SubjectFrom, _folder, path);
        }
        if (SubjectId.Problem(subject) is { } problem)
            return Rejected(line, problem);

        var metadata = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (column, name) in header.Others)
        {
            if (Field(column) is { Length: > 0 } value)
                metadata[name] = value;
        }
        if (RetentionRule.CaptureProblem(metadata, Clock.GetUtcNow()) is { } captured)
            return Rejected(line, captured);
        return new EnrolmentItem
        {
            Image = Enclosure?.Shown(path) ?? path,
            File = file,
            Subject = subject,
            GroupName = group,
            Metadata = metadata,
            SourceUrl = header.SourceUrl is { } url && Field(url) is { Length: > 0 } address ? address : null,
        };

        string Field(int column) => reader.GetString(column).Trim();
    }

    /// <summary>
    /// A file's name as the file system has it, which may write letters with accents, or the ends of folders, the other way.
    /// </summary>
    private string Spelt(string image)
    {
        if (IsThere(image))
            return image;
        var slashes = Path.DirectorySeparatorChar == '/' && image.Contains('\\') ? image.Replace('\\', '/') : image;
        foreach (var other in (ReadOnlySpan<string>)[slashes, ComposedText.Of(slashes), ComposedText.Apart(slashes)])
            if (IsThere(other))
                return other;
        return slashes;

        bool IsThere(string name) => File.Exists(Path.GetFullPath(name, _folder));
    }

    /// <summary>The metadata file as people are shown it.</summary>
    private string Shown => Enclosure?.Shown(_file) ?? _file;

    private RejectedEntry Rejected(long line, string detail) =>
        new(new EnrolmentFailure(Shown, line, EnrolmentFailure.BadRow, $"{Shown}, line {line}: {detail}"));
}
