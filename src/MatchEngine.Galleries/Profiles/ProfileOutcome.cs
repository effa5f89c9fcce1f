using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Galleries.Profiles;

/// <summary>What a profile makes of a request: how it is carried out, or why it is refused.</summary>
/// <param name="Options">How it is carried out; null when it is refused.</param>
/// <param name="Findings">What the profile changed in the request, for the answer to tell.</param>
/// <param name="Refusal">Why it is refused; null when it is not.</param>
public sealed record ProfileOutcome(ProfileOptions? Options, IReadOnlyList<ProfileFinding> Findings, ProfileRefusal? Refusal);

/// <summary>How a request is carried out under a profile.</summary>
/// <param name="ListLength">The length of the list.</param>
/// <param name="Floor">The score floor, or null.</param>
/// <param name="MinCandidates">The smallest number of candidates; 0 for any.</param>
/// <param name="Biographics">Which biographics are returned at most; the owner's permission narrows them further.</param>
/// <param name="EncounterFields">Which of the encounter's metadata are returned at most; likewise.</param>
/// <param name="SourceUrl">Whether the source of a photo is returned.</param>
/// <param name="SeveralFaces">What becomes of a probe with several faces.</param>
/// <param name="RetentionYears">For how many years the audit is kept.</param>
public sealed record ProfileOptions(
    int ListLength,
    float? Floor,
    int MinCandidates,
    BiographicFields Biographics,
    BiographicFields EncounterFields,
    bool SourceUrl,
    SeveralFacesRule SeveralFaces,
    int RetentionYears)
{
    /// <summary>
    /// How many strangers are to be expected above a floor that is chosen for the probe, and is <see cref="Floor"/> or higher; null where
    /// none is.
    /// </summary>
    public double? FloorStrangers { get; init; }

    /// <summary>The same for a search.</summary>
    /// <param name="face">Which face of the probe.</param>
    public SearchOptions ToSearchOptions(Faces.FaceChoice face = default) =>
        new() { ListLength = ListLength, Floor = Floor, FloorStrangers = FloorStrangers, MinCandidates = MinCandidates, Face = face };
}

/// <summary>Something that a profile changed in a request.</summary>
/// <param name="Rule">The rule's key in the profile's file.</param>
/// <param name="Detail">A sentence for people.</param>
/// <param name="Source">Where the rule is written; "none" when nowhere.</param>
public sealed record ProfileFinding(string Rule, string Detail, string Source);

/// <summary>Why a profile refuses a request.</summary>
/// <param name="Reason">A code.</param>
/// <param name="Rule">The rule's key in the profile's file.</param>
/// <param name="Detail">A sentence for people, with the remedy.</param>
/// <param name="Source">Where the rule is written; "none" when nowhere.</param>
public sealed record ProfileRefusal(string Reason, string Rule, string Detail, string Source)
{
    /// <summary>The fields of the request that lack what is demanded, by their names; none where it is not about fields.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>The service compares and does not search.</summary>
    public const string SearchNotOffered = "search_not_offered";

    /// <summary>The service makes no such comparison.</summary>
    public const string ComparisonNotOffered = "comparison_not_offered";

    /// <summary>The service returns no details of a record.</summary>
    public const string DetailsNotOffered = "details_not_offered";

    /// <summary>The terms have to be accepted first.</summary>
    public const string TermsNotAccepted = "terms_not_accepted";

    /// <summary>The purpose is missing or incomplete.</summary>
    public const string PurposeRequired = "purpose_required";

    /// <summary>The purpose is none that the service serves.</summary>
    public const string PurposeRefused = "purpose_refused";

    /// <summary>A certificate of training is missing or has expired.</summary>
    public const string TrainingRequired = "training_required";

    /// <summary>The image shows a child.</summary>
    public const string UnderAge = "under_age";

    /// <summary>A score floor is missing.</summary>
    public const string FloorRequired = "floor_required";

    /// <summary>A supervisor has to approve first.</summary>
    public const string ApprovalRequired = "approval_required";
}
