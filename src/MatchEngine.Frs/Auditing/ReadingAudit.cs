using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Auditing;

/// <summary>A page of the audit log.</summary>
/// <param name="Events">The events.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEvent> Events, long? Next);

/// <summary>
/// The audit log, for auditors. One of an organisation sees its events; one of the whole service sees all, those of the service itself
/// among them. Numbers and hashes run through all events, so that either can verify the log.
/// </summary>
/// <param name="log">The log.</param>
public sealed class ReadingAudit(AuditLog log)
{
    /// <summary>A page of events.</summary>
    /// <param name="actor">An auditor.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="after">Behind which number the page begins; 0 for the first page.</param>
    /// <param name="count">The largest number of events; null for 100.</param>
    /// <param name="newestFirst">By falling number.</param>
    /// <exception cref="Errors.CodedException">The number cannot be used, the actor is no auditor, or not of the organisation that is asked
    /// for.</exception>
    public AuditPage Read(Actor actor, AuditFilter filter, long after, int? count, bool newestFirst)
    {
        actor.Require(Policies.Audit);
        var wanted = PageSize.Of(count, AuditLog.MaxPage);
        if (!actor.Is(Role.ServiceAuditor))
        {
            if (filter.Organisation is { } asked && !actor.MayAudit(asked))
                throw new CodedException(
                    ErrorCodes.Forbidden,
                    $"an auditor reads the events of one's own organisation; those of all are for a {Role.ServiceAuditor}");
            filter = filter with { Organisation = actor.Organisation };
        }
        var page = log.Read(filter, after, wanted, newestFirst);
        return new AuditPage(page, page.Count == wanted ? page[^1].Sequence : null);
    }

    /// <summary>Checks the chain of the whole log.</summary>
    /// <param name="actor">An auditor.</param>
    /// <param name="head">The hash of a head that was kept elsewhere, or null.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public Task<AuditVerification> VerifyAsync(Actor actor, string? head, CancellationToken cancellationToken)
    {
        actor.Require(Policies.Audit);
        return Task.Run(() => log.Verify(head, cancellationToken: cancellationToken), cancellationToken);
    }
}
