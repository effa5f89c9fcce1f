using System.Globalization;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Inputs;

/// <summary>Reads the comparison scores of any system. A line that cannot be used is named by file and number; the rest is read.</summary>
public static class ScoreReader
{
    // How many lines lie between two looks at the cancellation token and two reports of progress.
    private const int Stride = 1 << 14;

    /// <summary>The layout of a name as it stands on a command line: csv, tsv, space, pyeer, bob, frte-1:1 (or frte-11), detect.</summary>
    /// <exception cref="EvaluationException">There is no such layout.</exception>
    public static ScoreFormat ParseFormat(string name) => name switch
    {
        "detect" => ScoreFormat.Detect,
        "csv" => ScoreFormat.Csv,
        "tsv" => ScoreFormat.Tsv,
        "space" => ScoreFormat.Space,
        "pyeer" => ScoreFormat.Pyeer,
        "bob" => ScoreFormat.Bob,
        "frte-1:1" or "frte-11" => ScoreFormat.FrteMatch,
        _ => throw new EvaluationException($"there is no score format '{name}'; use csv, tsv, space, pyeer, bob or frte-1:1"),
    };

    /// <summary>Reads a file of comparisons.</summary>
    /// <param name="file">The score file.</param>
    /// <param name="format">Its layout.</param>
    /// <param name="images">Subjects and labels of the photos; may be null when the file says of each row whether it is mated.</param>
    /// <param name="faults">Takes what is wrong with single lines.</param>
    /// <param name="distances">Whether lower means more alike; the scores are then negated, and thresholds with them.</param>
    /// <param name="progress">Told the share of the file that has been read, 0 … 1.</param>
    /// <param name="cancellationToken">Looked at every few thousand lines.</param>
    /// <exception cref="EvaluationException">The file cannot be read, or a line is at fault and the run is strict.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Comparisons Read(
        string file, ScoreFormat format, DataSet? images, InputFaults faults, bool distances = false, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        ArgumentNullException.ThrowIfNull(faults);
        using var stream = DelimitedRows.Open(file);
        if (format == ScoreFormat.Detect)
            format = Detect(file);
        var builder = new ComparisonsBuilder(images, faults, distances);
        void Tick(long line)
        {
            if (line % Stride != 0)
                return;
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(stream.Length == 0 ? 1 : (double)stream.Position / stream.Length);
        }
        if (format is ScoreFormat.Csv or ScoreFormat.Tsv)
            ReadDelimited(file, stream, format == ScoreFormat.Csv ? DelimitedRows.SeparatorOf(FirstLine(file)) : '\t', builder, faults,
                Tick);
        else if (format == ScoreFormat.Bob)
            ReadBob(file, stream, images, builder, faults, Tick);
        else
            ReadSpaced(file, stream, format, builder, faults, Tick);
        progress?.Report(1);
        return builder.Build(Path.GetFileNameWithoutExtension(file));
    }

    /// <summary>Reads pyeer's two files of 1:1 scores: one score a line, or the last of several values separated by spaces.</summary>
    /// <param name="genuine">Scores of the mated comparisons.</param>
    /// <param name="impostor">Scores of the impostor comparisons.</param>
    /// <param name="faults">Takes what is wrong with single lines.</param>
    /// <param name="distances">Whether lower means more alike.</param>
    /// <param name="cancellationToken">Looked at every few thousand lines.</param>
    /// <exception cref="EvaluationException">A file cannot be read, or a line is at fault and the run is strict.</exception>
    public static Comparisons ReadTwoFiles(
        string genuine, string impostor, InputFaults faults, bool distances = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var builder = new ComparisonsBuilder(null, faults, distances);
        foreach (var (file, mated) in new[] { (genuine, true), (impostor, false) })
        {
            using var reader = new StreamReader(DelimitedRows.Open(file));
            var number = 0L;
            while (reader.ReadLine() is { } line)
            {
                number++;
                if (number % Stride == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                var text = line.Trim();
                if (text.Length == 0)
                    continue;
                var last = text[(text.LastIndexOf(' ') + 1)..];
                if (DelimitedRows.TryNumber(last, out var score))
                    builder.Add(file, number, null, null, score, mated);
                else
                    faults.Add(file, number, "malformed line", $"'{last}' is not a number; every line ends with a score");
            }
        }
        return builder.Build();
    }

    private static ScoreFormat Detect(string file)
    {
        var first = FirstLine(file);
        if (first.StartsWith("enrollTempl verifTempl simScore returnCode", StringComparison.Ordinal))
            return ScoreFormat.FrteMatch;
        if (first.AsSpan().ContainsAny(',', ';'))
            return ScoreFormat.Csv;
        if (first.Contains('\t'))
            return ScoreFormat.Tsv;
        return first.Split(' ') switch
        {
            [_, _, var score] when DelimitedRows.TryNumber(score, out _) => ScoreFormat.Pyeer,
            [_, _, _, var score] when DelimitedRows.TryNumber(score, out _) => ScoreFormat.Bob,
            [_, _, _, _, var score] when DelimitedRows.TryNumber(score, out _) => ScoreFormat.Bob,
            _ => ScoreFormat.Space,
        };
    }

    private static string FirstLine(string file) => File.ReadLines(file).FirstOrDefault() ?? "";

    // The ids are the subjects, so intervals by subject need no metadata; where there is some it has the last word.
    private static void ReadBob(
        string file, Stream stream, DataSet? images, ComparisonsBuilder builder, InputFaults faults, Action<long> tick)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var number = 0L;
        while (reader.ReadLine() is { } line)
        {
            number++;
            tick(number);
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (claimed, model, real, probe, text) = line.Trim().Split(' ') switch
            {
                [var c, var r, var p, var s] => (c, "", r, p, s),
                [var c, var m, var r, var p, var s] => (c, m, r, p, s),
                _ => ("", "", "", "", ""),
            };
            if (!DelimitedRows.TryNumber(text, out var score))
            {
                faults.Add(
                    file, number, "malformed line",
                    "a row of bob's files is claimed id, real id, probe and score, or claimed id, model, real id, probe and score");
                continue;
            }
            if (images is not null && model.Length == 0)
                throw new EvaluationException(
                    file, number,
                    "bob's files of four columns name no reference photo that metadata could describe; leave the data set out, the ids in "
                        + "the "
                        + "file are the subjects");
            var reference = images is not null ? model : $"model of {(model.Length > 0 ? model : claimed)}";
            if (images is null && !(builder.Name(file, number, reference, claimed) && builder.Name(file, number, probe, real)))
                continue;
            builder.Add(file, number, probe, reference, score, claimed == real, failed: !double.IsFinite(score));
        }
        if (number == 0)
            throw new EvaluationException(file, 0, "the file is empty");
    }

    private static void ReadDelimited(
        string file, Stream stream, char separator, ComparisonsBuilder builder, InputFaults faults, Action<long> tick)
    {
        Columns? columns = null;
        foreach (var (line, fields) in DelimitedRows.Read(file, stream, separator, faults))
        {
            tick(line);
            if (columns is null)
                columns = Columns.Of(file, fields) with { HasDecimalComma = separator == ';' };
            else
                columns.Take(file, line, fields, builder, faults);
        }
        if (columns is null)
            throw new EvaluationException(file, 0, "the file is empty; its first line names the columns");
    }

    private static void ReadSpaced(
        string file, Stream stream, ScoreFormat format, ComparisonsBuilder builder, InputFaults faults, Action<long> tick)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        Columns? columns = format switch
        {
            ScoreFormat.Pyeer => Columns.Of(file, ["probe", "reference", "score"]),
            ScoreFormat.FrteMatch => Columns.Of(file, ["reference", "probe", "score", "returnCode"]),
            _ => null,
        };
        var number = 0L;
        while (reader.ReadLine() is { } line)
        {
            number++;
            tick(number);
            if (number == 1 && format == ScoreFormat.FrteMatch && line.StartsWith("enrollTempl", StringComparison.Ordinal))
                continue;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            // An empty column is two spaces in a row, so columns are split at single spaces.
            var fields = line.TrimEnd('\r').Split(' ');
            if (columns is null)
                columns = Columns.Of(file, fields);
            else
                columns.Take(file, number, fields, builder, faults);
        }
        if (columns is null)
            throw new EvaluationException(file, 0, "the file is empty; its first line names the columns");
    }

    private sealed record Columns(int Count, int Probe, int Reference, int Score, int Mated, int ReturnCode)
    {
        /// <summary>Whether <c>0,5</c> is a half.</summary>
        public bool HasDecimalComma { get; init; }

        public static Columns Of(string file, string[] header)
        {
            int Find(string name) => Array.FindIndex(header, h => string.Equals(h.Trim(), name, StringComparison.OrdinalIgnoreCase));
            var columns = new Columns(header.Length, Find("probe"), Find("reference"), Find("score"), Find("mated"), Find("returnCode"));
            if (columns.Score < 0 || (columns.Probe < 0) != (columns.Reference < 0) || (columns.Probe < 0 && columns.Mated < 0))
                throw new EvaluationException(
                    file, 1,
                    $"the columns are {string.Join(", ", header)}; a score file has probe, reference and score, or score and mated");
            return columns;
        }

        public void Take(string file, long line, string[] row, ComparisonsBuilder builder, InputFaults faults)
        {
            if (row.Length != Count)
            {
                faults.Add(file, line, "malformed line", $"{row.Length} columns where {Count} were expected");
                return;
            }
            var failed = false;
            if (ReturnCode >= 0)
            {
                if (!int.TryParse(row[ReturnCode], NumberStyles.Integer, CultureInfo.InvariantCulture, out var code))
                {
                    faults.Add(file, line, "malformed line", $"'{row[ReturnCode]}' is not a return code");
                    return;
                }
                failed = code != 0;
            }
            if (!DelimitedRows.TryNumber(HasDecimalComma ? row[Score].Replace(',', '.') : row[Score], out var score))
            {
                faults.Add(file, line, "malformed line", $"'{row[Score]}' is not a score");
                return;
            }
            bool? mated = null;
            if (Mated >= 0)
            {
                mated = row[Mated].Trim()
                    .ToLowerInvariant() switch { "1" or "true" or "yes" => true, "0" or "false" or "no" => false, _ => null };
                if (mated is null)
                {
                    faults.Add(file, line, "malformed line", $"'{row[Mated]}' does not say whether the comparison is mated; use 1 or 0");
                    return;
                }
            }
            builder.Add(
                file, line, Probe < 0 ? null : row[Probe].Trim(), Reference < 0 ? null : row[Reference].Trim(), score, mated, failed);
        }
    }
}
