using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Sqlite.Databases;

namespace MatchEngine.Sqlite.Audit;

/// <summary>A row of <c>event</c>.</summary>
internal sealed class EventRow
{
    /// <summary>What a query selects.</summary>
    public const string Columns = """
        sequence AS Sequence, time AS Time, kind AS Kind, actor AS Actor, organisation AS Organisation, payload AS Payload,
        expires AS Expires, previous_hash AS PreviousHash, hash AS Hash
        """;

    public long Sequence { get; init; }
    public string Time { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Actor { get; init; } = "";
    public string? Organisation { get; init; }
    public string Payload { get; init; } = "";
    public string? Expires { get; init; }
    public string PreviousHash { get; init; } = "";
    public string Hash { get; init; } = "";

    public AuditEvent ToEvent(string file) => new(
        Sequence, Parse(Time, file), Kind, Actor, Organisation, Payload,
        Expires is null ? null : Parse(Expires, file), PreviousHash, Hash);

    // What is hashed is the time in our own form: a text in another form would be a change that no hash shows.
    private DateTimeOffset Parse(string text, string file)
    {
        try
        {
            if (StoredTime.Read(text) is var time && StoredTime.Write(time) == text)
                return time;
        }
        catch (FormatException)
        {
        }
        throw SqliteFault.Damaged(file, $"event {Sequence} has the time '{text}', which was not written here", kind: SqliteKind.Audit);
    }
}
