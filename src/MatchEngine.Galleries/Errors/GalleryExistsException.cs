namespace MatchEngine.Galleries.Errors;

/// <summary>
/// A gallery of this name is there already. Names that differ in case only count as one, as they do in the file systems of Windows and
/// macOS.
/// </summary>
public sealed class GalleryExistsException : Exception
{
    /// <summary>States the names and the remedy.</summary>
    /// <param name="gallery">The gallery that is there.</param>
    public GalleryExistsException(string gallery)
        : base($"there is a gallery '{gallery}' already: choose another name, or delete it first") => Gallery = gallery;

    /// <summary>The gallery that is there.</summary>
    public string Gallery { get; }
}
