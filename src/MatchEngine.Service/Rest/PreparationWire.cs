using System.ComponentModel;
using MatchEngine.Faces.Images;

namespace MatchEngine.Service.Rest;

/// <summary>A part of a photo, in whole pixels of the upright image.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Width, from 1.</param>
/// <param name="Height">Height, from 1.</param>
public sealed record CropWire(int X, int Y, int Width, int Height);

/// <summary>
/// What is done to a probe before it is searched with, in this order: cut, turned, its light changed. The service does it, so that the
/// photo itself comes as it is, its digest stays its own, and the audit has what was done.
/// </summary>
/// <param name="Crop">The part that is left; null for all of it.</param>
/// <param name="Turn">Degrees clockwise.</param>
/// <param name="Brightness">Per cent.</param>
/// <param name="Contrast">Per cent.</param>
/// <param name="Gamma">The gamma.</param>
public sealed record PreparationWire(
    [property: Description("The part that is left, in pixels of the upright image; null for all of it")] CropWire? Crop = null,
    [property: Description("Degrees clockwise about the middle, -180 to 180; 0 leaves it")] double Turn = 0,
    [property: Description("Per cent, 20 to 300; 100 leaves it")] double Brightness = 100,
    [property: Description("Per cent, 20 to 300; 100 leaves it")] double Contrast = 100,
    [property: Description("0.2 to 4; above 1 lightens what is dark, 1 leaves it")] double Gamma = 1)
{
    internal static PreparationWire? Of(ImagePreparation? preparation) => preparation is null
        ? null
        : new PreparationWire(
            preparation.Crop is { } crop ? new CropWire(crop.X, crop.Y, crop.Width, crop.Height) : null,
            preparation.Turn, preparation.Brightness, preparation.Contrast, preparation.Gamma);

    internal ImagePreparation ToPreparation() => new(
        Crop is { } crop ? new PhotoCrop(crop.X, crop.Y, crop.Width, crop.Height) : null, Turn, Brightness, Contrast, Gamma);
}
