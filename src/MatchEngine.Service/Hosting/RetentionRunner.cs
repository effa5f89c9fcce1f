using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// Removes, at the start and once a day, what has expired: encounters by their gallery's rule, audit events by their years.
/// </summary>
internal sealed class RetentionRunner(
    OpenGalleries galleries, AuditLog log, AuditTrail audit, TimeProvider clock, ILogger<RetentionRunner> logger) : BackgroundService
{
    public const string Actor = "service";

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>One round.</summary>
    public void Purge(CancellationToken cancellationToken)
    {
        foreach (var name in galleries.Names())
        {
            try
            {
                audit.ChangeBySelf(
                    AuditKinds.RetentionPurged, new { galleries = new[] { name } },
                    record => galleries.Get(name).PurgeExpired(clock.GetUtcNow(), record, cancellationToken));
            }
            catch (GalleryNotFoundException)
            {
                // Never finished, or deleted at this moment.
            }
            catch (Exception e) when (e is StoreException or ObjectDisposedException)
            {
                // The next round tries again; the other galleries have theirs now.
                logger.LogError("retention of gallery {Gallery} failed: {Fault}", name, (e as StoreException)?.Fault);
            }
        }
        log.Purge(Actor, clock.GetUtcNow());
    }

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
                logger.LogError("retention failed: {Fault}", e.Fault);
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }
}
