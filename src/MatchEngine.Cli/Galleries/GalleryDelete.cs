using System.CommandLine;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery delete</c>.</summary>
internal static class GalleryDelete
{
    public static Command Create() => GalleryVerb.Changing(
        "delete", "Delete a gallery with all subjects and templates; nothing of it is left", [GalleryVerb.Name],
        (parsed, journal, _) =>
        {
            var gallery = parsed.GetRequiredValue(GalleryVerb.Name);
            journal.Make(AuditKinds.GalleryDeleted, gallery, new { identity = Identity(journal, gallery) }, record =>
            {
                journal.Galleries.Delete(gallery, record());
                return true;
            });
            return new GalleryReport(new { Deleted = gallery }, $"Deleted gallery {gallery}.");
        });

    /// <summary>The identity of a gallery; null of one that is damaged, which can be deleted all the same.</summary>
    private static string? Identity(CommandJournal journal, string name)
    {
        try
        {
            return journal.Galleries.IdentityOf(name);
        }
        catch (StoreException e) when (e.Fault is StoreFault.Damaged or StoreFault.NewerSchema)
        {
            return null;
        }
    }
}
