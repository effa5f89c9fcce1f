using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Faces;
using MatchEngine.Galleries;

namespace MatchEngine.Cli.Commands;

/// <summary><c>gallery create|list|show|delete</c>.</summary>
internal static class GalleryCommand
{
    public static Command Create() => new("gallery", "Create, list, show and delete galleries")
    {
        CreateGallery(), List(), Show(), Delete(),
    };

    private static Argument<string> NameArgument => new("NAME") { Description = "Letters, digits, '-', '_' and '.', at most 64" };

    private static Command CreateGallery()
    {
        var name = NameArgument;
        var model = new Option<string>("--model") { Description = "Id of the embedder's card; see 'models list'", HelpName = "ID", DefaultValueFactory = _ => ModelCatalog.DefaultEmbedder };
        var command = new Command("create", "Create an empty gallery, bound to one model for good") { name, model, SharedOptions.Data, SharedOptions.Json };
        command.SetAction(parsed =>
        {
            var data = parsed.GetRequiredValue(SharedOptions.Data);
            RequireName(parsed.GetRequiredValue(name));
            var card = DataFolder.Models(data).Find(parsed.GetRequiredValue(model), ModelTask.Embedding);
            using var gallery = GalleryCatalog.Open(data).Create(parsed.GetRequiredValue(name), card.ToEmbedderCard());
            Write(gallery.Summarize(), parsed.GetValue(SharedOptions.Json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the galleries") { SharedOptions.Data, SharedOptions.Json };
        command.SetAction(parsed =>
        {
            var entries = GalleryCatalog.Open(parsed.GetRequiredValue(SharedOptions.Data)).List();
            if (parsed.GetValue(SharedOptions.Json))
            {
                JsonOutput.Write(new { Galleries = entries.Select(entry => entry.Summary is { } summary ? ToJson(summary) : new { entry.Name, Problem = entry.Problem!.Message }) });
                return entries.Any(entry => entry.Problem is not null) ? ExitCode.NothingOrPartly : ExitCode.Done;
            }
            var table = Terminal.Table("gallery", ">subjects", ">encounters", "model", "created", ">size");
            foreach (var entry in entries)
            {
                if (entry.Summary is { } summary)
                    table.AddPlainRow(entry.Name, $"{summary.Subjects:N0}", $"{summary.Encounters:N0}", summary.Model.Id, $"{summary.Created:yyyy-MM-dd HH:mm}", Terminal.Bytes(summary.Bytes));
                else
                    Console.Error.WriteLine($"matchengine: gallery {entry.Name}: {entry.Problem!.Message}");
            }
            if (table.Rows.Count > 0)
                Terminal.Out.Write(table);
            else
                Console.WriteLine("There are no galleries. 'matchengine gallery create NAME' makes one.");
            return entries.Any(entry => entry.Problem is not null) ? ExitCode.NothingOrPartly : ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var name = NameArgument;
        var command = new Command("show", "Show what a gallery holds") { name, SharedOptions.Data, SharedOptions.Json };
        command.SetAction(parsed =>
        {
            using var gallery = GalleryCatalog.Open(parsed.GetRequiredValue(SharedOptions.Data)).Open(parsed.GetRequiredValue(name));
            Write(gallery.Summarize(), parsed.GetValue(SharedOptions.Json), gallery.SummarizeQuality());
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Delete()
    {
        var name = NameArgument;
        var command = new Command("delete", "Delete a gallery with all subjects and templates; nothing of it is left") { name, SharedOptions.Data, SharedOptions.Json };
        command.SetAction(parsed =>
        {
            GalleryCatalog.Open(parsed.GetRequiredValue(SharedOptions.Data)).Delete(parsed.GetRequiredValue(name));
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { Deleted = parsed.GetRequiredValue(name) });
            else
                Console.WriteLine($"Deleted gallery {parsed.GetRequiredValue(name)}.");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Refuses a name that no gallery can have.</summary>
    internal static void RequireName(string name)
    {
        if (!GalleryName.IsValid(name))
            throw new UsageException($"'{name}' is no name for a gallery: use letters, digits, '-', '_' and '.', at most {GalleryName.MaxLength} of them, beginning with a letter or digit");
    }

    private static object ToJson(GallerySummary summary, GalleryQuality? quality = null) => new
    {
        summary.Name,
        Model = summary.Model.Id,
        ModelDigest = summary.Model.Digest.ToString(),
        summary.Created,
        summary.Subjects,
        summary.Encounters,
        summary.Templates,
        summary.Bytes,
        Quality = quality,
    };

    private static void Write(GallerySummary summary, bool json, GalleryQuality? quality = null)
    {
        if (json)
        {
            JsonOutput.Write(ToJson(summary, quality));
            return;
        }
        Console.WriteLine($"""
            gallery     {summary.Name}
            model       {summary.Model.Id} ({summary.Model.Digest.ToString()[..16]}…, {summary.Model.Dimension} dimensions)
            created     {summary.Created:yyyy-MM-dd HH:mm:ss} UTC
            subjects    {summary.Subjects:N0}
            encounters  {summary.Encounters:N0}
            templates   {summary.Templates:N0}
            size        {Terminal.Bytes(summary.Bytes)}
            """);
        if (quality is { Mean: { } mean, Lowest: { } lowest })
            Console.WriteLine($"quality     {mean:0} on average, {lowest:0} at worst ({quality.Assessed:N0} assessed)");
    }
}
