using System.Runtime.InteropServices;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Vectors;

namespace MatchEngine.Cli.Vetting;

/// <summary>
/// Enrols embeddings in place of photos: the "image" is the embedding itself, and no network sees it. With it a gallery of the engine is
/// filled with made-up people by the way that photos go.
/// </summary>
/// <param name="model">The card of the model whose space they are of.</param>
internal sealed class Embeddings(EmbedderCard model) : IFaceExtractor
{
    private static readonly BoundingBox Nowhere = new(0, 0, 1, 1);

    private readonly ModelDigest _digest = ModelDigest.Parse(model.Digest);

    public EmbedderCard Model => model;

    /// <summary>An embedding as the gallery is given it.</summary>
    public static ReadOnlyMemory<byte> ToBytes(ReadOnlySpan<float> embedding) => MemoryMarshal.AsBytes(embedding).ToArray();

    /// <summary>The template of an embedding.</summary>
    /// <exception cref="ArgumentException">It is not of the model's dimension, or none at all.</exception>
    public Template Template(ReadOnlySpan<float> embedding) => Vectors.Template.FromEmbedding(Checked(embedding), _digest);

    public Extraction Extract(ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default)
    {
        var embedding = Checked(MemoryMarshal.Cast<byte, float>(image)).ToArray();
        var face = new ExtractedFace(1, Nowhere, 1, default, embedding);
        return new Extraction(1, 1, 1, request.Settle([face], [Nowhere]), default);
    }

    public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) =>
        throw new AcquisitionException(AcquisitionFailure.UnsupportedFormat, "an embedding has no pixels");

    private ReadOnlySpan<float> Checked(ReadOnlySpan<float> embedding) => embedding.Length == model.Dimension
        ? embedding
        : throw new ArgumentException($"an embedding of {embedding.Length} values; the model's have {model.Dimension}", nameof(embedding));
}
