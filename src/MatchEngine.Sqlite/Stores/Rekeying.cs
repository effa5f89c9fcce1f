using Dapper;
using MatchEngine.Galleries.Encryption;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>Seals again, under the current key, what a gallery holds in the clear or under another key.</summary>
internal static class Rekeying
{
    // A photo has some megabytes at most; a transaction of this many rows stays small beside the journal's limits.
    private const int Batch = 64;

    /// <summary>Seals some more rows; the number of them, 0 when nothing is left.</summary>
    public static int Some(SealedValues values, SqliteConnection connection, SqliteTransaction transaction)
    {
        var sealedNow = 0;
        foreach (var row in Next<TextRow>("SELECT id AS Row, subject_id AS Id, biographics AS Text, key_id AS KeyId FROM subject"))
        {
            var place = SealedValues.BiographicsOf(row.Id);
            Update("UPDATE subject SET biographics = @value, key_id = @CurrentId WHERE id = @row", row.Row, values.Seal(
                values.Open(row.Text, row.KeyId, place), place));
        }
        foreach (var row in Next<TextRow>("SELECT id AS Row, encounter_id AS Id, metadata AS Text, key_id AS KeyId FROM encounter"))
        {
            var place = SealedValues.MetadataOf(row.Id);
            Update("UPDATE encounter SET metadata = @value, key_id = @CurrentId WHERE id = @row", row.Row, values.Seal(
                values.Open(row.Text, row.KeyId, place), place));
        }
        foreach (var row in Next<TextRow>(
            "SELECT l.id AS Row, a.subject_id AS Id, b.subject_id AS Other, l.note AS Text, l.key_id AS KeyId FROM subject_link l "
                + "JOIN subject a ON a.id = l.subject JOIN subject b ON b.id = l.other", "l."))
        {
            var place = SealedValues.LinkOf(row.Id, row.Other);
            Update("UPDATE subject_link SET note = @value, key_id = @CurrentId WHERE id = @row", row.Row, values.Seal(
                values.Open(row.Text, row.KeyId, place), place));
        }
        foreach (var row in Next<BytesRow>("SELECT id AS Row, image_sha256 AS Sha256, bytes AS Bytes, key_id AS KeyId FROM photo"))
        {
            var place = SealedValues.PhotoOf(row.Sha256);
            Update("UPDATE photo SET bytes = @value, key_id = @CurrentId WHERE id = @row", row.Row, values.Seal(
                values.Open(row.Bytes, row.KeyId, place), place));
        }
        foreach (var row in Next<BytesRow>(
            "SELECT c.encounter AS Row, e.encounter_id AS Id, c.jpeg AS Bytes, c.key_id AS KeyId FROM face_crop c JOIN encounter e "
                + "ON e.id = c.encounter", "c."))
        {
            var place = SealedValues.CropOf(row.Id);
            Update("UPDATE face_crop SET jpeg = @value, key_id = @CurrentId WHERE encounter = @row", row.Row, values.Seal(
                values.Open(row.Bytes, row.KeyId, place), place));
        }
        return sealedNow;

        IEnumerable<T> Next<T>(string select, string table = "") => connection.Query<T>(
            $"{select} WHERE {table}key_id IS NOT @CurrentId LIMIT {Batch}", new { values.CurrentId }, transaction).ToList();

        void Update(string sql, long row, object value)
        {
            connection.Execute(sql, new { value, values.CurrentId, row }, transaction);
            sealedNow++;
        }
    }

    private sealed class TextRow
    {
        public long Row { get; init; }
        public string Id { get; init; } = "";
        public string Other { get; init; } = "";
        public string Text { get; init; } = "";
        public string? KeyId { get; init; }
    }

    private sealed class BytesRow
    {
        public long Row { get; init; }
        public string Id { get; init; } = "";
        public byte[] Sha256 { get; init; } = [];
        public byte[] Bytes { get; init; } = [];
        public string? KeyId { get; init; }
    }
}
