using System.CommandLine;
using MatchEngine.Cli.Output;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery export</c>.</summary>
internal static class GalleryExport
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The archive to write" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there" };
        return GalleryVerb.Looking(
            "export", "Write a whole gallery into one file: templates, metadata, images, properties. What is encrypted stays encrypted",
            [GalleryVerb.Name, file, force],
            (parsed, galleries, cancellationToken) =>
            {
                var name = parsed.GetRequiredValue(GalleryVerb.Name);
                var target = Path.GetFullPath(parsed.GetRequiredValue(file));
                if (File.Exists(target) && !parsed.GetValue(force))
                    throw new UsageException($"{target} is there already: choose another file, or replace it with --force");
                var partial = $"{target}.{Guid.NewGuid():N}.partial";
                try
                {
                    using (var output = new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite))
                    {
                        galleries.Export(name, output, cancellationToken: cancellationToken);
                        output.Flush(flushToDisk: true);
                    }
                    File.Move(partial, target, parsed.GetValue(force));
                }
                catch
                {
                    File.Delete(partial);
                    throw;
                }
                var bytes = new FileInfo(target).Length;
                return new GalleryReport(
                    new { Gallery = name, File = target, Bytes = bytes },
                    $"Exported {name} to {target} ({Terminal.Bytes(bytes)}). The file holds templates and "
                        + "personal data: keep it as you keep the gallery.");
            });
    }
}
