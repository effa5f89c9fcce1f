using System.Buffers;
using System.Text;
using MatchEngine.Evaluation.Reports;

namespace MatchEngine.Service.Files;

/// <summary>
/// A table for a spreadsheet: CSV (RFC 4180) in UTF-8. A text that a spreadsheet would run as a formula gets an apostrophe before it
/// (<see cref="ReportTable.Harmless"/>); where it has to be as it was, there are JSON lines.
/// </summary>
/// <param name="output">Takes the table, and stays open.</param>
internal sealed class Spreadsheet(Stream output) : IDisposable
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");

    private readonly StreamWriter _writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);

    /// <summary>Writes a row; null is an empty field.</summary>
    public void Row(params IEnumerable<string?> fields)
    {
        var separator = "";
        foreach (var field in fields)
        {
            var text = ReportTable.Harmless(field ?? "");
            _writer.Write(separator);
            _writer.Write(text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);
            separator = ",";
        }
        _writer.Write("\r\n");
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
