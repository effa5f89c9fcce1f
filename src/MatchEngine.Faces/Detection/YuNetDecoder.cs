using System.Numerics;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>
/// YuNet (Wu, Peng and Yu, Machine Intelligence Research 20, 2023): for each stride one candidate a cell, with class and object
/// confidences, an offset and a logarithmic size in units of the stride, and five points.
/// </summary>
internal sealed class YuNetDecoder : IDetectionDecoder
{
    private static readonly int[] Strides = [8, 16, 32];

    private readonly PixelLayout _input;

    /// <exception cref="ModelException">The input's sides are no multiples of the largest stride.</exception>
    public YuNetDecoder(OnnxModel model)
    {
        _input = StridedGrid.Require(model, Strides);
        // Per stride: class, object, box, points.
        Outputs = [.. Strides.SelectMany(stride => (OutputShape[])
        [
            new($"cls_{stride}", [1, Cells(stride), 1]), new($"obj_{stride}", [1, Cells(stride), 1]),
            new($"bbox_{stride}", [1, Cells(stride), 4]), new($"kps_{stride}", [1, Cells(stride), 10]),
        ])];
    }

    public IReadOnlyList<OutputShape> Outputs { get; }

    public bool GivesPoints => true;

    public void Decode(OnnxModel.Run run, float minConfidence, List<DetectedFace> faces)
    {
        for (var s = 0; s < Strides.Length; s++)
        {
            var stride = Strides[s];
            var columns = _input.Width / stride;
            var classes = run.Output(4 * s);
            var objects = run.Output(4 * s + 1);
            var boxes = run.Output(4 * s + 2);
            var points = run.Output(4 * s + 3);
            for (var i = 0; i < classes.Length; i++)
            {
                var confidence = MathF.Sqrt(Math.Clamp(classes[i], 0, 1) * Math.Clamp(objects[i], 0, 1));
                if (!(confidence >= minConfidence))
                    continue;
                var cell = new Vector2(i % columns, i / columns);
                var centre = (cell + new Vector2(boxes[4 * i], boxes[4 * i + 1])) * stride;
                var size = new Vector2(MathF.Exp(boxes[4 * i + 2]), MathF.Exp(boxes[4 * i + 3])) * stride;
                var five = points.Slice(10 * i, 10);
                Vector2 Point(ReadOnlySpan<float> all, int n) => (cell + new Vector2(all[2 * n], all[2 * n + 1])) * stride;
                faces.Add(new(
                    new(centre.X - size.X / 2, centre.Y - size.Y / 2, size.X, size.Y), confidence,
                    new(Point(five, 0), Point(five, 1), Point(five, 2), Point(five, 3), Point(five, 4))));
            }
        }
    }

    private long Cells(int stride) => (long)(_input.Width / stride) * (_input.Height / stride);
}
