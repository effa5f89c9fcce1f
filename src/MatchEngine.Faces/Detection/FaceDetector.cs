namespace MatchEngine.Faces;

/// <summary>
/// Finds the faces of an image with a network of the UltraFace family (RFB-320: the whole image is stretched to the network's sides; the
/// outputs are confidences and corner points in parts of the sides).
/// </summary>
public sealed class FaceDetector : IDisposable
{
    private readonly OnnxModel _model;
    private readonly DetectionOutput _output;

    /// <summary>Makes a detector.</summary>
    /// <param name="model">A loaded detection network; disposed of with the detector.</param>
    /// <exception cref="ModelException">The card names a decoder that is not known here.</exception>
    public FaceDetector(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _output = model.Card.Detection ?? throw new ModelException($"model '{model.Card.Id}' is no detector");
        if (_output.Decoder != "ultraface")
            throw new ModelException($"model card '{model.Card.Id}' names the decoder '{_output.Decoder}'; known: ultraface");
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _model.Dispose();

    internal OnnxModel.Run CreateRun() => new(_model, "scores", "boxes");

    /// <summary>Finds faces.</summary>
    /// <returns>Sorted by area, largest first.</returns>
    internal List<DetectedFace> Detect(Image image, OnnxModel.Run run)
    {
        Resampler.Stretch(image, _model.Card.Input, run.Input);
        run.Execute();
        var scores = run.Output(0);
        var boxes = run.Output(1);
        var found = new List<DetectedFace>();
        for (var i = 0; i < scores.Length / 2; i++)
        {
            // Class 0 is background, class 1 a face.
            var confidence = scores[2 * i + 1];
            if (!(confidence >= _output.MinConfidence))
                continue;
            var (left, top) = (boxes[4 * i] * image.Width, boxes[4 * i + 1] * image.Height);
            var (right, bottom) = (boxes[4 * i + 2] * image.Width, boxes[4 * i + 3] * image.Height);
            if (right - left >= 1 && bottom - top >= 1)
                found.Add(new(new(left, top, right - left, bottom - top), confidence));
        }
        NonMaximumSuppression.Apply(found, _output.MaxOverlap);
        found.Sort((a, b) => b.Box.Area.CompareTo(a.Box.Area));
        return found;
    }
}
