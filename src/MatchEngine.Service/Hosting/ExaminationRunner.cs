using MatchEngine.Frs.Examining;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Sandbox;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// Ends examinations when their time is over, and finishes the deletion of probes that a stop interrupted:
/// once before requests are served, then every minute.
/// </summary>
internal sealed class ExaminationRunner(ExaminingLists examining, TimeProvider clock, ILogger<ExaminationRunner> log)
    : BackgroundService, ISweep
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Hosted services start one after the other and the server last: nobody asks for an examination yet.
        Try(() =>
        {
            examining.Tidy();
            examining.RemoveOrphans();
        });
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    void ISweep.Sweep(CancellationToken cancellationToken) => Try(examining.Tidy);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Every, clock, stoppingToken);
            Try(examining.Tidy);
        }
    }

    private void Try(Action round)
    {
        try
        {
            round();
        }
        catch (StoreException e)
        {
            // The next round tries again; nobody opens a probe of a closed examination meanwhile.
            log.LogError("ending examinations failed: {Fault}", e.Fault);
        }
    }
}
