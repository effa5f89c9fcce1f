using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// Encounters of one subject that become another one's. The id of an encounter is that of its subject, image and face, and what is sealed
/// is bound to it: so each is written anew under a row of its own and the old one goes, which whoever follows the change feed sees as a
/// removal and an enrolment.
/// </summary>
internal static class Moves
{
    public static bool ToSubject(IReadOnlyList<string> encounterIds, string toSubject, ChangeRecord record, GalleryDatabase database)
    {
        var moved = database.Write((gallery, connection, transaction) =>
        {
            database.RequireKey(gallery, connection, transaction);
            var to = SubjectRow.Find(toSubject, connection, transaction);
            var rows = connection.Query<MovedRow>(
                $"{MovedRow.Select} WHERE e.encounter_id IN @encounterIds ORDER BY e.id", new { encounterIds }, transaction).AsList();
            if (to is null || rows.Count == 0 || rows.Count < encounterIds.Distinct(StringComparer.Ordinal).Count()
                || rows.Exists(row => row.Subject == to.Row || row.Subject != rows[0].Subject))
                return false;
            var count = rows.Count(row => Copy(row, to.Row, toSubject, gallery.Change + 1, database.Values, connection, transaction));
            var from = (Row: rows[0].Subject, Id: rows[0].SubjectId);
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM encounter WHERE subject = @Row", new { from.Row }, transaction)
                == rows.Count)
                Inherit(from.Row, from.Id, to, toSubject, database.Values, connection, transaction);
            var gone = Removals.Remove(
                rows.ConvertAll(row => new Removals.RemovedRow { Encounter = row.Encounter, Subject = row.Subject }), gallery, connection,
                transaction);
            ChangeMarks.Write(record, new { encounters = count, subjects = gone }, connection, transaction);
            return true;
        });
        if (moved)
            database.Scrub();
        return moved;
    }

    /// <summary>Writes an encounter anew as the other subject's; false when that one has it already.</summary>
    private static bool Copy(
        MovedRow row, long to, string toSubject, long change, SealedValues values, SqliteConnection connection,
        SqliteTransaction transaction)
    {
        if (connection.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM encounter WHERE image_sha256 = @Sha256 AND face = @Face AND subject = @to)",
            new { row.Sha256, row.Face, to }, transaction))
            return false;
        var id = EncounterId.Of(toSubject, row.Sha256, checked((int)row.Face));
        var metadata = values.Open(row.Metadata, row.MetadataKey, SealedValues.MetadataOf(row.EncounterId));
        var encounter = connection.ExecuteScalar<long>(
            """
            INSERT INTO encounter (encounter_id, subject, image, image_sha256, face, faces_found, box_x, box_y, box_width, box_height,
                                   confidence, image_width, image_height, source_url, metadata, key_id, enrolled, change, quality)
            SELECT @id, @to, image, image_sha256, face, faces_found, box_x, box_y, box_width, box_height,
                   confidence, image_width, image_height, source_url, @metadata, @CurrentId, enrolled, @change, quality
            FROM encounter WHERE id = @Encounter RETURNING id
            """,
            new
            {
                id,
                to,
                metadata = values.Seal(metadata, SealedValues.MetadataOf(id)),
                values.CurrentId,
                change,
                row.Encounter,
            },
            transaction);
        connection.Execute(
            "INSERT INTO template (encounter, body) SELECT @encounter, body FROM template WHERE encounter = @old",
            new { encounter, old = row.Encounter }, transaction);
        if (row.Crop is { } crop)
            connection.Execute(
                "INSERT INTO face_crop (encounter, key_id, jpeg) VALUES (@encounter, @CurrentId, @jpeg)",
                new
                {
                    encounter,
                    values.CurrentId,
                    jpeg = values.Seal(
                        values.Open(crop, row.CropKey, SealedValues.CropOf(row.EncounterId)), SealedValues.CropOf(id)),
                },
                transaction);
        return true;
    }

    /// <summary>What is said of a subject that goes, where the other one has nothing of the kind.</summary>
    private static void Inherit(
        long from, string fromSubject, SubjectRow to, string toSubject, SealedValues values, SqliteConnection connection,
        SqliteTransaction transaction)
    {
        var said = SubjectRow.Find(fromSubject, connection, transaction)!.Open(fromSubject, values);
        if (KeyValueJson.Complete(to.Open(toSubject, values), KeyValueJson.Read(said)) is { } biographics)
            SubjectRow.Write(to.Row, toSubject, biographics, values, connection, transaction);
        foreach (var link in LinkTable.Read(fromSubject, connection).Where(link => link.Other != toSubject))
        {
            if (!LinkTable.Read(toSubject, connection).Exists(own => own.Other == link.Other))
                LinkTable.Write(toSubject, link.ToLink(fromSubject, values), values, connection, transaction);
        }
        connection.Execute(
            """
            INSERT INTO kept_apart (subject, other, decided_by, decided)
            SELECT min(@To, them), max(@To, them), decided_by, decided
            FROM (SELECT iif(subject = @from, other, subject) AS them, decided_by, decided FROM kept_apart WHERE @from IN (subject, other))
            WHERE them <> @To
            ON CONFLICT (subject, other) DO NOTHING
            """,
            new { from, To = to.Row }, transaction);
    }

    private sealed class MovedRow
    {
        public const string Select =
            "SELECT e.id AS Encounter, e.subject AS Subject, s.subject_id AS SubjectId, e.encounter_id AS EncounterId, "
                + "e.image_sha256 AS Sha256, e.face AS Face, e.metadata AS Metadata, e.key_id AS MetadataKey, c.jpeg AS Crop, "
                + "c.key_id AS CropKey FROM encounter e JOIN subject s ON s.id = e.subject LEFT JOIN face_crop c ON c.encounter = e.id";

        public long Encounter { get; init; }
        public long Subject { get; init; }
        public string SubjectId { get; init; } = "";
        public string EncounterId { get; init; } = "";
        public byte[] Sha256 { get; init; } = [];
        public long Face { get; init; }
        public string Metadata { get; init; } = "";
        public string? MetadataKey { get; init; }
        public byte[]? Crop { get; init; }
        public string? CropKey { get; init; }
    }
}
