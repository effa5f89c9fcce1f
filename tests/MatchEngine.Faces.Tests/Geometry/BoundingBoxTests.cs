using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Tests.Geometry;

public sealed class BoundingBoxTests
{
    [Theory]
    [InlineData(0, 0, 10, 10, 0, 0, 10, 10, 1.0)]
    [InlineData(0, 0, 10, 10, 10, 0, 10, 10, 0.0)]
    [InlineData(0, 0, 10, 10, 5, 0, 10, 10, 50.0 / 150)]
    [InlineData(0, 0, 10, 10, 2, 2, 4, 4, 16.0 / 100)]
    [InlineData(0, 0, 10, 10, 50, 50, 4, 4, 0.0)]
    public void Overlap_is_intersection_over_union(
        float x, float y, float w, float h, float x2, float y2, float w2, float h2, double expected)
    {
        var (a, b) = (new BoundingBox(x, y, w, h), new BoundingBox(x2, y2, w2, h2));
        Assert.Equal(expected, a.IntersectionOverUnion(b), 1e-6);
        Assert.Equal(expected, b.IntersectionOverUnion(a), 1e-6);
    }
}
