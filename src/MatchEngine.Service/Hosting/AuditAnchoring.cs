using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// Names, before anybody is served, an audit log that lacks events which are known elsewhere, in the log of the service and in the audit
/// itself; then names heads that cannot be kept.
/// </summary>
internal sealed class AuditAnchoring(AuditLog audit, AuditTrail trail, ILogger<AuditAnchoring> log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        audit.HeadKeepingChanged += Tell;
        if (audit.RolledBack is { } broken)
        {
            log.LogCritical("the audit log was rolled back, replaced or removed: {Detail}", broken.Detail);
            trail.Note(Actor.Service, AuditKinds.RolledBack, new { @event = broken.Sequence, detail = broken.Detail });
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        audit.HeadKeepingChanged -= Tell;
        return Task.CompletedTask;
    }

    private void Tell(string line) => log.LogError("{Line}", line);
}
