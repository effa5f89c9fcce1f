using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Properties;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// Removals from a gallery, by name or by age: rows, templates and images go, row ids stay in <c>removal</c> for the indexes that still
/// hold
/// them, and the journal is cleaned.
/// </summary>
internal static class Removals
{
    /// <summary>Encounters looked at in one transaction when expired ones are sought.</summary>
    private const int Batch = 2000;

    public static bool OfSubject(string subjectId, ChangeRecord record, GalleryDatabase database) => Remove(
        "SELECT s.id AS Subject, e.id AS Encounter FROM subject s JOIN encounter e ON e.subject = s.id WHERE s.subject_id = @id",
        subjectId, record, database);

    public static bool OfEncounter(string encounterId, ChangeRecord record, GalleryDatabase database) => Remove(
        "SELECT e.subject AS Subject, e.id AS Encounter FROM encounter e WHERE e.encounter_id = @id", encounterId, record, database);

    public static (int Encounters, int Subjects, long? Next) OfExpired(
        DateTimeOffset now, long after, ChangeRecord record, GalleryDatabase database)
    {
        var result = database.Write((gallery, connection, transaction) =>
        {
            if (PropertyTables.Read(connection).Retention is not { } rule)
                return (0, 0, (long?)null);
            var rows = connection.Query<AgedRow>(
                $"{AgedRow.Select} WHERE id > @after ORDER BY id LIMIT {Batch}", new { after }, transaction).AsList();
            var expired = rows.Where(row => row.HasExpired(rule, now, database.Values))
                .Select(row => new RemovedRow { Encounter = row.Encounter, Subject = row.Subject }).ToList();
            var subjects = Remove(expired, gallery, connection, transaction);
            if (expired.Count > 0)
                ChangeMarks.Write(record, new { encounters = expired.Count, subjects }, connection, transaction);
            return (expired.Count, subjects, rows.Count == Batch ? rows[^1].Encounter : null);
        });
        // The last one cleans the journal after all of them.
        if (result.Item3 is null)
            database.Scrub();
        return result;
    }

    /// <summary>The rows of what has expired and is still there; nothing is written.</summary>
    public static IReadOnlyList<long> ExpiredRows(DateTimeOffset now, GalleryDatabase database) => database.Read(connection =>
        PropertyTables.Read(connection).Retention is not { } rule
            ? []
            : connection.Query<AgedRow>($"{AgedRow.Select} ORDER BY id", buffered: false)
                .Where(row => row.HasExpired(rule, now, database.Values)).Select(row => row.Encounter).ToList());

    private static bool Remove(string which, string id, ChangeRecord record, GalleryDatabase database)
    {
        var found = database.Write((gallery, connection, transaction) =>
        {
            var rows = connection.Query<RemovedRow>(which, new { id }, transaction).AsList();
            Remove(rows, gallery, connection, transaction);
            if (rows.Count > 0)
                ChangeMarks.Write(record, null, connection, transaction);
            return rows.Count > 0;
        });
        if (found)
            database.Scrub();
        return found;
    }

    /// <summary>Removes encounters with templates and images, and the subjects that lose their last one; how many subjects.</summary>
    internal static int Remove(List<RemovedRow> rows, GalleryRow gallery, SqliteConnection connection, SqliteTransaction transaction)
    {
        if (rows.Count == 0)
            return 0;
        var change = gallery.Change + 1;
        connection.Execute(
            "INSERT INTO removal (encounter, change) VALUES (@Encounter, @change)",
            rows.Select(row => new { row.Encounter, change }), transaction);
        connection.Execute("DELETE FROM encounter WHERE id = @Encounter", rows, transaction);
        // A subject without encounters cannot be found by any search: keeping its biographics would serve nobody.
        var subjects = connection.Execute(
            "DELETE FROM subject WHERE id = @subject AND NOT EXISTS (SELECT 1 FROM encounter WHERE subject = @subject)",
            rows.Select(row => row.Subject).Distinct().Select(subject => new { subject }),
            transaction);
        connection.Execute("UPDATE gallery SET change = @change, unscrubbed = 1", new { change }, transaction);
        return subjects;
    }

    /// <summary>An encounter to be removed, with its subject.</summary>
    internal sealed class RemovedRow
    {
        public long Subject { get; init; }
        public long Encounter { get; init; }
    }

    private sealed class AgedRow
    {
        public const string Select =
            "SELECT id AS Encounter, subject AS Subject, encounter_id AS EncounterId, enrolled AS Enrolled, metadata AS Metadata, "
                + "key_id AS MetadataKey FROM encounter";

        public long Encounter { get; init; }
        public long Subject { get; init; }
        public string EncounterId { get; init; } = "";
        public string Enrolled { get; init; } = "";
        public string Metadata { get; init; } = "";
        public string? MetadataKey { get; init; }

        // What the rule does not look at need not be opened: encounters expire by enrolment without their key.
        public bool HasExpired(RetentionRule rule, DateTimeOffset now, SealedValues values) => rule.HasExpired(
            StoredTime.Read(Enrolled), rule.Basis == RetentionBasis.Captured ? ToMetadata(values) : [], now);

        private OrderedDictionary<string, string> ToMetadata(SealedValues values) =>
            KeyValueJson.Read(values.Open(Metadata, MetadataKey, SealedValues.MetadataOf(EncounterId)));
    }
}
