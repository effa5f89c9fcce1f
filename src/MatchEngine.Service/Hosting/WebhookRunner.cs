using MatchEngine.Frs.Webhooks;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Service.Hosting;

/// <summary>Has webhooks sent, every second.</summary>
internal sealed class WebhookRunner(SendingWebhooks sending, TimeProvider clock, ILogger<WebhookRunner> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                await sending.SendDueAsync(stoppingToken);
            }
            catch (StoreException e)
            {
                log.LogError("sending webhooks failed: {Fault}", e.Fault);
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }
}
