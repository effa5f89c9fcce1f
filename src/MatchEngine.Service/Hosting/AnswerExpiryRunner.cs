using MatchEngine.Frs.Batches;
using MatchEngine.Frs.Idempotency;
using MatchEngine.Frs.Webhooks;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Sandbox;

namespace MatchEngine.Service.Hosting;

/// <summary>Removes answers that were kept for somebody and have expired: at the start, then every minute.</summary>
internal sealed class AnswerExpiryRunner(
    AnsweringOnce once, SearchingBatches batches, SendingWebhooks webhooks, TimeProvider clock, ILogger<AnswerExpiryRunner> log)
        : BackgroundService, ISweep
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            Purge();
            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    void ISweep.Sweep(CancellationToken cancellationToken) => Purge();

    private void Purge()
    {
        try
        {
            once.Purge();
            batches.Purge();
            webhooks.Purge();
        }
        catch (StoreException e)
        {
            // The next round tries again; what has expired is given to nobody meanwhile.
            log.LogError("removing expired answers failed: {Fault}", e.Fault);
        }
    }
}
