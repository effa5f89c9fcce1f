using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Frs.Details;

/// <summary>A second request as somebody reads it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Biographics">The details, for the requester, once they are granted; else null.</param>
public sealed record ReadDetails(DetailsRequest Request, IReadOnlyDictionary<string, string>? Biographics);

/// <summary>The second request: more of a candidate than the list gave, granted or refused by the gallery's owner (PIA-054, State and local
/// services; DoS CCD).</summary>
/// <param name="requests">The requests.</param>
/// <param name="candidates">Opens candidates of searches.</param>
/// <param name="access">Who finds whose data.</param>
/// <param name="galleries">The galleries.</param>
/// <param name="rules">The profiles.</param>
/// <param name="notifications">Tells owner and requester.</param>
/// <param name="trail">Takes the events.</param>
public sealed class RequestingDetails(
    IDetailsRequests requests, CandidateAccess candidates, GalleryAccess access, OpenGalleries galleries,
    ServiceRules rules, INotifications notifications,
    AuditTrail trail)
{
    /// <summary>One's second requests, and those to the galleries that one keeps; newest first.</summary>
    public IReadOnlyList<DetailsRequest> List(Actor actor)
    {
        actor.Require(Policies.ReadDetails);
        return requests.List(actor.Account, actor.Is(Role.GalleryOwner) ? actor.Organisation : null);
    }

    /// <summary>Asks a gallery's owner for more of a candidate of a search.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="search">The search.</param>
    /// <param name="rank">The candidate's rank.</param>
    /// <param name="reason">Why more is needed.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.BadValue"/>, or what the gallery's profile
    /// refuses with.</exception>
    public DetailsRequest Ask(Actor actor, string search, int rank, string? reason)
    {
        actor.Require(Policies.Search);
        var (found, gallery, encounter, _, _) = candidates.Open(actor, search, rank);
        rules.Apply(actor, ProfileUse.Details, found.Purpose, gallery.Properties);
        var owner = gallery.Properties.Owner;
        var given = Texts.Required(reason, "reason");
        var added = trail.ChangeBook(
            actor,
            "details.requested",
            change => requests.Add(change, search, actor.Account, gallery.Name, encounter.SubjectId, owner, given),
            added => new
            {
                details = added.Id,
                galleries = new[] { gallery.Name },
                subject = encounter.SubjectId,
                search,
                added.Reason,
            });
        notifications.TellHolders(
            owner, [Role.GalleryOwner], NotificationKinds.DetailsRequested, actor, search, gallery.Name, encounter.SubjectId);
        return added;
    }

    /// <summary>A second request; for its requester with the details, once they are granted. Reading them is an event.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or what the gallery's profile refuses with.</exception>
    public async Task<ReadDetails> ReadAsync(Actor actor, string request)
    {
        actor.Require(Policies.ReadDetails);
        var found = Find(actor, request);
        if (found.State != DetailsState.Granted || found.Requester != actor.Account)
            return new ReadDetails(found, null);
        var search = candidates.Find(actor, found.Search);
        CandidateAccess.RequireOpen(actor, search);
        // What the owner shares with the organisation at all is the limit of a second request too.
        if (access.Permission(actor, found.Gallery) is null)
            throw new CodedException(ErrorCodes.NotFound, "the gallery's owner shares it no longer");
        var gallery = galleries.Get(found.Gallery);
        var fields = gallery.PermissionOf(actor.Organisation).Fields.And(rules.Apply(
            actor, ProfileUse.Details, search.Purpose, gallery.Properties).Biographics);
        var subject = (access.Finds(actor, gallery, found.Subject) ? gallery.FindSubject(found.Subject) : null)
            ?? throw new CodedException(ErrorCodes.NotFound, "the subject was removed");
        await trail.WriteAsync(
            actor, "details.read", new { details = found.Id, galleries = new[] { found.Gallery }, subject = found.Subject });
        return new ReadDetails(found, fields.Of(subject.Biographics));
    }

    /// <summary>Grants or refuses the details of a record that one keeps.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/>,
    /// <see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.Conflict"/>: it was decided already.</exception>
    public DetailsRequest Decide(Actor actor, string request, Decision decision)
    {
        actor.Require(Policies.KeepGallery);
        var found = Find(actor, request);
        if (found.Owner != actor.Organisation)
            throw new CodedException(ErrorCodes.Forbidden, "only the gallery's owner decides");
        if (found.Requester == actor.Account)
            throw new CodedException(ErrorCodes.Forbidden, "nobody grants a request of one's own");
        var reason = Texts.Required(decision.Reason, "reason");
        if (!trail.ChangeBook(
            actor,
            "details.decided",
            change => requests.Decide(change, request, actor.Account, decision.Granted, reason),
            decided => decided ? new { details = request, galleries = new[] { found.Gallery }, decision.Granted, reason } : null))
            throw new CodedException(ErrorCodes.Conflict, "the request was decided already");
        notifications.Tell(found.Requester, NotificationKinds.DetailsDecided, actor, found.Search, found.Gallery, found.Subject);
        return requests.Find(request)!;
    }

    private DetailsRequest Find(Actor actor, string id) =>
        requests.Find(id) is { } found
            && (found.Requester == actor.Account || (found.Owner == actor.Organisation && actor.Is(Role.GalleryOwner)))
            ? found
            : throw new CodedException(ErrorCodes.NotFound, "there is no such request");
}
