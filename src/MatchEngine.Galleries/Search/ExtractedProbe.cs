using MatchEngine.Faces;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Search;

/// <summary>
/// The template of a probe, for as long as it is needed: the embedding is cleared at once, the template on <see cref="Dispose"/>.
/// </summary>
public sealed class ExtractedProbe : IDisposable
{
    private ExtractedProbe(Template template, ProbeFace face, ExtractionTimes elapsed) =>
        (Template, Face, Elapsed) = (template, face, elapsed);

    /// <summary>The template, until this is disposed of.</summary>
    public Template Template { get; }

    /// <summary>The face it was made of.</summary>
    public ProbeFace Face { get; }

    /// <summary>How long the steps took.</summary>
    public ExtractionTimes Elapsed { get; }

    /// <summary>Makes the template of one face of a probe.</summary>
    /// <param name="extractor">Makes the embedding; it must work with <paramref name="model"/>.</param>
    /// <param name="model">The model of the galleries it is for.</param>
    /// <param name="image">The encoded probe, which the caller owns and clears.</param>
    /// <param name="choice">Which face; not all of them.</param>
    /// <param name="minQuality">The least quality, 0 … 100; null takes any.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="AcquisitionException">The probe gives no template.</exception>
    /// <exception cref="ArgumentException">All faces were chosen.</exception>
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

    /// <summary>Clears the template.</summary>
    public void Dispose() => Template.Erase();
}
