using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Benchmarks.Faces;

/// <summary>
/// A photo every build has: one face of a sample photo of the npm package @vladmandic/face-api, cut to 250 × 250 pixels as in LFW.
/// </summary>
internal static class SamplePortrait
{
    public static (byte[] Group, byte[] Portrait) Make(FacePipeline pipeline)
    {
        var group = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", "sample3.jpg"));
        using var image = ImageDecoder.Decode(group);
        var box = pipeline.Detect(image)[0].Box;
        var side = 2f * MathF.Max(box.Width, box.Height);
        var scale = side / 250;
        using var crop = image.Crop(
            new SimilarityTransform(scale, 0, box.X + box.Width / 2 - side / 2, box.Y + box.Height / 2 - side / 2), 250, 250);
        return (group, ImageEncoder.ToJpeg(crop, 90));
    }
}
