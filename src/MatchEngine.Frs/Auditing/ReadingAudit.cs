using System.Collections.Concurrent;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Auditing;

/// <summary>A page of the audit log.</summary>
/// <param name="Events">The events.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEvent> Events, long? Next);

/// <summary>How the chain stands, without going through it.</summary>
/// <param name="Head">The last event; null when there is none.</param>
/// <param name="Kept">What of it is kept elsewhere, with the place.</param>
/// <param name="Unread">Places that keep it and could not be read when the log was opened.</param>
/// <param name="RolledBack">What was found missing when the log was opened; null when nothing was.</param>
public sealed record AuditState(
    AuditHead? Head, IReadOnlyList<(AuditHead Head, string Place)> Kept, IReadOnlyList<string> Unread, BrokenLink? RolledBack);

/// <summary>
/// The audit log, for auditors. One of an organisation sees its events; one of the whole service sees all, those of the service itself
/// among them. Numbers and hashes run through all events, so that either can verify the log. A look is an event itself, and so is one that
/// is refused.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="refusals">Write down what is refused.</param>
/// <param name="clock">Gives the time.</param>
public sealed class ReadingAudit(AuditLog log, AuditTrail trail, AuditingRefusals refusals, TimeProvider clock)
{
    // Who pages through the log makes one look: an event for each page would be another page to read.
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Account, AuditFilter Filter), DateTimeOffset> _looks = new();

    /// <summary>A page of events.</summary>
    /// <param name="actor">An auditor.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="after">Behind which number the page begins; 0 for the first page.</param>
    /// <param name="count">The largest number of events; null for 100.</param>
    /// <param name="newestFirst">By falling number.</param>
    /// <exception cref="Errors.CodedException">The number cannot be used, the actor is no auditor, or not of the organisation that is asked
    /// for.</exception>
    public AuditPage Read(Actor actor, AuditFilter filter, long after, int? count, bool newestFirst) => refusals.Keep(
        actor, "audit.refused", () => new RefusedRequest(filter.Gallery is { } gallery ? [gallery] : null),
        () => Permitted(actor, filter, after, count, newestFirst));

    /// <summary>Events to be taken away, by rising number. That they are is an event itself, and on the disk before the first of them
    /// leaves.</summary>
    /// <param name="actor">An auditor.</param>
    /// <param name="filter">Which events.</param>
    /// <returns>The events, read as they are asked for; those that are written meanwhile are not among them.</returns>
    /// <exception cref="Errors.CodedException">The actor is no auditor, or not of the organisation that is asked for.</exception>
    public IEnumerable<AuditEvent> Export(Actor actor, AuditFilter filter) => refusals.Keep(
        actor, "audit.refused", () => new RefusedRequest(filter.Gallery is { } gallery ? [gallery] : null), () =>
        {
            var asked = Permitted(actor, filter);
            var last = log.Heads().Head?.Sequence ?? 0;
            trail.Note(actor, "audit.exported", Told(asked));
            return Pages(asked, last);
        });

    /// <summary>How the chain stands, without going through it.</summary>
    /// <param name="actor">An auditor.</param>
    /// <exception cref="Errors.CodedException">The actor is no auditor.</exception>
    public AuditState State(Actor actor)
    {
        actor.Require(Policies.Audit);
        var (head, kept) = log.Heads();
        return new AuditState(head, kept, [.. log.UnreadHeads.Select(one => one.Place)], log.RolledBack);
    }

    private IEnumerable<AuditEvent> Pages(AuditFilter filter, long last)
    {
        var after = 0L;
        while (true)
        {
            var page = log.Read(filter, after, AuditLog.MaxPage);
            foreach (var written in page.TakeWhile(written => written.Sequence <= last))
                yield return written;
            if (page.Count < AuditLog.MaxPage || page[^1].Sequence >= last)
                yield break;
            after = page[^1].Sequence;
        }
    }

    private static AuditFilter Permitted(Actor actor, AuditFilter filter)
    {
        actor.Require(Policies.Audit);
        if (actor.Is(Role.ServiceAuditor))
            return filter;
        if (filter.Organisation is { } asked && !actor.MayAudit(asked))
            throw new CodedException(
                ErrorCodes.Forbidden,
                $"an auditor reads the events of one's own organisation; those of all are for a {Role.ServiceAuditor}");
        return filter with { Organisation = actor.Organisation };
    }

    private AuditPage Permitted(Actor actor, AuditFilter filter, long after, int? count, bool newestFirst)
    {
        filter = Permitted(actor, filter);
        var wanted = PageSize.Of(count, AuditLog.MaxPage);
        var page = log.Read(filter, after, wanted, newestFirst);
        NoteLook(actor, filter);
        return new AuditPage(page, page.Count == wanted ? page[^1].Sequence : null);
    }

    /// <summary>Writes that the log was looked at, and by which filter: once for who pages through it.</summary>
    private void NoteLook(Actor actor, AuditFilter filter)
    {
        var now = clock.GetUtcNow();
        if (_looks.TryGetValue((actor.Account, filter), out var noted) && now - noted < Look && now >= noted)
            return;
        foreach (var (look, time) in _looks)
        {
            if (now - time >= Look || now < time)
                _looks.TryRemove(look, out _);
        }
        trail.Note(actor, "audit.read", Told(filter));
        _looks[(actor.Account, filter)] = now;
    }

    private static object Told(AuditFilter filter)
    {
        return new
        {
            galleries = filter.Gallery is { } gallery && GalleryName.IsValid(gallery) ? new[] { gallery } : null,
            kind = AuditKinds.IsValid(filter.Kind) ? filter.Kind : null,
            // Ids and numbers: what is none is somebody's own words.
            account = Name(filter.Actor),
            organisation = Name(filter.Organisation),
            byCase = filter.CaseNumber is not null ? true : (bool?)null,
            filter.Since,
            filter.Until,
        };

        static string? Name(string? text) => text is not null && GalleryName.IsValid(text) ? text : null;
    }

    /// <summary>Checks the chain of the whole log.</summary>
    /// <param name="actor">An auditor.</param>
    /// <param name="head">The hash of a head that was kept elsewhere, or null.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public Task<AuditVerification> VerifyAsync(Actor actor, string? head, CancellationToken cancellationToken)
    {
        return refusals.KeepAsync(actor, "audit.refused", () => new RefusedRequest(), async () =>
        {
            actor.Require(Policies.Audit);
            var found = await Task.Run(() => log.Verify(head, cancellationToken: cancellationToken), cancellationToken);
            await trail.WriteAsync(actor, "audit.verified", new { events = found.Events, intact = found.Broken is null });
            return found;
        });
    }
}
