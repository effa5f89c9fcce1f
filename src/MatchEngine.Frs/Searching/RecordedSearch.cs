using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Searching;

/// <summary>
/// A search that was made, as the service's book keeps it for those who may know of it: with its case (<see cref="Cases.CaseFile"/>), or
/// where it has none as long as the audit keeps its event. No image, no template, no biographics.
/// </summary>
/// <param name="Id">The search's id (a UUID of version 7, with dashes).</param>
/// <param name="Account">The account that searched.</param>
/// <param name="Organisation">For which organisation.</param>
/// <param name="Searched">When (UTC).</param>
/// <param name="Audit">The number of its event in the audit.</param>
/// <param name="Expires">When the event's retention ends (UTC); null: never.</param>
public sealed record RecordedSearch(
    string Id, string Account, string Organisation, DateTimeOffset Searched, long Audit, DateTimeOffset? Expires)
{
    /// <summary>The galleries that were searched.</summary>
    public required IReadOnlyList<string> Galleries { get; init; }

    /// <summary>Why the search was made; null where no reason was demanded.</summary>
    public SearchPurpose? Purpose { get; init; }

    /// <summary>The largest number of candidates.</summary>
    public required int ListLength { get; init; }

    /// <summary>The score floor, −1 … 1, or null.</summary>
    public float? Floor { get; init; }

    /// <summary>The floor of each gallery, where they have different ones; null where one holds for all.</summary>
    public IReadOnlyList<GalleryFloor>? Floors { get; init; }

    /// <summary>The conditions by which it was made among some; null: among everybody.</summary>
    public IReadOnlyList<string>? Filter { get; init; }

    /// <summary>Whether the list goes below the floor, because a rule demands several candidates.</summary>
    public bool FloorGaveWay { get; init; }

    /// <summary>The overall quality of the probe's face, 0 … 100; null where none was taken.</summary>
    public double? ProbeQuality { get; init; }

    /// <summary>How many faces the probe shows; null for an enrolled encounter.</summary>
    public int? ProbeFaces { get; init; }

    /// <summary>What was done to the photo before it was searched with; null: nothing.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>The enrolled encounter that was searched with; null for an image.</summary>
    public string? ProbeEncounter { get; init; }

    /// <summary>The id of the model card.</summary>
    public required string Model { get; init; }

    /// <summary>How the answer was found.</summary>
    public required string Path { get; init; }

    /// <summary>Templates in the galleries when they were searched.</summary>
    public required long GallerySize { get; init; }

    /// <summary>The profile of the service at that time, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>Which words the reader was shown.</summary>
    public required string DisclaimerVersion { get; init; }

    /// <summary>The approval it was made with, or null.</summary>
    public string? Approval { get; init; }

    /// <summary>Why it could not wait, or null.</summary>
    public string? Exigent { get; init; }

    /// <summary>Until when it is to be reviewed; null where no review is demanded.</summary>
    public DateTimeOffset? ReviewDue { get; init; }

    /// <summary>What a supervisor thinks of it; null: nobody has looked.</summary>
    public Review? Review { get; init; }

    /// <summary>The keyed digest of the probe, as in its receipt; null for an enrolled encounter.</summary>
    public string? ProbeDigest { get; init; }

    /// <summary>Where the probe's face is, in pixels of the upright photo; null for an enrolled encounter.</summary>
    public BoundingBox? ProbeBox { get; init; }

    /// <summary>
    /// The galleries whose candidates are told only after an examination, and of these those that were kept; null where none is held.
    /// </summary>
    public IReadOnlyList<string>? Held { get; init; }

    /// <summary>Whether a supervisor found it improper: its candidates are closed then, but for those who supervise it.</summary>
    public bool IsImproper => Review?.Finding == ReviewFinding.Improper;

    /// <summary>Whether a supervisor must look at it: it could not wait, and nobody has looked.</summary>
    public bool IsFlagged => ReviewDue is not null && Review is null;
}

/// <summary>A candidate as the service's book keeps it.</summary>
/// <param name="Rank">Place on the list, from 1.</param>
/// <param name="Gallery">The gallery it comes from.</param>
/// <param name="Subject">The subject's id.</param>
/// <param name="Encounter">The encounter whose template scored.</param>
/// <param name="Score">The score, −1 … 1, to four decimals, as in the audit.</param>
public sealed record RecordedCandidate(int Rank, string Gallery, string Subject, string Encounter, float Score);
