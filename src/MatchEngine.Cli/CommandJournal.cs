using System.Text.Json;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Cli;

/// <summary>
/// What the command changes in a data folder, with the events of it where the folder has an audit log: a service runs on it, or did. In a
/// folder without one nothing is written.
/// </summary>
/// <remarks>
/// The events name the operating system's user. A command that is killed between an event and its change leaves it to the folder's service
/// to say so, at its next checkpoint or start.
/// </remarks>
internal sealed class CommandJournal : IDisposable
{
    private readonly AuditLog? _log;
    private readonly ChangeJournal _journal;

    private CommandJournal(GalleryCatalog galleries, AuditLog? log)
    {
        Galleries = galleries;
        _log = log;
        _journal = log is null ? ChangeJournal.None : new AuditedJournal(log, galleries, Author, mark: null, witnesses: []);
    }

    /// <summary>Who runs the command: <c>user:NAME</c>.</summary>
    public static ChangeAuthor Author { get; } = new($"user:{Environment.UserName}");

    /// <summary>The folder's galleries.</summary>
    public GalleryCatalog Galleries { get; }

    /// <summary>Opens a data folder for changes.</summary>
    /// <exception cref="StoreException">The folder or its audit log cannot be opened.</exception>
    public static CommandJournal Open(string data)
    {
        var galleries = EmbeddedStore.Galleries(data);
        var log = EmbeddedStore.Audit(data);
        // The change moves the head that is kept elsewhere: what it told of the log before is said now, and in the log itself.
        if (log?.RolledBack is { } broken)
        {
            Console.Error.WriteLine($"matchengine: the audit log was rolled back, replaced or removed: {broken.Detail}");
            log.Append(Author.Entry(
                AuditKinds.RolledBack, AuditEntry.StandardYears, new { @event = broken.Sequence, detail = broken.Detail }));
        }
        return new CommandJournal(galleries, log);
    }

    /// <summary>Makes a change in a gallery, or several; as <see cref="ChangeJournal"/>.</summary>
    /// <param name="kind">What happens.</param>
    /// <param name="gallery">The gallery; null where only the store knows its name.</param>
    /// <param name="payload">What else there is to say; null for nothing.</param>
    /// <param name="change">Makes the change.</param>
    public T Make<T>(string kind, string? gallery, object? payload, Func<Func<ChangeRecord>, T> change) =>
        _journal.Make(Author, kind, About(gallery, payload), change);

    /// <summary>The same of changes that take their time.</summary>
    public Task<T> MakeAsync<T>(string kind, string gallery, Func<Func<ChangeRecord>, Task<T>> change) =>
        _journal.MakeAsync(Author, kind, About(gallery, null), change);

    /// <summary>Writes an event that changes nothing.</summary>
    public void Note(string kind, string gallery, object payload) => _journal.Note(Author, kind, About(gallery, payload));

    /// <summary>The same of an event that names its galleries itself.</summary>
    public void Note(string kind, object payload) => _journal.Note(Author, kind, payload);

    public void Dispose() => _log?.Dispose();

    private static JsonElement About(string? gallery, object? payload)
    {
        var members = payload is null
            ? []
            : AuditEntry.Object(payload).EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
        if (gallery is not null)
            members["galleries"] = AuditEntry.Object(new[] { gallery });
        return AuditEntry.Object(members);
    }
}
