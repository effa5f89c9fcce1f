using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Frs.Searching;

/// <summary>What the profiles make of a search.</summary>
/// <param name="Options">How the galleries are searched.</param>
/// <param name="NeedsApproval">Whether a supervisor has to approve.</param>
/// <param name="Biographics">Which biographics are returned at most.</param>
/// <param name="EncounterFields">Which of the encounters' metadata are returned at most.</param>
/// <param name="SourceUrl">Whether the source of a photo is returned.</param>
/// <param name="AllFaces">Whether each face of a probe with several is searched.</param>
/// <param name="AuditYears">For how many years the event is kept.</param>
/// <param name="Notices">What was changed in the request, and where that is written.</param>
public sealed record Ruling(
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
public sealed class ServiceRules
{
    private readonly Profile _own;
    private readonly FrsOptions _options;
    private readonly ITermsAcceptances _acceptances;

    /// <summary>Reads the service's profile.</summary>
    /// <param name="options">Which profile, and what the operator decided.</param>
    /// <param name="acceptances">Who accepted which terms.</param>
    /// <exception cref="ProfileException">There is no such profile, or its file breaks the schema.</exception>
    public ServiceRules(FrsOptions options, ITermsAcceptances acceptances)
    {
        (_options, _acceptances) = (options, acceptances);
        _own = Profile.Find(options.Profile);
    }

    /// <summary>The service's own profile.</summary>
    public Profile Own => _own;

    /// <summary>The names of the profiles that a gallery can have; the first one follows the service.</summary>
    public IReadOnlyList<string> Names => [.. new[] { GalleryProperties.DefaultProfile, _own.Name }.Union(Profile.Names)];

    /// <summary>A profile that a gallery can have: the service's, or one that comes with the product.</summary>
    /// <exception cref="CodedException">There is no such profile.</exception>
    public string Require(string name) => Names.Contains(name)
        ? name
        : throw new CodedException(
            ErrorCodes.BadValue, $"there is no profile '{name}'; there are {string.Join(", ", Profile.Names)}");

    /// <summary>Whether a gallery follows rules that this service knows.</summary>
    public bool Knows(GalleryProperties gallery) => Names.Contains(gallery.Profile);

    /// <summary>The profiles that use of these galleries follows.</summary>
    public IReadOnlyList<Profile> Profiles(IEnumerable<GalleryProperties> galleries) =>
    [
        .. galleries.Select(gallery => gallery.Profile)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(name => name == GalleryProperties.DefaultProfile || name == _own.Name ? _own : Profile.Named(name))
            .DistinctBy(profile => profile.Name),
    ];

    /// <summary>The first profile of a gallery that offers no links between subjects; null when all offer them.</summary>
    public Profile? RefusingLinks(GalleryProperties gallery) =>
        Profiles([gallery]).FirstOrDefault(profile => !profile.Rules.Links.Value);

    /// <summary>What becomes of a search.</summary>
    /// <exception cref="CodedException">A profile refuses it, or a value lies outside of what there is at all.</exception>
    public Ruling Apply(
        Actor actor, SearchRequest request, SearchPurpose? purpose, IReadOnlyList<GalleryProperties> galleries)
    {
        if (request.ListLength is < 1 or > SearchOptions.MaxListLength)
            throw new CodedException(ErrorCodes.BadValue, $"listLength lies within 1 … {SearchOptions.MaxListLength:N0}");
        if (request.ScoreFloor is { } wanted && !(wanted >= -1 && wanted <= 1))
            throw new CodedException(ErrorCodes.BadValue, "scoreFloor lies within −1 … 1");
        var profiles = Profiles(galleries);
        var ask = new ProfileRequest
        {
            ListLength = request.ListLength,
            ScoreFloor = request.ScoreFloor,
            Purpose = purpose,
            GalleriesApproved = _options.Approved && galleries.All(gallery => gallery.Approved),
            // Whether the approval is good for this search is looked at afterwards.
            ApprovedBySupervisor = request.ApprovalId is not null || request.ExigentReason is not null,
        };
        var outcomes = new List<ProfileOutcome>();
        foreach (var profile in profiles)
        {
            var outcome = Apply(profile, ask, actor);
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
                Face = request.Face ?? FaceChoice.Only,
                MinQuality = _options.MinProbeQuality,
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
    /// <exception cref="CodedException">A profile refuses it.</exception>
    public (BiographicFields Biographics, BiographicFields EncounterFields, int AuditYears) Apply(
        Actor actor, ProfileUse use, SearchPurpose? purpose, IReadOnlyList<GalleryProperties> galleries)
    {
        var ask = new ProfileRequest { Use = use, Purpose = purpose, ApprovedBySupervisor = true };
        var options = Profiles(galleries).Select(profile => Apply(profile, ask, actor).Options!).ToList();
        return (
            options.Aggregate(BiographicFields.All, (fields, option) => fields.And(option.Biographics)),
            options.Aggregate(BiographicFields.All, (fields, option) => fields.And(option.EncounterFields)),
            options.Max(option => option.RetentionYears));
    }

    private ProfileOutcome Apply(Profile profile, ProfileRequest ask, Actor actor)
    {
        var accepted = profile.Rules.Terms.Value is { } terms && _acceptances.Find(actor.Account, profile.Name, terms.Version) is not null
            ? terms.Version
            : null;
        var outcome = profile.Apply(ask with { AcceptedTerms = accepted });
        return outcome.Refusal is not { } refusal ? outcome : throw new CodedException(Code(refusal.Reason), Detail(refusal))
        {
            Rule = $"{profile.Name}: {refusal.Rule} ({refusal.Source})",
        };
    }

    private static string Code(string reason) => reason switch
    {
        ProfileRefusal.SearchNotOffered or ProfileRefusal.DetailsNotOffered => ErrorCodes.NotOffered,
        ProfileRefusal.TermsNotAccepted => ErrorCodes.TermsNotAccepted,
        ProfileRefusal.PurposeRequired => ErrorCodes.PurposeRequired,
        ProfileRefusal.ApprovalRequired => ErrorCodes.ApprovalRequired,
        _ => ErrorCodes.BadValue,
    };

    private static string Detail(ProfileRefusal refusal) => refusal.Reason switch
    {
        ProfileRefusal.TermsNotAccepted => $"{refusal.Detail} (read the terms of use and accept them first)",
        ProfileRefusal.ApprovalRequired =>
            $"{refusal.Detail}: ask for approval and send the probe again with its id, or give the reason why it cannot wait",
        _ => refusal.Detail,
    };
}
