using System.CommandLine;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery create</c>.</summary>
internal static class GalleryCreate
{
    public static Command Create()
    {
        var model = new Option<string>("--model")
        {
            Description = "Id of the embedder's card; see 'models list'",
            HelpName = "ID",
            DefaultValueFactory = _ => ModelCatalog.DefaultEmbedder,
        };
        return GalleryVerb.Changing(
            "create", "Create an empty gallery, bound to one model for good", [GalleryVerb.Name, model],
            (parsed, journal, _) =>
            {
                var name = parsed.GetRequiredValue(GalleryVerb.Name);
                RequireName(name);
                var card = DataFolder.Models(GalleryVerb.Data(parsed)).Find(parsed.GetRequiredValue(model), ModelTask.Embedding);
                using var gallery = Make(journal, name, card.ToEmbedderCard());
                return GalleryReport.Of(gallery);
            });
    }

    /// <summary>Creates a gallery.</summary>
    public static Gallery Make(CommandJournal journal, string name, EmbedderCard model) => journal.Make(
        AuditKinds.GalleryCreated, name,
        new { owner = GalleryProperties.LocalOwner, profile = GalleryProperties.DefaultProfile, approved = true, model = model.Id },
        record => journal.Galleries.Create(name, model, record()));

    /// <summary>Refuses a name that no gallery can have.</summary>
    public static void RequireName(string name)
    {
        if (!GalleryName.IsValid(name))
            throw new UsageException(
                $"'{name}' is no name for a gallery: use letters, digits, '-', '_' and '.', at most {GalleryName.MaxLength} of them, "
                    + "beginning with a letter or digit");
    }
}
