using System.Numerics;

namespace MatchEngine.Faces.Geometry;

/// <summary>Rotation, uniform scale and shift of the plane: (x, y) → (A·x − B·y + X, B·x + A·y + Y).</summary>
/// <param name="A">Scale × cosine of the angle.</param>
/// <param name="B">Scale × sine of the angle.</param>
/// <param name="X">Shift to the right.</param>
/// <param name="Y">Shift downwards.</param>
public readonly record struct SimilarityTransform(float A, float B, float X, float Y)
{
    /// <summary>The factor by which lengths grow.</summary>
    public float Scale => MathF.Sqrt(A * A + B * B);

    /// <summary>Where <paramref name="point"/> goes.</summary>
    public Vector2 Apply(Vector2 point) => new(A * point.X - B * point.Y + X, B * point.X + A * point.Y + Y);

    /// <summary>The transform that undoes this one.</summary>
    /// <exception cref="InvalidOperationException">The scale is 0.</exception>
    public SimilarityTransform Inverse()
    {
        var square = A * A + B * B;
        if (square == 0 || !float.IsFinite(square))
            throw new InvalidOperationException("a transform of scale 0 has no inverse");
        var (a, b) = (A / square, -B / square);
        return new SimilarityTransform(a, b, -(a * X - b * Y), -(b * X + a * Y));
    }

    /// <summary>
    /// From a square crop of so many pixels to an image: the crop lies around <paramref name="centre"/> and its upper edge runs along
    /// <paramref name="level"/>.
    /// </summary>
    /// <param name="centre">Where the crop's middle goes; pixel centres are at whole numbers.</param>
    /// <param name="side">The square's side in the image.</param>
    /// <param name="level">A unit vector.</param>
    /// <param name="pixels">The crop's side.</param>
    internal static SimilarityTransform Square(Vector2 centre, float side, Vector2 level, int pixels)
    {
        var (a, b) = (level.X * side / pixels, level.Y * side / pixels);
        var middle = (pixels - 1) / 2f;
        return new(a, b, centre.X - (a * middle - b * middle), centre.Y - (b * middle + a * middle));
    }

    /// <summary>
    /// The transform that brings <paramref name="from"/> nearest to <paramref name="to"/> in the sense of least squares (Umeyama, IEEE
    /// TPAMI 13(4), 1991, for the plane and without mirroring, where it has this closed form).
    /// </summary>
    /// <exception cref="ArgumentException">The lists differ in length, have fewer than two points,
    /// or all points of <paramref name="from"/> are one.</exception>
    public static SimilarityTransform Fit(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to)
    {
        if (from.Length != to.Length || from.Length < 2)
            throw new ArgumentException("as many points on both sides, and at least two, are needed", nameof(to));
        var (fromMean, toMean) = (Vector2.Zero, Vector2.Zero);
        for (var i = 0; i < from.Length; i++)
            (fromMean, toMean) = (fromMean + from[i], toMean + to[i]);
        (fromMean, toMean) = (fromMean / from.Length, toMean / from.Length);
        float dot = 0, cross = 0, square = 0;
        for (var i = 0; i < from.Length; i++)
        {
            var (p, q) = (from[i] - fromMean, to[i] - toMean);
            dot += p.X * q.X + p.Y * q.Y;
            cross += p.X * q.Y - p.Y * q.X;
            square += p.LengthSquared();
        }
        if (!(square > 0))
            throw new ArgumentException("the points are all in one place", nameof(from));
        var (a, b) = (dot / square, cross / square);
        return new SimilarityTransform(a, b, toMean.X - (a * fromMean.X - b * fromMean.Y), toMean.Y - (b * fromMean.X + a * fromMean.Y));
    }
}
