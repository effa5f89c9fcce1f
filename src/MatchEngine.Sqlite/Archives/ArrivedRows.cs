using System.Security.Cryptography;
using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Properties;
using MatchEngine.Sqlite.Databases;
using MatchEngine.Sqlite.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Archives;

/// <summary>
/// The rows of a database that came from elsewhere, each taken through the domain type that it is read as later: whoever made the file
/// could have written anything that SQLite takes. A value that is sealed with a key which is not here is judged by its form.
/// </summary>
/// <param name="connection">The database, whose tables are ours and whole.</param>
/// <param name="database">The same, opened as a gallery.</param>
internal sealed class ArrivedRows(SqliteConnection connection, GalleryDatabase database)
{
    // Beyond these nothing of ours is written, and reading it would cost more than it is worth.
    private const string MaxId = "1024", MaxText = "4194304", MaxTemplate = "65536", MaxPicture = "134217728";

    // The number of a row or a change goes up by one; a counter at the end of its range would stop every further enrolment.
    private const string MaxNumber = "9007199254740992";

    private const string TooLong =
        $"""
        SELECT 1 FROM subject WHERE octet_length(subject_id) > {MaxId} OR octet_length(biographics) > {MaxText}
          OR octet_length(key_id) > {MaxId} OR octet_length(provider) > {MaxId}
        UNION ALL SELECT 1 FROM provider_sharing WHERE octet_length(provider) > {MaxId} OR octet_length(organisation) > {MaxId}
        UNION ALL SELECT 1 FROM encounter WHERE octet_length(encounter_id) > {MaxId} OR octet_length(image) > {MaxText}
          OR octet_length(source_url) > {MaxText} OR octet_length(metadata) > {MaxText} OR octet_length(enrolled) > {MaxId}
          OR octet_length(key_id) > {MaxId}
        UNION ALL SELECT 1 FROM template WHERE octet_length(body) > {MaxTemplate}
        UNION ALL SELECT 1 FROM photo WHERE octet_length(bytes) > {MaxPicture} OR octet_length(key_id) > {MaxId}
        UNION ALL SELECT 1 FROM face_crop WHERE octet_length(jpeg) > {MaxPicture} OR octet_length(key_id) > {MaxId}
        UNION ALL SELECT 1 FROM permission WHERE octet_length(organisation) > {MaxId} OR octet_length(fields) > {MaxText}
        UNION ALL SELECT 1 FROM subject_link WHERE octet_length(note) > {MaxText} OR octet_length(entered_by) > {MaxId}
          OR octet_length(entered) > {MaxId} OR octet_length(key_id) > {MaxId}
        UNION ALL SELECT 1 FROM duplicate_search WHERE octet_length(asked_by) > {MaxId} OR octet_length(asked) > {MaxId}
          OR octet_length(through) > {MaxId}
        UNION ALL SELECT 1 FROM kept_apart WHERE octet_length(decided_by) > {MaxId} OR octet_length(decided) > {MaxId}
        UNION ALL SELECT 1 FROM gallery WHERE octet_length(model) > {MaxId} OR octet_length(created) > {MaxId}
          OR octet_length(owner) > {MaxId} OR octet_length(profile) > {MaxId} OR octet_length(key_id) > {MaxId}
        """;

