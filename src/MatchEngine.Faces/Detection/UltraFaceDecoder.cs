using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>
/// UltraFace (Linzaer's Ultra-Light-Fast-Generic-Face-Detector): confidences of background and face, and corners in parts of the input's
/// sides, priors already applied by the network.
/// </summary>
internal sealed class UltraFaceDecoder(OnnxModel model) : IDetectionDecoder
{
    private readonly PixelLayout _input = model.Card.Input;

    public IReadOnlyList<OutputShape> Outputs { get; } = [new("scores", model.FixedShape("scores")), new(
        "boxes", model.FixedShape("boxes"))];

    public bool GivesPoints => false;

    public void Decode(OnnxModel.Run run, float minConfidence, List<DetectedFace> faces)
    {
        var scores = run.Output(0);
        var boxes = run.Output(1);
        for (var i = 0; i < scores.Length / 2; i++)
        {
            var confidence = scores[2 * i + 1];
            if (!(confidence >= minConfidence))
                continue;
            var (left, top) = (boxes[4 * i] * _input.Width, boxes[4 * i + 1] * _input.Height);
            var (right, bottom) = (boxes[4 * i + 2] * _input.Width, boxes[4 * i + 3] * _input.Height);
            if (right > left && bottom > top)
                faces.Add(new(new(left, top, right - left, bottom - top), confidence));
        }
    }
}
