using Dapper;
using MatchEngine.Galleries.Encryption;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>Photos and crops of faces as a gallery's database keeps them.</summary>
internal static class ImageTables
{
    /// <summary>Adds what is not there yet.</summary>
    public static void Write(
        long encounter, string encounterId, byte[] sha256, byte[] photo, byte[] crop, SealedValues values,
        SqliteConnection connection, SqliteTransaction transaction)
    {
        // Looked for first: sealing a photo of some megabytes for nothing would cost more than the question.
        if (!connection.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM photo WHERE image_sha256 = @sha256)", new { sha256 }, transaction))
            connection.Execute(
                "INSERT INTO photo (image_sha256, key_id, bytes) VALUES (@sha256, @CurrentId, @bytes)",
                new { sha256, values.CurrentId, bytes = values.Seal(photo, SealedValues.PhotoOf(sha256)) },
                transaction);
        connection.Execute(
            "INSERT INTO face_crop (encounter, key_id, jpeg) VALUES (@encounter, @CurrentId, @jpeg) ON CONFLICT DO NOTHING",
            new { encounter, values.CurrentId, jpeg = values.Seal(crop, SealedValues.CropOf(encounterId)) },
            transaction);
    }

    /// <summary>The photo of an encounter as it lies there, or null.</summary>
    public static ValueRow? FindPhoto(string encounterId, SqliteConnection connection) => connection.QuerySingleOrDefault<ValueRow>(
        "SELECT p.key_id AS KeyId, p.bytes AS Bytes, p.image_sha256 AS Sha256 FROM encounter e JOIN photo p "
            + "ON p.image_sha256 = e.image_sha256 WHERE e.encounter_id = @encounterId",
        new { encounterId });

    /// <summary>The crop of an encounter's face as it lies there, or null.</summary>
    public static ValueRow? FindCrop(string encounterId, SqliteConnection connection) => connection.QuerySingleOrDefault<ValueRow>(
        "SELECT c.key_id AS KeyId, c.jpeg AS Bytes FROM encounter e JOIN face_crop c ON c.encounter = e.id "
            + "WHERE e.encounter_id = @encounterId",
        new { encounterId });

    /// <summary>A picture, sealed or not.</summary>
    internal sealed class ValueRow
    {
        public string? KeyId { get; init; }
        public byte[] Bytes { get; init; } = [];
        public byte[] Sha256 { get; init; } = [];
    }
}
