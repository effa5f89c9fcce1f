namespace MatchEngine.Faces.Images;

/// <summary>A part of a photo, in whole pixels of the upright picture of its file.</summary>
/// <param name="X">Left edge, 0 or more.</param>
/// <param name="Y">Upper edge, 0 or more.</param>
/// <param name="Width">Width, 1 or more.</param>
/// <param name="Height">Height, 1 or more.</param>
public sealed record PhotoCrop(int X, int Y, int Width, int Height);
