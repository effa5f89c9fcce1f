using System.CommandLine;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery purge</c>.</summary>
internal static class GalleryPurge
{
    public static Command Create() => GalleryVerb.ChangingOne(
        "purge", "Remove the encounters that have outlived the gallery's retention, with their templates and images", [],
        (_, journal, gallery, cancellationToken) =>
        {
            if (gallery.Properties.Retention is null)
                throw new UsageException(
                    $"gallery '{gallery.Name}' keeps its encounters until they are removed: set a limit with 'gallery set {gallery.Name} "
                        + "--retention-days N' first");
            var (encounters, subjects) = journal.Make(
                AuditKinds.RetentionPurged, gallery.Name, null,
                record => gallery.PurgeExpired(DateTimeOffset.UtcNow, record, cancellationToken));
            return new GalleryReport(
                new { Gallery = gallery.Name, Encounters = encounters, Subjects = subjects },
                $"{encounters:N0} encounters had expired and were removed from {gallery.Name}, and with "
                    + $"them {subjects:N0} subjects that had no others.");
        });
}
