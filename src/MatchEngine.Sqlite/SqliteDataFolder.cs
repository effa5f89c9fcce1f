using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Sqlite.Audit;
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
            new SqliteCatalogStore(dataFolder, clock ?? TimeProvider.System, patience ?? SqliteSession.DefaultPatience, keys));
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
    /// <exception cref="StoreException">The file is no audit log, was written by a newer version, or cannot be written.</exception>
    public static AuditLog OpenAudit(string dataFolder, TimeProvider? clock = null, TimeSpan? patience = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataFolder);
        return new AuditLog(SqliteAuditStore.Open(AuditFile(dataFolder), patience ?? SqliteSession.DefaultPatience), clock);
    }
}
