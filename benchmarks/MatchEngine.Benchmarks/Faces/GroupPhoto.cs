using System.Numerics;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Benchmarks.Faces;

/// <summary>A group photo put together from faces of a data set, so that it is known where its faces are and how large.</summary>
/// <param name="Jpeg">The photo, quality 90.</param>
/// <param name="Faces">Every face in it: its box and the distance between its eyes.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
internal sealed record GroupPhoto(byte[] Jpeg, IReadOnlyList<(BoundingBox Box, int InterEye, int Person)> Faces, int Width, int Height);

/// <summary>
/// Puts group photos together: pieces of the sample photos that show none of their faces, side by side, make the background, and each face
/// is pasted with what is around it, its edge blended.
/// </summary>
internal sealed class GroupPhotoMaker : IDisposable
{
    private const int Patch = 300;
    private const float Margin = 1.7f;

    private readonly List<(Image Photo, LocatedFace Face)> _people = [];
    private readonly List<Image> _patches = [];

    /// <summary>Reads people and backgrounds.</summary>
    /// <param name="portraits">Photos of one face each; those in which the pipeline finds another number are left out.</param>
    /// <param name="samples">Photos for backgrounds.</param>
    /// <param name="pipeline">Finds the faces of both.</param>
    public GroupPhotoMaker(IEnumerable<string> portraits, IEnumerable<string> samples, FacePipeline pipeline)
    {
        foreach (var file in portraits)
        {
            var photo = ImageDecoder.Decode(File.ReadAllBytes(file));
            if (pipeline.Detect(photo) is [var face])
                _people.Add((photo, face));
            else
                photo.Dispose();
        }
        foreach (var file in samples)
        {
            using var photo = ImageDecoder.Decode(File.ReadAllBytes(file));
            var faces = pipeline.Detect(photo).Select(face => face.Box).ToList();
            for (var y = 0; y + Patch <= photo.Height; y += Patch / 2)
            {
                for (var x = 0; x + Patch <= photo.Width; x += Patch / 2)
                {
                    var place = new BoundingBox(x, y, Patch, Patch);
                    if (faces.All(face => place.Intersection(face) == 0))
                        _patches.Add(photo.Crop(new SimilarityTransform(1, 0, x, y), Patch, Patch));
                }
            }
        }
    }

    public int People => _people.Count;

    /// <summary>Makes a photo.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="interEye">For each face the distance of its eyes in pixels; faces for which no place is left are left out.</param>
    /// <param name="seed">Decides on everything else.</param>
    public GroupPhoto Make(int width, int height, IEnumerable<int> interEye, int seed)
    {
        var random = new Random(seed);
        using var canvas = new Image(width, height);
        for (var y = 0; y < height; y += Patch)
        {
            for (var x = 0; x < width; x += Patch)
                Copy(_patches[random.Next(_patches.Count)], canvas, x, y);
        }
        var faces = new List<(BoundingBox, int, int)>();
        var taken = new List<BoundingBox>();
        foreach (var eyes in interEye.OrderDescending())
        {
            var person = random.Next(_people.Count);
            var (photo, face) = _people[person];
            var scale = face.Points.InterEyeDistance / eyes;
            var source = Margin * MathF.Max(face.Box.Width, face.Box.Height);
            var side = (int)(source / scale);
            if (side >= Math.Min(width, height))
                continue;
            for (var attempt = 0; attempt < 200; attempt++)
            {
                var place = new BoundingBox(random.Next(width - side), random.Next(height - side), side, side);
                if (taken.Any(other => other.Intersection(place) > 0))
                    continue;
                taken.Add(place);
                var corner = new Vector2(face.Box.X + face.Box.Width / 2 - source / 2, face.Box.Y + face.Box.Height / 2 - source / 2);
                using var piece = photo.Crop(
                    new SimilarityTransform(scale, 0, corner.X + (scale - 1) / 2, corner.Y + (scale - 1) / 2), side, side);
                Blend(piece, canvas, (int)place.X, (int)place.Y);
                faces.Add((new(
                    place.X + (face.Box.X - corner.X) / scale, place.Y + (face.Box.Y - corner.Y) / scale, face.Box.Width / scale,
                    face.Box.Height / scale), eyes, person));
                break;
            }
        }
        return new GroupPhoto(ImageEncoder.ToJpeg(canvas, 90), faces, width, height);
    }

    public void Dispose()
    {
        foreach (var (photo, _) in _people)
            photo.Dispose();
        foreach (var patch in _patches)
            patch.Dispose();
    }

    private static void Copy(Image piece, Image canvas, int left, int top)
    {
        var bytes = 3 * Math.Min(piece.Width, canvas.Width - left);
        for (var y = 0; y < piece.Height && top + y < canvas.Height; y++)
            piece.Row(y)[..bytes].CopyTo(canvas.Row(top + y)[(3 * left)..]);
    }

    private static void Blend(Image piece, Image canvas, int left, int top)
    {
        var edge = MathF.Max(1, piece.Width / 8f);
        for (var y = 0; y < piece.Height; y++)
        {
            var from = piece.Row(y);
            var to = canvas.Row(top + y);
            for (var x = 0; x < piece.Width; x++)
            {
                var weight = Math.Clamp(MathF.Min(MathF.Min(x + 1, piece.Width - x), MathF.Min(y + 1, piece.Height - y)) / edge, 0, 1);
                for (var c = 0; c < 3; c++)
                {
                    ref var target = ref to[3 * (left + x) + c];
                    target = (byte)(target + weight * (from[3 * x + c] - target) + 0.5f);
                }
            }
        }
    }
}
