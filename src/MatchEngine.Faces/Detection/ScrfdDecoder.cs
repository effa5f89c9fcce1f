using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>
/// SCRFD (Guo et al., ICLR 2022) with key points: two anchors a cell, distances from the cell's corner to the box's sides and to the five
/// points. The outputs have no names that mean anything; the exporters' order is all confidences, all boxes, all points, each by rising
/// stride.
/// </summary>
internal sealed class ScrfdDecoder : StridedDecoder
{
    /// <exception cref="ModelException">The outputs are not nine of the widths 1, 4 and 10,
    /// or the input's sides are no multiples of the largest stride.</exception>
    public ScrfdDecoder(OnnxModel model) : base(model, anchors: 2)
    {
        var names = model.OutputNames;
        int[] widths = [1, 4, 10];
        if (names.Count != 9 || names.Where((name, i) => model.Outputs[name][^1] != widths[i / 3]).Any())
            throw new ModelException(
                $"model file {model.Card.Path} is no SCRFD with key points: nine outputs of widths "
                    + "1, 4 and 10 are expected, by rising stride");
        Outputs = [.. names.Select((name, i) => new OutputShape(name, [Candidates(Strides[i % 3]), widths[i / 3]]))];
    }

    public override IReadOnlyList<OutputShape> Outputs { get; }

    protected override StrideOutputs Read(OnnxModel.Run run, int stride) =>
        new(run.Output(stride), default, run.Output(3 + stride), run.Output(6 + stride));

    protected override float Confidence(in StrideOutputs outputs, int candidate) => outputs.Confidences[candidate];

    protected override BoundingBox Box(Vector2 cell, ReadOnlySpan<float> four)
    {
        var (min, max) = (cell - new Vector2(four[0], four[1]), cell + new Vector2(four[2], four[3]));
        return new BoundingBox(min.X, min.Y, max.X - min.X, max.Y - min.Y);
    }
}
