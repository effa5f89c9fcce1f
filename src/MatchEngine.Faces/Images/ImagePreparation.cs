using System.Globalization;
using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Images;

/// <summary>
/// What is done to a photo before a face is looked for in it, in this order: it is cut, turned, and its light is changed. It is described,
/// and not a picture, so that whoever reads of it later knows what was done, and the photo itself stays what it was.
/// </summary>
/// <param name="Crop">The part that is left; null for all of it. What lies beyond it is black afterwards, whatever the turn.</param>
/// <param name="Turn">Degrees clockwise about the middle, −180 … 180. The corners stay: the picture grows.</param>
/// <param name="Brightness">Per cent of each channel's value, 20 … 300; 100 leaves it.</param>
/// <param name="Contrast">Per cent of each channel's distance from the middle, 20 … 300; 100 leaves it.</param>
/// <param name="Gamma">0.2 … 4; above 1 the dark parts become lighter, 1 leaves them.</param>
public sealed record ImagePreparation(
    PhotoCrop? Crop = null, double Turn = 0, double Brightness = 100, double Contrast = 100, double Gamma = 1)
{
    /// <summary>The longest side of a photo that a crop may speak of.</summary>
    public const int LongestSide = 1_000_000;

    // A turned picture is larger by its corners. Above so many pixels it is scaled down to what it had.
    private const long FreelyTurned = 16_000_000;

    /// <summary>Whether the photo stays as it is.</summary>
    public bool LeavesAsItIs() => Crop is null && !TurnsPicture && !ChangesLight;

    /// <summary>What is wrong with it, as a sentence that begins with the member's name; null when nothing is.</summary>
    public string? Fault()
    {
        if (Crop is { } crop && (!Holds(crop.X, 0, LongestSide) || !Holds(crop.Y, 0, LongestSide)
            || !Holds(crop.Width, 1, LongestSide) || !Holds(crop.Height, 1, LongestSide)))
            return $"crop is x and y from 0, width and height from 1, in pixels of the photo, each at most {LongestSide}";
        if (!Holds(Turn, -180, 180))
            return "turn is -180 to 180 degrees, clockwise";
        if (!Holds(Brightness, 20, 300))
            return "brightness is 20 to 300 per cent; 100 leaves it";
        if (!Holds(Contrast, 20, 300))
            return "contrast is 20 to 300 per cent; 100 leaves it";
        return Holds(Gamma, 0.2, 4) ? null : "gamma is 0.2 to 4; 1 leaves it";
    }

    /// <summary>What is done, step by step, in the words of a record.</summary>
    public IReadOnlyList<string> Steps()
    {
        var steps = new List<string>();
        if (Crop is { } crop)
            steps.Add(Said($"cut to {crop.Width} × {crop.Height} pixels at {crop.X}, {crop.Y}"));
        if (TurnsPicture)
            steps.Add(Said($"turned {Math.Abs(Turn):0.##}° {(Turn > 0 ? "clockwise" : "anticlockwise")}"));
        if (Brightness != 100)
            steps.Add(Said($"brightness {Brightness:0.##} %"));
        if (Contrast != 100)
            steps.Add(Said($"contrast {Contrast:0.##} %"));
        if (Gamma != 1)
            steps.Add(Said($"gamma {Gamma:0.##}"));
        return steps;
    }

    /// <summary>Prepares a photo.</summary>
    /// <param name="image">The upright pixels; only read.</param>
    /// <returns>The prepared pixels, with the way back to the photo; dispose of them to have them overwritten.</returns>
    /// <exception cref="ArgumentException">A value lies outside what is described here (<see cref="Fault"/>).</exception>
    /// <exception cref="AcquisitionException">The crop lies beyond the photo: <see cref="AcquisitionFailure.NoFace"/>.</exception>
    public PreparedImage Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Fault() is { } fault)
            throw new ArgumentException(fault);
        var (cut, left, top) = Cut(image);
        try
        {
            var (turned, toCut) = Turned(cut);
            if (!ReferenceEquals(turned, cut))
                cut.Dispose();
            if (ChangesLight)
                Lighten(turned.Pixels);
            return new PreparedImage(turned, toCut with { X = toCut.X + left, Y = toCut.Y + top }, ImageScale.Of(image));
        }
        catch
        {
            cut.Dispose();
            throw;
        }
    }

    private bool TurnsPicture => Math.Abs(Turn) >= 0.005;

    private bool ChangesLight => Brightness != 100 || Contrast != 100 || Gamma != 1;

    /// <summary>The part that is left, and where it lies in the picture as it is held.</summary>
    private (Image Cut, int Left, int Top) Cut(Image image)
    {
        var (left, top, right, bottom) = (0, 0, image.Width, image.Height);
        if (Crop is { } crop)
        {
            var held = ImageScale.Of(image).FromOriginal(new BoundingBox(crop.X, crop.Y, crop.Width, crop.Height));
            (left, top) = ((int)MathF.Round(held.X), (int)MathF.Round(held.Y));
            (right, bottom) = ((int)MathF.Min(MathF.Round(held.Right), right), (int)MathF.Min(MathF.Round(held.Bottom), bottom));
            if (left >= right || top >= bottom)
                throw new AcquisitionException(
                    AcquisitionFailure.NoFace,
                    "no face was found: the crop leaves nothing of the photo, which has "
                        + $"{image.OriginalWidth} × {image.OriginalHeight} pixels");
        }
        var cut = new Image(right - left, bottom - top);
        for (var y = top; y < bottom; y++)
            image.Row(y)[(3 * left)..(3 * right)].CopyTo(cut.Row(y - top));
        return (cut, left, top);
    }

    /// <summary>The picture turned, and the way from its coordinates to those of the picture before.</summary>
    private (Image Turned, SimilarityTransform ToCut) Turned(Image cut)
    {
        if (!TurnsPicture)
            return (cut, new SimilarityTransform(1, 0, 0, 0));
        var (cos, sin) = Direction();
        var (width, height) = (
            Side(Math.Abs(cos) * cut.Width + Math.Abs(sin) * cut.Height), Side(Math.Abs(sin) * cut.Width + Math.Abs(cos) * cut.Height));
        var scale = 1.0;
        if (Math.Max((long)cut.Width * cut.Height, FreelyTurned) is var most && (long)width * height > most)
        {
            scale = Math.Sqrt((double)width * height / most);
            (width, height) = (Math.Max(1, (int)(width / scale)), Math.Max(1, (int)(height / scale)));
        }
        var (a, b) = (scale * cos, -scale * sin);
        var (x, y) = ((width - 1) / 2.0, (height - 1) / 2.0);
        var toCut = new SimilarityTransform(
            (float)a, (float)b, (float)((cut.Width - 1) / 2.0 - (a * x - b * y)), (float)((cut.Height - 1) / 2.0 - (b * x + a * y)));
        return (cut.Crop(toCut, width, height), toCut);

        static int Side(double length) => Math.Max(1, (int)Math.Ceiling(length - 1e-6));
    }

    // Quarters to the last digit, so that they move pixels and blur none.
    private (double Cos, double Sin) Direction() => Turn switch
    {
        90 => (0, 1),
        -90 => (0, -1),
        180 or -180 => (-1, 0),
        _ => (Math.Cos(Turn * Math.PI / 180), Math.Sin(Turn * Math.PI / 180)),
    };

    /// <summary>Brightness, then contrast, then gamma, each within what a channel holds: as browsers do it (W3C Filter Effects).</summary>
    private void Lighten(Span<byte> pixels)
    {
        Span<byte> table = stackalloc byte[256];
        for (var value = 0; value < table.Length; value++)
        {
            var bright = Math.Clamp(value / 255.0 * Brightness / 100, 0, 1);
            var contrasted = Math.Clamp((bright - 0.5) * Contrast / 100 + 0.5, 0, 1);
            table[value] = (byte)Math.Round(255 * Math.Pow(contrasted, 1 / Gamma));
        }
        foreach (ref var value in pixels)
            value = table[value];
    }

    // Not a number is in no range.
    private static bool Holds(double value, double least, double most) => value >= least && value <= most;

    private static string Said(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
