using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Landmarks;

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

    // On LFW the spread of the views is 0.013 in the median and below 0.04 for nine photos in ten; with the photos turned by 90° or 180° it
    // is 0.16 to 0.2, and below 0.1 for one in ten.
    private const float Steady = 0.08f;

    // Detectors place the box of a face that lies on its side less well.
    private const int TurnedRefinements = 2;

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
            throw new ModelException(
                $"model card '{model.Card.Id}' names the landmark layout '{model.Card.Landmarks?.Layout}'; known: ibug68");
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _model.Dispose();

    internal OnnxModel.Run CreateRun() => new(_model, _model.OutputNames[0]);

    /// <summary>Finds the points of the face in <paramref name="box"/>, whichever way up it is.</summary>
    internal FaceContour Locate(Image image, BoundingBox box, OnnxModel.Run run)
    {
        var contour = Locate(image, box, new(1, 0), 0, run);
        if (contour.Spread <= Steady)
            return contour;
        foreach (var level in (ReadOnlySpan<Vector2>)[new(0, 1), new(0, -1), new(-1, 0)])
        {
            var other = Locate(image, box, level, TurnedRefinements, run);
            // Profiles and small faces are unsteady too: only a clear gain is worth standing a face on its head for.
            if (other.Spread < contour.Spread / 2)
                contour = other;
        }
        return contour;
    }

    /// <summary>Finds the points of a face whose eyes are about on a line in the direction of <paramref name="level"/>.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="box">Where the detector saw the face.</param>
    /// <param name="level">A unit vector from the viewer's left to the right.</param>
    /// <param name="refinements">How often the crop is centred and levelled anew before the views are taken.</param>
    /// <param name="run">Buffers of the caller's.</param>
    private FaceContour Locate(Image image, BoundingBox box, Vector2 level, int refinements, OnnxModel.Run run)
    {
        Span<Vector2> first = stackalloc Vector2[Points];
        first.Clear();
        AddPass(image, Square(new(box.X + box.Width / 2, box.Y + box.Height / 2), box.Height, level), mirrored: false, run, first);
        var frame = Frame.Of(first, level);
        for (var i = 0; i < refinements && frame.Height > 1; i++)
        {
            first.Clear();
            AddPass(image, Square(frame.Centre, Side * frame.Height, frame.Level), mirrored: false, run, first);
            frame = Frame.Of(first, frame.Level);
        }
        if (!(frame.Height > 1))
            return new FaceContour(first.ToArray(), float.PositiveInfinity);

        Span<Vector2> sum = stackalloc Vector2[Points];
        Span<Vector2> view = stackalloc Vector2[Points];
        Span<FacePoints> fives = stackalloc FacePoints[Views.Length];
        sum.Clear();
        for (var v = 0; v < Views.Length; v++)
        {
            var (scale, shift, mirrored) = Views[v];
            view.Clear();
            AddPass(
                image, Square(frame.Centre + shift * frame.Height * frame.Down, Side * frame.Height * scale, frame.Level),
                mirrored, run, view);
            fives[v] = FaceContour.ToFive(view);
            for (var i = 0; i < Points; i++)
                sum[i] += view[i] / Views.Length;
        }
        var mean = FaceContour.ToFive(sum);
        var squares = 0f;
        foreach (var five in fives)
            squares += Vector2.DistanceSquared(five.LeftEye, mean.LeftEye) + Vector2.DistanceSquared(five.RightEye, mean.RightEye)
                + Vector2.DistanceSquared(five.Nose, mean.Nose)
                + Vector2.DistanceSquared(five.LeftMouth, mean.LeftMouth) + Vector2.DistanceSquared(five.RightMouth, mean.RightMouth);
        return new FaceContour(sum.ToArray(), MathF.Sqrt(squares / (5 * Views.Length)) / MathF.Max(mean.InterEyeDistance, 1e-3f));
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

    /// <summary>
    /// From crop to image: a square around <paramref name="centre"/> whose upper edge runs along <paramref name="level"/>.
    /// </summary>
    private SimilarityTransform Square(Vector2 centre, float side, Vector2 level) =>
        SimilarityTransform.Square(centre - new Vector2(0.5f), side, level, _model.Card.Input.Width);

    /// <summary>Where a face is and how it is turned.</summary>
    /// <param name="Centre">Middle of the points' box.</param>
    /// <param name="Level">Unit vector along the eyes.</param>
    /// <param name="Height">Height of the points' box across the eyes.</param>
    private readonly record struct Frame(Vector2 Centre, Vector2 Level, float Height)
    {
        /// <summary>Unit vector from the eyes to the mouth.</summary>
        public Vector2 Down => new(-Level.Y, Level.X);

        /// <summary>The frame of 68 points; <paramref name="level"/> stands in where the eyes are in one place.</summary>
        public static Frame Of(ReadOnlySpan<Vector2> points, Vector2 level)
        {
            var eyes = Mean(points, 42, 48) - Mean(points, 36, 42);
            if (eyes.LengthSquared() > 0)
                level = Vector2.Normalize(eyes);
            var down = new Vector2(-level.Y, level.X);
            var (min, max) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
            foreach (var point in points)
            {
                var levelled = new Vector2(Vector2.Dot(point, level), Vector2.Dot(point, down));
                (min, max) = (Vector2.Min(min, levelled), Vector2.Max(max, levelled));
            }
            var centre = (min + max) / 2;
            return new Frame(centre.X * level + centre.Y * down, level, max.Y - min.Y);
        }
    }

    private static Vector2 Mean(ReadOnlySpan<Vector2> points, int from, int to)
    {
        Vector2 sum = default;
        for (var i = from; i < to; i++)
            sum += points[i];
        return sum / (to - from);
    }
}
