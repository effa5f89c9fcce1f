using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces.Tests.Quality;

/// <summary>Makes worse pictures of a face in known ways.</summary>
internal static class QualityImages
{
    /// <summary>A sharp, frontal portrait of one face, its eyes about level.</summary>
    public static Image Portrait(int size = 300) => ImageDecoder.Decode(Samples.FaceJpeg(3, size, 95));

    /// <summary>The only or largest face's quality.</summary>
    public static FaceQuality Assess(Image image) => Samples.Pipeline.Assess(image)[0].Quality;

    /// <summary>A component's native value.</summary>
    public static double Value(Image image, QualityMeasure measure) => Assess(image)[measure].Value!.Value;

    /// <summary>Each pixel changed by a function.</summary>
    public static Image Map(Image image, Func<int, double> change)
    {
        var mapped = new Image(image.Width, image.Height);
        for (var i = 0; i < image.Pixels.Length; i++)
            mapped.Pixels[i] = (byte)Math.Clamp(Math.Round(change(image.Pixels[i])), 0, 255);
        return mapped;
    }

    /// <summary>The mean over a square of 2r + 1 pixels.</summary>
    public static Image Blurred(Image image, int radius)
    {
        var blurred = new Image(image.Width, image.Height);
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                for (var c = 0; c < 3; c++)
                {
                    var (sum, count) = (0, 0);
                    for (var j = Math.Max(0, y - radius); j <= Math.Min(image.Height - 1, y + radius); j++)
                        for (var i = Math.Max(0, x - radius); i <= Math.Min(image.Width - 1, x + radius); i++)
                            (sum, count) = (sum + image.Row(j)[3 * i + c], count + 1);
                    blurred.Row(y)[3 * x + c] = (byte)((sum + count / 2) / count);
                }
        return blurred;
    }

    /// <summary>Turned about the middle, clockwise for the viewer, and scaled.</summary>
    public static Image Turned(Image image, double degrees, double scale = 1)
    {
        var (sin, cos) = Math.SinCos(-degrees * Math.PI / 180);
        var (a, b) = ((float)(cos / scale), (float)(sin / scale));
        var (width, height) = ((int)(image.Width * scale), (int)(image.Height * scale));
        var (mx, my) = ((width - 1) / 2f, (height - 1) / 2f);
        return image.Crop(
            new SimilarityTransform(a, b, (image.Width - 1) / 2f - (a * mx - b * my), (image.Height - 1) / 2f - (b * mx + a * my)),
            width, height);
    }

    /// <summary>A part of a picture, pixel for pixel.</summary>
    public static Image Part(Image image, int left, int top, int width, int height) =>
        image.Crop(new SimilarityTransform(1, 0, left, top), width, height);

    /// <summary>What is left after a JPEG of this quality.</summary>
    public static Image Compressed(Image image, int quality) => ImageDecoder.Decode(ImageEncoder.ToJpeg(image, quality));

    /// <summary>Five points of a rigid head turned by known angles and seen from afar.</summary>
    public static FacePoints Head(double yaw, double pitch, double roll, float scale = 2)
    {
        var turn = Matrix4x4.CreateRotationX((float)(pitch * Math.PI / 180)) * Matrix4x4.CreateRotationY((float)(yaw * Math.PI / 180))
            * Matrix4x4.CreateRotationZ((float)(roll * Math.PI / 180));
        Vector2 See(float x, float y, float z)
        {
            var seen = Vector3.Transform(new Vector3(x, y, z), turn);
            return new Vector2(100 + scale * seen.X, 120 + scale * seen.Y);
        }
        return new FacePoints(See(-17.6f, -18.5f, 0), See(17.6f, -18.5f, 0), See(0, 1.6f, 22), See(-14.6f, 22.2f, 0), See(14.6f, 22.2f, 0));
    }
}
