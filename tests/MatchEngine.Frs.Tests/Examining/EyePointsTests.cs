using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Frs.Examining;

namespace MatchEngine.Frs.Tests.Examining;

public class EyePointsTests
{
    private static readonly FacePoints Points = new(new Vector2(50, 40), new Vector2(70, 44), default, default, default);

    [Fact]
    public void In_a_photo_they_are_parts_of_its_sides() =>
        Assert.Equal(new EyePoints(0.25, 0.4, 0.35, 0.44), EyePoints.InPhoto(Points, 200, 100));

    [Fact]
    public void In_a_cut_they_are_parts_of_the_square_around_the_face()
    {
        // The face is 40 by 50 around (60, 45); with a margin of 2 the square is 100 wide and begins at (10, −5).
        var eyes = EyePoints.InCut(Points, new BoundingBox(40, 20, 40, 50), 2);
        Assert.Equal(new EyePoints(0.4, 0.45, 0.6, 0.49), eyes);
    }
}
