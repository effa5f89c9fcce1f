using Dapper;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>The one row of a gallery's table <c>gallery</c>.</summary>
/// <remarks>Dapper fills it by names; SQLite knows integers as long.</remarks>
internal sealed class GalleryRow
{
    public string Model { get; init; } = "";
    public string ModelDigest { get; init; } = "";
    public long Dimension { get; init; }
    public string Created { get; init; } = "";
    public long Change { get; init; }
    public bool Deleting { get; init; }
    public bool Unscrubbed { get; init; }
    public string? KeyId { get; init; }
    public string Identity { get; init; } = "";

    /// <summary>The row; null when the gallery's making was interrupted.</summary>
    public static GalleryRow? Read(SqliteConnection connection, SqliteTransaction? transaction = null) =>
        connection.QuerySingleOrDefault<GalleryRow>(
            "SELECT model AS Model, model_digest AS ModelDigest, dimension AS Dimension, created AS Created, change AS Change, deleting AS "
                + "Deleting, unscrubbed AS Unscrubbed, key_id AS KeyId, identity AS Identity FROM gallery",
            transaction: transaction);
}
