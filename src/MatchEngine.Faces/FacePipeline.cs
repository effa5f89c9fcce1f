using System.Collections.Concurrent;
using System.Diagnostics;
using MatchEngine.Faces.Detection;
using MatchEngine.Faces.Embedding;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Landmarks;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality;
using MatchEngine.Faces.Quality.Assessment;

namespace MatchEngine.Faces;

/// <summary>What a pipeline is made with.</summary>
/// <param name="Limits">How big an image may be; <see cref="ImageLimits.Default"/> when null.</param>
/// <param name="MirrorAverage">Whether embeddings are averaged with the mirror image's; null: as the model's card says.</param>
/// <param name="HeadPose">Id of the head pose network's card for quality; when null or not installed,
/// pose comes from the five points.</param>
/// <param name="EyeState">Id of the eye network's card for quality; when null or not installed, whether eyes are open is not told.</param>
/// <param name="Decoder">Decodes images; in this process when null. Disposed of with the pipeline if it can be.</param>
public sealed record FacePipelineOptions(
    ImageLimits? Limits = null,
    bool? MirrorAverage = null,
    string? HeadPose = ModelCatalog.DefaultHeadPose,
    string? EyeState = ModelCatalog.DefaultEyeState,
    IImageDecoder? Decoder = null);

/// <summary>
/// The whole way from bytes to embeddings: decode, detect, landmarks, align, embed. Thread-safe; each caller works with buffers of its
/// own, which are overwritten when its image is done.
/// </summary>
public sealed class FacePipeline : IFaceExtractor, IDisposable
{
    /// <summary>Rises whenever the same photo through the same networks gives another embedding.</summary>
    public const int Version = 2;

    private readonly IImageDecoder _decoder;
    private readonly FaceDetector _detector;
    private readonly FaceLandmarker? _landmarker;
    private readonly FaceEmbedder _embedder;
    private readonly EmbeddingLength? _length;

    // Loaded when quality is first asked for: evaluations never do.
    private readonly Lazy<QualityAssessor> _quality;
    private readonly ConcurrentBag<Worker> _idle = [];

    /// <summary>Loads the networks.</summary>
    /// <param name="catalog">Where the cards are.</param>
    /// <param name="embedder">Id of the embedder's card, which names the others.</param>
    /// <param name="options">Limits, mirror average, decoder.</param>
    /// <exception cref="ModelException">A card or file is missing, swapped or damaged.</exception>
    public FacePipeline(ModelCatalog catalog, string embedder = ModelCatalog.DefaultEmbedder, FacePipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        options ??= new();
        Limits = options.Limits ?? ImageLimits.Default;
        _decoder = options.Decoder ?? new InProcessImageDecoder();
        var card = catalog.Find(embedder, ModelTask.Embedding);
        var partners = card.Embedding!;
        // Cards first: a wrong id is told before any network is loaded.
        var detector = catalog.Find(partners.Detector, ModelTask.Detection);
        var landmarker = partners.Landmarker is { } id ? catalog.Find(id, ModelTask.Landmarks) : null;
        _embedder = new FaceEmbedder(new OnnxModel(card), options.MirrorAverage);
        _detector = new FaceDetector(new OnnxModel(detector));
        _landmarker = landmarker is null ? null : new FaceLandmarker(new OnnxModel(landmarker));
        if (_landmarker is null && !_detector.GivesPoints)
            throw new ModelException(
                $"model card '{card.Id}' names no \"landmarker\", and its detector '{detector.Id}' gives no points to align by");
        Model = card.ToEmbedderCard();
        var pose = catalog.TryFind(options.HeadPose, ModelTask.HeadPose);
        var eyes = catalog.TryFind(options.EyeState, ModelTask.EyeState);
        _length = partners.Length;
        _quality = new(() => new QualityAssessor(pose, eyes, _length));
        Fingerprint =
            $"pipeline {Version}; preparation {ModelPreparation.Version}; detector {detector.Sha256} {detector.Detection}; "
                + $"landmarker {landmarker?.Sha256}; embedder {card.Sha256}; mirror average {_embedder.MirrorAverage}";
        QualityFingerprint = $"{Fingerprint}; quality {FaceQuality.Version}; head pose {pose?.Sha256}; eyes {eyes?.Sha256}";
    }

