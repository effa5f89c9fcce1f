using Dapper;
using MatchEngine.Galleries.Audit;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// The events of changes that were made (table <c>change_made</c>), each noted in the transaction of its change;
/// see <see cref="ChangeRecord"/>.
/// </summary>
internal static class ChangeMarks
{
    /// <summary>Writes the event of a change and notes it: the last step of a transaction.</summary>
    public static void Write(ChangeRecord record, object? details, SqliteConnection connection, SqliteTransaction transaction)
    {
        if (record.Write(details) is not { } written)
            return;
        connection.Execute(
            "DELETE FROM change_made WHERE sequence <= @Settled; INSERT OR REPLACE INTO change_made (sequence, hash) "
                + "VALUES (@Sequence, @Hash)",
            new { record.Settled, written.Sequence, written.Hash },
            transaction);
    }

    /// <summary>
    /// Whether the change of an event was made. The hash tells events of two logs apart, one of which took the other's place.
    /// </summary>
    public static bool Has(AuditEvent written, SqliteConnection connection, SqliteTransaction? transaction = null) =>
        connection.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM change_made WHERE sequence = @Sequence AND hash = @Hash)",
            new { written.Sequence, written.Hash },
            transaction);
}
