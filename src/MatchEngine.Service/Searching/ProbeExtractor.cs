using MatchEngine.Faces;

namespace MatchEngine.Service;

/// <summary>Extracts a probe with its quality, and refuses one that is too poor (PIA-054, Principles: a service may reject such a probe).</summary>
internal sealed class ProbeExtractor(IFaceExtractor extractor, double? minimum) : IFaceExtractor
{
    public EmbedderCard Model => extractor.Model;

    /// <summary>The quality of the face that was extracted last; null where the extractor does not measure it.</summary>
    public FaceQuality? Quality { get; private set; }

    public Faces.Extraction Extract(ReadOnlySpan<byte> image, FaceChoice choice, CancellationToken cancellationToken = default)
    {
        var extraction = extractor.ExtractWithQuality(image, choice, cancellationToken);
        try
        {
            Quality = extraction.Faces[0].Quality;
            Quality?.Require(minimum);
            return extraction;
        }
        catch
        {
            foreach (var face in extraction.Faces)
                Array.Clear(face.Embedding);
            throw;
        }
    }
}
