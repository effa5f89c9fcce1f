using System.Numerics;
using FsCheck.Fluent;
using MatchEngine.Faces.Geometry;
using MatchEngine.Tests;

namespace MatchEngine.Faces.Tests.Geometry;

public sealed class SimilarityTransformTests
{
    private static readonly Vector2[] Points =
        [new(38.3f, 51.7f), new(73.5f, 51.5f), new(56f, 71.7f), new(41.5f, 92.4f), new(70.7f, 92.2f)];

    [Fact]
    public void Fit_recovers_any_rotation_scale_and_shift()
    {
        var cases = from angle in Gen.Choose(-1800, 1800)
                    from scale in Gen.Choose(5, 800)
                    from x in Gen.Choose(-5000, 5000)
                    from y in Gen.Choose(-5000, 5000)
                    select (Angle: angle / 10.0, Scale: scale / 100.0, X: x / 10f, Y: y / 10f);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var truth = new SimilarityTransform(
                (float)(c.Scale * Math.Cos(c.Angle * Math.PI / 180)), (float)(c.Scale * Math.Sin(c.Angle * Math.PI / 180)), c.X, c.Y);
            var found = SimilarityTransform.Fit(Points, [.. Points.Select(truth.Apply)]);
            return Math.Abs(found.A - truth.A) < 1e-3 && Math.Abs(found.B - truth.B) < 1e-3 && Math.Abs(found.X - truth.X) < 0.1
                && Math.Abs(found.Y - truth.Y) < 0.1;
        }).CheckSame();
    }

    [Fact]
    public void No_nearby_transform_has_a_smaller_squared_error()
    {
        var random = new Random(7);
        Vector2[] to = [.. Points.Select(point => point * 1.3f + new Vector2(random.NextSingle() * 8, random.NextSingle() * 8))];
        double Error(SimilarityTransform t) => Points.Zip(to, (p, q) => (double)(t.Apply(p) - q).LengthSquared()).Sum();
        var fit = SimilarityTransform.Fit(Points, to);
        var best = Error(fit);
        for (var i = 0; i < 2000; i++)
        {
            float Nudge(float size) => (random.NextSingle() - 0.5f) * size;
            var other = new SimilarityTransform(fit.A + Nudge(0.05f), fit.B + Nudge(0.05f), fit.X + Nudge(3), fit.Y + Nudge(3));
            Assert.True(Error(other) >= best - 1e-2);
        }
    }

    [Fact]
    public void The_inverse_undoes_it()
    {
        var transform = new SimilarityTransform(1.2f, -0.7f, 13, -40);
        foreach (var point in Points)
            Assert.True(Vector2.Distance(point, transform.Inverse().Apply(transform.Apply(point))) < 1e-3);
    }

    [Fact]
    public void A_mirror_image_is_not_fitted_by_mirroring()
    {
        // Faces are never mirrored by an alignment: the determinant A² + B² of the result is positive by its form.
        Vector2[] mirrored = [.. Points.Select(point => new Vector2(112 - point.X, point.Y))];
        var fit = SimilarityTransform.Fit(Points, mirrored);
        Assert.True(Vector2.Distance(fit.Apply(Points[0]), mirrored[0]) > 10);
    }

    [Fact]
    public void Points_in_one_place_are_refused() =>
        Assert.Throws<ArgumentException>(() => SimilarityTransform.Fit([Vector2.One, Vector2.One], [Vector2.Zero, Vector2.One]));

    [Fact]
    public void A_transform_of_scale_zero_has_no_inverse() =>
        Assert.Throws<InvalidOperationException>(() => new SimilarityTransform(0, 0, 1, 1).Inverse());
}
