using MatchEngine.Frs.Retention;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Sandbox;

namespace MatchEngine.Service.Hosting;

/// <summary>Has what has expired removed, at the start and once a day.</summary>
internal sealed class RetentionRunner(PurgingExpired purging, TimeProvider clock, ILogger<RetentionRunner> log)
    : BackgroundService, ISweep
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>One round.</summary>
    public void Purge(CancellationToken cancellationToken)
    {
        // The next round tries again; the other galleries have theirs now.
        foreach (var failed in purging.Purge(cancellationToken))
            log.LogError("retention of gallery {Gallery} failed: {Fault}", failed.Gallery, failed.Fault);
    }

    /// <inheritdoc/>
    void ISweep.Sweep(CancellationToken cancellationToken) => Purge(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await Task.Run(() => Purge(stoppingToken), stoppingToken);
            }
            catch (StoreException e)
            {
                log.LogError("retention failed: {Fault}", e.Fault);
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }
}
