using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Sqlite.Book;

/// <summary>Links of a gallery that cannot be moved into it yet; the next start tries again.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Fault">What is wrong with its store.</param>
public sealed record FailedMove(string Gallery, StoreFault Fault);

/// <summary>
/// Moves links between subjects, which earlier versions kept in the service's database, into their galleries: there they go with their
/// subjects, and into the archive.
/// </summary>
internal sealed class LinkMove(ServiceDatabase database)
{
    public IReadOnlyList<FailedMove> Run(OpenGalleries galleries, AuditTrail trail)
    {
        var failed = new List<FailedMove>();
        foreach (var (gallery, subject, other, note, account, entered) in database.Read(
            connection => connection.Query<(string, string, string, string, string, string)>(
            "SELECT gallery, subject, other, note, account, entered FROM subject_link").ToList()))
        {
            try
            {
                // One that names somebody who was removed has nowhere to go, as one of a gallery that was deleted.
                trail.ChangeGallery(Actor.Service, "link.moved", new { galleries = new[] { gallery }, subject, other }, record =>
                    galleries.Get(gallery).Link(subject, new SubjectLink(other, note, account, StoredTime.Read(entered)), record()));
            }
            catch (GalleryNotFoundException)
            {
            }
            catch (StoreException e)
            {
                failed.Add(new FailedMove(gallery, e.Fault));
                continue;
            }
            database.Execute(
                "DELETE FROM subject_link WHERE gallery = @gallery AND subject = @subject AND other = @other",
                new { gallery, subject, other });
        }
        return failed;
    }
}
