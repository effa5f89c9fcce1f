using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Profiles;

/// <summary>A rule of a profile: what it says, and where that is written.</summary>
/// <param name="Value">What the rule says.</param>
/// <param name="Source">A section of a document, such as "PIA-054, Submission"; "none" when it is this product's own choice.</param>
public sealed record ProfileRule<T>(T Value, string Source);

/// <summary>The rules of a profile; every profile states every one.</summary>
public sealed record ProfileRules
{
    /// <summary>How long a candidate list is.</summary>
    public required ProfileRule<ListLengthRule> ListLength { get; init; }

    /// <summary>Whether a search may or must have a score floor.</summary>
    public required ProfileRule<ScoreFloorRule> ScoreFloor { get; init; }

    /// <summary>The floor of a search that names none, and the lowest that may be named, −1 … 1; null for none.</summary>
    public required ProfileRule<float?> ScoreFloorDefault { get; init; }

    /// <summary>How scores are told.</summary>
    public required ProfileRule<ScoresRule> Scores { get; init; }

    /// <summary>The smallest number of candidates; 0 for any. Where too few reach the floor, it gives way.</summary>
    public required ProfileRule<int> MinimumCandidates { get; init; }

    /// <summary>What every reader is told; <see cref="Galleries.Disclaimer.None"/> where the service says nothing.</summary>
    public required ProfileRule<Disclaimer> Disclaimer { get; init; }

    /// <summary>The fields of the purpose that a search, a comparison or a second request must state.</summary>
    public required ProfileRule<IReadOnlyList<PurposeField>> Purpose { get; init; }

    /// <summary>What a user must accept before the first use; null for nothing.</summary>
    public required ProfileRule<ProfileTerms?> Terms { get; init; }

    /// <summary>The bases that a purpose may name, each with what it begins with; null for any.</summary>
    public required ProfileRule<IReadOnlyList<string>?> PermittedBases { get; init; }

    /// <summary>Words of a purpose that is refused.</summary>
    public required ProfileRule<IReadOnlyList<string>> RefusedPurposes { get; init; }

    /// <summary>What a user must have learnt before an image is taken; null for nothing.</summary>
    public required ProfileRule<TrainingRule?> Training { get; init; }

    /// <summary>What becomes of photos of children; null: the same as of others.</summary>
    public required ProfileRule<AgeRule?> Age { get; init; }

    /// <summary>When the biographics of a candidate are returned.</summary>
    public required ProfileRule<BiographicsRule> Biographics { get; init; }

    /// <summary>
    /// Which keys of what came with photos are returned: of the encounter's own metadata, and of the biographics that a subject took from
    /// it.
    /// </summary>
    public required ProfileRule<BiographicFields> EncounterFields { get; init; }

    /// <summary>Whether the address that a photo came from is returned.</summary>
    public required ProfileRule<bool> SourceUrl { get; init; }

    /// <summary>What becomes of a probe with several faces.</summary>
    public required ProfileRule<SeveralFacesRule> SeveralFaces { get; init; }

    /// <summary>What is enrolled of a gallery's photo that shows several people.</summary>
    public required ProfileRule<GalleryFacesRule> GalleryFaces { get; init; }

    /// <summary>Whether a subject has one photo, the master image, enrolled after the person agreed to the terms.</summary>
    public required ProfileRule<bool> MasterImage { get; init; }

    /// <summary>Whether there are comparisons with the enrolled photo of a named subject alone, and no searches.</summary>
    public required ProfileRule<bool> ComparisonOnly { get; init; }

    /// <summary>Which comparisons there are. They return a score and nothing of anybody, whatever the other rules say.</summary>
    public required ProfileRule<ComparisonsRule> Comparisons { get; init; }

    /// <summary>Whether the service is approved for all, or each search by a supervisor.</summary>
    public required ProfileRule<ApprovalRule> Approval { get; init; }

    /// <summary>How a search that cannot wait is made; null where there is none.</summary>
    public required ProfileRule<ExigentUseRule?> ExigentUse { get; init; }

    /// <summary>Whether the owner can let other organisations enrol; what they enrol is their own data.</summary>
    public required ProfileRule<bool> PartnersEnrol { get; init; }

    /// <summary>Whether those whose data it is say who else finds it in the gallery; nobody, where they say nothing.</summary>
    public required ProfileRule<bool> DataProviders { get; init; }

    /// <summary>For how many years the audit of a search is kept.</summary>
    public required ProfileRule<int> RetentionYears { get; init; }

    /// <summary>For how many years a case is kept after it was closed, with what belongs to it.</summary>
    public required ProfileRule<int> CaseRetentionYears { get; init; }

    /// <summary>Whether what was kept of a search is deleted when a supervisor finds that it was improper.</summary>
    public required ProfileRule<bool> DeleteImproper { get; init; }

    /// <summary>Who of the gallery's owner decides on a person's request for access, correction or deletion.</summary>
    public required ProfileRule<RedressRule> RedressDecidedBy { get; init; }

    /// <summary>Within how many days such a request is to be answered.</summary>
    public required ProfileRule<int> RedressDays { get; init; }

    /// <summary>Whether the owner of a gallery enters links between subjects.</summary>
    public required ProfileRule<bool> Links { get; init; }

