using MatchEngine.Faces;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Search;

/// <summary>
/// The template of a probe, for as long as it is needed: the embedding is cleared at once, the template on <see cref="Dispose"/>.
/// </summary>
internal sealed class ExtractedProbe : IDisposable
{
    private ExtractedProbe(Template template, ProbeFace face, ExtractionTimes elapsed) =>
        (Template, Face, Elapsed) = (template, face, elapsed);

    public Template Template { get; }

    public ProbeFace Face { get; }

    public ExtractionTimes Elapsed { get; }

    public static ExtractedProbe From(
        IFaceExtractor extractor, GalleryModel model, ReadOnlySpan<byte> image, FaceChoice choice, double? minQuality,
        CancellationToken cancellationToken)
    {
        if (choice == FaceChoice.All)
            throw new ArgumentException("a probe is one face: choose the only one, the largest, or one by its number", nameof(choice));
        var extraction = extractor.ExtractWithQuality(image, choice, cancellationToken);
        try
        {
            var face = extraction.Faces[0];
            face.Quality?.Require(minQuality);
            var template = Template.FromEmbedding(face.Embedding, model.Digest);
            return new ExtractedProbe(
                template,
                new ProbeFace(
                    face.Box, face.Confidence, extraction.FacesFound, extraction.Width, extraction.Height) { Quality = face.Quality },
                extraction.Elapsed);
        }
        finally
        {
            foreach (var face in extraction.Faces)
                Array.Clear(face.Embedding);
        }
    }

    public void Dispose() => Template.Erase();
}
