using Dapper;
using MatchEngine.Frs.Searching;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Book;

/// <summary>What the book keeps of a search, over all of its tables.</summary>
internal static class SearchRows
{
    /// <summary>
    /// Removes searches with their candidates, examinations, second requests, the approvals that they used, and what people were told
    /// of them.
    /// </summary>
    /// <param name="which">A query that gives their ids.</param>
    /// <param name="values">Its values.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="transaction">The transaction.</param>
    /// <returns>The examinations that went; what is kept of their probes is to be deleted.</returns>
    public static IReadOnlyList<string> Remove(
        string which, object values, SqliteConnection connection, SqliteTransaction transaction)
    {
        var examinations = connection.Query<string>(
            $"SELECT id FROM examination WHERE search IN ({which})", values, transaction).ToList();
        var approvals = connection.Query<string>(
            $"SELECT DISTINCT approval FROM search WHERE approval IS NOT NULL AND id IN ({which})", values, transaction).ToList();
        connection.Execute(
            $"""
            DELETE FROM examined_candidate WHERE examination IN (SELECT id FROM examination WHERE search IN ({which}));
            DELETE FROM examination WHERE search IN ({which});
            DELETE FROM details_request WHERE search IN ({which});
            DELETE FROM notification_read WHERE notification IN (SELECT id FROM notification WHERE search IN ({which}));
            DELETE FROM notification WHERE search IN ({which});
            DELETE FROM search_candidate WHERE search IN ({which});
            DELETE FROM search WHERE id IN ({which})
            """,
            values, transaction);
        connection.Execute("DELETE FROM approval WHERE id = @approval", approvals.Select(approval => new { approval }), transaction);
        return examinations;
    }

    /// <summary>
    /// Removes the candidates of some galleries, all examinations, and what a photo is known by as the probe; the search stays.
    /// </summary>
    public static StrippedSearch Strip(
        string id, IReadOnlyList<string> galleries, SqliteConnection connection, SqliteTransaction transaction)
    {
        var examinations = connection.Query<string>("SELECT id FROM examination WHERE search = @id", new { id }, transaction).ToList();
        connection.Execute(
            """
            DELETE FROM examined_candidate WHERE examination IN (SELECT id FROM examination WHERE search = @id);
            DELETE FROM examination WHERE search = @id;
            DELETE FROM details_request WHERE search = @id AND gallery IN @galleries;
            UPDATE search SET probe_digest = NULL, probe_box = NULL WHERE id = @id
            """,
            new { id, galleries }, transaction);
        return new StrippedSearch(
            connection.Execute(
                "DELETE FROM search_candidate WHERE search = @id AND gallery IN @galleries", new { id, galleries }, transaction),
            examinations);
    }
}
