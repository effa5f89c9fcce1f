using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Encryption;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>Links between subjects as a gallery's database keeps them.</summary>
internal static class LinkTable
{
    /// <summary>Enters a link in place of one that is there; false when one of the subjects is not.</summary>
    public static bool Write(
        string subjectId, SubjectLink link, SealedValues values, SqliteConnection connection, SqliteTransaction transaction)
    {
        var rows = connection.Query<long>(
            "SELECT id FROM subject WHERE subject_id IN (@subjectId, @SubjectId2) ORDER BY id",
            new { subjectId, SubjectId2 = link.SubjectId }, transaction).AsList();
        if (rows is not [var first, var second])
            return false;
        connection.Execute(
            """
            INSERT INTO subject_link (subject, other, note, key_id, entered_by, entered)
            VALUES (@first, @second, @note, @CurrentId, @EnteredBy, @entered)
            ON CONFLICT (subject, other) DO UPDATE
            SET note = excluded.note, key_id = excluded.key_id, entered_by = excluded.entered_by, entered = excluded.entered
            """,
            new
            {
                first,
                second,
                note = values.Seal(link.Note, SealedValues.LinkOf(subjectId, link.SubjectId)),
                values.CurrentId,
                link.EnteredBy,
                entered = StoredTime.Write(link.Entered),
            },
            transaction);
        return true;
    }

    /// <summary>A subject's links, in the byte order of the others' ids.</summary>
    public static List<LinkRow> Read(string subjectId, SqliteConnection connection) =>
        connection.Query<LinkRow>(
            """
            SELECT s.subject_id AS Other, l.note AS Note, l.key_id AS KeyId, l.entered_by AS EnteredBy, l.entered AS Entered
            FROM subject me
            JOIN subject_link l ON me.id IN (l.subject, l.other)
            JOIN subject s ON s.id = CASE me.id WHEN l.subject THEN l.other ELSE l.subject END
            WHERE me.subject_id = @subjectId ORDER BY s.subject_id
            """,
            new { subjectId }).AsList();

    /// <summary>Takes a link out; false when there is none.</summary>
    public static bool Remove(string subjectId, string otherId, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
            """
            DELETE FROM subject_link WHERE (subject, other) = (
              SELECT min(a.id, b.id), max(a.id, b.id) FROM subject a, subject b WHERE a.subject_id = @subjectId AND b.subject_id = @otherId)
            """,
            new { subjectId, otherId },
            transaction) == 1;

    /// <summary>A link as it lies there.</summary>
    internal sealed class LinkRow
    {
        public string Other { get; init; } = "";
        public string Note { get; init; } = "";
        public string? KeyId { get; init; }
        public string EnteredBy { get; init; } = "";
        public string Entered { get; init; } = "";

        public SubjectLink ToLink(string subjectId, SealedValues values) => new(
            Other, values.Open(Note, KeyId, SealedValues.LinkOf(subjectId, Other)), EnteredBy, StoredTime.Read(Entered));
    }
}
