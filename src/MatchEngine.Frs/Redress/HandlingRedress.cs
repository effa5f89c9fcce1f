using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Frs.Redress;

/// <summary>A person's request, as it is written down.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Subject">The subject; null where the person asks whether anything is kept.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="Reference">By what the owner's files know the request: 1 to 200 characters.</param>
/// <param name="Statement">What the person says, or null.</param>
public sealed record RecordedRedress(string Gallery, string? Subject, RedressKind Kind, string? Reference, string? Statement);

/// <summary>The answer to a request, and what is corrected with it.</summary>
/// <param name="Text">What the person is told: 1 to 2,000 characters.</param>
/// <param name="Set">Keys that get a value, where a correction was granted.</param>
/// <param name="Remove">Keys that go, where a correction was granted.</param>
public sealed record RedressAnswer(
    string? Text, IReadOnlyDictionary<string, string>? Set = null, IReadOnlyList<string>? Remove = null);

/// <summary>
/// Persons' requests for access, correction or deletion: written down by the gallery's keepers, decided by whom the gallery's profile says,
/// carried out and answered by the keepers. Who received the record in a list is told that it was wrong, by the search and nothing of the
/// person.
/// </summary>
/// <param name="requests">The requests.</param>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="galleries">The galleries.</param>
/// <param name="subjects">Corrects and removes.</param>
/// <param name="searches">The lists that held the record.</param>
/// <param name="candidates">What of them was told.</param>
/// <param name="rules">The profiles.</param>
/// <param name="notifications">Tells those who decide, and who received the record.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="clock">Gives the time.</param>
public sealed class HandlingRedress(
    IRedressRequests requests, GalleryAccess access, OpenGalleries galleries, KeepingSubjects subjects, ISearches searches,
    CandidateAccess candidates, ServiceRules rules, INotifications notifications, AuditTrail trail, TimeProvider clock)
{
    private const int MaxReference = 200;

    /// <summary>The requests to the actor's organisation, newest first.</summary>
    /// <param name="actor">One of its gallery owners or supervisors.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    public IReadOnlyList<RedressRequest> List(Actor actor, RedressState? state = null)
    {
        actor.Require(Policies.HandleRedress);
        return requests.List(actor.Organisation, state);
    }

    /// <summary>A request to the actor's organisation.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public RedressRequest Find(Actor actor, string id)
    {
        actor.Require(Policies.HandleRedress);
        return requests.Find(id) is { } found && found.Owner == actor.Organisation
            ? found
            : throw new CodedException(ErrorCodes.NotFound, "there is no such request");
    }

    /// <summary>Writes a person's request down; those who decide are told.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.NotFound"/>: the gallery has no such
    /// subject.</exception>
    /// <exception cref="GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public RedressRequest Record(Actor actor, RecordedRedress asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var gallery = access.RequireKept(actor, asked.Gallery);
        if (string.IsNullOrWhiteSpace(asked.Reference) || asked.Reference.Length > MaxReference)
            throw new CodedException(ErrorCodes.BadValue, $"reference has 1 to {MaxReference} characters");
        if (asked.Subject is null && asked.Kind != RedressKind.Access)
            throw new CodedException(ErrorCodes.BadValue, "a correction or a deletion names the subject");
        if (asked.Subject is { } subject && gallery.FindSubject(subject) is null)
            throw new CodedException(ErrorCodes.NotFound, "the gallery has no such subject");
        var (profile, now) = (rules.ProfileOf(gallery.Properties).Rules, clock.GetUtcNow());
        var request = new RedressRequest(
            "", gallery.Name, gallery.Properties.Owner, asked.Subject, asked.Kind, asked.Reference.Trim(), RedressState.Pending, now,
            actor.Account, now.AddDays(profile.RedressDays.Value))
        {
            Statement = Texts.Optional(asked.Statement, "statement"),
        };
        var added = trail.ChangeBook(
            actor, "redress.recorded", change => requests.Add(change, request),
            added => new { redress = added.Id, galleries = new[] { added.Gallery }, subject = added.Subject, added.Kind });
        notifications.TellHolders(
            added.Owner, [DeciderOf(gallery)], NotificationKinds.RedressRecorded, actor, gallery: added.Gallery);
        return added;
    }

    /// <summary>Grants or refuses a request: whom the gallery's profile names, and another one than who wrote it down.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/>,
    /// <see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.Conflict"/>: it was decided already.</exception>
    public RedressRequest Decide(Actor actor, string id, Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var found = Find(actor, id);
        var role = DeciderOf(galleries.Get(found.Gallery));
        if (!actor.Is(role))
            throw new CodedException(ErrorCodes.Forbidden, $"by the gallery's profile a {role} decides");
        if (found.RecordedBy == actor.Account)
            throw new CodedException(ErrorCodes.Forbidden, "who wrote a request down does not decide it");
        var reason = Texts.Required(decision.Reason, "reason");
        // The reason may speak of the person: it stands in the book, and the audit says that there is one.
        if (!trail.ChangeBook(
            actor, "redress.decided", change => requests.Decide(change, id, actor.Account, decision.Granted, reason),
            decided => decided ? new { redress = id, galleries = new[] { found.Gallery }, found.Kind, decision.Granted } : null))
            throw new CodedException(ErrorCodes.Conflict, "the request was decided already");
        notifications.Tell(found.RecordedBy, NotificationKinds.RedressDecided, actor, gallery: found.Gallery);
        return requests.Find(id)!;
    }

    /// <summary>
    /// Carries out what was granted, and notes what the person was told. Whoever was told the record in a list learns that it was corrected
    /// or deleted.
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.BadValue"/>: a correction names keys, and
    /// nothing else does; or <see cref="ErrorCodes.Conflict"/>: it is not decided, or answered.</exception>
    /// <exception cref="GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public RedressRequest Answer(Actor actor, string id, RedressAnswer answer)
    {
        actor.Require(Policies.KeepGallery);
        ArgumentNullException.ThrowIfNull(answer);
        var found = Find(actor, id);
        if (found.State is RedressState.Pending or RedressState.Answered)
            throw new CodedException(
                ErrorCodes.Conflict,
                found.State == RedressState.Pending ? "the request is not decided yet" : "the request was answered already");
        var words = Texts.Required(answer.Text, "answer");
        var corrects = found is { Granted: true, Kind: RedressKind.Correction };
        if (!corrects && (answer.Set is { Count: > 0 } || answer.Remove is { Count: > 0 }))
            throw new CodedException(ErrorCodes.BadValue, "only a correction that was granted names keys to set or remove");
        CarryOut(actor, found, answer);
        // One that is interrupted here is answered again: what was corrected or removed is so twice.
        var received = found is { Granted: true, Subject: { } subject } && found.Kind != RedressKind.Access
            ? Received(found.Gallery, subject)
            : [];
        if (!trail.ChangeBook(
            actor, "redress.answered", change => requests.Answer(change, id, actor.Account, words, received.Count),
            answered => answered
                ? new { redress = id, galleries = new[] { found.Gallery }, found.Kind, found.Granted, told = received.Count }
                : null))
            throw new CodedException(ErrorCodes.Conflict, "the request was answered already");
        foreach (var search in received)
            notifications.Tell(
                search.Account,
                found.Kind == RedressKind.Deletion ? NotificationKinds.RecordDeleted : NotificationKinds.RecordCorrected,
                actor, search.Id, found.Gallery);
        return requests.Find(id)!;
    }

    private void CarryOut(Actor actor, RedressRequest found, RedressAnswer answer)
    {
        if (found is not { Granted: true, Subject: { } subject })
            return;
        if (found.Kind == RedressKind.Correction)
            subjects.Correct(actor, found.Gallery, subject, answer.Set, answer.Remove);
        else if (found.Kind == RedressKind.Deletion && access.RequireKept(actor, found.Gallery).FindSubject(subject) is not null)
            subjects.Remove(actor, found.Gallery, subject);
    }

    /// <summary>The searches whose searcher was told the record.</summary>
    private List<RecordedSearch> Received(string gallery, string subject) =>
    [
        .. searches.Listing(gallery, subject).Where(search => candidates.Told(search)
            .Any(candidate => candidate.Gallery == gallery && candidate.Subject == subject)),
    ];

    private string DeciderOf(Gallery gallery) => rules.ProfileOf(gallery.Properties).Rules.RedressDecidedBy.Value switch
    {
        RedressRule.Supervisor => Role.Supervisor,
        _ => Role.GalleryOwner,
    };
}
