using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Searching;

/// <summary>What the profiles make of a search.</summary>
/// <param name="Options">How the galleries are searched.</param>
/// <param name="NeedsApproval">Whether a supervisor has to approve.</param>
/// <param name="Biographics">Which biographics are returned at most.</param>
/// <param name="EncounterFields">Which of the encounters' metadata are returned at most.</param>
/// <param name="SourceUrl">Whether the source of a photo is returned.</param>
/// <param name="AllFaces">Whether each face of a probe with several is searched.</param>
/// <param name="AuditYears">For how many years the event is kept.</param>
/// <param name="Notices">What was changed in the request, and where that is written.</param>
internal sealed record Ruling(
    SearchOptions Options,
    bool NeedsApproval,
    BiographicFields Biographics,
    BiographicFields EncounterFields,
    bool SourceUrl,
    bool AllFaces,
    int AuditYears,
    IReadOnlyList<string> Notices);

/// <summary>
/// The rules that a request follows: those of the profiles of the galleries that are asked for. A gallery of profile <c>default</c> follows
/// the service's. Where several speak, each narrows what the others leave.
/// </summary>
internal sealed class ServiceRules
{
    private readonly Profile _own;
    private readonly bool _approved;
    private readonly double _minQuality;

    /// <exception cref="ProfileException">There is no such profile, or its file breaks the schema.</exception>
    public ServiceRules(ServiceSettings settings) =>
        (_own, _approved, _minQuality) = (
            Galleries.Profiles.Profile.Find(settings.Profile), settings.Approved ?? true, settings.MinProbeQuality);

    /// <summary>The service's own profile.</summary>
    public Profile Profile => _own;

    /// <summary>A profile that a gallery can have: the service's, or one that comes with the product.</summary>
    /// <exception cref="ProblemException">There is no such profile.</exception>
    public string Require(string name) => name == _own.Name || Galleries.Profiles.Profile.Names.Contains(name)
        ? name
        : throw new ProblemException(
            Problem.BadValue, $"there is no profile '{name}'; there are {string.Join(", ", Galleries.Profiles.Profile.Names)}");

    /// <summary>The profiles that use of these galleries follows.</summary>
    public IReadOnlyList<Profile> Profiles(IEnumerable<GalleryProperties> galleries) =>
    [
        .. galleries.Select(gallery => gallery.Profile)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(name => name == GalleryProperties.DefaultProfile || name == _own.Name ? _own : Galleries.Profiles.Profile.Find(name))
            .DistinctBy(profile => profile.Name),
    ];

    /// <summary>What becomes of a search.</summary>
    /// <exception cref="ProblemException">A profile refuses it, or a value lies outside of what there is at all.</exception>
    public Ruling Apply(
        Caller caller, SearchRequest request, SearchPurpose? purpose,
        IReadOnlyList<GalleryProperties> galleries, TermsAcceptances acceptances)
    {
        if (request.ListLength is < 1 or > SearchOptions.MaxListLength)
            throw new ProblemException(Problem.BadValue, $"listLength lies within 1 … {SearchOptions.MaxListLength:N0}");
        if (request.ScoreFloor is { } wanted && !(wanted >= -1 && wanted <= 1))
            throw new ProblemException(Problem.BadValue, "scoreFloor lies within −1 … 1");
        var profiles = Profiles(galleries);
        var ask = new ProfileRequest
        {
            ListLength = request.ListLength,
            ScoreFloor = request.ScoreFloor,
            Purpose = purpose,
            GalleriesApproved = _approved && galleries.All(gallery => gallery.Approved),
            // Whether the approval is good for this search is looked at afterwards.
            ApprovedBySupervisor = request.ApprovalId is not null || request.ExigentReason is not null,
        };
        var outcomes = new List<ProfileOutcome>();
        foreach (var profile in profiles)
        {
            var outcome = Apply(profile, ask, caller, acceptances);
            outcomes.Add(outcome);
            ask = ask with { ListLength = outcome.Options!.ListLength, ScoreFloor = outcome.Options.Floor };
        }
        var options = outcomes.Select(outcome => outcome.Options!).ToList();
        var (length, least) = (options[^1].ListLength, options.Max(option => option.MinCandidates));
        return new Ruling(
            new SearchOptions
            {
                ListLength = Math.Max(length, least),
                Floor = options[^1].Floor,
                MinCandidates = least,
                Face = FaceWire.Parse(request.Face),
                MinQuality = _minQuality,
                IncludeOwnSubject = request.IncludeOwnSubject,
            },
            !ask.GalleriesApproved || profiles.Any(profile => profile.Rules.Approval.Value == ApprovalRule.Supervisor),
            options.Aggregate(BiographicFields.All, (fields, option) => fields.And(option.Biographics)),
            options.Aggregate(BiographicFields.All, (fields, option) => fields.And(option.EncounterFields)),
            options.All(option => option.SourceUrl),
            request.Face is null && options.All(option => option.SeveralFaces == SeveralFacesRule.AllSearched),
            options.Max(option => option.RetentionYears),
            [.. outcomes.SelectMany(outcome => outcome.Findings).Select(finding => $"{finding.Detail} ({finding.Source})")]);
    }

    /// <summary>What a comparison or a second request may return.</summary>
    /// <exception cref="ProblemException">A profile refuses it.</exception>
    public (BiographicFields Biographics, BiographicFields EncounterFields, int AuditYears) Apply(
        Caller caller, ProfileUse use, SearchPurpose? purpose, IReadOnlyList<GalleryProperties> galleries, TermsAcceptances acceptances)
    {
        var ask = new ProfileRequest { Use = use, Purpose = purpose, ApprovedBySupervisor = true };
        var options = Profiles(galleries).Select(profile => Apply(profile, ask, caller, acceptances).Options!).ToList();
        return (
            options.Aggregate(BiographicFields.All, (fields, option) => fields.And(option.Biographics)),
            options.Aggregate(BiographicFields.All, (fields, option) => fields.And(option.EncounterFields)),
            options.Max(option => option.RetentionYears));
    }

    private static ProfileOutcome Apply(Profile profile, ProfileRequest ask, Caller caller, TermsAcceptances acceptances)
    {
        var accepted = profile.Rules.Terms.Value is { } terms && acceptances.Find(caller.Account, profile.Name, terms.Version) is not null
            ? terms.Version
            : null;
        var outcome = profile.Apply(ask with { AcceptedTerms = accepted });
        return outcome.Refusal is not { } refusal ? outcome : throw new ProblemException(Kind(refusal.Reason), Detail(refusal))
        {
            Extensions = { ["rule"] = $"{profile.Name}: {refusal.Rule} ({refusal.Source})" },
        };
    }

    private static ProblemKind Kind(string reason) => reason switch
    {
        ProfileRefusal.SearchNotOffered or ProfileRefusal.DetailsNotOffered => Problem.NotOffered,
        ProfileRefusal.TermsNotAccepted => Problem.TermsNotAccepted,
        ProfileRefusal.PurposeRequired => Problem.PurposeRequired,
        ProfileRefusal.ApprovalRequired => Problem.ApprovalRequired,
        _ => Problem.BadValue,
    };

    private static string Detail(ProfileRefusal refusal) => refusal.Reason switch
    {
        ProfileRefusal.TermsNotAccepted => $"{refusal.Detail} (read them at /v1/terms, accept them at /v1/terms/acceptance)",
        ProfileRefusal.ApprovalRequired =>
            $"{refusal.Detail}: ask at /v1/approvals and send the probe again with approvalId, or give an exigentReason",
        _ => refusal.Detail,
    };
}
