using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>Reads fake images: deterministic in every process, with hooks where a test wants to be in the middle of things.</summary>
internal sealed class FakeExtractor(string modelId = "fake", CalibrationSet? calibrations = null) : IFaceExtractor
{
    public const int Dimension = 64;

    private int _calls;

    public EmbedderCard Model { get; } = new(
        modelId, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(modelId))), Dimension, calibrations);

    /// <summary>How many images were worked on.</summary>
    public int Calls => _calls;

    /// <summary>Called with the image's text before it is worked on.</summary>
    public Action<string>? Before { get; init; }

    /// <summary>False where so many images are worked on that keeping their embeddings would look like a leak.</summary>
    public bool KeepGivenOut { get; init; } = true;

    /// <summary>The embeddings given out, by reference: a test can see whether they were cleared.</summary>
    public List<float[]> GivenOut { get; } = [];

    /// <summary>
    /// What the image says; one with a line <c>quality N M …</c> has faces of these overall qualities, the largest face's first.
    /// </summary>
    public Extraction Extract(ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _calls);
        var text = Encoding.UTF8.GetString(image);
        Before?.Invoke(text);
        var lines = text.StartsWith("P6\n#", StringComparison.Ordinal)
            ? [.. text.Split('\n').Skip(1).TakeWhile(line => line.StartsWith('#')).Select(line => line[1..])]
            : text.Split('\n');
        if (lines[0] != FakeImage.Signature)
            throw new AcquisitionException(AcquisitionFailure.UnsupportedFormat, "the bytes are no image");
        var faces = new List<(BoundingBox Box, float[] Embedding)>();
        foreach (var words in lines.Skip(1).Select(line => line.Split(' ')))
        {
            if (words[0] == "fail")
                throw new AcquisitionException(Enum.Parse<AcquisitionFailure>(words[1]), "the image says so");
            if (words[0] != "face")
                continue;
            var n = words.Skip(1).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
            faces.Add((new BoundingBox(n[3], 20.5f, n[2], n[2]), Embedding(n[0], n[1])));
        }
        // What a crop leaves out is not seen.
        if (request.Preparation?.Crop is { } crop)
            faces.RemoveAll(face => face.Box.X + face.Box.Width / 2 < crop.X || face.Box.X + face.Box.Width / 2 > crop.X + crop.Width);
        faces.Sort((a, b) => b.Box.Area.CompareTo(a.Box.Area));
        var qualities = lines.FirstOrDefault(line => line.StartsWith("quality ", StringComparison.Ordinal)) is { } said
            ? said.Split(' ')[1..].Select(word => Quality(float.Parse(word, CultureInfo.InvariantCulture))).ToArray()
            : null;
        IReadOnlyList<BoundingBox> boxes = [.. faces.Select(face => face.Box)];
        var range = request.Pick(boxes, 640, 480);
        var (first, count) = range.GetOffsetAndLength(faces.Count);
        var chosen = faces[range].Select((face, i) => new ExtractedFace(
            first + i + 1, face.Box, 0.75f, new FacePoints(Vector2.Zero, Vector2.One, default, default, default), face.Embedding)
            {
                Quality = request.NeedsQuality ? qualities?[(first + i) % qualities.Length] : null,
            }).ToList();
        var tiny = request.Faces == FaceChoice.Only
            ? boxes.Index().Skip(count).Select(face => ExtractedFace.Tiny(face.Index + 1, face.Item, 0.75f, boxes[0]))
            : [];
        lock (GivenOut)
        {
            if (KeepGivenOut)
                GivenOut.AddRange(chosen.Select(face => face.Embedding));
        }
        var extraction = new Extraction(
            640, 480, faces.Count, request.Settle(chosen.Select(face => Judge(face, request)).Concat(tiny), boxes),
            new ExtractionTimes(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3)));
        if (request.Show is { } show)
        {
            using var pixels = Decode(image, cancellationToken);
            show(pixels, extraction);
        }
        return extraction;
    }

    public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) =>
        ImageDecoder.Decode(image, null, cancellationToken);

    private static ExtractedFace Judge(ExtractedFace face, ExtractionRequest request)
    {
        if (face.Quality?.Shortfall(request.MinQuality) is not { } refusal)
            return face;
        Array.Clear(face.Embedding);
        return face with { Embedding = [], Refusal = refusal };
    }

    /// <summary>A quality whose only known component is the eyes, which so is the overall one.</summary>
    public static FaceQuality Quality(float overall)
    {
        var values = QualityMeasure.All.Select(measure => measure == QualityMeasure.EyesOpen ? overall : float.NaN).ToArray();
        return FaceQuality.Of(values, null);
    }

    /// <summary>A direction of the identity's own with a part of the variation's.</summary>
    public static float[] Embedding(int identity, int variation)
    {
        var own = Gaussian(identity);
        var other = Gaussian(1_000_003 * (identity + 1) + variation);
        var sum = own.Zip(other, (a, b) => a + (variation == 0 ? 0 : 0.4 * b)).ToArray();
        var norm = Math.Sqrt(sum.Sum(x => x * x));
        return [.. sum.Select(x => (float)(x / norm))];
    }

    private static double[] Gaussian(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Dimension).Select(
            _ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }
}
