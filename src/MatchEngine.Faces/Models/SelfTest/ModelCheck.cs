using System.Numerics.Tensors;
using MatchEngine.Faces.Detection;
using MatchEngine.Faces.Embedding;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Landmarks;
using MatchEngine.Faces.Quality.Assessment;

namespace MatchEngine.Faces.Models.SelfTest;

/// <summary>One thing that was checked of a model.</summary>
/// <param name="Name">What: <c>digest</c>, <c>network</c>, <c>synthetic run</c>, <c>partners</c>, <c>preparation</c>, <c>faces</c>,
/// <c>points</c>, <c>pose</c>, <c>eyes</c>, <c>identities</c> or <c>normalisation</c>.</param>
/// <param name="Passed">Whether it is as it should be.</param>
/// <param name="Detail">What was measured or what is wrong, with the remedy, for people.</param>
public sealed record ModelCheckStep(string Name, bool Passed, string Detail);

/// <summary>
/// A model's self-test: whether it is the file that its card describes, takes and gives what the card says, and does its work on photos
/// whose faces are known.
/// </summary>
/// <param name="Id">The card's id.</param>
/// <param name="Task">What the model is for.</param>
/// <param name="Steps">What was checked, in order; what needs a step that failed is left out.</param>
public sealed record ModelCheck(string Id, ModelTask Task, IReadOnlyList<ModelCheckStep> Steps)
{
    /// <summary>The largest 1 − cosine between the embeddings of a prepared model and the original that counts as the same.</summary>
    public const double MaxPreparationError = 1e-6;

    // Of 22 faces three detectors of different families find each; one is a profile, one a hand's breadth from the edge.
    private const double MinFound = 0.8;

    // The three detectors' points lie at most 0.4 from their medians, mostly below 0.15, in distances between the eyes; exchanged points, a
    // wrong scale or another layout are off by 0.5 and more.
    private const float MaxMedianDeviation = 0.25f;

    /// <summary>Whether every check passed.</summary>
    public bool Passed => Steps.All(step => step.Passed);

    /// <summary>All steps in one line, or what is wrong.</summary>
    public string Detail =>
        string.Join("; ", Steps.Where(step => Passed || !step.Passed).Select(step => Passed ? step.Detail : $"{step.Name}: {step.Detail}"));

