namespace MatchEngine.Faces.Models;

/// <summary>The model cards of one or more folders.</summary>
public sealed class ModelCatalog
{
    /// <summary>The embedder that is used when nobody names another.</summary>
    public const string DefaultEmbedder = "fr-feature";

    /// <summary>The head pose network that quality is assessed with when it is installed.</summary>
    public const string DefaultHeadPose = "fr-pose";

    /// <summary>The eye network that quality is assessed with when it is installed.</summary>
    public const string DefaultEyeState = "fr-eye";

    private readonly SortedDictionary<string, ModelCard> _cards;

    private ModelCatalog(SortedDictionary<string, ModelCard> cards) => _cards = cards;

    /// <summary>All cards, by id.</summary>
    public IReadOnlyCollection<ModelCard> Cards => _cards.Values;

    /// <summary>The folder of the models that come with the program.</summary>
    public static string InstalledFolder => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>
    /// Cards of well-known kinds of networks without a file, for <c>models add --like</c>: they are no models and in no catalog.
    /// </summary>
    public static string PatternsFolder => Path.Combine(InstalledFolder, "patterns");

    /// <summary>Reads the cards (<c>*.json</c>) of folders; a later folder's card replaces an earlier one's of the same id.</summary>
    /// <param name="folders">The folders; one that does not exist is passed over. <see cref="InstalledFolder"/> when none is given.</param>
    /// <exception cref="ModelException">A card cannot be read.</exception>
    public static ModelCatalog Read(params IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var cards = new SortedDictionary<string, ModelCard>(StringComparer.Ordinal);
        foreach (var folder in folders.Count == 0 ? [InstalledFolder] : folders)
        {
            if (!Directory.Exists(folder))
                continue;
            foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
            {
                var card = ModelCard.Read(file);
                cards[card.Id] = card;
            }
        }
        return new ModelCatalog(cards);
    }

    /// <summary>These cards and another one, which replaces one of the same id.</summary>
    public ModelCatalog With(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return new ModelCatalog(new SortedDictionary<string, ModelCard>(_cards, StringComparer.Ordinal) { [card.Id] = card });
    }

    /// <summary>The card with this id and task, or null when there is none.</summary>
    public ModelCard? TryFind(string? id, ModelTask task) =>
        id is not null && _cards.TryGetValue(id, out var card) && card.Task == task ? card : null;

    /// <summary>The card with this id and task.</summary>
    /// <exception cref="ModelException">There is none; the message names those there are.</exception>
    public ModelCard Find(string id, ModelTask task)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (TryFind(id, task) is { } card)
            return card;
        var known = string.Join(", ", _cards.Values.Where(other => other.Task == task).Select(other => other.Id));
        throw new ModelException(
            $"no {task.ToString().ToLowerInvariant()} model '{id}'; " + (known.Length == 0
                ? "no such model is installed: build the project once with Node.js on the PATH"
                : $"installed: {known}"));
    }
}
