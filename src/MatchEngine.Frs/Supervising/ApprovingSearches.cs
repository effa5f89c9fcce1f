using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;

namespace MatchEngine.Frs.Supervising;

/// <summary>Searches and comparisons of what is not approved for all, case by case (PIA-054, Safeguards before use).</summary>
/// <param name="approvals">The requests.</param>
/// <param name="access">Which galleries are searched by whom.</param>
/// <param name="rules">The profiles.</param>
/// <param name="notifications">Tells the requester, and supervisors of what cannot wait.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="clock">Gives the time.</param>
public sealed class ApprovingSearches(
    IApprovals approvals, GalleryAccess access, ServiceRules rules, INotifications notifications, AuditTrail trail, TimeProvider clock)
{
    /// <summary>One's requests; for a supervisor, those of the organisation; newest first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    public IReadOnlyList<Approval> List(Actor actor, ApprovalState? state = null)
    {
        actor.Require(Policies.AskApproval);
        return approvals.List(actor.Organisation, actor.Is(Role.Supervisor) ? null : actor.Account, state);
    }

    /// <summary>A request of one's own; for a supervisor, of the organisation.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public Approval Find(Actor actor, string id)
    {
        actor.Require(Policies.AskApproval);
        return approvals.Find(id) is { } found && found.Organisation == actor.Organisation
            && (found.Requester == actor.Account || actor.Is(Role.Supervisor))
            ? found
            : throw new CodedException(ErrorCodes.NotFound, "there is no such request");
    }

    /// <summary>
    /// Asks a supervisor for a search or a comparison. No photo is sent: it comes with the use, after approval. Of what cannot wait the
    /// supervisors are told at once, and the yes comes before the search all the same (PIA-054, Safeguards before use).
    /// </summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="asked">What for.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">One of the galleries may not be searched.</exception>
    public Approval Ask(Actor actor, AskedApproval asked)
    {
        // Whoever may do it may ask for it: examiners compare and do not search.
        actor.Require(asked.Use == ApprovedUse.Search ? Policies.Search : Policies.Compare);
        if (asked.Use == ApprovedUse.Search && asked.Galleries.Count == 0)
            throw new CodedException(ErrorCodes.BadValue, "a request for approval of a search names the galleries");
        if (asked.Use == ApprovedUse.Comparison && asked.Galleries.Count > 1)
            throw new CodedException(
                ErrorCodes.BadValue, "a comparison is with a subject of one gallery, or of two photos and then names none");
        if (asked is { Use: ApprovedUse.Comparison, Exigent: true })
            throw new CodedException(ErrorCodes.BadValue, "exigent use is a search: a comparison waits");
        var galleries = asked.Galleries.Count > 0 ? access.Searchable(actor, asked.Galleries) : [];
        var ask = asked with
        {
            Reason = Texts.Required(asked.Reason, "reason"),
            Purpose = Purposes.Checked(asked.Purpose)!,
            DecideBy = asked.Exigent
                ? clock.GetUtcNow().AddMinutes(
                    galleries.Min(found => rules.RequireExigent(found.Gallery.Properties).DecisionMinutes))
                : null,
        };
        var added = trail.ChangeBook(
            actor,
            "approval.requested",
            change => approvals.Add(change, actor, ask),
            added => new
            {
                approval = added.Id, added.Use, galleries = added.Galleries, purpose = added.Purpose, added.Reason, added.Exigent,
            });
        if (added.Exigent)
            notifications.TellHolders(actor.Organisation, [Role.Supervisor], NotificationKinds.ExigentRequested, actor);
        return added;
    }

    /// <summary>Approves or refuses a search of the organisation's agents, with a reason.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/> (one's own),
    /// <see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.Conflict"/>: it was decided already, or its deadline has
    /// passed.</exception>
    public Approval Decide(Actor actor, string approval, Decision decision)
    {
        actor.Require(Policies.Supervise);
        var found = Find(actor, approval);
        if (found.Requester == actor.Account)
            throw new CodedException(ErrorCodes.Forbidden, "nobody approves a search of one's own");
        var reason = Texts.Required(decision.Reason, "reason");
        if (!trail.ChangeBook(
            actor,
            "approval.decided",
            change => approvals.Decide(change, approval, actor.Account, decision.Granted, reason),
            decided => decided ? new { approval, galleries = found.Galleries, decision.Granted, reason } : null))
            throw new CodedException(ErrorCodes.Conflict, "the request was decided already, or its deadline has passed");
        notifications.Tell(found.Requester, NotificationKinds.ApprovalDecided, actor);
        return approvals.Find(approval)!;
    }
}
