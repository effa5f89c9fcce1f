using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Vetting;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
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
    private readonly ITrainingCertificates _certificates;
    private readonly VettingLists _vetting;
    private readonly TimeProvider _clock;

    // Those of the operator's own files; a file counts for a profile of the same name that comes with the product.
    private readonly Dictionary<string, Profile> _ofFiles;

    /// <summary>Reads the service's profile, and further ones of the operator's own.</summary>
    /// <param name="options">Which profiles, and what the operator decided.</param>
    /// <param name="acceptances">Who accepted which terms.</param>
    /// <param name="certificates">Who has completed which training.</param>
    /// <param name="vetting">What organisations approve for their people.</param>
    /// <param name="clock">Gives the time.</param>
    /// <exception cref="ProfileException">There is no such profile, its file breaks the schema, or two have one name.</exception>
    public ServiceRules(
        FrsOptions options, ITermsAcceptances acceptances, ITrainingCertificates certificates, VettingLists vetting, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _acceptances, _certificates, _vetting, _clock) = (options, acceptances, certificates, vetting, clock);
        _own = Profile.Find(options.Profile);
        _ofFiles = new Dictionary<string, Profile>(StringComparer.Ordinal) { [_own.Name] = _own };
        foreach (var file in options.Profiles)
        {
            var profile = Profile.Read(file);
            if (profile.Name == GalleryProperties.DefaultProfile)
                throw new ProfileException(
                    file, "name", $"galleries of the profile '{profile.Name}' follow the service's own; give this one another name");
            if (!_ofFiles.TryAdd(profile.Name, profile))
                throw new ProfileException(file, "name", $"there are two profiles '{profile.Name}'; give each a name of its own");
        }
        Names = [.. new[] { GalleryProperties.DefaultProfile }.Union(_ofFiles.Keys).Union(Profile.Names)];
    }

    /// <summary>The service's own profile.</summary>
    public Profile Own => _own;

    /// <summary>The names of the profiles that a gallery can have; the first one follows the service.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>A profile that a gallery can have: one of the operator's own, or one that comes with the product.</summary>
    /// <exception cref="CodedException">There is no such profile.</exception>
    public string Require(string name) => Names.Contains(name)
        ? name
        : throw new CodedException(
            ErrorCodes.BadValue, $"there is no profile '{name}'; there are {string.Join(", ", Names)}");

    /// <summary>Whether a gallery follows rules that this service knows.</summary>
    public bool Knows(GalleryProperties gallery) => Names.Contains(gallery.Profile);

    /// <summary>The profile that use of a gallery follows.</summary>
    public Profile ProfileOf(GalleryProperties gallery)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        return gallery.Profile == GalleryProperties.DefaultProfile
            ? _own
            : _ofFiles.GetValueOrDefault(gallery.Profile) ?? Profile.Named(gallery.Profile);
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
        Require(request.StatedAge);
        if (request.ScoreFloorStrangers is { } strangers
            && !(strangers >= ListRule.LeastFloorStrangers && strangers <= ListRule.MostFloorStrangers))
            throw new CodedException(
                ErrorCodes.BadValue, $"scoreFloorStrangers lies within {ListRule.LeastFloorStrangers} … {ListRule.MostFloorStrangers}");
    }

    /// <summary>Refuses an age that nobody has.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    public static void Require(int? statedAge)
    {
        if (statedAge is < 0 or > AgeRule.MaxAge)
            throw new CodedException(ErrorCodes.BadValue, $"statedAge lies within 0 … {AgeRule.MaxAge}");
    }

    /// <summary>What becomes of the search of a gallery.</summary>
    /// <param name="actor">Who searches.</param>
    /// <param name="request">The search.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="gallery">The gallery.</param>
    /// <exception cref="CodedException">Its profile refuses.</exception>
    public GalleryRuling Apply(Actor actor, SearchRequest request, SearchPurpose? purpose, Gallery gallery)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(gallery);
        var profile = ProfileOf(gallery.Properties);
        var isApproved = IsApproved(actor, gallery, purpose);
        var outcome = Apply(profile, new ProfileRequest
        {
            ListLength = request.ListLength,
            ScoreFloor = request.ScoreFloor,
            FloorStrangers = request.ScoreFloorStrangers,
            StatedAge = request.StatedAge,
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
        // A floor that is moved tells a score to any digit.
        if (profile.Rules.Scores.Value == ScoresRule.RankOnly
            && (request.ScoreFloor is not null || request.ScoreFloorStrangers is not null))
            throw new CodedException(ErrorCodes.NotOffered, $"{profile.Name} tells the rank alone, and takes no floor: leave it out")
            {
                Rule = $"{profile.Name}: scores ({profile.Rules.Scores.Source})",
            };
        if (request.NeedsScores && profile.Rules.Scores.Value != ScoresRule.Shown)
            throw new CodedException(ErrorCodes.NotOffered, $"{profile.Name} tells no scores, which the form of the answer needs")
            {
                Rule = $"{profile.Name}: scores ({profile.Rules.Scores.Source})",
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
            Notices(outcome))
        {
            Disclaimer = profile.Rules.Disclaimer.Value,
            Scores = profile.Rules.Scores.Value,
            HasDataProviders = profile.Rules.DataProviders.Value,
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
    public ComparisonRuling Apply(Actor actor, ComparisonRequest request, SearchPurpose? purpose, Gallery? gallery)
    {
        ArgumentNullException.ThrowIfNull(request);
        Require(request.StatedAge);
        var profile = gallery is null ? _own : ProfileOf(gallery.Properties);
        var isApproved = IsApproved(actor, gallery, purpose);
        var outcome = Apply(profile, new ProfileRequest
        {
            Use = gallery is null ? ProfileUse.Comparison : ProfileUse.SubjectComparison,
            StatedAge = request.StatedAge,
            Purpose = purpose,
            GalleriesApproved = isApproved,
            // Whether the approval is good for this comparison is looked at afterwards.
            ApprovedBySupervisor = request.ApprovalId is not null,
        }, actor);
        return new ComparisonRuling(
            !isApproved || profile.Rules.Approval.Value == ApprovalRule.Supervisor, outcome.Options!.RetentionYears, profile.Name,
            profile.Rules.Disclaimer.Value, profile.Rules.Scores.Value, Notices(outcome));
    }

    /// <summary>
    /// Whether a use needs no supervisor: it is on the list of the actor's organisation; where that keeps none, service and gallery are
    /// approved for all.
    /// </summary>
    /// <param name="actor">Whose organisation it is.</param>
    /// <param name="gallery">The gallery; null for two photos.</param>
    /// <param name="purpose">What for.</param>
    public bool IsApproved(Actor actor, Gallery? gallery, SearchPurpose? purpose)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return _vetting.Approves(actor.Organisation, gallery, purpose?.CaseNumber)
            ?? (_options.Approved && (gallery?.Properties.Approved ?? true));
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

    /// <summary>When the actor accepted the terms of a profile (UTC); null: not yet, or so long ago that it has to be renewed.</summary>
    public DateTimeOffset? AcceptedTerms(Actor actor, Profile profile)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(profile);
        return profile.Rules.Terms.Value is { } terms
            && _acceptances.Find(actor.Account, profile.Name, terms.Version) is { } accepted
            && !(terms.Until(accepted) <= _clock.GetUtcNow())
            ? accepted
            : null;
    }

    /// <summary>Until when an account's acceptance of a profile's terms is, or was, good (UTC); null: it accepted none, or they are never
    /// renewed.</summary>
    public DateTimeOffset? TermsUntil(string account, Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.Rules.Terms.Value is { } terms && _acceptances.Find(account, profile.Name, terms.Version) is { } accepted
            ? terms.Until(accepted)
            : null;
    }

    /// <summary>How photos are enrolled in a gallery.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="faces">What the keeper wants of photos with several faces; null: as the profile says.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: the profile says otherwise.</exception>
    public EnrolmentOptions Enrolment(GalleryProperties gallery, EnrolmentFaces? faces)
    {
        var profile = ProfileOf(gallery);
        var each = profile.Rules.GalleryFaces.Value == GalleryFacesRule.Each;
        if (each && faces is { } wanted && wanted != EnrolmentFaces.Each)
            throw new CodedException(
                ErrorCodes.BadValue, $"{profile.Name} enrols each person of a photo as a subject of its own: leave out which face is meant")
            {
                Rule = $"{profile.Name}: galleryFaces ({profile.Rules.GalleryFaces.Source})",
            };
        return new EnrolmentOptions
        {
            Faces = each ? EnrolmentFaces.Each : faces ?? EnrolmentFaces.Only,
            Age = profile.Rules.Age.Value,
            MasterImage = profile.Rules.MasterImage.Value,
            Limits = _options.Images,
            KeepImages = true,
        };
    }

    /// <summary>Sees that a person agreed to the terms before a master image of theirs is enrolled.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="agreed">The version of the terms that the person agreed to, as the keeper says; null: none.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.TermsNotAccepted"/>.</exception>
    public void RequireAgreement(GalleryProperties gallery, string? agreed)
    {
        var profile = ProfileOf(gallery);
        if (profile.Rules is { MasterImage.Value: true, Terms.Value: { } terms } && agreed != terms.Version)
            throw new CodedException(
                ErrorCodes.TermsNotAccepted,
                $"whoever is enrolled agrees to version {terms.Version} of the terms first, and the enrolment says so: {terms.Text}")
            {
                Rule = $"{profile.Name}: masterImage ({profile.Rules.MasterImage.Source})",
            };
    }

    private static IReadOnlyList<string> Notices(ProfileOutcome outcome) =>
        [.. outcome.Findings.Select(finding => $"{finding.Detail} ({finding.Source})")];

    private bool IsTrained(Actor actor, TrainingRule training) =>
        _certificates.Find(actor.Account, training.Course)?.IsGood(training.Months, _clock.GetUtcNow()) == true;

    private ProfileOutcome Apply(Profile profile, ProfileRequest ask, Actor actor)
    {
        var outcome = profile.Apply(ask with
        {
            AcceptedTerms = AcceptedTerms(actor, profile) is null ? null : profile.Rules.Terms.Value!.Version,
            IsTrained = profile.Rules.Training.Value is { } training && IsTrained(actor, training),
        });
        return outcome.Refusal is not { } refusal ? outcome : throw new CodedException(Code(refusal.Reason), Detail(refusal))
        {
            Rule = $"{profile.Name}: {refusal.Rule} ({refusal.Source})",
            Fields = refusal.Fields,
        };
    }

    private static string Code(string reason) => reason switch
    {
        ProfileRefusal.SearchNotOffered or ProfileRefusal.ComparisonNotOffered or ProfileRefusal.DetailsNotOffered => ErrorCodes.NotOffered,
        ProfileRefusal.TermsNotAccepted => ErrorCodes.TermsNotAccepted,
        ProfileRefusal.PurposeRequired => ErrorCodes.PurposeRequired,
        ProfileRefusal.PurposeRefused => ErrorCodes.PurposeRefused,
        ProfileRefusal.TrainingRequired => ErrorCodes.TrainingRequired,
        ProfileRefusal.UnderAge => ErrorCodes.UnderAge,
        ProfileRefusal.ApprovalRequired => ErrorCodes.ApprovalRequired,
        _ => ErrorCodes.BadValue,
    };

    private static string Detail(ProfileRefusal refusal) => refusal.Reason switch
    {
        ProfileRefusal.TermsNotAccepted => $"{refusal.Detail} (read the terms of use and accept them first)",
        ProfileRefusal.ApprovalRequired =>
            $"{refusal.Detail} (or the organisation's list has it not, where it keeps one): ask for approval and send the photo again "
                + "with its id",
        _ => refusal.Detail,
    };
}
