using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Search;

/// <summary>A gallery that is searched, and what the searcher sees of it.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Fields">The keys of biographics, and of the encounters' metadata, that the list shows.</param>
public sealed record GalleryScope(Gallery Gallery, BiographicFields Fields)
{
    /// <summary>The organisation that searches, where providers of data say who finds theirs; null: everything is found.</summary>
    public string? Searcher { get; init; }

    /// <summary>The gallery's own list rule; null for that of the search.</summary>
    public ListRule? Rule { get; init; }
}
