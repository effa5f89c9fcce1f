namespace MatchEngine.Galleries.Errors;

/// <summary>A search among some asks for a key of biographics that the searcher may not see.</summary>
/// <param name="gallery">The gallery.</param>
/// <param name="key">The key.</param>
public sealed class FilterRefusedException(string gallery, string key)
    : Exception($"gallery '{gallery}' does not show you '{key}', so it cannot be searched by it: leave the condition or the gallery out")
{
    /// <summary>The gallery.</summary>
    public string Gallery { get; } = gallery;

    /// <summary>The key.</summary>
    public string Key { get; } = key;
}
