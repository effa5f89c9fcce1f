namespace MatchEngine.Galleries.Errors;

/// <summary>There is no gallery of this name, or it was deleted while it was open.</summary>
public sealed class GalleryNotFoundException : Exception
{
    /// <summary>States the name and the remedy.</summary>
    /// <param name="gallery">The name asked for.</param>
    /// <param name="message">What happened and what to do.</param>
    public GalleryNotFoundException(string gallery, string message) : base(message) => Gallery = gallery;

    /// <summary>The name asked for.</summary>
    public string Gallery { get; }
}
