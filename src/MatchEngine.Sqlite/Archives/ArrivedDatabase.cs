using Dapper;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MatchEngine.Sqlite.Archives;

/// <summary>
/// A database that came from elsewhere: brought to the schema of this version, and refused where it is not ours and whole.
/// </summary>
internal static class ArrivedDatabase
{
    /// <exception cref="Galleries.Errors.StoreException">It is damaged, of a newer schema, or none of ours.</exception>
    public static void Require(SqliteConnection connection, string file, IReadOnlyList<string> migrations, SqliteKind kind)
    {
        connection.Execute("PRAGMA trusted_schema = OFF");
        // Whatever its rows claim: no value of it takes more memory than the largest of ours.
        raw.sqlite3_limit(connection.Handle!, raw.SQLITE_LIMIT_LENGTH, ArrivedRows.MaxValue);
        SqliteSchema.Migrate(connection, file, migrations, kind);
        // Whoever made the file could have put in triggers and views of his own.
        if (!SqliteSchema.IsOurs(connection, migrations, kind))
            throw SqliteFault.Damaged(file, $"its tables are not those of a {kind.Name}", kind: kind);
        if (connection.QueryFirst<string>("PRAGMA integrity_check") is var check && check != "ok")
            throw SqliteFault.Damaged(file, check, kind: kind);
        if (connection.Query("PRAGMA foreign_key_check").Any())
            throw SqliteFault.Damaged(file, "rows refer to rows that are not there", kind: kind);
    }
}
