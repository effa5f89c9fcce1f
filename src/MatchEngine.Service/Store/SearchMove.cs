using MatchEngine.Galleries.Audit;

namespace MatchEngine.Service.Store;

/// <summary>
/// Fills the table of searches of a folder that an earlier version kept, from its audit: once, before anybody is served.
/// </summary>
internal sealed class SearchMove(SqliteSearches searches, AuditLog log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        searches.FillFrom(number => log.Read(after: number - 1, count: 1).FirstOrDefault(written => written.Sequence == number));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
