using System.Numerics;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>
/// SCRFD (Guo et al., ICLR 2022) with key points: three strides, two anchors a cell, distances from the cell's corner to the box's sides
/// and to the five points in units of the stride. The outputs have no names that mean anything; the exporters' order is all confidences,
/// all boxes, all points, each by rising stride.
/// </summary>
internal sealed class ScrfdDecoder : IDetectionDecoder
{
    private const int Anchors = 2;

    private static readonly int[] Strides = [8, 16, 32];

    private readonly PixelLayout _input;

    /// <exception cref="ModelException">The outputs are not nine of the widths 1, 4 and 10,
    /// or the input's sides are no multiples of the largest stride.</exception>
    public ScrfdDecoder(OnnxModel model)
    {
        _input = StridedGrid.Require(model, Strides);
        var names = model.OutputNames;
        int[] widths = [1, 4, 10];
        if (names.Count != 9 || names.Where((name, i) => model.Outputs[name][^1] != widths[i / 3]).Any())
            throw new ModelException(
                $"model file {model.Card.Path} is no SCRFD with key points: nine outputs of widths "
                    + "1, 4 and 10 are expected, by rising stride");
        Outputs = [.. names.Select((name, i) => new OutputShape(name, [Rows(Strides[i % 3]), widths[i / 3]]))];
    }

    public IReadOnlyList<OutputShape> Outputs { get; }

    public bool GivesPoints => true;

    public void Decode(OnnxModel.Run run, float minConfidence, List<DetectedFace> faces)
    {
        for (var s = 0; s < Strides.Length; s++)
        {
            var stride = Strides[s];
            var columns = _input.Width / stride;
            var confidences = run.Output(s);
            var boxes = run.Output(3 + s);
            var points = run.Output(6 + s);
            for (var i = 0; i < confidences.Length; i++)
            {
                if (!(confidences[i] >= minConfidence))
                    continue;
                var cell = new Vector2(i / Anchors % columns, i / Anchors / columns) * stride;
                var (min, max) = (cell - new Vector2(boxes[4 * i], boxes[4 * i + 1]) * stride,
                    cell + new Vector2(boxes[4 * i + 2], boxes[4 * i + 3]) * stride);
                if (max.X <= min.X || max.Y <= min.Y)
                    continue;
                var five = points.Slice(10 * i, 10);
                Vector2 Point(ReadOnlySpan<float> all, int n) => cell + new Vector2(all[2 * n], all[2 * n + 1]) * stride;
                faces.Add(new(
                    new(min.X, min.Y, max.X - min.X, max.Y - min.Y), confidences[i],
                    new(Point(five, 0), Point(five, 1), Point(five, 2), Point(five, 3), Point(five, 4))));
            }
        }
    }

    private long Rows(int stride) => (long)Anchors * (_input.Width / stride) * (_input.Height / stride);
}
