using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Cases;

/// <summary>A page of cases.</summary>
/// <param name="Cases">The cases, those opened last first.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record CasePage(IReadOnlyList<CaseFile> Cases, string? Next);

/// <summary>A case with its searches.</summary>
/// <param name="Case">The case.</param>
/// <param name="Searches">For a supervisor all of its searches, for others one's own; newest first, at most
/// 500.</param>
/// <param name="Notes">For a supervisor all that was written down of it, for others what they wrote; the oldest first.</param>
public sealed record ReadCase(CaseFile Case, IReadOnlyList<RecordedSearch> Searches, IReadOnlyList<CaseNote> Notes);

/// <summary>
/// The cases of an organisation: closed by who searched in them or a supervisor, opened again, held and deleted by supervisors.
/// </summary>
/// <param name="cases">The cases.</param>
/// <param name="searches">Their searches.</param>
/// <param name="probes">What is kept of their probes.</param>
/// <param name="galleries">The galleries that were searched.</param>
/// <param name="rules">Say how long a case is kept.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="clock">Gives the time.</param>
public sealed class KeepingCases(
    ICases cases, ISearches searches, SealedProbes probes, OpenGalleries galleries, ServiceRules rules, AuditTrail trail,
    TimeProvider clock)
{
    /// <summary>For a supervisor the organisation's cases, for others those in which one has searched; those opened last first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="number">Only that of this number; null for all.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    /// <param name="onHold">Only those on hold.</param>
    /// <param name="after">Behind which case the page begins, or null.</param>
    /// <param name="count">The largest number returned, 1 … 500; null for 100.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    public CasePage List(
        Actor actor, string? number = null, CaseState? state = null, bool onHold = false, string? after = null, int? count = null)
    {
        actor.Require(Policies.Search);
        var wanted = PageSize.Of(count);
        var found = cases.List(
            new CaseFilter(actor.Organisation)
            {
                Account = actor.Is(Role.Supervisor) ? null : actor.Account,
                Number = string.IsNullOrWhiteSpace(number) ? null : number.Trim(),
                State = state,
                OnHold = onHold,
                After = after,
            },
            wanted);
        return new CasePage(found, found.Count == wanted ? found[^1].Id : null);
    }

    /// <summary>A case with its searches and notes.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public ReadCase Read(Actor actor, string id)
    {
        actor.Require(Policies.Search);
        var (found, whose) = (Require(actor, id), actor.Is(Role.Supervisor) ? null : actor.Account);
        return new ReadCase(
            found,
            searches.List(
                new SearchFilter(actor.Organisation) { CaseNumber = found.Number, Account = whose }, PageSize.Largest),
            cases.Notes(id, whose));
    }

    /// <summary>Writes something down of an open case. The audit has that it was done, and not the words.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.BadValue"/>, or
    /// <see cref="ErrorCodes.Conflict"/>: it is closed.</exception>
    public CaseFile Note(Actor actor, string id, string? note)
    {
        actor.Require(Policies.Search);
        var (found, words) = (Require(actor, id), Texts.Required(note, "note"));
        return Changed(actor, found, "case.noted", change => cases.Note(change, id, actor.Account, words), null, "it is closed");
    }

    /// <summary>Closes a case: no further search is made in it, and its retention begins.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Conflict"/>: it is
    /// closed.</exception>
    public CaseFile Close(Actor actor, string id)
    {
        actor.Require(Policies.Search);
        var found = Require(actor, id);
        var years = Years(found);
        var expires = clock.GetUtcNow().AddYears(years);
        return Changed(
            actor, found, "case.closed", change => cases.Close(change, id, actor.Account, expires), new { years }, "it is closed already");
    }

    /// <summary>Opens a closed case again; a supervisor does.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Conflict"/>: it is
    /// open.</exception>
    public CaseFile Reopen(Actor actor, string id)
    {
        actor.Require(Policies.Supervise);
        return Changed(
            actor, Require(actor, id), "case.reopened", change => cases.Reopen(change, id), null, "it is not closed");
    }

    /// <summary>Places a legal hold: nothing of the case is deleted until it is taken away.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/> or <see cref="ErrorCodes.BadValue"/>.</exception>
    public CaseFile Hold(Actor actor, string id, string? reason)
    {
        actor.Require(Policies.Supervise);
        var (found, words) = (Require(actor, id), Texts.Required(reason, "reason"));
        return Changed(
            actor, found, "case.held", change => cases.Hold(change, id, actor.Account, words), new { reason = words },
            "it was deleted meanwhile");
    }

    /// <summary>Takes a legal hold away.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Conflict"/>: there is no
    /// hold.</exception>
    public CaseFile Release(Actor actor, string id)
    {
        actor.Require(Policies.Supervise);
        return Changed(
            actor, Require(actor, id), "case.released", change => cases.Release(change, id), null, "there is no hold on it");
    }

    /// <summary>
    /// Deletes a closed case: its searches with their candidates, what is kept of their probes, their examinations. The audit keeps its
    /// events for its own time.
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Conflict"/>: it is open, or on
    /// hold.</exception>
    public void Delete(Actor actor, string id)
    {
        actor.Require(Policies.Supervise);
        var found = Require(actor, id);
        if (!Delete(actor, found))
            throw new CodedException(
                ErrorCodes.Conflict,
                (cases.Find(id) ?? found).Hold is null
                    ? "the case is open: close it first"
                    : "the case is on legal hold: nothing of it is deleted until the hold is taken away");
    }

    /// <summary>One round of the service itself: deletes the cases whose retention was over then.</summary>
    /// <exception cref="StoreException">The service's book cannot be written, or a sealed probe not removed.</exception>
    public void DeleteOverdue(DateTimeOffset upTo)
    {
        foreach (var over in cases.Overdue(upTo))
            Delete(Actor.ServiceFor(over.Organisation), over);
    }

    /// <summary>Refuses a use in a case that is closed. A number that there is no case of opens one.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.Conflict"/>.</exception>
    public void RequireOpen(Actor actor, SearchPurpose? purpose)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (purpose?.CaseNumber is { } number && cases.Find(actor.Organisation, number) is { State: CaseState.Closed })
            throw new CodedException(
                ErrorCodes.Conflict, "the case of this number is closed: a supervisor can open it again, or another number is meant");
    }

    private bool Delete(Actor actor, CaseFile found)
    {
        var deleted = trail.ChangeBook(
            actor, "case.deleted", change => cases.Delete(change, found.Id),
            deleted => deleted is null
                ? null
                : new { @case = found.Id, number = found.Number, searches = deleted.Searches, examinations = deleted.Examinations.Count });
        // What a kill leaves here is taken away at the next start, for no examination knows of it any more.
        foreach (var examination in deleted?.Examinations ?? [])
            probes.Erase(examination);
        return deleted is not null;
    }

    private CaseFile Changed(
        Actor actor, CaseFile found, string kind, Func<BookChange, bool> change, object? details, string otherwise) =>
        trail.ChangeBook(
            actor, kind, change, changed => changed ? new { @case = found.Id, number = found.Number, details } : null)
            ? cases.Find(found.Id)!
            : throw new CodedException(ErrorCodes.Conflict, $"the case cannot be changed in this way: {otherwise}");

    /// <summary>The longest that the service or a gallery which was searched in the case demands.</summary>
    private int Years(CaseFile found) => cases.Galleries(found.Id).Select(galleries.FindProperties).OfType<GalleryProperties>()
        .Where(rules.Knows).Select(rules.ProfileOf).Prepend(rules.Own).Max(profile => profile.Rules.CaseRetentionYears.Value);

    private CaseFile Require(Actor actor, string id) =>
        cases.Find(id) is { } found && found.Organisation == actor.Organisation
            && (actor.Is(Role.Supervisor) || cases.HasSearched(id, actor.Account))
            ? found
            : throw new CodedException(ErrorCodes.NotFound, "there is no such case");
}
