using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// Settles, before anybody is served, the changes of which a killed process left the event and perhaps nothing more; then notes now and
/// then up to where all is settled.
/// </summary>
internal sealed class ChangeSettling(AuditedJournal changes, TimeProvider clock, ILogger<ChangeSettling> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // The first of the hosted services, which start one after the other: nothing is changed yet.
        changes.Settle();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Checkpoint();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Every, clock, stoppingToken);
            Checkpoint();
        }
    }

    private void Checkpoint()
    {
        try
        {
            changes.Checkpoint();
        }
        catch (Exception e) when (e is StoreException or ObjectDisposedException)
        {
            // Failed, or stopped for the second time: the next start looks at more events than it must.
            log.LogWarning("noting the settled changes failed: {Fault}", (e as StoreException)?.Fault);
        }
    }
}
