using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Audit;

/// <summary>
/// Heads of an audit log in a file to which they are appended, a line of JSON each: on another disk, a share of another machine, a medium
/// that is written once.
/// </summary>
/// <param name="path">The file; it is made with the first head.</param>
/// <param name="clock">Gives the times that are written; null for the system's.</param>
public sealed class AuditHeadFile(string path, TimeProvider? clock = null) : IAuditHeadKeeper
{
    // A busy service would fill the medium otherwise.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private const int LongestLine = 4096;

    private long _written;

    /// <inheritdoc/>
    public string Place => "the file of heads";

    /// <inheritdoc/>
    public AuditHead? Read()
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Seek(-Math.Min(file.Length, 2 * LongestLine), SeekOrigin.End);
            using var reader = new StreamReader(file, Encoding.UTF8);
            // The last line may be torn, by a power cut, and the first one is read from its middle.
            return reader.ReadToEnd().Split('\n').Reverse().Select(Parse).FirstOrDefault(head => head is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreException.Of(e, path);
        }
    }

    /// <inheritdoc/>
    public void Keep(AuditHead head, bool closing)
    {
        ArgumentNullException.ThrowIfNull(head);
        if (!closing && _written != 0 && Stopwatch.GetElapsedTime(_written) < Every)
            return;
        if (Read() is { } kept && kept.Sequence >= head.Sequence)
            return;
        try
        {
            var time = StoredTime.Write((clock ?? TimeProvider.System).GetUtcNow());
            var line = JsonSerializer.Serialize(new { time, head.Sequence, head.Hash }, JsonSerializerOptions.Web);
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            // A torn line before it is ended by the first line break.
            file.Write(Encoding.UTF8.GetBytes($"\n{line}\n"));
            file.Flush(flushToDisk: true);
            _written = Stopwatch.GetTimestamp();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is passed over until one was written again.
            _written = 0;
            throw StoreException.Of(e, path);
        }
    }

    private static AuditHead? Parse(string line)
    {
        try
        {
            return line.Length > 2
                && JsonSerializer.Deserialize<AuditHead>(line, JsonSerializerOptions.Web) is { Sequence: > 0, Hash.Length: 64 } head
                ? head
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
