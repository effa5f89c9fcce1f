using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Cli.Demo;

/// <summary>What a photo may have gone through before it is a probe.</summary>
/// <param name="Name">Shown to people.</param>
/// <param name="Apply">From a photo's crop to the bytes of the probe.</param>
internal sealed record Alteration(string Name, Func<Image, byte[]> Apply)
{
    /// <summary>Those of the demo.</summary>
    public static IReadOnlyList<Alteration> All { get; } =
    [
        new("re-compressed", image => ImageEncoder.ToJpeg(image, 12)),
        new("blurred", image => Encode(Blur(image))),
        new("rotated by 20°", image => Encode(Rotate(image, 20))),
        new("re-lit", image => Encode(Relight(image))),
    ];

    private static byte[] Encode(Image altered)
    {
        using (altered)
            return ImageEncoder.ToJpeg(altered, 85);
    }

    /// <summary>Shrinks to a third and enlarges again: what is lost stays lost.</summary>
    private static Image Blur(Image image)
    {
        const float Factor = 3;
        const float Shift = (Factor - 1) / 2;
        using var small = image.Crop(
            new SimilarityTransform(Factor, 0, Shift, Shift), (int)(image.Width / Factor), (int)(image.Height / Factor));
        return small.Crop(new SimilarityTransform(1 / Factor, 0, -Shift / Factor, -Shift / Factor), image.Width, image.Height);
    }

    private static Image Rotate(Image image, double degrees)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var (a, b) = ((float)cosine, (float)sine);
        var (x, y) = ((image.Width - 1) / 2f, (image.Height - 1) / 2f);
        return image.Crop(new SimilarityTransform(a, b, x - (a * x - b * y), y - (b * x + a * y)), image.Width, image.Height);
    }

    /// <summary>A dim warm light from the right.</summary>
    private static Image Relight(Image image)
    {
        var lit = new Image(image.Width, image.Height);
        for (var y = 0; y < image.Height; y++)
        {
            var from = image.Row(y);
            var to = lit.Row(y);
            for (var x = 0; x < image.Width; x++)
            {
                var light = 0.35f + 0.6f * x / image.Width;
                (to[3 * x], to[3 * x + 1], to[3 * x + 2]) = (
                    (byte)(from[3 * x] * light), (byte)(from[3 * x + 1] * light * 0.9f), (byte)(from[3 * x + 2] * light * 0.75f));
            }
        }
        return lit;
    }
}
