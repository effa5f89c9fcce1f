using System.CommandLine;
using MatchEngine.Cli.Galleries;

namespace MatchEngine.Cli.Commands;

/// <summary><c>gallery create|list|show|set|duplicates|check|purge|rekey|export|restore|delete</c>.</summary>
internal static class GalleryCommand
{
    public static Command Create() => new("gallery", "Create, list, show, change and delete galleries")
    {
        GalleryCreate.Create(), GalleryList.Create(), GalleryShow.Create(), GallerySet.Create(),
        GalleryDuplicates.Create(), GalleryCheck.Create(), GalleryPurge.Create(),
        GalleryRekey.Create(), GalleryExport.Create(), GalleryRestore.Create(), GalleryDelete.Create(),
    };
}
