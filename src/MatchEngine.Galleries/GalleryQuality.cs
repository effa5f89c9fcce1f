namespace MatchEngine.Galleries;

/// <summary>How good the faces of a gallery are.</summary>
/// <param name="Assessed">Encounters whose overall quality is known.</param>
/// <param name="Lowest">The lowest, 0 … 100; null when none is known.</param>
/// <param name="Mean">The mean; null when none is known.</param>
public sealed record GalleryQuality(long Assessed, double? Lowest, double? Mean);
