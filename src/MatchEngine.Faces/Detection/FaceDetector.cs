using System.Numerics;

namespace MatchEngine.Faces;

/// <summary>Finds the faces of an image with the network that a card describes.</summary>
public sealed class FaceDetector : IDisposable
{
    private readonly OnnxModel _model;
    private readonly DetectionOutput _output;
    private readonly IDetectionDecoder _decoder;

    /// <summary>Makes a detector.</summary>
    /// <param name="model">A loaded detection network; disposed of with the detector.</param>
    /// <exception cref="ModelException">The card names a decoder that is not known here, or the file does not fit it.</exception>
    public FaceDetector(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _output = model.Card.Detection ?? throw new ModelException($"model '{model.Card.Id}' is no detector");
        _decoder = _output.Decoder switch
        {
            "ultraface" => new UltraFaceDecoder(model),
            "yunet" => new YuNetDecoder(model),
            "scrfd" => new ScrfdDecoder(model),
            _ => throw new ModelException($"model card '{model.Card.Id}' names the decoder '{_output.Decoder}'; known: ultraface, yunet, scrfd"),
        };
    }

    /// <summary>Whether faces come with their five points, so that no landmark network is needed.</summary>
    public bool GivesPoints => _decoder.GivesPoints;

    /// <summary>Frees the network.</summary>
    public void Dispose() => _model.Dispose();

    internal OnnxModel.Run CreateRun() => new(_model, _decoder.Outputs);

    /// <summary>Finds faces.</summary>
    /// <returns>Sorted by area, largest first.</returns>
    internal List<DetectedFace> Detect(Image image, OnnxModel.Run run)
    {
        var input = _model.Card.Input;
        var scale = new Vector2(input.Width / (float)image.Width, input.Height / (float)image.Height);
        if (_output.Fit == ImageFit.Letterbox)
            scale = new Vector2(MathF.Min(scale.X, scale.Y));
        Resampler.Place(image, scale.X, scale.Y, input, run.Input);
        run.Execute();

        var found = new List<DetectedFace>();
        _decoder.Decode(run, _output.MinConfidence, found);
        NonMaximumSuppression.Apply(found, _output.MaxOverlap);
        var faces = found.ConvertAll(face => ToImage(face, scale));
        faces.RemoveAll(face => face.Box.Width < 1 || face.Box.Height < 1);
        faces.Sort((a, b) => b.Box.Area.CompareTo(a.Box.Area));
        return faces;
    }

    private static DetectedFace ToImage(DetectedFace face, Vector2 scale)
    {
        // Boxes are edges and scale as they are; points are pixel centres, which lie half a pixel inside.
        Vector2 Point(Vector2 point) => (point + new Vector2(0.5f)) / scale - new Vector2(0.5f);
        var box = face.Box;
        return face with
        {
            Box = new(box.X / scale.X, box.Y / scale.Y, box.Width / scale.X, box.Height / scale.Y),
            Points = face.Points is { } five
                ? new(Point(five.LeftEye), Point(five.RightEye), Point(five.Nose), Point(five.LeftMouth), Point(five.RightMouth))
                : null,
        };
    }
}
