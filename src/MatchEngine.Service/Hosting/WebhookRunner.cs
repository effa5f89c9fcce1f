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
        var rounds = new List<Task>();
        try
        {
            while (true)
            {
                rounds.RemoveAll(round => round.IsCompleted);
                // Not waited for: one receiver that is slow would keep all the others.
                rounds.Add(Task.Run(() => RoundAsync(stoppingToken), stoppingToken));
                await Task.Delay(Every, clock, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(rounds).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        try
        {
            await sending.SendDueAsync(stoppingToken);
        }
        catch (StoreException e)
        {
            log.LogError("sending webhooks failed: {Fault}", e.Fault);
        }
    }
}