    /// <summary>Tests a model.</summary>
    /// <param name="catalog">Where the card's partners are.</param>
    /// <param name="card">What is tested.</param>
    /// <param name="photos">The encoded sample photos of npm @vladmandic/face-api, whose faces are known; others are passed over.</param>
    /// <param name="cancellationToken">Looked at between the steps.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ModelCheck Run(
        ModelCatalog catalog, ModelCard card, IEnumerable<byte[]> photos, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(photos);
        var steps = new List<ModelCheckStep>();
        bool Try(string name, Func<(bool Passed, string Detail)> check)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var (passed, detail) = check();
                steps.Add(new ModelCheckStep(name, passed, detail));
                return passed;
            }
            catch (ModelException error)
            {
                steps.Add(new ModelCheckStep(name, false, error.Message));
                return false;
            }
        }
        var samples = ReferencePhoto.Load(photos);
        try
        {
            _ = Try("digest", () => (ModelStore.ReadOriginal(card).Length > 0, "digest right"))
                && Try("network", () => Loads(card))
                && Try("synthetic run", () => RunsOnNoise(card))
                && (card.Task != ModelTask.Embedding || Try("partners", () => HasPartners(catalog, card)))
                && (!card.Prepare || Try("preparation", () => ComparePreparation(card, samples)))
                && (samples.Length == 0 || card.Task switch
                {
                    ModelTask.Detection => Try("faces", () => FindsFaces(card, samples)),
                    ModelTask.Landmarks => Try("points", () => PlacesPoints(card, samples)),
                    ModelTask.HeadPose => Try("pose", () => QualityTrial.PosesHeads(card, samples)),
                    ModelTask.EyeState => Try("eyes", () => QualityTrial.SeesEyes(card, samples)),
                    _ => Try("identities", () => EmbedderTrial.TellsPeopleApart(card, samples)),
                })
                && (samples.Length == 0 || card.Task is not (ModelTask.Detection or ModelTask.Embedding)
                    || Try("normalisation", () => NormalisationTrial.Run(card, samples, cancellationToken)));
        }
        finally
        {
            foreach (var sample in samples)
                sample.Dispose();
        }
        return new ModelCheck(card.Id, card.Task, steps);
    }

    private static (bool, string) Loads(ModelCard card)
    {
        using var model = new OnnxModel(card);
        using var worker = Worker.Of(card);
        return (true, $"takes {string.Join('×', model.InputShape.Select(side => side < 0 ? "?" : $"{side}"))}, outputs fit");
    }

    private static (bool, string) RunsOnNoise(ModelCard card)
    {
        using var worker = Worker.Of(card);
        var run = worker.Run;
        var random = new Random(1);
        for (var i = 0; i < run.Input.Length; i++)
            run.Input[i] = (float)(2 * random.NextDouble() - 1);
        run.Execute();
        for (var output = 0; output < run.OutputCount; output++)
        {
            if (!TensorPrimitives.IsFiniteAll(run.Output(output)))
                return (false, $"gives numbers that are not finite in output {output + 1} of {run.OutputCount}");
        }
        return (true, "finite on noise");
    }

    private static (bool, string) HasPartners(ModelCatalog catalog, ModelCard card)
    {
        var partners = card.Embedding!;
        var detector = catalog.Find(partners.Detector, ModelTask.Detection);
        if (partners.Landmarker is { } id)
            _ = catalog.Find(id, ModelTask.Landmarks);
        else
        {
            using var worker = new FaceDetector(new OnnxModel(detector));
            if (!worker.GivesPoints)
                return (false, $"the card names no landmarker, and detector '{detector.Id}' gives no points to align by");
        }
        return (true, $"works with {partners.Detector}" + (partners.Landmarker is { } landmarker ? $" and {landmarker}" : ""));
    }

    private static (bool, string) ComparePreparation(ModelCard card, ReferencePhoto[] samples)
    {
        using var original = new EmbedderTrial(card with { Prepare = false });
        using var prepared = new EmbedderTrial(card);
        var (faces, worst) = (0, 0.0);
        foreach (var sample in samples)
        {
            foreach (var face in sample.Faces.Where(face => face.Points is not null))
            {
                var a = Array.ConvertAll(original.Embed(sample.Image, face.Points!.Value), value => (double)value);
                var b = Array.ConvertAll(prepared.Embed(sample.Image, face.Points!.Value), value => (double)value);
                worst = Math.Max(worst, 1 - TensorPrimitives.CosineSimilarity<double>(a, b));
                faces++;
            }
        }
        return (worst <= MaxPreparationError, $"prepared form differs by 1 − cos ≤ {worst:0.0e-0} on {faces} faces");
    }

    private static (bool, string) FindsFaces(ModelCard card, ReferencePhoto[] samples)
    {
        using var trial = new DetectorTrial(card);
        var (wanted, found, other, deviations) = trial.Count(samples);
        var text = $"finds {found} of {wanted} faces, and {other} where none is";
        if (found < MinFound * wanted || other > (1 - MinFound) * wanted)
            return (false, text + ": channel order, normalisation, decoder or minConfidence does not fit the network");
        if (deviations.Count == 0)
            return (true, text);
        var median = Median(deviations);
        return median <= MaxMedianDeviation
            ? (true, $"{text}; points {median:0.00} inter-eye distances off in the median")
            : (false, $"{text}, but its points are {median:0.00} inter-eye distances off in the median: their order or scale is another");
    }

    private static (bool, string) PlacesPoints(ModelCard card, ReferencePhoto[] samples)
    {
        using var landmarker = new FaceLandmarker(new OnnxModel(card));
        using var run = landmarker.CreateRun();
        var deviations = new List<float>();
        var (inside, ordered) = (0, 0);
        foreach (var sample in samples)
        {
            foreach (var face in sample.Faces.Where(face => face.Points is not null))
            {
                var points = landmarker.Locate(sample.Image, face.Box, run).Five;
                deviations.Add(face.Deviation(points));
                inside += IsInside(points, face.Box) ? 1 : 0;
                ordered += IsOrdered(points) ? 1 : 0;
            }
        }
        var (faces, median) = (deviations.Count, Median(deviations));
        var text =
            $"points of {faces} faces {median:0.00} inter-eye distances off in the median; {inside} inside the box, {ordered} in order";
        return (median <= MaxMedianDeviation && inside >= MinFound * faces && ordered >= MinFound * faces, text);
    }

    private static bool IsInside(FacePoints points, BoundingBox box) =>
        new[] { points.LeftEye, points.RightEye, points.Nose, points.LeftMouth, points.RightMouth }
            .All(point => point.X >= box.X - 0.1f * box.Width && point.X <= box.Right + 0.1f * box.Width
                && point.Y >= box.Y && point.Y <= box.Bottom);

    private static bool IsOrdered(FacePoints points)
    {
        var (eyes, mouth) = ((points.LeftEye + points.RightEye) / 2, (points.LeftMouth + points.RightMouth) / 2);
        return points.LeftEye.X < points.RightEye.X && points.LeftMouth.X < points.RightMouth.X
            && eyes.Y < points.Nose.Y && points.Nose.Y < mouth.Y;
    }

    private static float Median(List<float> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>A network behind the stage that its task wants, with buffers: made to see that they fit.</summary>
    private sealed record Worker(IDisposable Stage, OnnxModel.Run Run) : IDisposable
    {
        public static Worker Of(ModelCard card)
        {
            var model = new OnnxModel(card);
            IDisposable stage = model;
            try
            {
                var run = card.Task switch
                {
                    ModelTask.Detection => Keep(new FaceDetector(model), out stage).CreateRun(),
                    ModelTask.Landmarks => Keep(new FaceLandmarker(model), out stage).CreateRun(),
                    ModelTask.HeadPose => Keep(new HeadPoseNetwork(model), out stage).CreateRun(),
                    ModelTask.EyeState => Keep(new EyeStateNetwork(model), out stage).CreateRun(),
                    _ => Keep(new FaceEmbedder(model), out stage).CreateRun(),
                };
                return new Worker(stage, run);
            }
            catch
            {
                stage.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            Run.Dispose();
            Stage.Dispose();
        }

        private static T Keep<T>(T stage, out IDisposable kept)
            where T : IDisposable
        {
            kept = stage;
            return stage;
        }
    }
}
