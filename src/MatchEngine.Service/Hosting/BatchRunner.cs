using MatchEngine.Frs.Batches;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// Runs searches that are answered later, in the background, several at a time; first those that the last run of the service left.
/// </summary>
internal sealed class BatchRunner(SearchingBatches batches, ServiceSettings settings, TimeProvider clock, ILogger<BatchRunner> log)
    : BackgroundService
{
    // A full disk, a database that is copied: it passes, or the operator sees it.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before requests are served, which bring photos of their own.
        batches.Resume();
        return base.StartAsync(cancellationToken);
    }

    // Each waits most of its time for the disk, for a worker, or for its turn.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, 2 * settings.Limits.WorkerCount).Select(_ => Task.Run(() => WorkAsync(stoppingToken), stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await foreach (var id in batches.DueAsync(stoppingToken))
        {
            try
            {
                if (await batches.RunAsync(id, stoppingToken) is { } error)
                    log.LogError("searches {Operation} failed: {Kind}\n{Trace}", id, error.GetType().FullName, error.StackTrace);
            }
            catch (StoreException e)
            {
                log.LogError("searches {Operation} cannot go on: {Fault}", id, e.Fault);
                await Task.Delay(Pause, clock, stoppingToken);
                batches.Retry(id);
            }
        }
    }
}
