using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>
/// YuNet (Wu, Peng and Yu, Machine Intelligence Research 20, 2023): one candidate a cell, with class and object confidences, an offset and
/// a logarithmic size, and five points.
/// </summary>
internal sealed class YuNetDecoder : StridedDecoder
{
    /// <exception cref="ModelException">The input's sides are no multiples of the largest stride.</exception>
    public YuNetDecoder(OnnxModel model) : base(model, anchors: 1) =>
        // Per stride: class, object, box, points.
        Outputs = [.. Strides.SelectMany(stride => (OutputShape[])
        [
            new($"cls_{stride}", [1, Candidates(stride), 1]), new($"obj_{stride}", [1, Candidates(stride), 1]),
            new($"bbox_{stride}", [1, Candidates(stride), 4]), new($"kps_{stride}", [1, Candidates(stride), 10]),
        ])];

    public override IReadOnlyList<OutputShape> Outputs { get; }

    protected override StrideOutputs Read(OnnxModel.Run run, int stride) => new(
        run.Output(4 * stride), run.Output((4 * stride) + 1), run.Output((4 * stride) + 2), run.Output((4 * stride) + 3));

    protected override float Confidence(in StrideOutputs outputs, int candidate) =>
        MathF.Sqrt(Math.Clamp(outputs.Confidences[candidate], 0, 1) * Math.Clamp(outputs.Others[candidate], 0, 1));

    protected override BoundingBox Box(Vector2 cell, ReadOnlySpan<float> four)
    {
        var (centre, size) = (cell + new Vector2(four[0], four[1]), new Vector2(MathF.Exp(four[2]), MathF.Exp(four[3])));
        return new BoundingBox(centre.X - (size.X / 2), centre.Y - (size.Y / 2), size.X, size.Y);
    }
}