    private static readonly (string What, string Sql)[] Impossible =
    [
        ("a subject has no encounter", "SELECT 1 FROM subject s WHERE NOT EXISTS (SELECT 1 FROM encounter WHERE subject = s.id)"),
        ("an encounter has no template", "SELECT 1 FROM encounter e WHERE NOT EXISTS (SELECT 1 FROM template WHERE encounter = e.id)"),
        ("a photo is of no encounter",
            "SELECT 1 FROM photo p WHERE NOT EXISTS (SELECT 1 FROM encounter WHERE image_sha256 = p.image_sha256)"),
        ("a pair of alike subjects is of other subjects' photos",
            """
            SELECT 1 FROM duplicate_pair p WHERE NOT EXISTS (SELECT 1 FROM encounter WHERE id = p.encounter AND subject = p.subject)
              OR NOT EXISTS (SELECT 1 FROM encounter WHERE id = p.other_encounter AND subject = p.other)
            """),
        ("the number of a row lies outside of its range",
            $"""
            SELECT 1 FROM subject WHERE id NOT BETWEEN 1 AND {MaxNumber}
            UNION ALL SELECT 1 FROM encounter WHERE id NOT BETWEEN 1 AND {MaxNumber}
            UNION ALL SELECT 1 FROM photo WHERE id NOT BETWEEN 1 AND {MaxNumber}
            UNION ALL SELECT 1 FROM subject_link WHERE id NOT BETWEEN 1 AND {MaxNumber}
            UNION ALL SELECT 1 FROM duplicate_pair WHERE id NOT BETWEEN 1 AND {MaxNumber}
            UNION ALL SELECT 1 FROM kept_apart WHERE id NOT BETWEEN 1 AND {MaxNumber}
            UNION ALL SELECT 1 FROM duplicate_search WHERE subjects NOT BETWEEN 0 AND {MaxNumber}
            UNION ALL SELECT 1 FROM sqlite_sequence WHERE name NOT IN ('subject', 'encounter') OR typeof(seq) <> 'integer'
              OR seq NOT BETWEEN 0 AND {MaxNumber}
            UNION ALL SELECT 1 FROM sqlite_sequence GROUP BY name HAVING count(*) > 1
            UNION ALL SELECT 1 FROM encounter e WHERE id > ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'encounter'), 0)
            UNION ALL SELECT 1 FROM subject s WHERE id > ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'subject'), 0)
            """),
        ("the number of a change lies outside of its range",
            $"""
            SELECT 1 FROM gallery WHERE change NOT BETWEEN 0 AND {MaxNumber}
            UNION ALL SELECT 1 FROM encounter WHERE change NOT BETWEEN 1 AND (SELECT change FROM gallery)
            UNION ALL SELECT 1 FROM removal WHERE change NOT BETWEEN 1 AND (SELECT change FROM gallery)
            UNION ALL SELECT 1 FROM gallery WHERE subject_change NOT BETWEEN 0 AND {MaxNumber}
            UNION ALL SELECT 1 FROM subject WHERE change NOT BETWEEN 1 AND (SELECT subject_change FROM gallery)
            UNION ALL SELECT 1 FROM subject_removal WHERE change NOT BETWEEN 1 AND (SELECT subject_change FROM gallery)
            """),
        ("a removal is of a subject that is there, or never was",
            """
            SELECT 1 FROM subject_removal r WHERE EXISTS (SELECT 1 FROM subject WHERE id = r.subject)
              OR subject NOT BETWEEN 1 AND ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'subject'), 0)
            """),
        ("a removal is of an encounter that is there, or never was",
            """
            SELECT 1 FROM removal r WHERE EXISTS (SELECT 1 FROM encounter WHERE id = r.encounter)
              OR encounter NOT BETWEEN 1 AND ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'encounter'), 0)
            """),
    ];

    /// <summary>The longest value of a row, in bytes: a photo.</summary>
    public const int MaxValue = 128 << 20;

    /// <summary>Refuses values that are longer than any of ours; nothing of them is read.</summary>
    public static void RequireLengths(SqliteConnection connection)
    {
        if (connection.ExecuteScalar<bool>($"SELECT EXISTS ({TooLong})"))
            throw new FormatException("a text or a picture is longer than any of ours");
    }

    /// <summary>Refuses rows that are none of ours.</summary>
    /// <exception cref="Galleries.Errors.StoreException">Or the errors that <see cref="SqliteFault.Told"/> makes one of.</exception>
    public void Require()
    {
        foreach (var (what, sql) in Impossible)
        {
            if (connection.ExecuteScalar<bool>($"SELECT EXISTS ({sql})"))
                throw SqliteFault.Damaged(database.File, what);
        }
        RequireProperties();
        RequireEncounters();
        RequireTemplates();
        RequirePictures();
        RequireLinks();
        RequireDuplicates();
    }

    private void RequireProperties()
    {
        PropertyTables.Read(connection);
        PropertyTables.ReadPermissions(connection);
        foreach (var name in Rows<string>(
            "SELECT DISTINCT provider FROM subject WHERE provider IS NOT NULL UNION SELECT provider FROM provider_sharing "
                + "UNION SELECT organisation FROM provider_sharing"))
        {
            if (string.IsNullOrWhiteSpace(name) || name.Length > GalleryProperties.MaxName || name.Any(char.IsControl))
                throw new FormatException("a provider of data is no organisation");
        }
        if (GalleryRow.Read(connection)?.KeyId is { } key && !DataKeys.IsId(key))
            throw new FormatException("the id of its key is none");
    }

