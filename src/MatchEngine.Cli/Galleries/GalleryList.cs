using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Galleries;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery list</c>.</summary>
internal static class GalleryList
{
    public static Command Create() => GalleryVerb.Looking("list", "List the galleries", [], (_, galleries, _) =>
    {
        var entries = galleries.List();
        return new GalleryReport(
            new
            {
                Galleries = entries.Select(entry =>
                    entry.Summary is { } summary ? GalleryReport.Row(summary) : new { entry.Name, Problem = entry.Problem!.Message }),
            },
            () => Print(entries))
        {
            ExitCode = entries.Any(entry => entry.Problem is not null) ? ExitCode.NothingOrPartly : ExitCode.Done,
        };
    });

    private static void Print(IReadOnlyList<CatalogEntry> entries)
    {
        var table = Terminal.Table("gallery", ">subjects", ">encounters", "model", "created", ">size");
        foreach (var entry in entries)
        {
            if (entry.Summary is { } summary)
                table.AddPlainRow(
                    entry.Name, $"{summary.Subjects:N0}", $"{summary.Encounters:N0}", summary.Model.Id,
                    $"{summary.Created:yyyy-MM-dd HH:mm}", Terminal.Bytes(summary.Bytes));
            else
                Console.Error.WriteLine($"matchengine: gallery {entry.Name}: {entry.Problem!.Message}");
        }
        if (table.Rows.Count > 0)
            Terminal.Out.Write(table);
        else if (entries.Count == 0)
            Console.WriteLine("There are no galleries. 'matchengine gallery create NAME' makes one.");
    }
}
