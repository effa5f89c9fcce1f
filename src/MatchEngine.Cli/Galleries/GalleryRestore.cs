using System.CommandLine;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery restore</c>.</summary>
internal static class GalleryRestore
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "An archive that 'gallery export' wrote" };
        var name = new Option<string?>("--as")
        {
            Description = "Name of the restored gallery; the one it had when not given",
            HelpName = "NAME",
        };
        var permissions = new Option<bool>("--permissions")
        {
            Description = "Offer the permissions in it anew to their organisations; without this the gallery has none",
        };
        return GalleryVerb.Changing(
            "restore", "Restore a gallery from an archive, under a name that is free", [file, name, permissions],
            (parsed, journal, cancellationToken) =>
            {
                if (parsed.GetValue(name) is { } wanted)
                    GalleryCreate.RequireName(wanted);
                using var input = new FileStream(parsed.GetRequiredValue(file), FileMode.Open, FileAccess.Read, FileShare.Read);
                // The store says under which name.
                using var gallery = journal.Make(
                    AuditKinds.GalleryRestored, null, null,
                    record => journal.Galleries.Restore(
                        input, record(), parsed.GetValue(name), permissions: parsed.GetValue(permissions),
                        cancellationToken: cancellationToken));
                return GalleryReport.Of(gallery);
            });
    }
}
