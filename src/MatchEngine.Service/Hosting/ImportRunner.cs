using MatchEngine.Frs.Importing;

namespace MatchEngine.Service.Hosting;

/// <summary>Runs imports, one after the other, in the background; first those that the last run of the service left.</summary>
internal sealed class ImportRunner(ImportingPhotos imports, ILogger<ImportRunner> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        imports.Resume();
        try
        {
            await foreach (var id in imports.DueAsync(stoppingToken))
            {
                if (await imports.RunAsync(id, stoppingToken) is { } error)
                    log.LogError("import {Operation} failed: {Kind}\n{Trace}", id, error.GetType().FullName, error.StackTrace);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Left as running: the next start goes on.
        }
    }
}
