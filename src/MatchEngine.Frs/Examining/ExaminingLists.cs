using System.Globalization;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Images;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Examining;

/// <summary>What came of an examination.</summary>
/// <param name="Candidates">The narrowed list in rank order; perhaps empty, perhaps one.</param>
/// <param name="SetAside">How many candidates were set aside; null where the list was never told to the reader.</param>
/// <param name="Comment">The examiner's words on the whole.</param>
public sealed record ExaminationResult(IReadOnlyList<ExaminedCandidate> Candidates, int? SetAside, string? Comment)
{
    /// <summary>The candidates whose record was removed, or has expired, since they were listed.</summary>
    public IReadOnlyList<ExaminedCandidate> Removed { get; init; } = [];

    /// <summary>What a list of this length means, and what it does not.</summary>
    public string Notice => Candidates.Count switch
    {
        0 => "No candidate was kept. This does not say that the person is not enrolled.",
        1 => "One candidate was kept. A narrowed list of one is still a lead and no positive identification.",
        var count => $"{count} candidates were kept. Each is a lead; none is a positive identification.",
    };
}

/// <summary>An examination as an actor sees it.</summary>
/// <param name="Examination">The examination.</param>
/// <param name="Candidates">All candidates of the list with what was said so far: for examiners; for others null.</param>
/// <param name="Result">What came of it; null unless it is finished.</param>
/// <param name="Receipt">That the probe was deleted; null while it is kept.</param>
public sealed record SeenExamination(
    Examination Examination, IReadOnlyList<ExaminedCandidate>? Candidates, ExaminationResult? Result, DeletionReceipt? Receipt)
{
    /// <summary>Whether the profile of a gallery wants rank, score and subject of a candidate out of the examiner's sight until something
    /// is recorded of it.</summary>
    public bool IsBlind { get; init; }

    /// <summary>Where two examiners differ, for the supervisor who decides; else none.</summary>
    public IReadOnlyList<Dispute> Disputes { get; init; } = [];
}

/// <summary>A candidate that one of two examiners keeps and the other one sets aside.</summary>
/// <param name="First">What the first one said.</param>
/// <param name="Second">What the second one said.</param>
public sealed record Dispute(ExaminedCandidate First, ExaminedCandidate Second);

