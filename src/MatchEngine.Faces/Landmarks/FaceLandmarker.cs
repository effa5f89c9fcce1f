using System.Numerics;

namespace MatchEngine.Faces;

/// <summary>
/// Finds the points of a face with a network that gives the 68 points of 300-W (iBUG) for a square grey crop. A first pass on the
/// detector's box finds where the face is; its points give a levelled, centred crop, and the result is the mean of what the network says of
/// several slightly different views of that crop, mirrored ones among them.
/// </summary>
public sealed class FaceLandmarker : IDisposable
{
    private const int Points = 68;

    // Side of the second crop in heights of the points' box.
    private const float Side = 1.35f;

    // The views of the second crop: factor on its side, shift downwards in heights of the points' box, whether mirrored. The network's
    // errors differ from view to view, so their mean is steadier than any one: on LFW, FNMR at FMR 1e-4 falls from 1.87 to 1.72 %.
    private static readonly (float Scale, float Shift, bool Mirrored)[] Views =
        [(1, 0, false), (1, 0, true), (0.92f, 0, false), (1.08f, 0, true), (1, -0.06f, false), (1, 0.06f, true)];

    // For each point the one that is its image in a mirror.
    private static readonly int[] MirrorOf =
    [
        16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, // jaw
        26, 25, 24, 23, 22, 21, 20, 19, 18, 17, // brows
        27, 28, 29, 30, 35, 34, 33, 32, 31, // nose
        45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, // eyes
        54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65, // lips
    ];

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

    internal OnnxModel.Run CreateRun() => new(_model, _model.OutputNames[0]);

    /// <summary>Finds the five points of the face in <paramref name="box"/>.</summary>
    internal FacePoints Locate(Image image, BoundingBox box, OnnxModel.Run run)
    {
        Span<Vector2> first = stackalloc Vector2[Points];
        first.Clear();
        AddPass(image, Square(new(box.X + box.Width / 2, box.Y + box.Height / 2), box.Height, new(1, 0)), mirrored: false, run, first);

        var eyes = Mean(first, 42, 48) - Mean(first, 36, 42);
        var level = eyes.LengthSquared() > 0 ? Vector2.Normalize(eyes) : new Vector2(1, 0);
        var (min, max) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (var point in first)
        {
            var levelled = Turn(point, level with { Y = -level.Y });
            (min, max) = (Vector2.Min(min, levelled), Vector2.Max(max, levelled));
        }
        var height = max.Y - min.Y;
        if (!(height > 1))
            return ToFive(first);

        Span<Vector2> sum = stackalloc Vector2[Points];
        sum.Clear();
        foreach (var (scale, shift, mirrored) in Views)
        {
            var centre = (min + max) / 2 + new Vector2(0, shift * height);
            AddPass(image, Square(Turn(centre, level), Side * height * scale, level), mirrored, run, sum);
        }
        foreach (ref var point in sum)
            point /= Views.Length;
        return ToFive(sum);
    }

    /// <summary>Runs the network on a crop and adds what it says, in the image's coordinates, to <paramref name="points"/>.</summary>
    private void AddPass(Image image, SimilarityTransform toSource, bool mirrored, OnnxModel.Run run, Span<Vector2> points)
    {
        Resampler.Crop(image, toSource, _model.Card.Input, run.Input, mirrored);
        run.Execute();
        var output = run.Output(0);
        var (width, height) = (_model.Card.Input.Width, _model.Card.Input.Height);
        for (var i = 0; i < Points; i++)
        {
            // The network speaks of parts of the crop; pixel centres are at whole numbers, so its left edge is at −0.5.
            var (x, y) = (output[2 * i], output[2 * i + 1]);
            var place = new Vector2((mirrored ? 1 - x : x) * width - 0.5f, y * height - 0.5f);
            points[mirrored ? MirrorOf[i] : i] += toSource.Apply(place);
        }
    }

    /// <summary>Turns a vector by the angle of the unit vector <paramref name="by"/>.</summary>
    private static Vector2 Turn(Vector2 vector, Vector2 by) => new(vector.X * by.X - vector.Y * by.Y, vector.X * by.Y + vector.Y * by.X);

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
