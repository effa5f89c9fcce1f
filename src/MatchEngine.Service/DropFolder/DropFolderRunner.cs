using MatchEngine.Galleries.Errors;

namespace MatchEngine.Service.DropFolder;

/// <summary>Looks into the drop folder every second.</summary>
internal sealed class DropFolderRunner(DropFolderRound round, TimeProvider clock, ILogger<DropFolderRunner> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var began = false;
        while (true)
        {
            try
            {
                if (!began)
                    round.Begin();
                began = true;
                round.Run();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreException)
            {
                // The next round tries again. Words of these errors name files, which may name people.
                log.LogError("the drop folder cannot be worked on: {Kind}", e.GetType().Name);
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }
}
