using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Encryption;

namespace MatchEngine.Sqlite.Stores;

/// <summary>An encounter with its subject as a query gives them.</summary>
/// <remarks>Dapper fills it by names; SQLite knows integers as long and reals as double.</remarks>
internal sealed class EncounterRow
{
    /// <summary>What a query selects, and from what.</summary>
    public const string Columns = """
        e.id AS Row, e.encounter_id AS EncounterId, s.subject_id AS SubjectId, e.image AS Image, lower(hex(e.image_sha256)) AS ImageSha256,
        e.face AS Face, e.faces_found AS FacesFound, e.box_x AS X, e.box_y AS Y, e.box_width AS Width, e.box_height AS Height,
        e.confidence AS Confidence, e.image_width AS ImageWidth, e.image_height AS ImageHeight, e.source_url AS SourceUrl,
        e.metadata AS Metadata, e.key_id AS MetadataKey, e.enrolled AS Enrolled, e.quality AS Quality,
        s.biographics AS Biographics, s.key_id AS BiographicsKey, s.provider AS Provider
        FROM encounter e JOIN subject s ON s.id = e.subject
        """;

    public long Row { get; init; }
    public string EncounterId { get; init; } = "";
    public string SubjectId { get; init; } = "";
    public string Image { get; init; } = "";
    public string ImageSha256 { get; init; } = "";
    public long Face { get; init; }
    public long FacesFound { get; init; }
    public double X { get; init; }
    public double Y { get; init; }
    public double Width { get; init; }
    public double Height { get; init; }
    public double Confidence { get; init; }
    public long ImageWidth { get; init; }
    public long ImageHeight { get; init; }
    public string? SourceUrl { get; init; }
    public string Metadata { get; init; } = "";
    public string Enrolled { get; init; } = "";
    public string? MetadataKey { get; init; }
    public double? Quality { get; init; }
    public string Biographics { get; init; } = "";
    public string? BiographicsKey { get; init; }
    public string? Provider { get; init; }

    public OrderedDictionary<string, string> ToBiographics(SealedValues values) =>
        KeyValueJson.Read(values.Open(Biographics, BiographicsKey, SealedValues.BiographicsOf(SubjectId)));

    public Encounter ToEncounter(SealedValues values) =>
        ToEncounter(KeyValueJson.Read(values.Open(Metadata, MetadataKey, SealedValues.MetadataOf(EncounterId))));

    /// <summary>The encounter with metadata that were opened before.</summary>
    /// <exception cref="FormatException">The row holds what no encounter can be.</exception>
    /// <exception cref="OverflowException">The same, of a number.</exception>
    public Encounter ToEncounter(IReadOnlyDictionary<string, string> metadata)
    {
        var encounter = new Encounter(
            EncounterId,
            SubjectId,
            Image,
            ImageSha256,
            checked((int)Face),
            checked((int)FacesFound),
            new BoundingBox((float)X, (float)Y, (float)Width, (float)Height),
            (float)Confidence,
            checked((int)ImageWidth),
            checked((int)ImageHeight),
            SourceUrl,
            metadata,
            StoredTime.Read(Enrolled)) { Quality = Quality };
        return encounter.Problem() is { } problem ? throw new FormatException($"row {Row}: {problem}") : encounter;
    }

    /// <summary>The subjects of rows, in their order.</summary>
    public static IEnumerable<Subject> ToSubjects(IEnumerable<EncounterRow> rows, SealedValues values) => rows
        .GroupBy(row => row.SubjectId, StringComparer.Ordinal)
        .Select(group => new Subject(
            group.Key, group.First().ToBiographics(values), group.Select(row => row.ToEncounter(values)).ToList())
        {
            Provider = group.First().Provider,
        });
}
