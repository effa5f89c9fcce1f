using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Cli.Tests;

/// <summary>Photos of one face each, cut from the sample photos that every build has.</summary>
internal static class Portraits
{
    /// <summary>
    /// Writes <c>NAME-a.jpg</c> and <c>NAME-b.jpg</c> (the same face, smaller and compressed more) for some faces; returns the names.
    /// </summary>
    public static IReadOnlyList<string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        using var pipeline = new FacePipeline(ModelCatalog.Read());
        var names = new List<string>();
        foreach (var number in (int[])[3, 4, 6])
        {
            using var photo = ImageDecoder.Decode(File.ReadAllBytes(Matchengine.Sample(number)));
            var faces = pipeline.Detect(photo);
            for (var i = 0; i < 2; i++)
            {
                var name = $"p{number}{i}";
                File.WriteAllBytes(Path.Combine(folder, name + "-a.jpg"), Cut(photo, faces[i].Box, 1.4f, 260, 92));
                File.WriteAllBytes(Path.Combine(folder, name + "-b.jpg"), Cut(photo, faces[i].Box, 1.5f, 200, 60));
                names.Add(name);
            }
        }
        return names;
    }

    private static byte[] Cut(Image photo, BoundingBox box, float margin, int size, int quality)
    {
        var side = margin * MathF.Max(box.Width, box.Height);
        var scale = side / size;
        using var crop = photo.Crop(
            new SimilarityTransform(scale, 0, box.X + box.Width / 2 - side / 2, box.Y + box.Height / 2 - side / 2), size, size);
        return ImageEncoder.ToJpeg(crop, quality);
    }
}