    /// <inheritdoc/>
    public EmbedderCard Model { get; }

    /// <summary>How big an image may be.</summary>
    public ImageLimits Limits { get; }

    /// <summary>Everything that an embedding depends on beside the photo: what a cache of embeddings must be bound to.</summary>
    public string Fingerprint { get; }

    /// <summary>Everything that the native values of a face's quality depend on beside the photo.</summary>
    public string QualityFingerprint { get; }

    /// <inheritdoc/>
    public Extraction Extract(ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        using var pixels = Decode(image, cancellationToken);
        var decoded = Stopwatch.GetElapsedTime(start);
        var extraction = Extract(pixels, request, cancellationToken);
        return extraction with { Elapsed = extraction.Elapsed with { Decode = decoded } };
    }

    /// <inheritdoc/>
    public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) =>
        _decoder.Decode(image, Limits, cancellationToken);

    /// <summary>Finds the faces of a decoded image and embeds those that are wanted.</summary>
    /// <param name="image">The upright pixels; only read.</param>
    /// <param name="request">Which faces are wanted, and what of them.</param>
    /// <param name="cancellationToken">Looked at between the stages.</param>
    /// <exception cref="AcquisitionException">There is no face, there are several and one was wanted,
    /// the wanted one is not there, or it is too poor.</exception>
    /// <exception cref="ModelException">A network for quality is missing, swapped or damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Extraction Extract(Image image, ExtractionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Preparation is { } preparation)
            return Prepared(image, preparation, request, cancellationToken);
        var worker = Rent();
        IReadOnlyList<ExtractedFace> faces = [];
        try
        {
            var start = Stopwatch.GetTimestamp();
            var chosen = Find(image, request, worker, cancellationToken);
            var detected = Stopwatch.GetElapsedTime(start);
            var assessing = TimeSpan.Zero;
            var scale = ImageScale.Of(image);
            faces = request.Settle(Look(), [.. chosen.Faces.Select(face => scale.ToOriginal(face.Box))]);
            var total = Stopwatch.GetElapsedTime(start);
            var extraction = new Extraction(
                image.OriginalWidth, image.OriginalHeight, chosen.Found, faces,
                new(default, detected, total - detected - assessing) { Assess = assessing })
            {
                Remark = image.Remark,
            };
            request.Show?.Invoke(image, extraction);
            return extraction;

            IEnumerable<ExtractedFace> Look()
            {
                foreach (var (i, face) in chosen.Faces.Index())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var number = chosen.First + i + 1;
                    yield return i < chosen.Located
                        ? Embed(image, face, number, request, worker, ref assessing)
                        : ExtractedFace.Tiny(
                            number, scale.ToOriginal(face.Box), face.Confidence, scale.ToOriginal(chosen.Faces[0].Box));
                }
            }
        }
        catch (AcquisitionException error) when (error.Reason == AcquisitionFailure.NoFace && Darkness.IsIn(image))
        {
            throw new AcquisitionException(
                error.Reason,
                "no face was found: the picture is nearly black; use one that was taken in more light", innerException: error);
        }
        catch
        {
            foreach (var face in faces)
                Array.Clear(face.Embedding);
            throw;
        }
        finally
        {
            Return(worker);
        }
    }

    /// <summary>The faces of an image that is prepared first, where they lie in the image itself.</summary>
    private Extraction Prepared(
        Image image, ImagePreparation preparation, ExtractionRequest request, CancellationToken cancellationToken)
    {
        using var prepared = preparation.Apply(image);
        Extraction found;
        try
        {
            found = Extract(
                prepared.Picture,
                request with { Preparation = null, Show = null, Faces = request.Faces.In(prepared.FromOriginal) }, cancellationToken);
        }
        catch (AcquisitionException error) when (error.Faces.Count > 0)
        {
            throw new AcquisitionException(error.Reason, error.Message, [.. error.Faces.Select(prepared.ToOriginal)], error)
            {
                Quality = error.Quality,
            };
        }
        var extraction = found with
        {
            Width = image.OriginalWidth,
            Height = image.OriginalHeight,
            Remark = image.Remark,
            Faces =
            [
                .. found.Faces.Select(face => face with { Box = prepared.ToOriginal(face.Box), Points = prepared.ToOriginal(face.Points) }),
            ],
        };
        request.Show?.Invoke(image, extraction);
        return extraction;
    }

    /// <summary>Finds the faces of a decoded image and tells the quality of each, without giving embeddings.</summary>
    /// <param name="image">The upright pixels; only read.</param>
    /// <param name="cancellationToken">Looked at between the stages.</param>
    /// <returns>Largest first; perhaps none.</returns>
    /// <exception cref="ModelException">A network for quality is missing, swapped or damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<AssessedFace> Assess(Image image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        cancellationToken.ThrowIfCancellationRequested();
        var worker = Rent();
        try
        {
            var located = Find(image, null, worker, cancellationToken).Faces;
            var scale = ImageScale.Of(image);
            var assessed = new AssessedFace[located.Length];
            for (var i = 0; i < assessed.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var length = _length is null ? float.NaN : _embedder.Length(image, located[i].Points, worker.Embedding);
                assessed[i] = new AssessedFace(scale.ToOriginal(located[i]), Assess(image, located[i], length, worker));
            }
            return assessed;
        }
        finally
        {
            Return(worker);
        }
    }

    /// <summary>The quality that native values make which this pipeline measured before.</summary>
    internal FaceQuality QualityOf(ReadOnlySpan<float> values) => FaceQuality.Of(values, _length);

    private FaceQuality Assess(Image image, LocatedFace face, float length, Worker worker) =>
        _quality.Value.Assess(image, face, length, worker.Quality ??= _quality.Value.CreateBuffers());

    private ExtractedFace Embed(
        Image image, LocatedFace face, int number, ExtractionRequest request, Worker worker, ref TimeSpan assessing)
    {
        var scale = ImageScale.Of(image);
        var embedding = _embedder.Embed(image, face.Points, worker.Embedding, out var length);
        var extracted = new ExtractedFace(
            number, scale.ToOriginal(face.Box), face.Confidence, scale.ToOriginal(face.Points), embedding);
        if (!request.NeedsQuality)
            return extracted;
        var began = Stopwatch.GetTimestamp();
        var quality = Assess(image, face, length, worker);
        assessing += Stopwatch.GetElapsedTime(began);
        if (quality.Shortfall(request.MinQuality) is not { } refusal)
            return extracted with { Quality = quality };
        // The length of its embedding is a part of a face's quality, so it is made before one can tell that it is not wanted.
        Array.Clear(embedding);
        return extracted with { Quality = quality, Embedding = [], Refusal = refusal };
    }

    /// <summary>Finds the faces of a decoded image without embedding them.</summary>
    /// <param name="image">The upright pixels; only read.</param>
    /// <param name="cancellationToken">Looked at between the stages.</param>
    /// <returns>Largest first; perhaps none.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<LocatedFace> Detect(Image image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        cancellationToken.ThrowIfCancellationRequested();
        var worker = Rent();
        try
        {
            return Array.ConvertAll(Find(image, null, worker, cancellationToken).Faces, ImageScale.Of(image).ToOriginal);
        }
        finally
        {
            Return(worker);
        }
    }

    /// <summary>
    /// Finds and locates the chosen faces, or all for null. A picture in which nothing is found is looked at from its other three sides:
    /// scans lie sideways, and cameras forget to say how they were held.
    /// </summary>
    /// <returns>The faces in the image's own coordinates.</returns>
    private ChosenFaces Find(Image image, ExtractionRequest? request, Worker worker, CancellationToken cancellationToken)
    {
        // Small faces are looked for only where a large one shows which way is up, or nothing does: in tiles of a picture that lies on its
        // side some spot passes for a face sooner than in the whole of one that stands upright.
        foreach (var closely in (ReadOnlySpan<bool>)[false, true])
        {
            if (closely && !_detector.HasTiles(image))
                break;
            if (Detect(image, closely, worker, cancellationToken) is { Count: > 0 } upright)
                return Choose(image, null, upright, request, worker, cancellationToken);
            foreach (var orientation in QuarterTurn.All)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var turn = new QuarterTurn(image, orientation);
                if (Detect(turn.Turned, closely, worker, cancellationToken) is not { Count: > 0 } found)
                    continue;
                var chosen = Choose(image, turn, found, request, worker, cancellationToken);
                return chosen with { Faces = Array.ConvertAll(chosen.Faces, turn.ToOriginal) };
            }
        }
        return Choose(image, null, [], request, worker, cancellationToken);
    }

    /// <summary>The faces of an image: small ones, too, if a large one is there or it is looked at closely.</summary>
    private List<DetectedFace> Detect(Image image, bool closely, Worker worker, CancellationToken cancellationToken)
    {
        var found = _detector.Detect(image, worker.Detection);
        return (found.Count > 0 || closely) && _detector.HasTiles(image)
            ? _detector.DetectSmall(image, found, worker.Detection, cancellationToken)
            : found;
    }

    /// <summary>Picks of what was found, and locates it: in the coordinates in which it was found.</summary>
    private ChosenFaces Choose(
        Image image, QuarterTurn? turn, List<DetectedFace> found, ExtractionRequest? request, Worker worker,
        CancellationToken cancellationToken)
    {
        // Whoever chooses sees the picture as it stands upright in its file.
        var scale = ImageScale.Of(image);
        var (first, count) = request is { } wanted
            ? wanted.Pick(
                [.. found.Select(face => scale.ToOriginal(turn?.ToOriginal(face.Box) ?? face.Box))],
                image.OriginalWidth, image.OriginalHeight).GetOffsetAndLength(found.Count)
            : (0, found.Count);
        var located = Locate(turn?.Turned ?? image, found.GetRange(first, count), worker, cancellationToken);
        // Nobody aligns a face by its points that is tiny beside the only one.
        return new ChosenFaces(
            request?.Faces == FaceChoice.Only
                ? [.. located, .. found.Skip(count).Select(face => new LocatedFace(face.Box, face.Confidence, default))]
                : located,
            located.Length, first, found.Count);
    }

    private LocatedFace[] Locate(Image image, List<DetectedFace> faces, Worker worker, CancellationToken cancellationToken)
    {
        var located = new LocatedFace[faces.Count];
        for (var i = 0; i < located.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A landmark network that the card names goes before the detector's own points.
            var contour = _landmarker?.Locate(image, faces[i].Box, worker.Landmarks!);
            located[i] = new LocatedFace(faces[i].Box, faces[i].Confidence, contour?.Five ?? faces[i].Points!.Value) { Contour = contour };
        }
        return located;
    }

    private Worker Rent() =>
        _idle.TryTake(out var worker) ? worker : new Worker(_detector.CreateRun(), _landmarker?.CreateRun(), _embedder.CreateRun());

    private void Return(Worker worker)
    {
        worker.Clear();
        _idle.Add(worker);
    }

    /// <summary>Frees the networks and the buffers. No call may be under way.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var worker))
            worker.Dispose();
        _detector.Dispose();
        _landmarker?.Dispose();
        _embedder.Dispose();
        (_decoder as IDisposable)?.Dispose();
        if (_quality.IsValueCreated)
            _quality.Value.Dispose();
    }

    /// <summary>The faces that a request is about.</summary>
    /// <param name="Faces">Largest first; behind those that were located, those that are tiny beside them.</param>
    /// <param name="Located">How many were located.</param>
    /// <param name="First">The place of the first of them among all that were found.</param>
    /// <param name="Found">How many those are.</param>
    private sealed record ChosenFaces(LocatedFace[] Faces, int Located, int First, int Found);

    /// <summary>Buffers of one caller.</summary>
    private sealed record Worker(OnnxModel.Run Detection, OnnxModel.Run? Landmarks, OnnxModel.Run Embedding) : IDisposable
    {
        /// <summary>Made when quality is first asked for.</summary>
        public QualityAssessor.Buffers? Quality { get; set; }

        public void Clear()
        {
            Detection.Clear();
            Landmarks?.Clear();
            Embedding.Clear();
            Quality?.Clear();
        }

        public void Dispose()
        {
            Detection.Dispose();
            Landmarks?.Dispose();
            Embedding.Dispose();
            Quality?.Dispose();
        }
    }
}
