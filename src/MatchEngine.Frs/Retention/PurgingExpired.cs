using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Frs.Retention;

/// <summary>A gallery whose retention failed this time; the next round tries again.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Fault">What is wrong with its store; null: it was closed meanwhile.</param>
public sealed record FailedRetention(string Gallery, StoreFault? Fault);

/// <summary>
/// Removes what has expired: encounters by their gallery's rule, closed cases with their searches, audit events by their years, and
/// searches of no case with their event; and names that were announced in galleries that are gone.
/// </summary>
/// <param name="galleries">The galleries.</param>
/// <param name="log">The audit.</param>
/// <param name="searches">The searches.</param>
/// <param name="cases">The cases.</param>
/// <param name="probes">What is kept of probes.</param>
/// <param name="announced">The names that were announced.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="clock">Gives the time.</param>
public sealed class PurgingExpired(
    OpenGalleries galleries, AuditLog log, ISearches searches, KeepingCases cases, SealedProbes probes,
    IAnnouncedSubjects announced, AuditTrail trail, TimeProvider clock)
{
    /// <summary>One round, by the service itself.</summary>
    /// <returns>The galleries that it failed at; the others have theirs.</returns>
    /// <exception cref="StoreException">The audit or the service's book cannot be written.</exception>
    public IReadOnlyList<FailedRetention> Purge(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var failed = new List<FailedRetention>();
        foreach (var name in galleries.Names())
        {
            try
            {
                trail.ChangeGallery(
                    Actor.Service, AuditKinds.RetentionPurged, new { galleries = new[] { name } },
                    record => galleries.Get(name).PurgeExpired(now, record, cancellationToken));
            }
            catch (GalleryNotFoundException)
            {
                // Never finished, or deleted at this moment.
            }
            catch (Exception e) when (e is StoreException or ObjectDisposedException)
            {
                failed.Add(new FailedRetention(name, (e as StoreException)?.Fault));
            }
        }
        announced.KeepOnly(galleries.Names());
        cases.DeleteOverdue(now);
        // The searches first: where this is interrupted, an event without its search is left, and never a search of no case without its
        // event.
        foreach (var examination in searches.Purge(now).Examinations)
            probes.Erase(examination);
        log.Purge(Actor.ServiceAccount, now);
        return failed;
    }
}
