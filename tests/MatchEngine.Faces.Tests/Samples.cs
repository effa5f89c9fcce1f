using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Tests;

/// <summary>The group photos of the npm package @vladmandic/face-api (MIT), which every build has.</summary>
internal static class Samples
{
    private static readonly Lazy<FacePipeline> Shared = new(() => new FacePipeline(ModelCatalog.Read()));

    /// <summary>A pipeline that all tests share: loading it is most of a short test's time.</summary>
    public static FacePipeline Pipeline => Shared.Value;

    public static string Path(int number) => System.IO.Path.Combine(AppContext.BaseDirectory, "samples", $"sample{number}.jpg");

    public static byte[] Bytes(int number) => File.ReadAllBytes(Path(number));

    /// <summary>Cosine of two embeddings, in double precision.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
            (dot, aa, bb) = (dot + (double)a[i] * b[i], aa + (double)a[i] * a[i], bb + (double)b[i] * b[i]);
        return dot / Math.Sqrt(aa * bb);
    }

    /// <summary>A square crop around the largest face of a photo, as JPEG: a probe of one face.</summary>
    public static byte[] FaceJpeg(int number, int size = 250, int quality = 92)
    {
        using var image = ImageDecoder.Decode(Bytes(number));
        var box = Pipeline.Extract(image, new(FaceChoice.Largest)).Faces[0].Box;
        var side = 2f * MathF.Max(box.Width, box.Height);
        var scale = side / size;
        using var crop = image.Crop(
            new SimilarityTransform(scale, 0, box.X + box.Width / 2 - side / 2, box.Y + box.Height / 2 - side / 2), size, size);
        return ImageEncoder.ToJpeg(crop, quality);
    }
}
