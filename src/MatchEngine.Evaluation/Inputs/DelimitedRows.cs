using System.Globalization;
using System.Text;
using CsvHelper;

namespace MatchEngine.Evaluation.Inputs;

/// <summary>
/// The rows of a comma, semicolon or tab separated file (RFC 4180) with their line numbers.
/// A record that breaks the quoting rules is a fault of its own line only.
/// </summary>
internal static class DelimitedRows
{
    /// <summary>Semicolon or comma: whichever the header has more of.</summary>
    public static char SeparatorOf(ReadOnlySpan<char> header) => header.Count(';') > header.Count(',') ? ';' : ',';

    public static IEnumerable<(long Line, string[] Fields)> Read(string file, Stream stream, char separator, InputFaults faults)
    {
        List<CsvMalformedRecord> malformed = [];
        var options = CsvReaderOptions.Default with
        {
            Separator = separator,
            HasHeader = false,
            SkipEmptyLines = true,
            TrackLineNumbers = true,
            Encoding = Encoding.UTF8,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MalformedData = CsvMalformedDataHandling.Skip,
            // A stray quote would otherwise swallow every line up to the next one.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = malformed.Add,
        };
        using var reader = CsvReader.Create(stream, options, leaveOpen: true);
        while (true)
        {
            var more = reader.Read();
            foreach (var record in malformed)
                faults.Add(file, record.LineNumber, "malformed line", $"the quotes of the record are wrong ({record.Reason})");
            malformed.Clear();
            if (!more)
                yield break;
            var fields = new string[reader.FieldCount];
            for (var i = 0; i < fields.Length; i++)
                fields[i] = reader.GetString(i);
            yield return (reader.LineNumber, fields);
        }
    }

    /// <summary>Opens a file to be read.</summary>
    /// <exception cref="EvaluationException">It cannot be read.</exception>
    internal static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{file}: cannot be read ({error.Message})", error);
        }
    }

    /// <summary>Reads a number as it stands in a field, whatever the language of the machine.</summary>
    internal static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
