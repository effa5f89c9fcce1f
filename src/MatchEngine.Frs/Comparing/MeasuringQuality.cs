using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Frs.Comparing;

/// <summary>What an image is worth as a probe.</summary>
/// <param name="Face">The face, with its quality where the model's card names networks to measure it.</param>
/// <param name="Digest">The keyed digest of the image, for its receipt.</param>
public sealed record MeasuredFace(ProbeFace Face, string Digest);

/// <summary>Whether an image is fit to be a probe, before anything is searched. Nothing is kept.</summary>
/// <param name="workers">Look at images.</param>
/// <param name="options">The service's own model.</param>
/// <param name="receipts">Take the digest.</param>
public sealed class MeasuringQuality(ExtractionWorkers workers, FrsOptions options, Receipts receipts)
{
    /// <summary>Finds the face of an image and measures its quality.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="image">The image; whoever gives it owns and clears it.</param>
    /// <param name="choice">Which face of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcquisitionException">The image shows no such face.</exception>
    /// <exception cref="Errors.CodedException"><see cref="Errors.ErrorCodes.QueueFull"/>.</exception>
    public async Task<MeasuredFace> MeasureAsync(
        Actor actor, ReadOnlyMemory<byte> image, FaceChoice choice, CancellationToken cancellationToken)
    {
        actor.Require(Policies.Compare);
        var digest = receipts.Digest(image.Span);
        var face = await workers.RunAsync(
            actor, options.Model, extractor => Measure(extractor, image.Span, choice, cancellationToken), cancellationToken);
        return new MeasuredFace(face, digest);
    }

    /// <summary>Finds the faces of an image, largest first, each with its quality; perhaps none.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="image">The image; whoever gives it owns and clears it.</param>
    /// <param name="preparation">What is done to the image first; null: nothing. The faces lie where they are in the image itself.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcquisitionException">The image cannot be read.</exception>
    /// <exception cref="CodedException"><see cref="ErrorCodes.QueueFull"/>, or <see cref="ErrorCodes.BadValue"/> of the
    /// preparation.</exception>
    public async Task<(IReadOnlyList<ProbeFace> Faces, string Digest)> DetectAsync(
        Actor actor, ReadOnlyMemory<byte> image, ImagePreparation? preparation, CancellationToken cancellationToken)
    {
        actor.Require(Policies.Compare);
        if (preparation?.Fault() is { } fault)
            throw new CodedException(ErrorCodes.BadValue, $"preparation: {fault}");
        var digest = receipts.Digest(image.Span);
        try
        {
            return (await workers.RunAsync(
                actor, options.Model, extractor => MeasureAll(extractor, image.Span, FaceChoice.All, preparation, cancellationToken),
                cancellationToken),
                digest);
        }
        catch (AcquisitionException error) when (error.Reason == AcquisitionFailure.NoFace)
        {
            return ([], digest);
        }
    }

    private ProbeFace Measure(
        IFaceExtractor extractor, ReadOnlySpan<byte> image, FaceChoice choice, CancellationToken cancellationToken) =>
        MeasureAll(extractor, image, choice, null, cancellationToken)[0];

    private List<ProbeFace> MeasureAll(
        IFaceExtractor extractor, ReadOnlySpan<byte> image, FaceChoice choice, ImagePreparation? preparation,
        CancellationToken cancellationToken)
    {
        // Of several faces the one that a search would take; whether that one is good enough is what is asked.
        var extraction = extractor.Extract(
            image,
            new ExtractionRequest(choice)
            {
                Quality = true, MinQuality = options.MinProbeQuality, PoorFaces = PoorFaces.Listed, Preparation = preparation,
            },
            cancellationToken);
        extraction.Clear();
        return
        [
            .. extraction.Faces.Select((face, place) => new ProbeFace(
                face.Box, face.Confidence, extraction.FacesFound, extraction.Width, extraction.Height)
            {
                Number = choice == FaceChoice.All ? place + 1 : 1,
                Quality = face.Quality,
                Refusal = face.Refusal,
            }),
        ];
    }
}
