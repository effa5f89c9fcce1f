using System.CommandLine;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery show</c>.</summary>
internal static class GalleryShow
{
    public static Command Create() => GalleryVerb.Looking(
        "show", "Show what a gallery holds", [GalleryVerb.Name],
        (parsed, galleries, _) =>
        {
            using var gallery = galleries.Open(parsed.GetRequiredValue(GalleryVerb.Name));
            return GalleryReport.Of(gallery);
        });
}
