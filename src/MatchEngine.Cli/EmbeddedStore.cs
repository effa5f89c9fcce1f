using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using MatchEngine.Sqlite;

namespace MatchEngine.Cli;

/// <summary>The store of the command's data folder: the one place that says which it is.</summary>
internal static class EmbeddedStore
{
    /// <summary>The galleries, with the keys that the environment names for images and biographics.</summary>
    /// <exception cref="StoreException">The folder cannot be read.</exception>
    /// <exception cref="DataKeyException">The environment names keys that cannot be used.</exception>
    public static GalleryCatalog Galleries(string data) => SqliteDataFolder.Galleries(data);

    /// <summary>The audit log; null when the folder keeps none.</summary>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static AuditLog? Audit(string data) =>
        File.Exists(AuditFile(data)) || SqliteDataFolder.KnowsAudit(data) ? SqliteDataFolder.OpenAudit(data) : null;

    /// <summary>The folder's backups.</summary>
    /// <exception cref="DataKeyException">The environment names keys that cannot be used.</exception>
    public static IFolderBackups Backups(string data) => SqliteDataFolder.Backups(data, keys: DataKeys.FromEnvironment());

    /// <summary>Where the audit log lies, or would lie.</summary>
    public static string AuditFile(string data) => SqliteDataFolder.AuditFile(data);
}
