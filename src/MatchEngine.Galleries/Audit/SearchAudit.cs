using MatchEngine.Faces.Images;

namespace MatchEngine.Galleries.Audit;

/// <summary>
/// What the audit log says of a search. It holds ids and scores, by which the search can be retraced,
/// and never biographics, images or templates; of a search among some the conditions as they were asked for, and nobody's values.
/// </summary>
public sealed record SearchAudit
{
    /// <summary>The list's id.</summary>
    public required Guid SearchId { get; init; }

    /// <summary>The galleries that were searched.</summary>
    public required IReadOnlyList<string> Galleries { get; init; }

    /// <summary>Why the search was made; null where the profile demands no reason.</summary>
    public SearchPurpose? Purpose { get; init; }

    /// <summary>The list length asked for.</summary>
    public required int ListLength { get; init; }

    /// <summary>The score floor asked for, or null.</summary>
    public float? Floor { get; init; }

    /// <summary>The floor of each gallery that was searched, where they have different ones; null where one holds for all.</summary>
    public IReadOnlyList<GalleryFloor>? Floors { get; init; }

    /// <summary>Whether the list goes below the floor, because a rule demands several candidates.</summary>
    public bool FloorGaveWay { get; init; }

    /// <summary>The conditions by which the search was made among some, as they were asked for; null: among everybody.</summary>
    public IReadOnlyList<string>? Filter { get; init; }

    /// <summary>The quality of the probe's face as the quality measure gives it, or null where none was taken.</summary>
    public double? ProbeQuality { get; init; }

    /// <summary>How many faces the probe shows; null for a search without an image.</summary>
    public int? ProbeFaces { get; init; }

    /// <summary>What was done to the photo before it was searched with; null: nothing.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>The encounter whose template was searched with; null for a search with an image.</summary>
    public string? ProbeEncounterId { get; init; }

    /// <summary>The candidates, in rank order.</summary>
    public required IReadOnlyList<AuditedCandidate> Candidates { get; init; }

    /// <summary>Which words the reader was shown.</summary>
    public required string DisclaimerVersion { get; init; }

    /// <summary>The id of the model card.</summary>
    public required string Model { get; init; }

    /// <summary>How the answer was found.</summary>
    public required string Path { get; init; }

    /// <summary>Templates in the galleries when they were searched.</summary>
    public required long GallerySize { get; init; }

    /// <summary>The profile that was applied, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>The id of a supervisor's approval, where one was needed.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>The entry for the audit log.</summary>
    /// <param name="actor">Who searched.</param>
    /// <param name="organisation">On whose behalf, or null.</param>
    /// <param name="retentionYears">For how many years the event is kept.</param>
    public AuditEntry ToEntry(string actor, string? organisation = null, int retentionYears = AuditEntry.StandardYears) => new()
    {
        Kind = AuditKinds.Search,
        Actor = actor,
        Organisation = organisation,
        Payload = AuditEntry.Object(this),
        RetentionYears = retentionYears,
    };
}

/// <summary>The score floor of a gallery in a search.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Floor">Its floor, −1 … 1; null for none.</param>
public sealed record GalleryFloor(string Gallery, float? Floor);

/// <summary>Why a search is made. Which of the fields are demanded is for the profile to say.</summary>
/// <param name="CaseNumber">The case it belongs to.</param>
/// <param name="Basis">The statutory violation or another legal basis.</param>
/// <param name="Requester">Who asked for it, where that is not who sent it.</param>
public sealed record SearchPurpose(string? CaseNumber = null, string? Basis = null, string? Requester = null);

/// <summary>A candidate as the audit log names it.</summary>
/// <param name="Rank">Place on the list, from 1.</param>
/// <param name="Gallery">The gallery it comes from.</param>
/// <param name="SubjectId">The subject's id.</param>
/// <param name="EncounterId">The encounter whose template scored.</param>
/// <param name="Score">The score, −1 … 1; written with four decimals.</param>
public sealed record AuditedCandidate(int Rank, string Gallery, string SubjectId, string EncounterId, float Score);
