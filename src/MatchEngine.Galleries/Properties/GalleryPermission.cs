namespace MatchEngine.Galleries.Properties;

/// <summary>What an organisation other than the owner may do with a gallery.</summary>
/// <param name="Organisation">The organisation.</param>
/// <param name="MaySearch">Whether it may search.</param>
/// <param name="Fields">Which biographics it sees.</param>
public sealed record GalleryPermission(string Organisation, bool MaySearch, BiographicFields Fields);
