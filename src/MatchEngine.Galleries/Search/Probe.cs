using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Search;

/// <summary>
/// The faces of one photo, made in one pass: decoded once, detected once. Embeddings are cleared at once, the templates on
/// <see cref="Dispose"/>.
/// </summary>
public sealed class Probe : IDisposable
{
    private readonly bool _owned;

    private Probe(IReadOnlyList<ProbeFace> faces, IReadOnlyList<Template> templates, ExtractionTimes elapsed, bool owned) =>
        (Faces, Templates, Elapsed, _owned) = (faces, templates, elapsed, owned);

    /// <summary>
    /// The faces that were meant, largest first; those without a template have a reason (<see cref="ProbeFace.Refusal"/>). None for a
    /// template that came without a photo.
    /// </summary>
    public IReadOnlyList<ProbeFace> Faces { get; }

    /// <summary>The largest of the faces that have a template; there is none for a template that came without a photo.</summary>
    internal ProbeFace Main => Faces.First(face => face.Refusal is null);

    /// <summary>One template a face that has one, in the order of <see cref="Faces"/>; at least one.</summary>
    public IReadOnlyList<Template> Templates { get; }

    /// <summary>Time spent in each stage.</summary>
    public ExtractionTimes Elapsed { get; }

    /// <summary>Makes a probe of a photo.</summary>
    /// <param name="extractor">Makes the embeddings.</param>
    /// <param name="image">The encoded image; the caller owns and clears it.</param>
    /// <param name="choice">Which faces are meant.</param>
    /// <param name="minQuality">
    /// The least overall quality of a face, 0 … 100; null takes any. Where all are meant, poorer ones are listed and left out.
    /// </param>
    /// <param name="preparation">What is done to the photo first; null: nothing.</param>
    /// <param name="cancellationToken">Looked at between the stages.</param>
    /// <exception cref="AcquisitionException">The photo gives no template: no face, several where one was meant, all too poor,
    /// undecodable, …</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Probe Of(
        IFaceExtractor extractor, ReadOnlySpan<byte> image, FaceChoice choice, double? minQuality, ImagePreparation? preparation = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        var extraction = extractor.Extract(
            image,
            new ExtractionRequest(choice)
            {
                Quality = true, MinQuality = minQuality, PoorFaces = PoorFaces.Listed, Preparation = preparation,
            },
            cancellationToken);
        try
        {
            extraction.RequireOne();
            var model = ModelDigest.Parse(extractor.Model.Digest);
            return new Probe(
                [.. extraction.Faces.Select(face => new ProbeFace(
                    face.Box, face.Confidence, extraction.FacesFound, extraction.Width, extraction.Height)
                {
                    Number = face.Number,
                    Remark = extraction.Remark,
                    Quality = face.Quality,
                    Refusal = face.Refusal,
                })],
                [.. extraction.Faces.Where(face => face.Refusal is null).Select(face => Template.FromEmbedding(face.Embedding, model))],
                extraction.Elapsed,
                owned: true);
        }
        finally
        {
            extraction.Clear();
        }
    }

    /// <summary>A probe of a template that is ready; the caller owns it and erases it.</summary>
    /// <param name="template">The template.</param>
    /// <param name="face">The face that it was made of; null when nobody knows.</param>
    public static Probe Of(Template template, ProbeFace? face = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        return new Probe(face is null ? [] : [face], [template], default, owned: false);
    }

    /// <summary>A probe of templates that were made of a photo before; it owns them.</summary>
    /// <param name="faces">The faces, largest first.</param>
    /// <param name="templates">One for each face without a reason to leave it out, at least one.</param>
    /// <exception cref="ArgumentException">There are more or fewer templates than such faces, or none.</exception>
    public static Probe Of(IReadOnlyList<ProbeFace> faces, IReadOnlyList<Template> templates)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(templates);
        return templates.Count > 0 && faces.Count(face => face.Refusal is null) == templates.Count
            ? new Probe(faces, templates, default, owned: true)
            : throw new ArgumentException($"{templates.Count} templates do not fit the {faces.Count} faces", nameof(templates));
    }

    /// <summary>Overwrites the templates, unless they are the caller's.</summary>
    public void Dispose()
    {
        foreach (var template in _owned ? Templates : [])
            template.Erase();
    }
}
