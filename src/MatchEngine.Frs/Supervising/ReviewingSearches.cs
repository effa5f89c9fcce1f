using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;

namespace MatchEngine.Frs.Supervising;

/// <summary>
/// Supervisors look at the searches of their organisation (PIA-054, Safeguards before use). One that is found improper is closed: nobody
/// but a supervisor opens its candidates, who searched is told, and what was kept is deleted where a profile says so.
/// </summary>
/// <param name="searches">The searches.</param>
/// <param name="approvals">Who said yes to what could not wait.</param>
/// <param name="examining">Ends the examination of an improper search.</param>
/// <param name="galleries">The galleries that were searched.</param>
/// <param name="rules">The profiles.</param>
/// <param name="notifications">Tells whose search it is.</param>
/// <param name="trail">Takes the events.</param>
public sealed class ReviewingSearches(
    ISearches searches, IApprovals approvals, ExaminingLists examining, OpenGalleries galleries, ServiceRules rules,
    INotifications notifications, AuditTrail trail)
{
    /// <summary>The organisation's searches, newest first.</summary>
    /// <param name="actor">A supervisor.</param>
    /// <param name="account">Only this account's; null for all.</param>
    /// <param name="caseNumber">Only those of this case; null for all.</param>
    /// <param name="unreviewed">Only those that nobody has looked at.</param>
    /// <param name="exigent">Only those that could not wait.</param>
    /// <param name="before">Behind which search the page begins, or null.</param>
    /// <param name="count">The largest number returned, 1 … 500; null for 100.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    public SearchPage List(
        Actor actor, string? account, string? caseNumber, bool unreviewed, bool exigent, string? before, int? count)
    {
        actor.Require(Policies.Supervise);
        var wanted = PageSize.Of(count);
        var filter = new SearchFilter(actor.Organisation)
        {
            Account = account,
            CaseNumber = string.IsNullOrWhiteSpace(caseNumber) ? null : caseNumber.Trim(),
            Unreviewed = unreviewed,
            Exigent = exigent,
            Before = before,
        };
        return SearchPage.Of(searches.List(filter, wanted), wanted);
    }

    /// <summary>The galleries of whose candidates nothing is kept where a search is found improper, because their profiles say
    /// so.</summary>
    public IReadOnlyList<string> DeletedWhenImproper(RecordedSearch search)
    {
        ArgumentNullException.ThrowIfNull(search);
        return [.. search.Galleries.Where(DeletesImproper)];
    }

    /// <summary>Says what a supervisor thinks of a search.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.Forbidden"/> (one's own, or one that
    /// could not wait and that oneself said yes to), or
    /// <see cref="ErrorCodes.BadValue"/>.</exception>
    public RecordedSearch Review(Actor actor, string search, ReviewFinding finding, string? note)
    {
        actor.Require(Policies.Supervise);
        if (searches.Find(search) is not { } found || found.Organisation != actor.Organisation)
            throw new CodedException(ErrorCodes.NotFound, "there is no such search");
        if (found.Account == actor.Account)
            throw new CodedException(ErrorCodes.Forbidden, "nobody reviews a search of one's own");
        if (found is { Exigent: not null, Approval: { } approval } && approvals.Find(approval)?.DecidedBy == actor.Account)
            throw new CodedException(
                ErrorCodes.Forbidden, "who said yes to a search that could not wait does not review it: another supervisor does");
        var words = note is null ? null : Texts.Required(note, "note");
        IReadOnlyList<string> deleting = finding == ReviewFinding.Improper ? DeletedWhenImproper(found) : [];
        StrippedSearch? stripped = null;
        trail.ChangeBook(
            actor,
            "search.reviewed",
            change =>
            {
                var reviewed = searches.Review(change, found.Id, actor.Account, finding, words);
                stripped = reviewed && deleting.Count > 0 ? searches.Strip(change, found.Id, deleting) : null;
                return reviewed;
            },
            reviewed => reviewed
                ? new
                {
                    search = found.Id,
                    finding,
                    note = words,
                    deletedCandidates = stripped?.Candidates,
                    // A hold is another's say: the finding is recorded anew when it was taken away.
                    onHold = deleting.Count > 0 && stripped is null ? true : (bool?)null,
                }
                : null);
        if (finding == ReviewFinding.Improper)
        {
            examining.EndImproper(actor, found);
            examining.EraseRemoved(stripped?.Examinations ?? []);
            notifications.Tell(found.Account, NotificationKinds.SearchFoundImproper, actor, found.Id);
        }
        return searches.Find(search)!;
    }

    private bool DeletesImproper(string gallery) => galleries.FindProperties(gallery) is { } properties
        ? rules.Knows(properties) && rules.ProfileOf(properties).Rules.DeleteImproper.Value
        // Of a gallery that is gone nobody says any more that it is to be kept.
        : rules.Own.Rules.DeleteImproper.Value;
}
