using MatchEngine.Faces;
using MatchEngine.Faces.Quality;
using MatchEngine.Galleries.Search;
using MatchEngine.Rates.Calibrations;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries;

/// <summary>A 1:1 comparison of an image with the templates of one named subject. It gives a score, and never a decision.</summary>
/// <param name="Model">The id of the model card.</param>
/// <param name="Score">The best score of the subject's templates: cosine similarity, −1 … 1.</param>
/// <param name="Fmr">The false match rates at this score, each with whom it was measured on; null where nobody has measured the
/// model.</param>
public sealed record SubjectComparison(string Model, float Score, FalseMatchRange? Fmr)
{
    /// <summary>What a reader has to know of the image, in sentences: faces that were left out.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The face of the image that was compared.</summary>
    public required ProbeFace Face { get; init; }

    /// <summary>Compares. Nothing is stored; embeddings and templates are cleared before this returns.</summary>
    /// <param name="extractor">Makes the embedding; it must work with the gallery's model.</param>
    /// <param name="image">The image; the caller owns and clears the bytes.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="choice">Which face of the image; the default refuses an image with several.</param>
    /// <param name="minQuality">The least overall quality of the face, 0 … 100; null takes any.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="AcquisitionException">The image gives no template, or too poor a one.</exception>
    /// <exception cref="ArgumentException"><paramref name="choice"/> is <see cref="FaceChoice.All"/>.</exception>
    /// <exception cref="ModelMismatchException">The extractor works with another model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SubjectComparison Compare(
        IFaceExtractor extractor, ReadOnlySpan<byte> image, Gallery gallery, Subject subject, FaceChoice choice = default,
        double? minQuality = FaceQuality.DefaultMinimum, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(subject);
        gallery.Model.Require(gallery.Name, extractor.Model);
        if (choice == FaceChoice.All)
            throw new ArgumentException(
                "one face is compared: choose the only one, the largest, or one by its number", nameof(choice));
        using var probe = Probe.Of(extractor, image, choice, minQuality, cancellationToken: cancellationToken);
        var best = -1f;
        foreach (var encounter in subject.Encounters)
        {
            if (gallery.FindTemplate(encounter.Id) is not var (_, stored))
                continue;
            best = Math.Max(best, Template.Similarity(probe.Templates[0], stored.Template));
            stored.Template.Erase();
        }
        // Not the rate of the subject's recorded group: whoever may compare may not on that account read the record.
        return new SubjectComparison(gallery.Model.Id, best, extractor.Model.Calibrations?.At(best))
        {
            Face = probe.Main,
            Notices = [.. FacesLeftOut.Of(probe.Faces.Select(face => (face.Number, face.Refusal)), "the image", "compared")],
        };
    }
}
