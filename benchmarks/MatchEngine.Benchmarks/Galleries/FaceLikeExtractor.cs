using System.Security.Cryptography;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Galleries;

/// <summary>Makes the embedding of a number in place of a photo's: a face-like vector of that identity.</summary>
internal sealed class FaceLikeExtractor(int dimension) : IFaceExtractor
{
    private readonly FaceLikeVectors _vectors = new(dimension, seed: 1);

    public EmbedderCard Model { get; } = new("synthetic", Convert.ToHexStringLower(SHA256.HashData("synthetic"u8)), dimension, null);

    public Extraction Extract(
        ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default) => new(
        100, 100, 1, [new ExtractedFace(
            1, new BoundingBox(10, 10, 80, 80), 1, default, _vectors.Encounter(BitConverter.ToInt32(image), 0))], default);

    public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) =>
        ImageDecoder.Decode(image, cancellationToken: cancellationToken);
}
