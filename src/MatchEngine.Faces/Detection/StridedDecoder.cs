using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>
/// A detector that looks at an image in cells of the strides 8, 16 and 32: for each cell some candidates with a confidence, a box and five
/// points, all in units of the stride. What a box is made of is the detector's own.
/// </summary>
internal abstract class StridedDecoder : IDetectionDecoder
{
    private readonly PixelLayout _input;
    private readonly int _anchors;

    /// <param name="model">The network.</param>
    /// <param name="anchors">The candidates of a cell.</param>
    /// <exception cref="ModelException">The input's sides are no multiples of the largest stride.</exception>
    protected StridedDecoder(OnnxModel model, int anchors)
    {
        (_input, _anchors) = (model.Card.Input, anchors);
        if (_input.Width % Strides[^1] != 0 || _input.Height % Strides[^1] != 0)
            throw new ModelException(
                $"model card '{model.Card.Id}': the input's sides, {_input.Width}×{_input.Height}, must be multiples of {Strides[^1]}");
    }

    /// <summary>The strides, rising.</summary>
    protected static IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    public abstract IReadOnlyList<OutputShape> Outputs { get; }

    public bool GivesPoints => true;

    public void Decode(OnnxModel.Run run, float minConfidence, List<DetectedFace> faces)
    {
        for (var s = 0; s < Strides.Count; s++)
        {
            float stride = Strides[s];
            var columns = _input.Width / Strides[s];
            var outputs = Read(run, s);
            for (var i = 0; i < outputs.Confidences.Length; i++)
            {
                var confidence = Confidence(outputs, i);
                if (!(confidence >= minConfidence))
                    continue;
                var cell = new Vector2(i / _anchors % columns, i / _anchors / columns);
                var box = Box(cell, outputs.Boxes.Slice(4 * i, 4));
                if (!(box.Width > 0 && box.Height > 0))
                    continue;
                var five = outputs.Points.Slice(10 * i, 10);
                Vector2 Point(ReadOnlySpan<float> all, int n) => (cell + new Vector2(all[2 * n], all[2 * n + 1])) * stride;
                faces.Add(new(
                    new(box.X * stride, box.Y * stride, box.Width * stride, box.Height * stride), confidence,
                    new(Point(five, 0), Point(five, 1), Point(five, 2), Point(five, 3), Point(five, 4))));
            }
        }
    }

    /// <summary>The candidates at a stride.</summary>
    protected long Candidates(int stride) => (long)_anchors * (_input.Width / stride) * (_input.Height / stride);

    /// <summary>What the network gave for a stride.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stride">The stride's place among <see cref="Strides"/>.</param>
    protected abstract StrideOutputs Read(OnnxModel.Run run, int stride);

    /// <summary>The confidence of a candidate.</summary>
    protected abstract float Confidence(in StrideOutputs outputs, int candidate);

    /// <summary>The box of a candidate in units of the stride.</summary>
    /// <param name="cell">Column and row of its cell.</param>
    /// <param name="four">Its four numbers.</param>
    protected abstract BoundingBox Box(Vector2 cell, ReadOnlySpan<float> four);

    /// <summary>What a network gave for one stride: a row a candidate.</summary>
    /// <param name="confidences">One number each.</param>
    /// <param name="others">What else a confidence is made of; empty when nothing is.</param>
    /// <param name="boxes">Four numbers each.</param>
    /// <param name="points">Ten numbers each.</param>
    protected readonly ref struct StrideOutputs(
        ReadOnlySpan<float> confidences, ReadOnlySpan<float> others, ReadOnlySpan<float> boxes, ReadOnlySpan<float> points)
    {
        public ReadOnlySpan<float> Confidences { get; } = confidences;

        public ReadOnlySpan<float> Others { get; } = others;

        public ReadOnlySpan<float> Boxes { get; } = boxes;

        public ReadOnlySpan<float> Points { get; } = points;
    }
}
