using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using MatchEngine.Sqlite.Audit;
using MatchEngine.Sqlite.Backups;
using MatchEngine.Sqlite.Book;
using MatchEngine.Sqlite.Databases;
using MatchEngine.Sqlite.Stores;

namespace MatchEngine.Sqlite;

/// <summary>
/// What lies in a data folder in SQLite databases: the galleries (<c>galleries/NAME</c>) and the audit log (<c>audit/</c>).
/// </summary>
public static class SqliteDataFolder
{
    /// <summary>
    /// Opens the galleries of a data folder and finishes deletions that were interrupted. The folder itself is made with the first gallery.
    /// </summary>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="clock">Gives the times that are recorded; null for the system's.</param>
    /// <param name="patience">How long a gallery locked by another process is waited for; null for 30 seconds.</param>
    /// <param name="keys">Seal and open images and biographics; null writes them in the clear and reads no others.</param>
    /// <exception cref="StoreException">The folder cannot be read.</exception>
    public static GalleryCatalog Open(string dataFolder, TimeProvider? clock = null, TimeSpan? patience = null, DataKeys? keys = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataFolder);
        return new GalleryCatalog(
            new SqliteCatalogStore(dataFolder, clock ?? TimeProvider.System, patience ?? SqliteSession.DefaultPatience, keys), clock);
    }

    /// <summary>The galleries of a data folder, with the keys that the environment names for images and biographics.</summary>
    /// <exception cref="StoreException">The folder cannot be read.</exception>
    /// <exception cref="DataKeyException">The environment names keys that cannot be used.</exception>
    public static GalleryCatalog Galleries(string dataFolder) => Open(dataFolder, keys: DataKeys.FromEnvironment());

    /// <summary>Where the audit log of a data folder lies.</summary>
    public static string AuditFile(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), "audit", "audit.db");

    /// <summary>Opens the audit log of a data folder; it is made if there is none.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="clock">Gives the times that are recorded; null for the system's.</param>
    /// <param name="patience">How long a log locked by another process is waited for; null for 30 seconds.</param>
    /// <param name="headFile">A further place for the log's head beside the service database: a file elsewhere; null for none.</param>
    /// <exception cref="StoreException">The file is no audit log, was written by a newer version, or cannot be written.</exception>
    public static AuditLog OpenAudit(string dataFolder, TimeProvider? clock = null, TimeSpan? patience = null, string? headFile = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataFolder);
        var wait = patience ?? SqliteSession.DefaultPatience;
        var keepers = new List<IAuditHeadKeeper> { HeadIn(dataFolder, clock, wait) };
        if (headFile is not null)
            keepers.Add(new AuditHeadFile(headFile, clock));
        return new AuditLog(SqliteAuditStore.Open(AuditFile(dataFolder), wait), clock, keepers);
    }

    /// <summary>Whether the service database of a data folder knows of events in its audit log, which may be gone itself.</summary>
    /// <exception cref="StoreException">The database cannot be read.</exception>
    public static bool KnowsAudit(string dataFolder) => HeadIn(dataFolder, null, SqliteSession.DefaultPatience).Read() is not null;

    /// <summary>The backups of a data folder.</summary>
    /// <param name="dataFolder">The folder; for a restoration one that is to be made.</param>
    /// <param name="clock">Gives the times that are recorded; null for the system's.</param>
    /// <param name="patience">How long whoever writes without a pause is waited for; null for 30 seconds.</param>
    /// <param name="keys">Open what is sealed, so that it can be looked at in a restoration; a backup needs none.</param>
    public static IFolderBackups Backups(
        string dataFolder, TimeProvider? clock = null, TimeSpan? patience = null, DataKeys? keys = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataFolder);
        return new SqliteFolderBackups(dataFolder, clock ?? TimeProvider.System, patience ?? SqliteSession.DefaultPatience, keys);
    }

    private static SqliteAuditHead HeadIn(string dataFolder, TimeProvider? clock, TimeSpan patience) =>
        new(ServiceDatabase.FileIn(dataFolder), clock ?? TimeProvider.System, patience);
}
