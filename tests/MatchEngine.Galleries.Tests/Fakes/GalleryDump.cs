using System.Text;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>
/// Everything that a gallery's database holds, as text, except for times and the numbering of transactions. Reads the tables without the
/// code under test.
/// </summary>
internal static class GalleryDump
{
    public static string Of(string dataFolder, string gallery)
    {
        var text = new StringBuilder();
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(dataFolder, "galleries", gallery, "gallery.db")};Pooling=False");
        connection.Open();
        foreach (var query in new[]
        {
            "SELECT model, model_digest, dimension, deleting FROM gallery",
            "SELECT id, subject_id, biographics FROM subject ORDER BY id",
            "SELECT id, encounter_id, subject, image, hex(image_sha256), face, faces_found, box_x, box_y, box_width, box_height, "
                + "confidence, image_width, image_height, source_url, metadata FROM encounter ORDER BY id",
            "SELECT encounter, hex(body) FROM template ORDER BY encounter",
        })
        {
            using var command = connection.CreateCommand();
            command.CommandText = query;
            using var reader = command.ExecuteReader();
            while (reader.Read())
                text.AppendJoin('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i).ToString())).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>What SQLite itself says of the database.</summary>
    public static string IntegrityCheck(string dataFolder, string gallery)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(dataFolder, "galleries", gallery, "gallery.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }
}
