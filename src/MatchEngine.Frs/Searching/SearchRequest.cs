using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Filters;

namespace MatchEngine.Frs.Searching;

/// <summary>A search. The probe is the image that comes with it, or an enrolled encounter.</summary>
public sealed record SearchRequest
{
    /// <summary>The galleries to search; null or none for all that the actor's organisation may search.</summary>
    public IReadOnlyList<string>? Galleries { get; init; }

    /// <summary>The largest number of candidates; null: as the profile says.</summary>
    public int? ListLength { get; init; }

    /// <summary>Candidates score this or more, −1 … 1; null for no floor.</summary>
    public float? ScoreFloor { get; init; }

    /// <summary>
    /// How many strangers are to be expected at or above a floor that is chosen for the probe; null for none. With
    /// <see cref="ScoreFloor"/>, or a floor that a profile sets, the higher of the two counts.
    /// </summary>
    public double? ScoreFloorStrangers { get; init; }

    /// <summary>
    /// Whom the search is made among, by their biographics; null: everybody. A gallery that does not show the searcher one of the keys
    /// refuses.
    /// </summary>
    public BiographicFilter? Filter { get; init; }

    /// <summary>Why the search is made.</summary>
    public SearchPurpose? Purpose { get; init; }

    /// <summary>The age in years of the person in the probe, as far as who sends it knows; null: nothing is said.</summary>
    public int? StatedAge { get; init; }

    /// <summary>Whether the answer goes into a form that has no place for candidates without scores.</summary>
    public bool NeedsScores { get; init; }

    /// <summary>Which face of the probe is meant; null: as the profile says of a probe with several.</summary>
    public FaceChoice? Face { get; init; }

    /// <summary>What is done to the photo before it is searched with; null: it is searched as it came.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>An enrolled encounter as the probe, in place of an image.</summary>
    public string? EncounterId { get; init; }

    /// <summary>The gallery that holds the encounter; needed unless one gallery is named to be searched.</summary>
    public string? EncounterGallery { get; init; }

    /// <summary>With an encounter as probe: whether its own subject may be a candidate.</summary>
    public bool IncludeOwnSubject { get; init; }

    /// <summary>A supervisor's approval, where one is needed.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>Whether the list goes to an examiner: the probe is kept sealed until the examination ends.</summary>
    public bool Examine { get; init; }

    /// <summary>What the examiner should know.</summary>
    public string? ExaminationNote { get; init; }
}
