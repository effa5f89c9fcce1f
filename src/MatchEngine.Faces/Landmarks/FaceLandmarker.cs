using System.Numerics;

namespace MatchEngine.Faces;

/// <summary>
/// Finds the points of a face with a network that gives the 68 points of 300-W (iBUG) for a square grey crop. A second pass on a crop
/// that the first pass has levelled and centred makes them steadier.
/// </summary>
public sealed class FaceLandmarker : IDisposable
{
    private const int Points = 68;

    // Measured on LFW: the second crop is a square of 1.35 × the height of the points' box, its centre moved up by a tenth of that height.
    private const float SecondSide = 1.35f;
    private const float SecondRise = 0.1f;

    private readonly OnnxModel _model;

    /// <summary>Makes a landmarker.</summary>
    /// <param name="model">A loaded landmark network; disposed of with the landmarker.</param>
    /// <exception cref="ModelException">The card names a layout that is not known here.</exception>
    public FaceLandmarker(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        if (model.Card.Landmarks?.Layout != "ibug68")
            throw new ModelException($"model card '{model.Card.Id}' names the landmark layout '{model.Card.Landmarks?.Layout}'; known: ibug68");
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _model.Dispose();

    internal OnnxModel.Run CreateRun() => new(_model, "output");

    /// <summary>Finds the five points of the face in <paramref name="box"/>.</summary>
    internal FacePoints Locate(Image image, BoundingBox box, OnnxModel.Run run)
    {
        Span<Vector2> points = stackalloc Vector2[Points];
        var side = box.Height;
        Pass(image, Square(new(box.X + box.Width / 2, box.Y + box.Height / 2), side, new(1, 0)), run, points);
        for (var pass = 1; pass < 2; pass++)
        {
            var eyes = Mean(points, 42, 48) - Mean(points, 36, 42);
            var level = eyes.LengthSquared() > 0 ? Vector2.Normalize(eyes) : new Vector2(1, 0);
            // The points' box in the levelled frame.
            var (min, max) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
            foreach (var point in points)
            {
                var turned = new Vector2(point.X * level.X + point.Y * level.Y, point.Y * level.X - point.X * level.Y);
                (min, max) = (Vector2.Min(min, turned), Vector2.Max(max, turned));
            }
            var height = max.Y - min.Y;
            if (!(height > 1))
                break;
            var centre = (min + max) / 2 - new Vector2(0, SecondRise * height);
            var back = new Vector2(centre.X * level.X - centre.Y * level.Y, centre.X * level.Y + centre.Y * level.X);
            Pass(image, Square(back, SecondSide * height, level), run, points);
        }
        return ToFive(points);
    }

    private void Pass(Image image, SimilarityTransform toSource, OnnxModel.Run run, Span<Vector2> points)
    {
        Resampler.Crop(image, toSource, _model.Card.Input, run.Input);
        run.Execute();
        var output = run.Output(0);
        var (width, height) = (_model.Card.Input.Width, _model.Card.Input.Height);
        // The network speaks of parts of the crop; pixel centres are at whole numbers, so its left edge is at −0.5.
        for (var i = 0; i < Points; i++)
            points[i] = toSource.Apply(new(output[2 * i] * width - 0.5f, output[2 * i + 1] * height - 0.5f));
    }

    /// <summary>From crop to image: a square around <paramref name="centre"/> whose upper edge runs along <paramref name="level"/>.</summary>
    private SimilarityTransform Square(Vector2 centre, float side, Vector2 level)
    {
        var input = _model.Card.Input;
        var (a, b) = (level.X * side / input.Width, level.Y * side / input.Width);
        var middle = new Vector2((input.Width - 1) / 2f, (input.Height - 1) / 2f);
        return new(a, b, centre.X - 0.5f - (a * middle.X - b * middle.Y), centre.Y - 0.5f - (b * middle.X + a * middle.Y));
    }

    private static FacePoints ToFive(ReadOnlySpan<Vector2> points) => new(
        (points[37] + points[38] + points[40] + points[41]) / 4,
        (points[43] + points[44] + points[46] + points[47]) / 4,
        points[30],
        (points[48] + points[60]) / 2,
        (points[54] + points[64]) / 2);

    private static Vector2 Mean(ReadOnlySpan<Vector2> points, int from, int to)
    {
        Vector2 sum = default;
        for (var i = from; i < to; i++)
            sum += points[i];
        return sum / (to - from);
    }
}
