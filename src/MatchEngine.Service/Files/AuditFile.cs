using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Files;

/// <summary>In what form events of the audit log are taken away.</summary>
internal enum AuditFormat
{
    /// <summary>JSON, an event a line, with everything that its hash is made of.</summary>
    JsonLines,

    /// <summary>A table for a spreadsheet, with sentences.</summary>
    Csv,
}

/// <summary>Events of the audit log as a file.</summary>
internal static class AuditFile
{
    // A payload stands in the file as it is hashed: canonical, and escaped no more than RFC 8785 asks for.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The form that a word means; JSON lines where none is given.</summary>
    /// <exception cref="ProblemException">The word is not known.</exception>
    public static AuditFormat Format(string? word) => word switch
    {
        null or "jsonl" => AuditFormat.JsonLines,
        "csv" => AuditFormat.Csv,
        _ => throw new ProblemException(Problem.BadValue, "format is jsonl or csv"),
    };

    /// <summary>The file as an answer.</summary>
    /// <param name="format">Its form.</param>
    /// <param name="events">The events.</param>
    /// <param name="names">Names of accounts by their ids.</param>
    public static IResult Answer(AuditFormat format, IEnumerable<AuditEvent> events, IReadOnlyDictionary<string, string> names) =>
        format == AuditFormat.Csv
            ? new Streamed("audit.csv", "text/csv; charset=utf-8", (output, token) => WriteTable(events, names, output, token))
            : new Streamed("audit.jsonl", "application/x-ndjson", (output, token) => WriteLines(events, output, token));

    private static void WriteLines(IEnumerable<AuditEvent> events, Stream output, CancellationToken cancellationToken)
    {
        foreach (var written in events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (var line = new Utf8JsonWriter(output, Json))
            {
                line.WriteStartObject();
                line.WriteNumber("sequence", written.Sequence);
                line.WriteString("time", StoredTime.Write(written.Time));
                line.WriteString("kind", written.Kind);
                line.WriteString("actor", written.Actor);
                line.WriteString("organisation", written.Organisation);
                line.WritePropertyName("payload");
                line.WriteRawValue(written.Payload);
                line.WriteString("expires", written.Expires is { } end ? StoredTime.Write(end) : null);
                line.WriteString("previousHash", written.PreviousHash);
                line.WriteString("hash", written.Hash);
                line.WriteEndObject();
            }
            output.WriteByte((byte)'\n');
        }
    }

    private static void WriteTable(
        IEnumerable<AuditEvent> events, IReadOnlyDictionary<string, string> names, Stream output, CancellationToken cancellationToken)
    {
        using var table = new Spreadsheet(output);
        table.Row("sequence", "time", "kind", "what", "account", "name", "organisation", "payload", "expires", "hash");
        foreach (var written in events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            table.Row(
                written.Sequence.ToString(CultureInfo.InvariantCulture), StoredTime.Write(written.Time), written.Kind,
                AuditSentence.Of(written.Kind, written.Payload, names), written.Actor, names.GetValueOrDefault(written.Actor),
                written.Organisation, written.Payload, written.Expires is { } end ? StoredTime.Write(end) : null, written.Hash);
        }
    }
}
