using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Sqlite.Book;

namespace MatchEngine.Service.Hosting;

/// <summary>Brings what earlier versions kept elsewhere to its place, before anybody is served.</summary>
internal sealed class EarlierVersions(
    SqliteServiceBook book, AuditLog audit, OpenGalleries galleries, AuditTrail trail, ILogger<EarlierVersions> log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (book.FillSearches(audit) is > 0 and var filled)
            log.LogInformation("{Count} searches of an earlier version were filled from the audit", filled);
        foreach (var failed in book.MoveLinks(galleries, trail))
            log.LogError("links of gallery {Gallery} cannot be moved into it yet: {Fault}", failed.Gallery, failed.Fault);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
