namespace MatchEngine.Galleries;

/// <summary>What a gallery holds, in numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model it is bound to.</param>
/// <param name="Created">When it was created (UTC).</param>
/// <param name="Subjects">How many subjects.</param>
/// <param name="Encounters">How many encounters of them.</param>
/// <param name="Templates">How many templates; what a probe is compared with.</param>
/// <param name="Bytes">Bytes on disk, the journal included.</param>
public sealed record GallerySummary(
    string Name, GalleryModel Model, DateTimeOffset Created, long Subjects, long Encounters, long Templates, long Bytes);