    /// <summary>Whether a list can be sent to an examiner.</summary>
    public required ProfileRule<bool> ExaminerReview { get; init; }
    /// <summary>Whose examiners they are.</summary>
    public required ProfileRule<ExaminersRule> Examiners { get; init; }

    /// <summary>Whether a list reaches who searched only after the examination.</summary>
    public required ProfileRule<HoldRule> HoldUntilExamined { get; init; }

    /// <summary>Whether a second examiner, who does not see what the first one said, examines every list that is sent.</summary>
    public required ProfileRule<bool> SecondExaminer { get; init; }

    /// <summary>Whether the examiner's pages hide rank, score and subject of a candidate until something is recorded of it.</summary>
    public required ProfileRule<bool> BlindExamination { get; init; }
}

/// <summary>How long a candidate list is.</summary>
/// <param name="Default">When none is asked for.</param>
/// <param name="Min">The shortest that can be asked for.</param>
/// <param name="Max">The longest that can be asked for.</param>
public sealed record ListLengthRule(int Default, int Min, int Max);

/// <summary>How a search that cannot wait is made: with a supervisor's yes before it, and a review after it.</summary>
/// <param name="DecisionMinutes">Within how many minutes a supervisor says yes; after that the request has lapsed.</param>
/// <param name="ReviewHours">Within how many hours after the search another supervisor reviews it; null: no review is demanded.</param>
public sealed record ExigentUseRule(int DecisionMinutes, int? ReviewHours)
{
    /// <summary>The longest time for a supervisor's yes: a day, in minutes.</summary>
    public const int MaxDecisionMinutes = 24 * 60;

    /// <summary>The longest time for the review: a year, in hours.</summary>
    public const int MaxReviewHours = 365 * 24;
}

/// <summary>What a user must accept before the first use.</summary>
/// <param name="Version">Changes with every change of the text; an acceptance is one of a version.</param>
/// <param name="Text">The words.</param>
/// <param name="RenewDays">After how many days they are accepted anew; null: never, as long as the version stays.</param>
public sealed record ProfileTerms(string Version, string Text, int? RenewDays = null)
{
    /// <summary>The longest time until terms are renewed, in days.</summary>
    public const int MaxRenewDays = 3650;

    /// <summary>Until when an acceptance is good; null: without end.</summary>
    /// <param name="accepted">When they were accepted.</param>
    public DateTimeOffset? Until(DateTimeOffset accepted) => RenewDays is { } days ? accepted.AddDays(days) : null;
}

/// <summary>What a user must have learnt, as a certificate says.</summary>
/// <param name="Course">The course: letters, digits, '-', '_' and '.'.</param>
/// <param name="Months">For how many months a certificate is good.</param>
public sealed record TrainingRule(string Course, int Months)
{
    /// <summary>The longest time for which a certificate is good, in months.</summary>
    public const int MaxMonths = 120;
}

/// <summary>A field of the purpose of a search; see <see cref="SearchPurpose"/>.</summary>
public enum PurposeField
{
    /// <summary>The case number.</summary>
    CaseNumber,

    /// <summary>The statutory violation or another legal basis.</summary>
    Basis,

    /// <summary>Who asked for the search.</summary>
    Requester,
}

/// <summary>Whether a search has a score floor.</summary>
public enum ScoreFloorRule
{
    /// <summary>It may have one.</summary>
    Optional,

    /// <summary>It must have one; the profile's default counts.</summary>
    Required,

    /// <summary>It has none.</summary>
    NotOffered,
}

/// <summary>How scores are told.</summary>
public enum ScoresRule
{
    /// <summary>As they are, with what they are worth.</summary>
    Shown,

    /// <summary>Not at all: the rank alone, and nothing that tells the score.</summary>
    RankOnly,

    /// <summary>On a scale of 0 … 100, on which −1 is 0 and 1 is 100. It is no probability.</summary>
    Percent,
}

/// <summary>What is enrolled of a photo that shows several people.</summary>
public enum GalleryFacesRule
{
    /// <summary>What the keeper says.</summary>
    Chosen,

    /// <summary>Each of them, as a subject of its own.</summary>
    Each,
}

/// <summary>When biographics are returned.</summary>
public enum BiographicsRule
{
    /// <summary>With the list, as the owner permits.</summary>
    All,

    /// <summary>Never.</summary>
    None,

    /// <summary>Only by a second request about a candidate, as the owner permits.</summary>
    OnRequest,
}

/// <summary>What becomes of a probe with several faces.</summary>
public enum SeveralFacesRule
{
    /// <summary>It is refused, unless the request names one of them.</summary>
    Refused,

    /// <summary>Each face is searched.</summary>
    AllSearched,
}

/// <summary>Which comparisons there are.</summary>
public enum ComparisonsRule
{
    /// <summary>Of two photos, and of a photo with a named subject.</summary>
    Offered,

    /// <summary>Of a photo with a named subject alone.</summary>
    OfSubjects,

    /// <summary>None.</summary>
    NotOffered,
}

/// <summary>Who approves of a search or a comparison.</summary>
public enum ApprovalRule
{
    /// <summary>The service is approved for all.</summary>
    Approved,

    /// <summary>A supervisor approves each search and each comparison.</summary>
    Supervisor,
}
