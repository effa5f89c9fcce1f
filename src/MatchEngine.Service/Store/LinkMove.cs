using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using MatchEngine.Service.Access;
using MatchEngine.Service.Hosting;

namespace MatchEngine.Service.Store;

/// <summary>
/// Moves links between subjects, which earlier versions kept in the service's database, into their galleries: there they go with their
/// subjects, and into the archive. What cannot be moved now is tried again at the next start.
/// </summary>
internal sealed class LinkMove(ServiceDatabase database, OpenGalleries galleries, AuditTrail audit, ILogger<LinkMove> log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (gallery, subject, other, note, account, entered) in database.Read(
            connection => connection.Query<(string, string, string, string, string, string)>(
            "SELECT gallery, subject, other, note, account, entered FROM subject_link").ToList()))
        {
            try
            {
                // One that names somebody who was removed has nowhere to go, as one of a gallery that was deleted.
                audit.ChangeBySelf("link.moved", new { galleries = new[] { gallery }, subject, other }, record =>
                    galleries.Get(gallery).Link(subject, new SubjectLink(other, note, account, StoredTime.Read(entered)), record()));
            }
            catch (GalleryNotFoundException)
            {
            }
            catch (StoreException e)
            {
                log.LogError("links of gallery {Gallery} cannot be moved into it yet: {Fault}", gallery, e.Fault);
                continue;
            }
            database.Execute(
                "DELETE FROM subject_link WHERE gallery = @gallery AND subject = @subject AND other = @other",
                new { gallery, subject, other });
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
