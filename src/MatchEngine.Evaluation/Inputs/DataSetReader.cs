using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MatchEngine.Evaluation.Inputs;

/// <summary>
/// Reads a data-set folder: <c>metadata.csv</c> (image, subject, then any label columns) and <c>dataset.json</c> (name, citation, terms,
/// where each label comes from).
/// </summary>
public static class DataSetReader
{
    /// <summary>The ways in which a label can have come about; a label's source begins with one of them.</summary>
    public static IReadOnlyList<string> KnownSources { get; } = ["self-reported", "annotated", "machine-estimated", "recorded"];

    /// <summary>Reads <c>metadata.csv</c> and <c>dataset.json</c> of a folder.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="faults">Takes what is wrong with single lines.</param>
    /// <exception cref="EvaluationException">A file is missing or cannot be read, a label's source is none of <see cref="KnownSources"/>,
    /// or a line is at fault and the run is strict.</exception>
    public static DataSet Read(string folder, InputFaults faults)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return ReadFiles(Path.Combine(folder, "metadata.csv"), Path.Combine(folder, "dataset.json"), faults);
    }

    /// <summary>Reads a metadata file and the description that belongs to it.</summary>
    /// <param name="metadata">The CSV file.</param>
    /// <param name="description">The JSON file with the labels' sources; when it is null or absent the set has no label sources, and slices
    /// by label will be refused.</param>
    /// <param name="faults">Takes what is wrong with single lines.</param>
    /// <exception cref="EvaluationException">A file cannot be read, a label's source is none of <see cref="KnownSources"/>,
    /// or a line is at fault and the run is strict.</exception>
    public static DataSet ReadFiles(string metadata, string? description, InputFaults faults)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(metadata);
        ArgumentNullException.ThrowIfNull(faults);
        if (!File.Exists(metadata))
            throw new EvaluationException(
                metadata, 0, "there is no such file; a data set is a folder with metadata.csv (columns image and subject); 'matchengine "
                    + "eval init FOLDER' writes it");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = File.ReadAllBytes(metadata);
        hash.AppendData(bytes);
        var card = new Description(Path.GetFileNameWithoutExtension(metadata), null, null, []);
        var described = description is not null && File.Exists(description);
        if (described)
        {
            var json = File.ReadAllBytes(description!);
            hash.AppendData(json);
            card = ReadDescription(description!, json);
        }
        var (images, subjects, columns) = ReadRows(metadata, bytes, faults);
        // A column without a source is refused where rates are wanted by it, not here: most columns nobody asks for.
        foreach (var (column, source) in card.Labels)
        {
            if (!KnownSources.Any(known => source.StartsWith(known, StringComparison.OrdinalIgnoreCase)))
                throw new EvaluationException(
                    description!, 0, $"the source of '{column}' is '{source}'; begin it with one of {string.Join(", ", KnownSources)}");
        }
        return new DataSet(card.Name, images, subjects, columns, card.Labels)
        {
            Citation = card.Citation,
            Terms = card.Terms,
            Digest = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
    }

    private sealed record Description(string Name, string? Citation, string? Terms, Dictionary<string, string> Labels);

    private static Description ReadDescription(string file, byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var root = document.RootElement;
            string? Text(string key) => root.TryGetProperty(key, out var value) ? value.GetString() : null;
            var labels = new Dictionary<string, string>(StringComparer.Ordinal);
            if (root.TryGetProperty("labels", out var declared))
            {
                foreach (var label in declared.EnumerateObject())
                    labels.Add(label.Name, label.Value.GetString() ?? "");
            }
            return new Description(
                Text("name") ?? throw new EvaluationException(file, 0, "the data set has no \"name\"; add it"),
                Text("citation"), Text("terms"), labels);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new EvaluationException(
                $"{file}: not a data-set description ({error.Message}); it is a JSON object with name, citation, terms and labels", error);
        }
    }

    private static (List<string> Images, List<string> Subjects, Dictionary<string, string[]> Columns) ReadRows(
        string file, byte[] bytes, InputFaults faults)
    {
        var headerEnd = bytes.AsSpan().IndexOfAny((byte)'\r', (byte)'\n');
        var separator = DelimitedRows.SeparatorOf(Encoding.UTF8.GetString(headerEnd < 0 ? bytes : bytes.AsSpan(0, headerEnd)));
        using var rows = DelimitedRows.Read(file, new MemoryStream(bytes), separator, faults).GetEnumerator();
        if (!rows.MoveNext())
            throw new EvaluationException(file, 0, "the file is empty; its first line names the columns, image and subject among them");
        var header = rows.Current.Fields.Select(name => name.Trim()).ToArray();
        var image = Array.IndexOf(header, "image");
        var subject = Array.IndexOf(header, "subject");
        if (image < 0 || subject < 0)
            throw new EvaluationException(file, 1, $"the columns are {string.Join(", ", header)}; image and subject must be among them");
        var labels = Enumerable.Range(0, header.Length).Where(c => c != image && c != subject).ToArray();
        var columns = labels.ToDictionary(c => header[c], _ => new List<string>());
        var kept = new List<(long Line, string[] Row)>();
        var rowOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var contradicted = new HashSet<int>();
        while (rows.MoveNext())
        {
            var (line, row) = rows.Current;
            if (row.Length != header.Length)
                faults.Add(file, line, "malformed line", $"{row.Length} columns where the header has {header.Length}");
            else if (string.IsNullOrWhiteSpace(row[image]) || string.IsNullOrWhiteSpace(row[subject]))
                faults.Add(file, line, "malformed line", "the image or the subject is empty");
            else if (!rowOf.TryGetValue(row[image], out var earlier))
            {
                rowOf[row[image]] = kept.Count;
                kept.Add((line, row));
            }
            else if (row.SequenceEqual(kept[earlier].Row))
                faults.Add(file, line, "duplicate row", $"image '{row[image]}' stands twice");
            else
            {
                // Whom such a photo shows cannot be known.
                faults.Add(
                    file, line, "contradicting rows",
                    $"image '{row[image]}' stands in line {kept[earlier].Line} with other values; neither row is used");
                if (contradicted.Add(earlier))
                    faults.Add(
                        file, kept[earlier].Line, "contradicting rows",
                        $"image '{row[image]}' stands in line {line} with other values; neither row is used");
            }
        }
        List<string> images = [], subjects = [];
        foreach (var (_, row) in kept.Where((_, i) => !contradicted.Contains(i)))
        {
            images.Add(row[image]);
            subjects.Add(row[subject]);
            foreach (var c in labels)
                columns[header[c]].Add(row[c].Trim());
        }
        return (images, subjects, columns.ToDictionary(c => c.Key, c => c.Value.ToArray()));
    }
}
