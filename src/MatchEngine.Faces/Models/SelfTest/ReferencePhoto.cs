using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Models.SelfTest;

/// <summary>A sample photo whose faces are known, to try a model on.</summary>
/// <param name="Image">The upright pixels.</param>
/// <param name="Faces">Every face in it.</param>
internal sealed record ReferencePhoto(Image Image, IReadOnlyList<ReferenceFace> Faces) : IDisposable
{
    private static readonly Lazy<Dictionary<string, ReferenceFace[]>> Known = new(Read);

    private Image[]? _copies;

    /// <summary>Decodes photos; those that nobody has labelled are left out.</summary>
    /// <exception cref="AcquisitionException">A photo cannot be decoded.</exception>
    public static ReferencePhoto[] Load(IEnumerable<byte[]> photos) => [.. photos
        .Select(photo => (Photo: photo, Faces: Known.Value.GetValueOrDefault(Convert.ToHexStringLower(SHA256.HashData(photo)))))
        .Where(pair => pair.Faces is not null)
        .Select(pair => new ReferencePhoto(ImageDecoder.Decode(pair.Photo), pair.Faces!))];

    /// <summary>Copies that are darker, brighter and flatter.</summary>
    public IReadOnlyList<Image> Copies =>
        _copies ??= [Altered(Image, v => 0.6 * v), Altered(Image, v => 255 * Math.Sqrt(v / 255)), Altered(Image, v => 64 + v / 2)];

    public void Dispose()
    {
        Image.Dispose();
        foreach (var copy in _copies ?? [])
            copy.Dispose();
    }

    private static Image Altered(Image image, Func<double, double> curve)
    {
        var table = Enumerable.Range(0, 256).Select(value => (byte)Math.Clamp(curve(value) + 0.5, 0, 255)).ToArray();
        var altered = new Image(image.Width, image.Height);
        var from = image.Pixels;
        var to = altered.Pixels;
        for (var i = 0; i < from.Length; i++)
            to[i] = table[from[i]];
        return altered;
    }

    private static Dictionary<string, ReferenceFace[]> Read()
    {
        using var file = typeof(ReferencePhoto).Assembly.GetManifestResourceStream("reference-faces.json")!;
        using var json = JsonDocument.Parse(file, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return json.RootElement.EnumerateObject().ToDictionary(photo => photo.Name, photo => photo.Value.EnumerateArray().Select(face =>
        {
            var box = Numbers(face.GetProperty("box"));
            var points = face.TryGetProperty("points", out var given) ? Numbers(given) : null;
            return new ReferenceFace(
                new(box[0], box[1], box[2], box[3]),
                points is null ? null : new(
                    new(points[0], points[1]), new(points[2], points[3]), new(points[4], points[5]),
                    new(points[6], points[7]), new(points[8], points[9])));
        }).ToArray());
    }

    private static float[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetSingle())];
}

/// <summary>A face of a <see cref="ReferencePhoto"/>.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Points">Its five points; null where they are hidden.</param>
internal sealed record ReferenceFace(BoundingBox Box, FacePoints? Points)
{
    /// <summary>The largest distance of a point from where it should be, in distances between the eyes.</summary>
    public float Deviation(FacePoints found)
    {
        var known = Points!.Value;
        ReadOnlySpan<(Vector2 A, Vector2 B)> pairs =
        [
            (known.LeftEye, found.LeftEye), (known.RightEye, found.RightEye), (known.Nose, found.Nose), (known.LeftMouth, found.LeftMouth),
            (known.RightMouth, found.RightMouth),
        ];
        var largest = 0f;
        foreach (var (a, b) in pairs)
            largest = MathF.Max(largest, Vector2.Distance(a, b));
        return largest / known.InterEyeDistance;
    }
}
