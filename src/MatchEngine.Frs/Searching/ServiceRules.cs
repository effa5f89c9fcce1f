using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Frs.Searching;

/// <summary>
/// The rules that a request follows: for each gallery those of its profile, and of no other's. A gallery of profile <c>default</c> follows
/// the service's.
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

    /// <summary>The profile that use of a gallery follows.</summary>
    public Profile ProfileOf(GalleryProperties gallery)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        return gallery.Profile == GalleryProperties.DefaultProfile || gallery.Profile == _own.Name ? _own : Profile.Named(gallery.Profile);
    }

    /// <summary>The profile of a gallery that offers no links between subjects; null when it offers them.</summary>
    public Profile? RefusingLinks(GalleryProperties gallery) =>
        ProfileOf(gallery) is { Rules.Links.Value: false } refusing ? refusing : null;

    /// <summary>Refuses values that no profile knows.</summary>
    /// <exception cref="CodedException">A value lies outside of what there is at all.</exception>
    public static void Require(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.ListLength is < 1 or > ListRule.MaxListLength)
            throw new CodedException(ErrorCodes.BadValue, $"listLength lies within 1 … {ListRule.MaxListLength:N0}");
        if (request.ScoreFloor is { } wanted && !(wanted >= -1 && wanted <= 1))
            throw new CodedException(ErrorCodes.BadValue, "scoreFloor lies within −1 … 1");
        if (request.ScoreFloorStrangers is { } strangers
            && !(strangers >= ListRule.LeastFloorStrangers && strangers <= ListRule.MostFloorStrangers))
            throw new CodedException(
                ErrorCodes.BadValue, $"scoreFloorStrangers lies within {ListRule.LeastFloorStrangers} … {ListRule.MostFloorStrangers}");
    }

    /// <summary>What becomes of the search of a gallery.</summary>
    /// <param name="actor">Who searches.</param>
    /// <param name="request">The search.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="gallery">The gallery.</param>
    /// <exception cref="CodedException">Its profile refuses.</exception>
    public GalleryRuling Apply(Actor actor, SearchRequest request, SearchPurpose? purpose, GalleryProperties gallery)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(gallery);
        var profile = ProfileOf(gallery);
        var isApproved = _options.Approved && gallery.Approved;
        var outcome = Apply(profile, new ProfileRequest
        {
            ListLength = request.ListLength,
            ScoreFloor = request.ScoreFloor,
            FloorStrangers = request.ScoreFloorStrangers,
            Purpose = purpose,
            GalleriesApproved = isApproved,
            // Whether the approval is good for this search is looked at afterwards.
            ApprovedBySupervisor = request.ApprovalId is not null,
        }, actor);
        var hold = profile.Rules.HoldUntilExamined.Value;
        if (hold == HoldRule.Always && request.EncounterId is not null)
            throw new CodedException(
                ErrorCodes.NotOffered, $"{profile.Name} examines every list, and an examination compares photos: search with the image")
            {
                Rule = $"{profile.Name}: holdUntilExamined ({profile.Rules.HoldUntilExamined.Source})",
            };
        var options = outcome.Options!;
        return new GalleryRuling(
            new ListRule
            {
                ListLength = Math.Max(options.ListLength, options.MinCandidates),
                Floor = options.Floor,
                FloorStrangers = options.FloorStrangers,
                MinCandidates = options.MinCandidates,
            },
            !isApproved || profile.Rules.Approval.Value == ApprovalRule.Supervisor,
            options.Biographics,
            options.EncounterFields,
            options.SourceUrl,
            options.SeveralFaces == SeveralFacesRule.AllSearched,
            options.RetentionYears,
            [.. outcome.Findings.Select(finding => $"{finding.Detail} ({finding.Source})")])
        {
            ExigentReviewHours = profile.Rules.ExigentUse.Value?.ReviewHours,
            IsAlwaysExamined = hold == HoldRule.Always,
            IsHeld = hold == HoldRule.Always || hold == HoldRule.WhenExamined && request.Examine,
        };
    }

    /// <summary>What becomes of a comparison: of two photos by the service's own rules, with a subject by its gallery's.</summary>
    /// <param name="actor">Who compares.</param>
    /// <param name="request">The comparison.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="gallery">The gallery of the subject; null for two photos.</param>
    /// <exception cref="CodedException">The profile refuses.</exception>
    public ComparisonRuling Apply(Actor actor, ComparisonRequest request, SearchPurpose? purpose, GalleryProperties? gallery)
    {
        ArgumentNullException.ThrowIfNull(request);
        var profile = gallery is null ? _own : ProfileOf(gallery);
        var isApproved = _options.Approved && (gallery?.Approved ?? true);
        var outcome = Apply(profile, new ProfileRequest
        {
            Use = gallery is null ? ProfileUse.Comparison : ProfileUse.SubjectComparison,
            Purpose = purpose,
            GalleriesApproved = isApproved,
            // Whether the approval is good for this comparison is looked at afterwards.
            ApprovedBySupervisor = request.ApprovalId is not null,
        }, actor);
        return new ComparisonRuling(
            !isApproved || profile.Rules.Approval.Value == ApprovalRule.Supervisor, outcome.Options!.RetentionYears, profile.Name);
    }

    /// <summary>How a search of a gallery is made that cannot wait.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotOffered"/>: its profile knows no such search.</exception>
    public ExigentUseRule RequireExigent(GalleryProperties gallery)
    {
        var profile = ProfileOf(gallery);
        return profile.Rules.ExigentUse.Value
            ?? throw new CodedException(ErrorCodes.NotOffered, $"{profile.Name} knows no exigent use: ask for approval")
            {
                Rule = $"{profile.Name}: exigentUse ({profile.Rules.ExigentUse.Source})",
            };
    }

    /// <summary>What a second request may return.</summary>
    /// <exception cref="CodedException">A profile refuses it.</exception>
    public ProfileOptions Apply(Actor actor, ProfileUse use, SearchPurpose? purpose, GalleryProperties gallery) => Apply(
        ProfileOf(gallery), new ProfileRequest { Use = use, Purpose = purpose, ApprovedBySupervisor = true }, actor).Options!;

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
        ProfileRefusal.SearchNotOffered or ProfileRefusal.ComparisonNotOffered or ProfileRefusal.DetailsNotOffered => ErrorCodes.NotOffered,
        ProfileRefusal.TermsNotAccepted => ErrorCodes.TermsNotAccepted,
        ProfileRefusal.PurposeRequired => ErrorCodes.PurposeRequired,
        ProfileRefusal.ApprovalRequired => ErrorCodes.ApprovalRequired,
        _ => ErrorCodes.BadValue,
    };

    private static string Detail(ProfileRefusal refusal) => refusal.Reason switch
    {
        ProfileRefusal.TermsNotAccepted => $"{refusal.Detail} (read the terms of use and accept them first)",
        ProfileRefusal.ApprovalRequired =>
            $"{refusal.Detail}: ask for approval and send the photo again with its id",
        _ => refusal.Detail,
    };
}