/// <summary>
/// The way of a candidate list to an examiner and back (PIA-054, Return). The probe is kept sealed from the request to the end of the
/// examination, whichever end that is, and no longer. What comes of it stays in the service's book: nothing is written to a gallery
/// (PIA-054, OBIM IDENT/HART). Supervision of searches is another matter.
/// </summary>
/// <param name="examinations">The examinations.</param>
/// <param name="probes">Keep the probes sealed.</param>
/// <param name="drafts">Keep what is not recorded yet.</param>
/// <param name="searches">The searches.</param>
/// <param name="candidates">Opens candidates.</param>
/// <param name="access">Which galleries are searched by whom.</param>
/// <param name="rules">The profiles.</param>
/// <param name="pictures">Makes pictures for eyes.</param>
/// <param name="workers">Find the eyes in a photo.</param>
/// <param name="receipts">Make digests and receipts.</param>
/// <param name="notifications">Tells the requester.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="options">How long an examination may stay open.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="observer">Told of buffers that hold a probe; null for nobody.</param>
public sealed class ExaminingLists(
    IExaminations examinations, SealedProbes probes, SealedDrafts drafts, ISearches searches, CandidateAccess candidates,
    GalleryAccess access, ServiceRules rules, Pictures pictures, ExtractionWorkers workers, Receipts receipts, INotifications notifications,
    AuditTrail trail, FrsOptions options,
    TimeProvider clock, IBufferObserver? observer = null)
{
    private const int MaxProcessing = 50, MaxProcessingLine = 500;

    /// <summary>How the line of a mark begins in <see cref="Assessment.Processing"/>.</summary>
    public const string MarkBeginning = "mark ";

    /// <summary>Below this share of two boxes they are not one face's.</summary>
    private const double LeastShared = 0.3;

    /// <summary>Refuses a gallery whose profile does not offer examination.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotOffered"/>.</exception>
    public void RequireOffered(GalleryProperties gallery)
    {
        var profile = rules.ProfileOf(gallery);
        if (!profile.Rules.ExaminerReview.Value)
            throw new CodedException(ErrorCodes.NotOffered, $"{profile.Name} sends no lists to examiners")
            {
                Rule = $"{profile.Name}: examinerReview ({profile.Rules.ExaminerReview.Source})",
            };
    }

    /// <summary>
    /// Sends the list of a search of the actor's own to examiners: each gallery's candidates to those that its profile names, its owner's
    /// or the requester's. They are told.
    /// </summary>
    /// <param name="actor">Who searched.</param>
    /// <param name="search">The search.</param>
    /// <param name="probe">The probe; it is kept sealed. Its keyed digest must be that of the search. Whoever gives it clears it.</param>
    /// <param name="note">What the examiner should know, or null.</param>
    /// <param name="galleries">The galleries whose candidates are examined; null for all.</param>
    /// <param name="ranks">The candidates that are examined; null or none for all.</param>
    /// <returns>An examination for each organisation whose examiners do it, at least one.</returns>
    /// <exception cref="CodedException">There is no such search, its list is empty, the photo is another one, or the list is under
    /// examination already.</exception>
    public IReadOnlyList<Examination> Request(
        Actor actor, string search, ReadOnlyMemory<byte> probe, string? note, IReadOnlySet<string>? galleries = null,
        IReadOnlyCollection<int>? ranks = null)
    {
        actor.Require(Policies.Search);
        var words = Texts.Optional(note, "note");
        if (searches.Find(search) is not { } found || found.Account != actor.Account)
            throw new CodedException(ErrorCodes.NotFound, "there is no such search of this account");
        CandidateAccess.RequireOpen(actor, found);
        var digest = found.ProbeDigest
            ?? throw new CodedException(
                ErrorCodes.Conflict, "the search was made with an enrolled encounter; there is no probe to examine");
        if (!receipts.IsOf(digest, probe.Span))
            throw new CodedException(
                ErrorCodes.OtherProbe,
                "the photo is not the one that was searched with: its keyed digest differs from that of the search's receipt");
        // The rules of today count, as they do when a record is opened.
        var properties = access.Searchable(actor, galleries is null ? found.Galleries : [.. galleries])
            .ToDictionary(pair => pair.Gallery.Name, pair => pair.Gallery.Properties, StringComparer.Ordinal);
        foreach (var gallery in properties.Values)
            RequireOffered(gallery);
        var listed = searches.Candidates(search).Where(candidate => properties.ContainsKey(candidate.Gallery)).ToList();
        if (listed.Count == 0)
            throw new CodedException(ErrorCodes.Conflict, "the list is empty; there is nothing to examine");
        if (ranks is { Count: > 0 })
        {
            if (ranks.Except(listed.Select(candidate => candidate.Rank)).Any())
                throw new CodedException(ErrorCodes.BadValue, "one of the candidates to examine is not on the list");
            listed.RemoveAll(candidate => !ranks.Contains(candidate.Rank));
        }
        var added = new List<Examination>();
        foreach (var part in listed.GroupBy(candidate => ExaminersOf(actor, properties[candidate.Gallery])))
        {
            var second = part.Any(candidate => rules.ProfileOf(properties[candidate.Gallery]).Rules.SecondExaminer.Value);
            if (Add(actor, found, probe, words, part.Key, second, [.. part]) is { } examination)
                added.Add(examination);
        }
        return added.Count > 0
            ? added
            : throw new CodedException(ErrorCodes.Conflict, "the list of this search is under examination already");
    }

    private string ExaminersOf(Actor actor, GalleryProperties gallery) =>
        rules.ProfileOf(gallery).Rules.Examiners.Value == ExaminersRule.Owner ? gallery.Owner : actor.Organisation;

    private Examination? Add(
        Actor actor, RecordedSearch search, ReadOnlyMemory<byte> probe, string? note, string examiners, bool second,
        IReadOnlyList<RecordedCandidate> listed)
    {
        var id = TimeOrderedId.New();
        probes.Seal(id, probe.Span);
        var added = false;
        try
        {
            added = trail.ChangeBook(
                actor,
                "examination.requested",
                change => examinations.Add(change, id, search, note, options.ExaminationLifetime, listed, examiners, second),
                added => added
                    ? new
                    {
                        examination = id,
                        search = search.Id,
                        galleries = listed.Select(candidate => candidate.Gallery).Distinct(),
                        candidates = listed.Count,
                        examiners,
                    }
                    : null);
        }
        finally
        {
            if (!added)
                probes.Erase(id);
        }
        if (!added)
            return null;
        notifications.TellHolders(examiners, [Role.Examiner], NotificationKinds.ExaminationRequested, actor, search.Id);
        return examinations.Find(id)!;
    }

    /// <summary>One's requests; for examiners and supervisors, those of the organisation; newest first, without candidates.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    public IReadOnlyList<SeenExamination> List(Actor actor, ExaminationState? state)
    {
        actor.Require(Policies.ReadExamination);
        Tidy();
        return examinations.List(
            actor.Organisation, actor.Is(Role.Examiner) || actor.Is(Role.Supervisor) ? null : actor.Account, state)
            .Where(found => MayKnow(actor, found))
            .Select(found => new SeenExamination(found, null, null, Receipt(found))).ToList();
    }

    /// <summary>An examination, with its result once it is finished. One whose time is over is closed by this.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is none, or it is not the actor's to know of.</exception>
    public SeenExamination Find(Actor actor, string id)
    {
        actor.Require(Policies.ReadExamination);
        return See(actor, Require(actor, id));
    }

    /// <summary>An examination of the actor's own request, as the actor sees it right after asking for it.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public SeenExamination FindRequested(Actor actor, string id)
    {
        actor.Require(Policies.Search);
        return See(actor, Require(actor, id));
    }

    /// <summary>Begins to examine a list; nobody examines a search of one's own.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/>, or
    /// <see cref="ErrorCodes.Conflict"/>: it is not open.</exception>
    public SeenExamination Take(Actor actor, string id)
    {
        actor.Require(Policies.Examine);
        var found = Require(actor, id);
        if (found.Requester == actor.Account)
            throw new CodedException(ErrorCodes.Forbidden, "nobody examines a search of one's own");
        RequireExaminer(actor, found);
        if (found.FirstExaminer == actor.Account)
            throw new CodedException(ErrorCodes.Forbidden, "the second examiner is another one than the first");
        if (!trail.ChangeBook(
            actor, "examination.taken", change => examinations.Take(change, id, actor.Account),
            taken => taken ? new { examination = id, search = found.Search } : null))
            throw WrongState(Require(actor, id), "only an open one can be taken");
        return See(actor, examinations.Find(id)!);
    }

    /// <summary>Leaves it to another examiner; what was said so far goes.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/> or
    /// <see cref="ErrorCodes.Conflict"/>.</exception>
    public SeenExamination Release(Actor actor, string id)
    {
        var found = RequireHeld(actor, id);
        if (!trail.ChangeBook(
            actor, "examination.released", change => examinations.Release(change, id, actor.Account),
            released => released ? new { examination = id, search = found.Search } : null))
            throw Changed(actor, id);
        drafts.Forget(id);
        return See(actor, examinations.Find(id)!);
    }

    /// <summary>Keeps what the examiner has written and not recorded yet: a judgement it is not, and the audit has nothing of it.</summary>
    /// <param name="actor">Who has the examination.</param>
    /// <param name="id">The examination.</param>
    /// <param name="rank">The candidate.</param>
    /// <param name="draft">What is written.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/> (too long), <see cref="ErrorCodes.NotFound"/>,
    /// <see cref="ErrorCodes.Forbidden"/> or <see cref="ErrorCodes.Conflict"/>.</exception>
    public void Draft(Actor actor, string id, int rank, AssessmentDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        RequireHeld(actor, id);
        RequireRank(id, rank);
        Texts.Optional(draft.Comment, "comment");
        foreach (var (feature, note) in draft.Features)
        {
            RequireFeature(feature);
            Texts.Optional(note, $"features.{feature}");
        }
        if (!drafts.Keep(id, rank, draft))
            throw new CodedException(ErrorCodes.BadValue, "the draft is too long, or the probe was deleted meanwhile");
    }

    /// <summary>What the examiner has written of a candidate and not recorded yet; null when there is nothing.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/> or
    /// <see cref="ErrorCodes.Conflict"/>.</exception>
    public AssessmentDraft? DraftOf(Actor actor, string id, int rank)
    {
        RequireHeld(actor, id);
        return drafts.Find(id, rank);
    }

    /// <summary>Keeps a candidate with a level and notes by facial feature, or sets it aside.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, <see cref="ErrorCodes.NotFound"/>,
    /// <see cref="ErrorCodes.Forbidden"/> or <see cref="ErrorCodes.Conflict"/>.</exception>
    public ExaminedCandidate Assess(Actor actor, string id, int rank, Assessment assessment)
    {
        var found = RequireHeld(actor, id);
        var isDifferent = assessment.Level is ExaminationLevel.SupportDifferent or ExaminationLevel.LimitedSupportDifferent;
        if (assessment.Kept ? assessment.Level is null || isDifferent : assessment.Level is not null && !isDifferent)
            throw new CodedException(
                ErrorCodes.BadValue,
                "a kept candidate has a level (support, limited-support, no-conclusion); one that is set aside may have one of its own "
                    + "(limited-support-different, support-different)");
        foreach (var (feature, note) in assessment.Features)
        {
            RequireFeature(feature);
            Texts.Required(note, $"features.{feature}");
        }
        if (assessment.Processing.Count > MaxProcessing || assessment.Processing.Any(line => line.Length > MaxProcessingLine))
            throw new CodedException(
                ErrorCodes.BadValue,
                $"what was done to the pictures has at most {MaxProcessing} lines of {MaxProcessingLine} characters; take marks away");
        RequireRank(id, rank);
        var said = assessment with { Comment = Texts.Optional(assessment.Comment, "comment") };
        // The notes may describe a person; the audit says which features were looked at.
        if (!trail.ChangeBook(
            actor,
            "examination.assessed",
            change => examinations.Assess(change, id, actor.Account, rank, said),
            assessed => assessed ? new
            {
                examination = id,
                search = found.Search,
                rank,
                said.Kept,
                level = said.Level,
                features = said.Features.Keys.Order(StringComparer.Ordinal),
                // A mark's note is words of the examiner's; that pictures were enhanced is not.
                processing = said.Processing.Where(line => !line.StartsWith(MarkBeginning, StringComparison.Ordinal)),
            } : null))
            throw Changed(actor, id);
        drafts.Forget(id, rank);
        return examinations.Candidates(id).First(candidate => candidate.Rank == rank);
    }

    /// <summary>Ends with a result; the probe is deleted and the requester is told.</summary>
    /// <param name="actor">Who has it.</param>
    /// <param name="id">The examination.</param>
    /// <param name="comment">The examiner's words on the whole, or null.</param>
    /// <param name="setAsideRest">Whether candidates of which nothing was said are set aside.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, <see cref="ErrorCodes.NotFound"/>,
    /// <see cref="ErrorCodes.Forbidden"/> or <see cref="ErrorCodes.Conflict"/>: of some candidates nothing was said.</exception>
    public SeenExamination Finish(Actor actor, string id, string? comment, bool setAsideRest)
    {
        var found = RequireHeld(actor, id);
        var words = Texts.Optional(comment, "comment");
        var removed = Removed(examinations.Candidates(id)).Select(candidate => candidate.Rank).ToHashSet();
        var open = trail.ChangeBook(
            actor, "examination.finished", change => examinations.Finish(change, id, actor.Account, words, setAsideRest, removed),
            open => open is { Count: 0 } ? Finished() : null)
            ?? throw Changed(actor, id);
        if (open.Count > 0)
            throw new CodedException(
                ErrorCodes.Conflict,
                $"nothing was said of the candidates at rank {string.Join(", ", open)}: keep them or set them aside, or send setAsideRest");
        drafts.Forget(id);
        var after = examinations.Find(id)!;
        if (after.State == ExaminationState.Finished)
            Close(actor, found);
        else if (after.State == ExaminationState.Disputed)
            notifications.TellHolders(
                found.Examiners, [Role.Supervisor], NotificationKinds.ExaminationDisputed, actor, found.Search);
        else
            notifications.TellHolders(
                found.Examiners, [Role.Examiner], NotificationKinds.ExaminationRequested, actor, found.Search);
        return See(actor, examinations.Find(id)!);

        object Finished()
        {
            var now = examinations.Find(id)!;
            return new
            {
                examination = id,
                search = found.Search,
                state = now.State,
                kept = (now is { State: ExaminationState.Open } ? examinations.FirstJudgement(id) : examinations.Candidates(id))
                    .Where(candidate => candidate.Kept == true)
                    .Select(candidate => new { candidate.Rank, level = candidate.Level }),
                removed,
                disclaimerVersion = Disclaimer.Current.Version,
            };
        }
    }

    /// <summary>Ends a dispute of two examiners: a supervisor of their organisation says which of the candidates are kept.</summary>
    /// <param name="actor">The supervisor.</param>
    /// <param name="id">The examination.</param>
    /// <param name="kept">The ranks that are kept, of those on which the two differ; the others of these are set aside.</param>
    /// <param name="reason">Why.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/> (one's own search, or one
    /// that oneself examined), <see cref="ErrorCodes.BadValue"/> or <see cref="ErrorCodes.Conflict"/>.</exception>
    public SeenExamination Resolve(Actor actor, string id, IReadOnlyCollection<int> kept, string? reason)
    {
        actor.Require(Policies.Supervise);
        ArgumentNullException.ThrowIfNull(kept);
        var found = Require(actor, id);
        RequireExaminer(actor, found);
        if (actor.Account == found.Requester || actor.Account == found.Examiner || actor.Account == found.FirstExaminer)
            throw new CodedException(ErrorCodes.Forbidden, "who searched or examined does not decide the dispute");
        if (found.State != ExaminationState.Disputed)
            throw WrongState(found, "there is no dispute to decide");
        var words = Texts.Required(reason, "reason");
        var disputed = Disputed(id).Select(pair => pair.Second.Rank).ToList();
        if (kept.Except(disputed).Any())
            throw new CodedException(ErrorCodes.BadValue, $"the two examiners differ on rank {string.Join(", ", disputed)} alone");
        if (!trail.ChangeBook(
            actor, "examination.resolved", change => examinations.Resolve(change, id, actor.Account, kept, words),
            resolved => resolved ? new { examination = id, search = found.Search, disputed, kept = kept.Order() } : null))
            throw Changed(actor, id);
        Close(actor, found);
        return See(actor, examinations.Find(id)!);
    }

    private IEnumerable<(ExaminedCandidate First, ExaminedCandidate Second)> Disputed(string id) =>
        examinations.FirstJudgement(id).Join(
            examinations.Candidates(id), first => first.Rank, second => second.Rank, (first, second) => (first, second))
            .Where(pair => pair.first.Kept != pair.second.Kept);

    /// <summary>The candidates whose record is not there any more.</summary>
    private List<ExaminedCandidate> Removed(IEnumerable<ExaminedCandidate> examined) =>
        [.. examined.Where(candidate => !candidates.IsThere(candidate.Gallery, candidate.Encounter))];

    /// <summary>Takes a request of the actor's own back; the probe is deleted.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/>, or
    /// <see cref="ErrorCodes.Conflict"/>: it has ended.</exception>
    public SeenExamination Withdraw(Actor actor, string id)
    {
        actor.Require(Policies.Search);
        var found = Require(actor, id);
        if (found.Requester != actor.Account)
            throw new CodedException(ErrorCodes.Forbidden, "only who asked for it takes it back");
        if (!trail.ChangeBook(
            actor, "examination.withdrawn", change => examinations.Withdraw(change, id, actor.Account),
            withdrawn => withdrawn ? new { examination = id, search = found.Search } : null))
            throw WrongState(Require(actor, id), "it has ended");
        Close(actor, found);
        return See(actor, examinations.Find(id)!);
    }

    /// <summary>
    /// Ends the examination of a search that was found improper, if there is one: it was made for a list that may not be used, and the
    /// probe is deleted.
    /// </summary>
    /// <param name="supervisor">Whose finding it is.</param>
    /// <param name="search">The search.</param>
    public void EndImproper(Actor supervisor, RecordedSearch search)
    {
        foreach (var live in examinations.Live(search.Id))
        {
            if (trail.ChangeBook(
                supervisor, "examination.withdrawn", change => examinations.Withdraw(change, live.Id, live.Requester),
                withdrawn => withdrawn ? new { examination = live.Id, search = live.Search } : null))
                EraseClosed(live.Id);
        }
    }

    /// <summary>Deletes what is kept of the probe of an examination that is not there any more.</summary>
    public void EraseRemoved(IEnumerable<string> examinations)
    {
        foreach (var id in examinations)
            probes.Erase(id);
    }

    /// <summary>The probe, for the examiner who has taken the list: JPEG, PNG and WebP as submitted, anything else as JPEG.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/> or
    /// <see cref="ErrorCodes.Conflict"/>.</exception>
    public async Task<Picture> ProbeAsync(Actor actor, string id)
    {
        var probe = await OpenAsync(actor, id, "photo");
        if (Picture.TypeOf(probe.Memory.Span) is { } type)
            return new Picture(type, probe);
        using (probe)
            return Picture.Jpeg(Decoded(() => pictures.Jpeg(probe.Memory.Span)));
    }

    /// <summary>The face of the probe, enlarged, for the examiner who has taken the list.</summary>
    /// <param name="actor">Who has it.</param>
    /// <param name="id">The examination.</param>
    /// <param name="margin">How much around the face, in parts of its box; null for the usual.</param>
    /// <param name="size">Width and height in pixels; null for twice the usual.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, <see cref="ErrorCodes.NotFound"/>,
    /// <see cref="ErrorCodes.Forbidden"/> or <see cref="ErrorCodes.Conflict"/>.</exception>
    public async Task<Picture> ProbeCropAsync(Actor actor, string id, float? margin, int? size)
    {
        var (wide, pixels) = Crop(margin, size);
        var box = RequireHeld(actor, id).ProbeBox
            ?? throw new CodedException(ErrorCodes.NotFound, "where the face is was not recorded with the search; see the whole probe");
        using var probe = await OpenAsync(actor, id, "crop");
        return Picture.Jpeg(Decoded(() => pictures.Crop(probe.Memory.Span, box, wide, pixels)));
    }

    /// <summary>The enrolled photo of a candidate, for the examiner who has taken the list.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/> or
    /// <see cref="ErrorCodes.Conflict"/>.</exception>
    public async Task<Picture> CandidatePhotoAsync(Actor actor, string id, int rank)
    {
        var (photo, _) = await PhotoAsync(actor, id, rank, "photo");
        return Picture.TypeOf(photo) is { } type ? new Picture(type, photo) : Picture.Jpeg(Decoded(() => pictures.Jpeg(photo)));
    }

    /// <summary>The face of a candidate, enlarged as that of the probe.</summary>
    /// <param name="actor">Who has the examination.</param>
    /// <param name="id">The examination.</param>
    /// <param name="rank">The candidate.</param>
    /// <param name="margin">As for the probe.</param>
    /// <param name="size">As for the probe.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, <see cref="ErrorCodes.NotFound"/>,
    /// <see cref="ErrorCodes.Forbidden"/> or <see cref="ErrorCodes.Conflict"/>.</exception>
    public async Task<Picture> CandidateCropAsync(Actor actor, string id, int rank, float? margin, int? size)
    {
        var (wide, pixels) = Crop(margin, size);
        var (photo, encounter) = await PhotoAsync(actor, id, rank, "crop");
        return Picture.Jpeg(Decoded(() => pictures.Crop(photo, encounter.Box, wide, pixels)));
    }

    /// <summary>Where the eyes of the probe, or of a candidate, are in the picture that the examiner looks at.</summary>
    /// <param name="actor">Who has the examination.</param>
    /// <param name="id">The examination.</param>
    /// <param name="rank">The candidate; null for the probe.</param>
    /// <param name="whole">In the whole photo, and not in the cut of the face.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The eyes of the face that the search compared; null where it is not found again.</returns>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/>,
    /// <see cref="ErrorCodes.Conflict"/> or <see cref="ErrorCodes.QueueFull"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<EyePoints?> EyesAsync(Actor actor, string id, int? rank, bool whole, CancellationToken cancellationToken)
    {
        var model = searches.Find(RequireHeld(actor, id).Search)?.Model
            ?? throw new CodedException(ErrorCodes.NotFound, "the search was deleted");
        if (rank is { } candidate)
        {
            var (photo, encounter) = await PhotoAsync(actor, id, candidate, "eyes");
            return await EyesAsync(actor, model, photo, encounter.Box, whole, cancellationToken);
        }
        var box = RequireHeld(actor, id).ProbeBox
            ?? throw new CodedException(ErrorCodes.NotFound, "where the face is was not recorded with the search");
        using var probe = await OpenAsync(actor, id, "eyes");
        return await EyesAsync(actor, model, probe.Memory, box, whole, cancellationToken);
    }

    private async Task<EyePoints?> EyesAsync(
        Actor actor, string model, ReadOnlyMemory<byte> photo, BoundingBox box, bool whole, CancellationToken cancellationToken)
    {
        try
        {
            return await workers.RunAsync<EyePoints?>(
                actor, model,
                extractor =>
                {
                    var found = extractor.Extract(photo.Span, new ExtractionRequest(FaceChoice.All), cancellationToken);
                    found.Clear();
                    // The face of the list, and no other one of the photo.
                    if (found.Faces.Where(face => face.Points.InterEyeDistance > 0).MaxBy(face => Shared(face.Box, box)) is not { } face
                        || Shared(face.Box, box) < LeastShared)
                        return null;
                    return whole
                        ? EyePoints.InPhoto(face.Points, found.Width, found.Height)
                        : EyePoints.InCut(face.Points, box, FaceImage.DefaultMargin);
                },
                cancellationToken);
        }
        catch (AcquisitionException)
        {
            return null;
        }
    }

    /// <summary>The share of two boxes that both have (intersection over union), 0 … 1.</summary>
    private static double Shared(BoundingBox a, BoundingBox b)
    {
        var width = MathF.Min(a.X + a.Width, b.X + b.Width) - MathF.Max(a.X, b.X);
        var height = MathF.Min(a.Y + a.Height, b.Y + b.Height) - MathF.Max(a.Y, b.Y);
        var both = Math.Max(width, 0) * (double)Math.Max(height, 0);
        return both / (a.Area + b.Area - both);
    }

    private void RequireRank(string id, int rank)
    {
        if (examinations.Candidates(id).All(candidate => candidate.Rank != rank))
            throw new CodedException(ErrorCodes.NotFound, string.Create(CultureInfo.InvariantCulture, $"the list has no rank {rank}"));
    }

    private static void RequireFeature(string feature)
    {
        if (!FacialFeatures.All.Contains(feature))
            throw new CodedException(
                ErrorCodes.BadValue, $"there is no facial feature of this name; there are {string.Join(", ", FacialFeatures.All)}");
    }

    /// <summary>One round of the service itself: closes what is overdue, and deletes the probes of what was closed where that was
    /// interrupted.</summary>
    /// <exception cref="Galleries.Errors.StoreException">The service's book cannot be used; the next round tries again.</exception>
    public void Tidy()
    {
        foreach (var id in examinations.Overdue())
            Expire(id);
        foreach (var id in examinations.Unerased())
            EraseClosed(id);
    }

    /// <summary>
    /// Removes what a killed process left: sealed probes of which no examination knows. Only before requests are served,
    /// for one under way looks the same.
    /// </summary>
    /// <exception cref="Galleries.Errors.StoreException">The service's book cannot be read, or a file not removed.</exception>
    public void RemoveOrphans()
    {
        foreach (var id in probes.Ids().Where(id => examinations.Find(id) is not { IsLive: true }))
            probes.Erase(id);
    }

    private Examination Require(Actor actor, string id)
    {
        if (examinations.Find(id) is not { } found || !MayKnow(actor, found))
            throw new CodedException(ErrorCodes.NotFound, "there is no such examination");
        if (!found.IsLive || found.Expires > clock.GetUtcNow())
            return found;
        Expire(id);
        return examinations.Find(id)!;
    }

    private static bool MayKnow(Actor actor, Examination found) =>
        found.Requester == actor.Account
        || (found.Examiners == actor.Organisation && (actor.Is(Role.Examiner) || actor.Is(Role.Supervisor)))
        || (found.Organisation == actor.Organisation && actor.Is(Role.Supervisor));

    private static void RequireExaminer(Actor actor, Examination found)
    {
        if (found.Examiners != actor.Organisation)
            throw new CodedException(ErrorCodes.Forbidden, "the list is examined by another organisation");
    }

    private Examination RequireHeld(Actor actor, string id)
    {
        actor.Require(Policies.Examine);
        var found = Require(actor, id);
        if (found.State != ExaminationState.Taken)
            throw WrongState(found, found.IsLive ? "take it first" : "it is closed");
        return found.Examiner == actor.Account
            ? found
            : throw new CodedException(ErrorCodes.Forbidden, "another examiner has taken it");
    }

    private CodedException Changed(Actor actor, string id) => WrongState(Require(actor, id), "it changed meanwhile");

    private static CodedException WrongState(Examination found, string remedy) =>
        new(ErrorCodes.Conflict, $"the examination is {found.State.ToString().ToLowerInvariant()}: {remedy}");

    private SeenExamination See(Actor actor, Examination found)
    {
        // Who asked sees the result, and not an examiner at work.
        var inside = actor.Is(Role.Examiner) && found.Examiners == actor.Organisation && found.Requester != actor.Account;
        var search = searches.Find(found.Search);
        // What is closed is closed to those who examined it too.
        var closed = search is not null && CandidateAccess.IsClosed(actor, search);
        inside &= !closed;
        var finished = found.State == ExaminationState.Finished && !closed;
        var examined = inside || finished ? examinations.Candidates(found.Id) : null;
        // Of two examiners neither sees what the other one says, and nobody else who could be the second one sees what the first one does.
        var blind = found.Second && found.IsLive && !(found.State == ExaminationState.Taken && found.Examiner == actor.Account);
        var decides = found.State == ExaminationState.Disputed && found.Examiners == actor.Organisation && actor.Is(Role.Supervisor)
            && actor.Account != found.Requester && actor.Account != found.Examiner && actor.Account != found.FirstExaminer;
        return new SeenExamination(
            found.Second && found.IsLive && found.FirstExaminer != actor.Account && !decides
                ? found with { FirstExaminer = null, FirstComment = null, Comment = null }
                : found,
            inside ? blind ? [.. examined!.Select(Unsaid)] : examined : null,
            finished ? Result(examined!, found, IsHeld(actor, found, search)) : null,
            Receipt(found))
        {
            IsBlind = inside && found.IsLive
                && examined!.Any(candidate => candidates.ProfileOf(candidate.Gallery)?.Rules.BlindExamination.Value == true),
            Disputes = decides ? [.. Disputed(found.Id).Select(pair => new Dispute(pair.First, pair.Second))] : [],
        };
    }

    private static ExaminedCandidate Unsaid(ExaminedCandidate candidate) =>
        candidate with { Kept = null, Level = null, Comment = null, Features = new Dictionary<string, string>(), Processing = [] };

    // Of a list that was never told, how long it was is not told either.
    private static bool IsHeld(Actor actor, Examination found, RecordedSearch? search) =>
        search?.Held is not null && found.Examiners != actor.Organisation;

    private ExaminationResult Result(IReadOnlyList<ExaminedCandidate> examined, Examination found, bool isHeld)
    {
        var kept = examined.Where(candidate => candidate.Kept == true).ToList();
        return new ExaminationResult(kept, isHeld ? null : examined.Count - kept.Count, found.Comment)
        {
            Removed = Removed(isHeld ? kept : examined),
        };
    }

    private DeletionReceipt? Receipt(Examination found) =>
        found.ProbeDeleted is { } deleted ? receipts.Deleted(found.ProbeDigest, deleted) : null;

    /// <summary>Deletes the probe of an examination that was closed, and tells whose request it was.</summary>
    private void Close(Actor actor, Examination closed)
    {
        if (closed.Requester != actor.Account)
            notifications.Tell(closed.Requester, NotificationKinds.ExaminationFinished, actor, closed.Search);
        EraseClosed(closed.Id);
    }

    private void Expire(string id)
    {
        if (examinations.Find(id) is not { } expired
            || !trail.ChangeBook(
                Actor.ServiceFor(expired.Organisation), "examination.expired", change => examinations.Expire(change, id),
                done => done ? new { examination = id, search = expired.Search } : null))
            return;
        notifications.Tell(expired.Requester, NotificationKinds.ExaminationExpired, Actor.Service, expired.Search);
        EraseClosed(id);
    }

    private void EraseClosed(string id)
    {
        probes.Erase(id);
        if (examinations.Find(id) is { } closed)
            trail.ChangeBook(
                Actor.ServiceFor(closed.Organisation), "examination.probe-deleted", change => examinations.Erased(change, id),
                noted => noted ? new { examination = id, search = closed.Search } : null);
    }

    private async Task<OwnedBuffer> OpenAsync(Actor actor, string id, string picture)
    {
        var found = RequireHeld(actor, id);
        await trail.WriteAsync(actor, "examination.probe-opened", new { examination = id, search = found.Search, picture });
        return probes.Open(id, observer) ?? throw new CodedException(ErrorCodes.NotFound, "the probe was deleted");
    }

    private async Task<(byte[] Photo, Encounter Encounter)> PhotoAsync(Actor actor, string id, int rank, string picture)
    {
        var found = RequireHeld(actor, id);
        // The same door as that of a candidate's record: the owner's permission of today, and what was removed is gone here too.
        var opened = candidates.OpenExamined(
            actor, searches.Find(found.Search) ?? throw new CodedException(ErrorCodes.NotFound, "the search was deleted"), rank);
        await trail.WriteAsync(
            actor, "examination.candidate-opened",
            new
            {
                examination = id,
                search = found.Search,
                rank,
                galleries = new[] { opened.Gallery.Name },
                subject = opened.Encounter.SubjectId,
                picture,
            });
        var photo = opened.Gallery.ReadPhoto(opened.Encounter.Id)
            ?? throw new CodedException(ErrorCodes.NotFound, "no photo is kept of this encounter");
        return (photo, opened.Encounter);
    }

    private static (float Margin, int Size) Crop(float? margin, int? size)
    {
        var (wide, pixels) = (margin ?? FaceImage.DefaultMargin, size ?? 2 * FaceImage.DefaultSize);
        return wide > 0 && wide <= FaceImage.MaxMargin && pixels is >= 16 and <= FaceImage.MaxSize
            ? (wide, pixels)
            : throw new CodedException(
                ErrorCodes.BadValue, $"margin lies above 0 and at most at {FaceImage.MaxMargin}, size within 16 … {FaceImage.MaxSize}");
    }

    private static T Decoded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (AcquisitionException e)
        {
            // A template was made of it once; a picture cannot be made of it here.
            throw new CodedException(ErrorCodes.NotFound, "no picture can be made of the photo", e);
        }
    }
}
