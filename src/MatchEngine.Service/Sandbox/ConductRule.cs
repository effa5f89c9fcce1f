using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Service.Sandbox;

/// <summary>A rule for clients that their requests show to be kept or broken.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">What a client does that keeps it.</param>
/// <param name="Source">Where it stands: a passage, or by a profile its rule's source; null where the profile has no such rule.</param>
internal sealed record ConductRule(string Name, string Text, Func<Profile, string?> Source)
{
    private const string Collection = "PIA-054, Collection of probe photos", Submission = "PIA-054, Submission";

    /// <summary>Whether a search that was answered keeps it; null where it says nothing of it.</summary>
    public Func<RecordedSearch, Profile, bool?> Of { get; init; } = (_, _) => null;

    /// <summary>The code of a refusal that says it was broken; null for none.</summary>
    public string? RefusedAs { get; init; }

    /// <summary>Waiting as long as the service asked for; what keeps it shows between requests.</summary>
    public static ConductRule RetryAfter { get; } = new(
        "retry-after", "waits as long as Retry-After says before it asks the same again", _ => "RFC 9110, 10.2.3");

    /// <summary>Every rule.</summary>
    public static IReadOnlyList<ConductRule> All { get; } =
    [
        new("purpose", "states the purpose that the profile asks for", profile => profile.Rules.Purpose.Source)
        {
            Of = (search, profile) => profile.Rules.Purpose.Value.Count == 0 ? null : search.Purpose is not null,
            RefusedAs = ErrorCodes.PurposeRequired,
        },
        new("permitted-purpose", "searches for no purpose that the profile refuses", profile => profile.Rules.RefusedPurposes.Source)
        {
            Of = (search, profile) => profile.Rules.RefusedPurposes.Value.Count == 0 ? null : search.Purpose is null ? null : true,
            RefusedAs = ErrorCodes.PurposeRefused,
        },
        new("requester", "names the agent for whom it searches, beside the photo: the minimum of data", _ => Submission)
        {
            Of = (search, _) => search.Purpose?.Requester is not null,
        },
        new("one-face", "sends a photo of one face, not one of several that it chooses from", profile => profile.Rules.SeveralFaces.Source)
        {
            Of = (search, profile) => profile.Rules.SeveralFaces.Value != SeveralFacesRule.Refused || search.ProbeFaces is null
                ? null
                : search.ProbeFaces == 1,
            RefusedAs = AcquisitionFailure.MultipleFaces.ToCode(),
        },
        new("quality", "sends a photo that is good enough to be searched with", _ => Collection)
        {
            Of = (search, _) => search.ProbeQuality is null ? null : true,
            RefusedAs = AcquisitionFailure.LowQuality.ToCode(),
        },
        new("list-length", "asks for no longer a list than is good practice", profile => profile.Rules.ListLength.Source)
        {
            Of = (search, profile) => search.ListLength <= profile.Rules.ListLength.Value.Default,
        },
        new("approval", "has a supervisor's yes before it sends a photo where one is needed", profile => profile.Rules.Approval.Source)
        {
            Of = (search, _) => search.Approval is null ? null : true,
            RefusedAs = ErrorCodes.ApprovalRequired,
        },
        new("terms", "accepts the terms before first use",
            profile => profile.Rules.Terms.Value is null ? null : profile.Rules.Terms.Source)
        {
            Of = (_, profile) => profile.Rules.Terms.Value is null ? null : true,
            RefusedAs = ErrorCodes.TermsNotAccepted,
        },
        new("training", "searches for people whose certificate is good",
            profile => profile.Rules.Training.Value is null ? null : profile.Rules.Training.Source)
        {
            Of = (_, profile) => profile.Rules.Training.Value is null ? null : true,
            RefusedAs = ErrorCodes.TrainingRequired,
        },
        RetryAfter,
        // Listed all the same: what nobody can see from here is to be looked at in the client.
        new("disclaimer", "shows the disclaimer beside every list, and a score to nobody but for triage; cannot be seen from here",
            _ => "PIA-054, Return"),
    ];
}
