using MatchEngine.Frs.Duplicates;

namespace MatchEngine.Service.Hosting;

/// <summary>Runs searches for duplicates, one after the other, in the background. One that is cut off waits to be gone on with.</summary>
internal sealed class DuplicateRunner(ReviewingDuplicates duplicates, ILogger<DuplicateRunner> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await foreach (var due in duplicates.DueAsync(stoppingToken))
            {
                // Not on a thread of the pool: it computes for as long as the gallery is large.
                var error = await Task.Factory.StartNew(
                    () => duplicates.Run(due, stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                if (error is not null)
                    log.LogError(
                        "search for duplicates in {Gallery} failed: {Kind}\n{Trace}", due.Gallery.Name, error.GetType().FullName,
                        error.StackTrace);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Left as running: a keeper goes on with it.
        }
    }
}
