using System.Diagnostics;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Frs.Searching;

/// <summary>
/// A search from the request to the list: permission, rules, approval, extraction, comparison, audit, in this order. The list leaves only
/// after its event is on the disk, and the search in the service's book.
/// </summary>
/// <param name="galleries">Which galleries are searched, and by which rules.</param>
/// <param name="access">Which galleries are searched by whom.</param>
/// <param name="rules">The profiles.</param>
/// <param name="receipts">Take the digest.</param>
/// <param name="workers">Make the template.</param>
/// <param name="approvals">The supervisors' say.</param>
/// <param name="searches">Keeps what was searched.</param>
/// <param name="cases">In which cases searches are made.</param>
/// <param name="examining">Takes the lists that go to an examiner.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="refusals">Write down what is refused.</param>
/// <param name="meter">Told how long it took.</param>
/// <param name="frs">From which quality on a probe is searched.</param>
public sealed class SearchingGalleries(
    RuledGalleries galleries, GalleryAccess access, ServiceRules rules, Receipts receipts,
    ExtractionWorkers workers, ClaimingApprovals approvals,
    ISearches searches, KeepingCases cases, ExaminingLists examining, AuditTrail trail, AuditingRefusals refusals,
    IServiceMeter meter, FrsOptions frs)
{
    /// <summary>Searches, and sends the list to an examiner where that is asked for.</summary>
    /// <param name="actor">Who searches.</param>
    /// <param name="request">What for.</param>
    /// <param name="image">The probe; null for an enrolled encounter. Whoever gives it owns and clears it.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="CodedException">A rule, a permission or an approval is missing, a value cannot be used, the queue is
    /// full.</exception>
    /// <exception cref="AcquisitionException">The probe gives no template.</exception>
    /// <exception cref="Galleries.Errors.UnsaidFloorException">The floor that was asked for cannot be said.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">A gallery that is named may not be searched.</exception>
    public Task<SearchAnswer> SearchAsync(
        Actor actor, SearchRequest request, ReadOnlyMemory<byte>? image, CancellationToken cancellationToken) =>
        refusals.KeepAsync(
            actor, "search.refused",
            () => new RefusedRequest(
                [.. request.Galleries ?? [], .. request.EncounterGallery is { } home ? [home] : Array.Empty<string>()],
                Purpose: Purposes.Told(request.Purpose), Approval: request.ApprovalId),
            () => AnswerAsync(actor, request, image, cancellationToken));

    private async Task<SearchAnswer> AnswerAsync(
        Actor actor, SearchRequest request, ReadOnlyMemory<byte>? image, CancellationToken cancellationToken)
    {
        actor.Require(Policies.Search);
        if (image is null == request.EncounterId is null)
            throw new CodedException(
                ErrorCodes.BadValue, "a search has one probe: an image ('image'), or an enrolled encounter ('encounterId')");
        if (request.Examine && image is null)
            throw new CodedException(ErrorCodes.BadValue, "an examination compares photos: search with the image");
        var (answer, searched) = await RunAsync(actor, request, image, cancellationToken);
        var examined = Named(searched, gallery => request.Examine || gallery.Ruling.IsAlwaysExamined).ToHashSet(StringComparer.Ordinal);
        if (answer.List.Candidates.Any(candidate => examined.Contains(candidate.Gallery)))
            answer = answer with
            {
                Examinations = [.. examining.Request(actor, answer.Id, image!.Value, request.ExaminationNote, examined)
                    .Select(examination => examination.Id)],
            };
        return Released(answer, searched);
    }

    /// <summary>The answer without the candidates that are told only after their examination.</summary>
    private static SearchAnswer Released(SearchAnswer answer, IReadOnlyList<RuledGallery> searched)
    {
        var held = Named(searched, gallery => gallery.Ruling.IsHeld);
        return held.Count == 0
            ? answer
            : answer with
            {
                List = answer.List with
                {
                    Candidates = [.. answer.List.Candidates.Where(candidate => !held.Contains(candidate.Gallery))],
                },
                Notices =
                [
                    .. answer.Notices,
                    .. held.Select(name =>
                        $"gallery '{name}': what is found there is told after its examination, as no match or as the candidates kept"),
                ],
            };
    }

    private async Task<(SearchAnswer Answer, IReadOnlyList<RuledGallery> Searched)> RunAsync(
        Actor actor, SearchRequest request, ReadOnlyMemory<byte>? image, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var ruled = Rule(actor, request);
        using var claimed = Claim(actor, ruled, request.ApprovalId);
        var list = image is { } probe
            ? await workers.RunAsync(
                actor, ruled.Scopes[0].Gallery.Model.Id,
                extractor => GallerySearch.Search(ruled.Scopes, extractor, probe.Span, ruled.Options, cancellationToken), cancellationToken)
            : await ByEncounterAsync(actor, request, ruled.Scopes, ruled.Options, cancellationToken);
        var made = await WriteAsync(
            actor, ruled, list, claimed, image is { } photo ? receipts.Digest(photo.Span) : null,
            () => Stopwatch.GetElapsedTime(started));
        Record(made);
        return (made.Answer, ruled.Searched);
    }

    /// <summary>Which galleries a search goes to, and what their rules make of it.</summary>
    internal RuledSearch Rule(Actor actor, SearchRequest request)
    {
        request = request with { Preparation = Required(request) };
        var purpose = Purposes.Checked(request.Purpose);
        cases.RequireOpen(actor, purpose);
        var (searched, leftOut) = galleries.Choose(actor, request, purpose);
        var allFaces = request.Face is null && searched.All(gallery => gallery.Ruling.AllFaces);
        return new RuledSearch(request, purpose, searched, leftOut, allFaces)
        {
            Scopes =
            [
                .. searched.Select(gallery => new GalleryScope(gallery.Gallery, gallery.Permission.Fields)
                {
                    Rule = gallery.Ruling.Rule,
                    Searcher = gallery.Ruling.HasDataProviders ? actor.Organisation : null,
                }),
            ],
            Options = new SearchOptions
            {
                Face = allFaces ? FaceChoice.All : request.Face ?? FaceChoice.Only,
                MinQuality = frs.MinProbeQuality,
                IncludeOwnSubject = request.IncludeOwnSubject,
                Filter = request.Filter,
                Preparation = request.Preparation,
            },
        };
    }

    /// <summary>What is to be done to the photo; null: nothing.</summary>
    private static ImagePreparation? Required(SearchRequest request)
    {
        if (request.Preparation is not { } preparation)
            return null;
        if (preparation.Fault() is { } fault)
            throw new CodedException(ErrorCodes.BadValue, $"preparation: {fault}");
        return request.EncounterId is null
            ? preparation.LeavesAsItIs() ? null : preparation
            : throw new CodedException(ErrorCodes.BadValue, "preparation is of a photo: an enrolled encounter is searched with as it is");
    }

    /// <summary>Makes of a list what the rules leave of it, and writes the event: it is on the disk when the task ends.</summary>
    internal async Task<MadeSearch> WriteAsync(
        Actor actor, RuledSearch ruled, CandidateList found, ClaimedApproval? claimed, string? digest, Func<TimeSpan> elapsed)
    {
        var (request, searched) = (ruled.Request, ruled.Searched);
        var approval = claimed?.Approval.Id;
        var exigent = claimed?.Approval is { Exigent: true, Reason: var reason } ? reason : null;
        var reviewHours = exigent is null ? null : searched.Min(gallery => gallery.Ruling.ExigentReviewHours);
        var id = Guid.CreateVersion7();
        var list = Behind(found, searched) with { Disclaimer = Disclaimer.Of(searched.Select(gallery => gallery.Ruling.Disclaimer)) };
        meter.Searched(list.Path, list.Elapsed.Search, list.Elapsed.Decode + list.Elapsed.Detect + list.Elapsed.Embed);
        var audit = Audit(list, id, ruled.Purpose, request, approval);
        var written = await trail.WriteAsync(actor, audit, searched.Max(gallery => gallery.Ruling.AuditYears));
        var recorded = Recorded(actor, audit, written, list, approval, digest) with
        {
            Exigent = exigent,
            ReviewDue = reviewHours is { } hours ? written.Time.AddHours(hours) : null,
            Held = Named(searched, gallery => gallery.Ruling.IsHeld) is { Count: > 0 } held ? held : null,
        };
        return new MadeSearch(
            new SearchAnswer(
                id.ToString(), Narrowed(list, searched), ruled.AllFaces,
                [
                    .. Told(request.Preparation), .. ruled.LeftOut, .. searched.SelectMany(gallery => gallery.Ruling.Notices).Distinct(),
                    .. list.Notices,
                ],
                elapsed(), digest, [])
            {
                Preparation = request.Preparation,
                Retention = searched.Min(gallery => gallery.Gallery.Properties.Retention is { } rule
                    ? TimeSpan.FromDays(rule.Days)
                    : (TimeSpan?)null),
                Scores = searched.ToDictionary(gallery => gallery.Gallery.Name, gallery => gallery.Ruling.Scores, StringComparer.Ordinal),
            },
            recorded, Candidates(audit));
    }

    private static string[] Told(ImagePreparation? preparation) => preparation is null
        ? []
        :
        [
            $"the photo was prepared before the search: {string.Join("; ", preparation.Steps())}. "
                + "The digest is that of the photo as it came",
        ];

    /// <summary>Puts a search into the service's book, with what it used of an approval.</summary>
    /// <exception cref="CodedException">The approval is not there to be used any more; the case was closed meanwhile.</exception>
    internal void Record(MadeSearch made)
    {
        if (!searches.Add(made.Recorded, made.Candidates))
            throw new CodedException(ErrorCodes.ApprovalRequired, "the approval was used or withdrawn meanwhile");
    }

    /// <summary>The gallery of an enrolled encounter that is a probe.</summary>
    /// <exception cref="CodedException">It is not said, or the actor may not know of the encounter.</exception>
    internal Gallery Home(Actor actor, SearchRequest request, IReadOnlyList<GalleryScope> scopes)
    {
        var name = request.EncounterGallery ?? (scopes.Count == 1
            ? scopes[0].Gallery.Name
            : throw new CodedException(ErrorCodes.BadValue, "encounterGallery names the gallery that holds the encounter"));
        var (home, _) = access.Searchable(actor, [name])[0];
        return home.FindEncounter(request.EncounterId!) is { } probe && !access.Finds(actor, home, probe.SubjectId)
            ? throw NoEncounter(name)
            : home;
    }

    internal static CodedException NoEncounter(string gallery) =>
        new(ErrorCodes.NotFound, $"gallery '{gallery}' has no such encounter");

    /// <summary>Sees that a search which needs a supervisor has one, whether it can wait or not.</summary>
    internal ClaimedApproval? Claim(Actor actor, RuledSearch ruled, string? approval) =>
        ruled.Searched.Any(gallery => gallery.Ruling.NeedsApproval)
            ? approvals.Claim(
                actor, approval, ApprovedUse.Search, [.. ruled.Searched.Select(gallery => gallery.Gallery.Name)], ruled.Purpose)
            : null;

    private async Task<CandidateList> ByEncounterAsync(
        Actor actor, SearchRequest request, IReadOnlyList<GalleryScope> scopes, SearchOptions options, CancellationToken cancellationToken)
    {
        var home = Home(actor, request, scopes);
        return await Task.Run(
            () => GallerySearch.SearchByEncounter(
                scopes, home, request.EncounterId!, workers.Card(home.Model.Id), options, cancellationToken),
            cancellationToken) ?? throw NoEncounter(home.Name);
    }

    private SearchAudit Audit(CandidateList list, Guid search, SearchPurpose? purpose, SearchRequest request, string? approval) => new()
    {
        SearchId = search,
        Galleries = list.Galleries,
        Purpose = purpose,
        ListLength = list.ListLength,
        Floor = list.Floor,
        Floors = list.Floors,
        FloorGaveWay = list.FloorGaveWay,
        Filter = request.Filter is { } filter ? [.. filter.Conditions.Select(condition => condition.ToString())] : null,
        ProbeQuality = list.Probe?.Quality?.Overall,
        ProbeFaces = request.EncounterId is null ? list.Probe?.FacesFound : null,
        ProbeEncounterId = list.ProbeEncounterId,
        Preparation = request.Preparation,
        Candidates = [.. list.Candidates.Select(candidate =>
            new AuditedCandidate(candidate.Rank, candidate.Gallery, candidate.SubjectId, candidate.Encounter.Id, candidate.Score))],
        DisclaimerVersion = list.Disclaimer.Version,
        Model = list.Model,
        Path = list.Path,
        GallerySize = list.GallerySize,
        Profile = rules.Own.Name,
        ApprovalId = approval,
    };

    private static RecordedSearch Recorded(
        Actor actor, SearchAudit audit, AuditEvent written, CandidateList list, string? approval, string? digest) =>
        new(audit.SearchId.ToString(), actor.Account, actor.Organisation, written.Time, written.Sequence, written.Expires)
        {
            Galleries = audit.Galleries,
            Purpose = audit.Purpose,
            ListLength = audit.ListLength,
            Floor = audit.Floor,
            Floors = audit.Floors,
            Filter = audit.Filter,
            FloorGaveWay = audit.FloorGaveWay,
            ProbeQuality = audit.ProbeQuality,
            ProbeFaces = audit.ProbeFaces,
            ProbeEncounter = audit.ProbeEncounterId,
            Preparation = audit.Preparation,
            Model = audit.Model,
            Path = audit.Path,
            GallerySize = audit.GallerySize,
            Profile = audit.Profile,
            DisclaimerVersion = audit.DisclaimerVersion,
            Approval = approval,
            ProbeDigest = digest,
            ProbeBox = list.Probe?.Box,
        };

    private static List<RecordedCandidate> Candidates(SearchAudit audit) =>
    [
        .. audit.Candidates.Select(candidate => new RecordedCandidate(
            candidate.Rank, candidate.Gallery, candidate.SubjectId, candidate.EncounterId, candidate.Score)),
    ];

    private static List<string> Named(IReadOnlyList<RuledGallery> searched, Func<RuledGallery, bool> which) =>
        [.. searched.Where(which).Select(gallery => gallery.Gallery.Name)];

    /// <summary>The list without what the profiles do not return, each of its own gallery's candidates.</summary>
    // Ranks that an agent does not see, or that say no score, would tell by their places where such a candidate scores between others.
    private static CandidateList Behind(CandidateList list, IReadOnlyList<RuledGallery> searched)
    {
        var veiled = Named(searched, gallery => gallery.Ruling.IsHeld || gallery.Ruling.Scores == ScoresRule.RankOnly);
        return veiled.Count == 0 || veiled.Count == searched.Count
            ? list
            : list with
            {
                Candidates =
                [
                    .. list.Candidates.OrderBy(candidate => veiled.Contains(candidate.Gallery)).ThenBy(candidate => candidate.Rank)
                        .Select((candidate, place) => candidate with { Rank = place + 1 }),
                ],
                Notices =
                [
                    .. list.Notices,
                    $"what is found in {string.Join(", ", veiled.Order(StringComparer.Ordinal))} stands behind the others: "
                        + "its ranks are of its own",
                ],
            };
    }

    private static CandidateList Narrowed(CandidateList list, IReadOnlyList<RuledGallery> searched)
    {
        var rulings = searched.ToDictionary(gallery => gallery.Gallery.Name, gallery => gallery.Ruling, StringComparer.Ordinal);
        return list with { Candidates = [.. list.Candidates.Select(candidate => Narrowed(candidate, rulings[candidate.Gallery]))] };
    }

    private static Candidate Narrowed(Candidate candidate, GalleryRuling ruling)
    {
        var biographics = ruling.Biographics.Of(candidate.Biographics);
        return candidate with
        {
            Encounter = candidate.Encounter with
            {
                // A file's name may name a person.
                Image = "",
                SourceUrl = ruling.SourceUrl ? candidate.Encounter.SourceUrl : null,
                Metadata = ruling.EncounterFields.Of(candidate.Encounter.Metadata),
            },
            Biographics = biographics,
            // The rate of a group tells the labels that it is of.
            Fmr = RecordedGroup.Of(biographics) is null ? candidate.Fmr is { } fmr ? fmr with { Group = null } : null : candidate.Fmr,
        };
    }
}
