using MatchEngine.Galleries;

namespace MatchEngine.Service;

/// <summary>Removes, at the start and once a day, what has expired: encounters by their gallery's rule, audit events by their years.</summary>
internal sealed class RetentionRunner(OpenGalleries galleries, SubjectLinks links, AuditLog audit, TimeProvider clock, ILogger<RetentionRunner> log) : BackgroundService
{
    public const string Actor = "service";

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>One round.</summary>
    public void Purge(CancellationToken cancellationToken)
    {
        foreach (var entry in galleries.List().Where(entry => entry.Problem is null))
        {
            try
            {
                var (encounters, subjects) = galleries.Get(entry.Name).PurgeExpired(clock.GetUtcNow(), cancellationToken);
                var gallery = galleries.Get(entry.Name);
                links.RemoveStale(entry.Name, subject => gallery.FindSubject(subject) is not null);
                if (encounters > 0)
                    audit.Append(new AuditEntry { Kind = "retention.purged", Actor = Actor, Payload = AuditEntry.Object(new { galleries = new[] { entry.Name }, encounters, subjects }) });
            }
            catch (Exception e) when (e is StoreException or GalleryNotFoundException or ObjectDisposedException)
            {
                // The next round tries again; the other galleries have theirs now.
                log.LogError("retention of gallery {Gallery} failed: {Fault}", entry.Name, (e as StoreException)?.Fault);
            }
        }
        audit.Purge(Actor, clock.GetUtcNow());
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
                log.LogError("retention failed: {Fault}", e.Fault);
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }
}
