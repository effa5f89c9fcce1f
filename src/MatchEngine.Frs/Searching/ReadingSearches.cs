using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Notifying;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Searching;

/// <summary>A search that was made, with its candidates.</summary>
/// <param name="Search">The search.</param>
/// <param name="Candidates">Its candidates in rank order: ids, and scores as far as they are told; none where they are closed.</param>
/// <param name="Disclaimer">What the reader is told.</param>
public sealed record ReadSearch(RecordedSearch Search, IReadOnlyList<ReadCandidate> Candidates, Disclaimer Disclaimer)
{
    /// <summary>Whether its candidates are closed to the reader, because a supervisor found it improper.</summary>
    public bool IsClosed { get; init; }
}

/// <summary>A candidate of a search that was made.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Shown">What the reader is told of the score.</param>
public sealed record ReadCandidate(RecordedCandidate Candidate, ShownScore Shown);

/// <summary>A candidate's record.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Subject">The subject's id.</param>
/// <param name="Biographics">As far as the owner permits.</param>
/// <param name="Encounter">The encounter whose template scored, as far as the owner permits; its photo's name is never told.</param>
/// <param name="Links">Links to other subjects that the owner entered, where the profile offers them and the owner shows
/// biographics.</param>
/// <param name="Disclaimer">What the reader is told.</param>
public sealed record CandidateRecord(
    string Gallery, string Subject, IReadOnlyDictionary<string, string> Biographics, Encounter Encounter, IReadOnlyList<SubjectLink> Links,
    Disclaimer Disclaimer);

/// <summary>What is known of searches that were made.</summary>
/// <param name="searches">The searches.</param>
/// <param name="candidates">Opens them.</param>
/// <param name="rules">The profiles.</param>
/// <param name="notifications">Tells whose search or record it is.</param>
/// <param name="trail">Takes the events.</param>
public sealed class ReadingSearches(
    ISearches searches, CandidateAccess candidates, ServiceRules rules, INotifications notifications, AuditTrail trail)
{
    /// <summary>One's own searches, newest first.</summary>
    /// <param name="actor">Who may search.</param>
    /// <param name="caseNumber">Only those of this case; null for all.</param>
    /// <param name="since">Only those from this time on, or null.</param>
    /// <param name="until">Only those before this time, or null.</param>
    /// <param name="before">Behind which search the page begins, or null.</param>
    /// <param name="count">The largest number returned, 1 … 500; null for 100.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    public SearchPage List(
        Actor actor, string? caseNumber = null, DateTimeOffset? since = null, DateTimeOffset? until = null, string? before = null,
        int? count = null)
    {
        actor.Require(Policies.Search);
        var wanted = PageSize.Of(count);
        var filter = new SearchFilter(actor.Organisation)
        {
            Account = actor.Account,
            CaseNumber = string.IsNullOrWhiteSpace(caseNumber) ? null : caseNumber.Trim(),
            Since = since,
            Until = until,
            Before = before,
        };
        return SearchPage.Of(searches.List(filter, wanted), wanted);
    }

    /// <summary>
    /// A search. When somebody opens it who works with it, whose search it was is told. An auditor's look is not: whom it is about must not
    /// learn of an audit.
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public ReadSearch Read(Actor actor, string search)
    {
        actor.Require(Policies.ReadSearch);
        var found = candidates.Find(actor, search);
        if (found.Account != actor.Account && CandidateAccess.MayWorkWith(actor, found))
            notifications.Tell(found.Account, NotificationKinds.SearchOpened, actor, search: found.Id);
        return Told(actor, found);
    }

    /// <summary>
    /// A search out of the list of those that a supervisor looks through, with its candidates as far as the supervisor may see them. Whose
    /// search it was is told when it is opened (<see cref="Read"/>), not for standing in a list.
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Forbidden"/>.</exception>
    public ReadSearch Preview(Actor actor, RecordedSearch search)
    {
        actor.Require(Policies.Supervise);
        return Told(actor, candidates.Find(actor, search.Id));
    }

    private ReadSearch Told(Actor actor, RecordedSearch found)
    {
        var profiles = found.Galleries.ToDictionary(gallery => gallery, candidates.ProfileOf, StringComparer.Ordinal);
        // Whoever audits reads the events, where the scores stand, and checks what was done, whatever was thought of it.
        // Nobody audits oneself.
        var audits = actor.MayAudit(found.Organisation) && found.Account != actor.Account;
        var isClosed = CandidateAccess.IsClosed(actor, found) && !audits;
        var told = isClosed ? [] : audits ? searches.Candidates(found.Id) : candidates.Told(found);
        return new ReadSearch(
            found,
            [.. told.Select(candidate => new ReadCandidate(
                candidate,
                ShownScore.Of(candidate.Score, audits ? ScoresRule.Shown : ScoresOf(profiles[candidate.Gallery]))))],
            Disclaimer.Of(found.Galleries.Select(gallery => (profiles[gallery] ?? rules.Own).Rules.Disclaimer.Value)))
        {
            IsClosed = isClosed,
        };
    }

    // Of a gallery that is no more nobody knows whether its scores were told.
    private static ScoresRule ScoresOf(Profile? profile) => profile?.Rules.Scores.Value ?? ScoresRule.RankOnly;

    /// <summary>The record of a candidate. Opening it is an event, and the gallery's owner is told.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public async Task<CandidateRecord> OpenRecordAsync(Actor actor, string search, int rank)
    {
        actor.Require(Policies.ReadRecord);
        var (_, gallery, encounter, biographics, fields) = candidates.Open(actor, search, rank);
        var subject = gallery.FindSubject(encounter.SubjectId) ?? throw new CodedException(ErrorCodes.NotFound, "the subject was removed");
        await trail.WriteAsync(
            actor, "record.opened", new { galleries = new[] { gallery.Name }, subject = subject.Id, encounter = encounter.Id, search });
        var properties = gallery.Properties;
        if (properties.Owner != actor.Organisation)
            notifications.TellHolders(
                properties.Owner, [Role.GalleryOwner], NotificationKinds.RecordOpened, actor, search, gallery.Name, subject.Id);
        // Opening a record tells no more than the list did: neither the photo's file name, nor an address that the profile does not return.
        var sourceUrl = rules.ProfileOf(properties).Rules.SourceUrl.Value ? encounter.SourceUrl : null;
        return new CandidateRecord(
            gallery.Name,
            subject.Id,
            biographics.Of(subject.Biographics),
            encounter with { Image = "", SourceUrl = sourceUrl, Metadata = fields.Of(encounter.Metadata) },
            rules.RefusingLinks(properties) is null && !biographics.Equals(BiographicFields.None) ? gallery.Links(subject.Id) : [],
            rules.ProfileOf(properties).Rules.Disclaimer.Value);
    }

    /// <summary>The enlarged crop of the one face of a candidate that scored, a JPEG.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such candidate, or no photo is kept.</exception>
    public byte[] Crop(Actor actor, string search, int rank)
    {
        actor.Require(Policies.ReadRecord);
        var opened = candidates.Open(actor, search, rank);
        return opened.Gallery.ReadFace(opened.Encounter.Id)
            ?? throw new CodedException(ErrorCodes.NotFound, "no photo is kept of this encounter");
    }
}
