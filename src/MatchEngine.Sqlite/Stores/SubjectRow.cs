using Dapper;
using MatchEngine.Galleries.Encryption;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>A row of <c>subject</c> and its biographics.</summary>
internal sealed class SubjectRow
{
    public long Row { get; init; }
    public string Biographics { get; init; } = "";
    public string? KeyId { get; init; }
    public string? Provider { get; init; }

    public static SubjectRow? Find(string subjectId, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.QuerySingleOrDefault<SubjectRow>(
            "SELECT id AS Row, biographics AS Biographics, key_id AS KeyId, provider AS Provider FROM subject "
                + "WHERE subject_id = @subjectId",
            new { subjectId }, transaction);

    /// <summary>The biographics in the clear, as JSON.</summary>
    public string Open(string subjectId, SealedValues values) =>
        values.Open(Biographics, KeyId, SealedValues.BiographicsOf(subjectId));

    /// <summary>Replaces the biographics of a row.</summary>
    public static void Write(
        long row, string subjectId, string biographics, SealedValues values, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
            "UPDATE subject SET biographics = @text, key_id = @CurrentId WHERE id = @row",
            new { text = values.Seal(biographics, SealedValues.BiographicsOf(subjectId)), values.CurrentId, row },
            transaction);
}