    private void RequireEncounters()
    {
        foreach (var row in Rows<EncounterRow>($"SELECT {EncounterRow.Columns}"))
        {
            row.ToEncounter(Opened(row.Metadata, row.MetadataKey, SealedValues.MetadataOf(row.EncounterId)));
            Opened(row.Biographics, row.BiographicsKey, SealedValues.BiographicsOf(row.SubjectId));
        }
    }

    private void RequireTemplates()
    {
        foreach (var row in Rows<TemplateRow>("SELECT encounter AS Encounter, body AS Body FROM template"))
            database.ParseTemplate(row.Encounter, row.Body).Erase();
    }

    private void RequirePictures()
    {
        foreach (var row in Rows<ImageTables.ValueRow>("SELECT key_id AS KeyId, bytes AS Bytes, image_sha256 AS Sha256 FROM photo"))
        {
            if (database.Values.TryOpen(row.Bytes, row.KeyId, SealedValues.PhotoOf(row.Sha256)) is { } photo
                && !SHA256.HashData(photo).AsSpan().SequenceEqual(row.Sha256))
                throw new FormatException("a photo is not the one that was enrolled");
        }
        foreach (var row in Rows<CropRow>(
            "SELECT e.encounter_id AS EncounterId, c.key_id AS KeyId, c.jpeg AS Bytes FROM face_crop c "
                + "JOIN encounter e ON e.id = c.encounter"))
        {
            if (database.Values.TryOpen(row.Bytes, row.KeyId, SealedValues.CropOf(row.EncounterId)) is { } crop
                && crop is not [0xFF, 0xD8, 0xFF, ..])
                throw new FormatException($"the picture of encounter {row.EncounterId} is no JPEG");
        }
    }

    private void RequireLinks()
    {
        foreach (var row in Rows<LinkRow>(
            "SELECT s.subject_id AS SubjectId, o.subject_id AS Other, l.note AS Note, l.key_id AS KeyId, l.entered_by AS EnteredBy, "
                + "l.entered AS Entered FROM subject_link l JOIN subject s ON s.id = l.subject JOIN subject o ON o.id = l.other"))
        {
            database.Values.TryOpen(row.Note, row.KeyId, SealedValues.LinkOf(row.SubjectId, row.Other));
            StoredTime.Read(row.Entered);
            if (SubjectId.Problem(row.EnteredBy) is not null)
                throw new FormatException("a link was entered by nobody");
        }
    }

    private void RequireDuplicates()
    {
        foreach (var row in Rows<SaidRow>(
            "SELECT decided_by AS By, decided AS Time FROM kept_apart UNION ALL SELECT asked_by, asked FROM duplicate_search"))
        {
            StoredTime.Read(row.Time);
            if (SubjectId.Problem(row.By) is not null)
                throw new FormatException("who is kept apart, or a search for duplicates, was said by nobody");
        }
    }

    private IReadOnlyDictionary<string, string> Opened(string text, string? keyId, string row) =>
        database.Values.TryOpen(text, keyId, row) is { } json ? KeyValueJson.Read(json) : new Dictionary<string, string>();

    // One after the other: a gallery is larger than memory.
    private IEnumerable<T> Rows<T>(string sql) => connection.Query<T>(sql, buffered: false);

    private sealed class TemplateRow
    {
        public long Encounter { get; init; }
        public byte[] Body { get; init; } = [];
    }

    private sealed class CropRow
    {
        public string EncounterId { get; init; } = "";
        public string? KeyId { get; init; }
        public byte[] Bytes { get; init; } = [];
    }

    private sealed class SaidRow
    {
        public string By { get; init; } = "";
        public string Time { get; init; } = "";
    }

    private sealed class LinkRow
    {
        public string SubjectId { get; init; } = "";
        public string Other { get; init; } = "";
        public string Note { get; init; } = "";
        public string? KeyId { get; init; }
        public string EnteredBy { get; init; } = "";
        public string Entered { get; init; } = "";
    }
}
