using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MatchEngine.Faces;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Observability;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Searching;

/// <summary>The answer to a search before the receipt is there.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Digest">The keyed digest of the probe; null for an enrolled encounter.</param>
internal sealed record SearchAnswer(SearchResponse Response, string? Digest)
{
    public SearchResponse ToResponse(DeletionReceipt? receipt) => Response with { Receipt = receipt };
}

/// <summary>
/// A search from the request to the list: permission, rules, approval, extraction, comparison, audit, in this order. The list leaves only
/// after its event is on the disk.
/// </summary>
internal sealed class ProbeSearch(
    GalleryAccess access, ServiceRules rules, TermsAcceptances terms, Receipts receipts, ExtractionWorkers workers, Approvals approvals,
    UsesOfSearch uses, AuditTrail trail, AuditLog log, OpenGalleries open, Telemetry telemetry)
{
    /// <summary>Searches for the caller.</summary>
    /// <param name="caller">Who searches.</param>
    /// <param name="request">What for.</param>
    /// <param name="image">The probe; null for an enrolled encounter. The caller of this method owns and clears it.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ProblemException">A rule, a permission or an approval is missing; the queue is full.</exception>
    /// <exception cref="AcquisitionException">The probe gives no template.</exception>
    public async Task<SearchAnswer> SearchAsync(
        Caller caller, SearchRequest request, ReadOnlyMemory<byte>? image, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var found = access.Searchable(caller, request.Galleries);
        if (found.Count == 0)
            throw new ProblemException(Problem.NotFound, "there is no gallery that this account's organisation may search");
        var purpose = request.Purpose?.ToPurpose();
        var ruling = rules.Apply(caller, request, purpose, [.. found.Select(gallery => gallery.Gallery.Properties)], terms);
        var scopes = found.Select(gallery => new GalleryScope(gallery.Gallery, gallery.Permission.Fields)).ToList();

        var search = Guid.CreateVersion7();
        var use = Approve(caller, request, purpose, ruling, scopes, search);
        CandidateList list;
        try
        {
            var options = ruling.AllFaces ? ruling.Options with { Face = FaceChoice.All } : ruling.Options;
            list = image is { } probe
                ? await workers.RunAsync(
                    scopes[0].Gallery.Model.Id,
                    extractor => GallerySearch.Search(scopes, extractor, probe.Span, options, cancellationToken), cancellationToken)
                : await ByEncounterAsync(caller, request, scopes, options, cancellationToken);
        }
        catch when (use.Approval is { } approval)
        {
            approvals.GiveBack(approval, search);
            throw;
        }
        telemetry.Searched(list.Path, list.Elapsed.Search, list.Elapsed.Decode + list.Elapsed.Detect + list.Elapsed.Embed);
        var written = await trail.WriteAsync(Event(list, search, purpose, request, use.Approval), caller, ruling.AuditYears);
        var digest = image is { } searched ? receipts.Digest(searched.Span) : null;
        uses.Add(search, caller, written.Sequence, use.Approval, use.Exigent, digest, list.Probe is { } face
            ? JsonSerializer.Serialize(FaceBox.Of(face.Box), WireJson.Options)
            : null);
        return new SearchAnswer(Response(list, search, ruling, started), digest);
    }

    /// <summary>
    /// A search with its event, for those who may know of it: who made it, that organisation's supervisors and examiners, and auditors.
    /// </summary>
    /// <exception cref="ProblemException">There is none, or the caller may not know of it.</exception>
    public (UseOfSearch Use, AuditEvent Event) Find(Caller caller, string search)
    {
        if (uses.Find(search) is not { } use || !MayRead(caller, use))
            throw NotFound();
        var written = log.Read(after: use.Audit - 1, count: 1).FirstOrDefault(found => found.Sequence == use.Audit);
        return written is null ? throw new ProblemException(Problem.NotFound, "the audit of this search has been purged") : (use, written);
    }

    /// <summary>A candidate of a search with the gallery and what the caller's organisation sees of it.</summary>
    /// <exception cref="ProblemException">There is none, it was removed, or the caller may not know of it.</exception>
    public (Gallery Gallery, Encounter Encounter, BiographicFields Biographics, BiographicFields EncounterFields) Candidate(
        Caller caller, string search, int rank)
    {
        var (use, written) = Find(caller, search);
        // An auditor checks what was done; whom it was done with is not for an auditor to look at.
        if (use.Account != caller.Account && use.Organisation != caller.Organisation)
            throw NotFound();
        var audited = JsonSerializer.Deserialize<SearchAudit>(written.Payload, JsonSerializerOptions.Web)!.Candidates.FirstOrDefault(
            candidate => candidate.Rank == rank)
            ?? throw new ProblemException(Problem.NotFound, string.Create(CultureInfo.InvariantCulture, $"the list has no rank {rank}"));
        var gallery = open.Get(audited.Gallery);
        // The owner's permission of today counts, not that of the search.
        var permission = access.Permission(caller, audited.Gallery) ?? throw NotFound();
        var encounter = gallery.FindEncounter(audited.EncounterId)
            ?? throw new ProblemException(Problem.NotFound, "the encounter was removed");
        // Opening a record tells no more than the list did; a second request can.
        var profiles = rules.Profiles([gallery.Properties]);
        var biographics = profiles.All(profile => profile.Rules.Biographics.Value == BiographicsRule.All)
            ? permission.Fields
            : BiographicFields.None;
        return (gallery, encounter, biographics, profiles.Aggregate(
            permission.Fields, (fields, profile) => fields.And(profile.Rules.EncounterFields.Value)));
    }

    /// <summary>Why a search was made, as its event says.</summary>
    /// <exception cref="ProblemException">There is none, or the caller may not know of it.</exception>
    public SearchPurpose? PurposeOf(Caller caller, string search) =>
        JsonSerializer.Deserialize<SearchAudit>(Find(caller, search).Event.Payload, JsonSerializerOptions.Web)!.Purpose;

    private async Task<CandidateList> ByEncounterAsync(
        Caller caller, SearchRequest request, List<GalleryScope> scopes, SearchOptions options, CancellationToken cancellationToken)
    {
        var name = request.EncounterGallery ?? (scopes.Count == 1
            ? scopes[0].Gallery.Name
            : throw new ProblemException(Problem.BadValue, "encounterGallery names the gallery that holds the encounter"));
        var (home, _) = access.Searchable(caller, [name])[0];
        return await Task.Run(
            () => GallerySearch.SearchByEncounter(
                scopes, home, request.EncounterId!, workers.Card(home.Model.Id), options, cancellationToken),
            cancellationToken)
            ?? throw new ProblemException(Problem.NotFound, $"gallery '{name}' has no such encounter");
    }

    /// <summary>Sees that a search which needs a supervisor has one, or a reason why it cannot wait.</summary>
    private (string? Approval, string? Exigent) Approve(
        Caller caller, SearchRequest request, SearchPurpose? purpose, Ruling ruling, List<GalleryScope> scopes, Guid search)
    {
        if (!ruling.NeedsApproval)
            return (null, null);
        if (request.ExigentReason is { } reason)
            return (null, ApprovalsResource.Reason(reason, "exigentReason"));
        if (request.ApprovalId is not { } id)
            throw new ProblemException(
                Problem.ApprovalRequired,
                "the service or one of the galleries is not approved for all: ask for approval at /v1/approvals and send the probe again "
                    + "with approvalId, or give an exigentReason")
            {
                Extensions = { ["rule"] = "PIA-054, Safeguards before use" },
            };
        var names = scopes.Select(scope => scope.Gallery.Name).Order(StringComparer.Ordinal);
        if (approvals.Find(id) is not { } approval || approval.Requester != caller.Account || !approval.Galleries.SequenceEqual(names)
            || approval.Purpose != (purpose ?? new SearchPurpose()))
            throw new ProblemException(Problem.ApprovalRequired, "the approval is for another account, other galleries or another purpose");
        if (!approvals.Use(id, caller.Account, search))
            throw new ProblemException(
                Problem.ApprovalRequired,
                $"the approval cannot be used: it is {approval.State.ToString().ToLowerInvariant()}, or has expired");
        return (id, null);
    }

    private SearchAudit Event(CandidateList list, Guid search, SearchPurpose? purpose, SearchRequest request, string? approval) => new()
    {
        SearchId = search,
        Galleries = list.Galleries,
        Purpose = purpose,
        ListLength = list.ListLength,
        Floor = list.Floor,
        FloorGaveWay = list.FloorGaveWay,
        ProbeQuality = list.Probe?.Quality?.Overall,
        ProbeFaces = request.EncounterId is null ? list.Probe?.FacesFound : null,
        ProbeEncounterId = list.ProbeEncounterId,
        Candidates = [.. list.Candidates.Select(candidate =>
            new AuditedCandidate(candidate.Rank, candidate.Gallery, candidate.SubjectId, candidate.Encounter.Id, candidate.Score))],
        DisclaimerVersion = list.Disclaimer.Version,
        Model = list.Model,
        Path = list.Path,
        GallerySize = list.GallerySize,
        Profile = rules.Profile.Name,
        ApprovalId = approval,
    };

    private static SearchResponse Response(CandidateList list, Guid search, Ruling ruling, long started) => new(
        search.ToString(),
        [.. list.Candidates.Select(candidate => Response(candidate, ruling.AllFaces ? candidate.Face : null, search, ruling))],
        DisclaimerWire.Of(list.Disclaimer),
        list.Model,
        list.Path,
        list.IsExhaustive,
        list.Galleries,
        list.GallerySize,
        list.ListLength,
        list.Floor is { } floor ? WireJson.Score(floor) : null,
        list.FloorGaveWay,
        list.Withheld,
        WireJson.Rate(list.ExpectedNonMatesAboveFloor),
        list.Probe is { } face ? ProbeWire.Of(face) : null,
        list.Probe?.Quality is { } quality ? QualityResponse.Of(quality) : null,
        [.. list.Faces.Select(ProbeFaceWire.Of)],
        [.. ruling.Notices, .. list.Notices],
        new TimingsWire(
            WireJson.Milliseconds(list.Elapsed.Decode),
            WireJson.Milliseconds(list.Elapsed.Detect),
            WireJson.Milliseconds(list.Elapsed.Embed),
            WireJson.Milliseconds(list.Elapsed.Search),
            WireJson.Milliseconds(Stopwatch.GetElapsedTime(started))),
        null);

    private static CandidateResponse Response(Candidate candidate, int? face, Guid search, Ruling ruling)
    {
        var record = string.Create(CultureInfo.InvariantCulture, $"/v1/searches/{search}/candidates/{candidate.Rank}");
        var sourceUrl = ruling.SourceUrl ? candidate.Encounter.SourceUrl : null;
        return new CandidateResponse(
            candidate.Rank,
            candidate.Gallery,
            candidate.SubjectId,
            WireJson.Score(candidate.Score),
            WireJson.Rate(candidate.Fmr),
            WireJson.Rate(candidate.FmrBelow),
            EncounterWire.Of(candidate.Encounter) with
            {
                SourceUrl = sourceUrl,
                Image = null,
                Metadata = ruling.EncounterFields.Of(candidate.Encounter.Metadata),
            },
            sourceUrl,
            ruling.Biographics.Of(candidate.Biographics),
            face,
            record + "/crop",
            record);
    }

    private static bool MayRead(Caller caller, UseOfSearch use) =>
        use.Account == caller.Account
        || caller.Is(Role.Auditor)
        || (use.Organisation == caller.Organisation && (caller.Is(Role.Supervisor) || caller.Is(Role.Examiner)));

    private static ProblemException NotFound() => new(Problem.NotFound, "there is no such search");
}
