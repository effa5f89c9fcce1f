using MatchEngine.Faces;
using MatchEngine.Faces.Quality;
using MatchEngine.Galleries.Search;
using MatchEngine.Rates.Calibrations;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries;

/// <summary>A 1:1 comparison of two images. It gives a score and what the score is worth, and never a decision.</summary>
/// <param name="Model">The id of the model card.</param>
/// <param name="Score">Cosine similarity of the two templates, −1 … 1.</param>
/// <param name="Fmr">The false match rates at this score, each with whom it was measured on; null where nobody has measured the
/// model.</param>
/// <param name="First">The face of the first image.</param>
/// <param name="Second">The face of the second image.</param>
public sealed record FaceComparison(string Model, float Score, FalseMatchRange? Fmr, ProbeFace First, ProbeFace Second)
{
    /// <summary>What a reader has to know of the images, in sentences: faces that were left out.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Compares one face of each image. Nothing is stored; embeddings and templates are cleared before this returns.</summary>
    /// <param name="extractor">Makes the embeddings.</param>
    /// <param name="first">The first image; the caller owns and clears the bytes.</param>
    /// <param name="second">The second image; likewise.</param>
    /// <param name="choice">Which face of each image; the default refuses images with several.</param>
    /// <param name="minQuality">The least overall quality of either face, 0 … 100; null takes any.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="AcquisitionException">An image gives no template, or too poor a one; the message says which of the two.</exception>
    /// <exception cref="ArgumentException"><paramref name="choice"/> is <see cref="FaceChoice.All"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FaceComparison Compare(
        IFaceExtractor extractor,
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> second,
        FaceChoice choice = default,
        double? minQuality = FaceQuality.DefaultMinimum,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        if (choice == FaceChoice.All)
            throw new ArgumentException(
                "one face of each image is compared: choose the only one, the largest, or one by its number", nameof(choice));
        using var a = Of("first", first);
        using var b = Of("second", second);
        var score = Template.Similarity(a.Templates[0], b.Templates[0]);
        return new FaceComparison(extractor.Model.Id, score, extractor.Model.Calibrations?.At(score), a.Main, b.Main)
        {
            Notices =
            [
                .. FacesLeftOut.Of(a.Faces.Select(face => (face.Number, face.Refusal)), "the first image", "compared"),
                .. FacesLeftOut.Of(b.Faces.Select(face => (face.Number, face.Refusal)), "the second image", "compared"),
            ],
        };

        Probe Of(string which, ReadOnlySpan<byte> image)
        {
            try
            {
                return Probe.Of(extractor, image, choice, minQuality, cancellationToken: cancellationToken);
            }
            catch (AcquisitionException e)
            {
                throw e.At($"{which} image");
            }
        }
    }
}
