using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class QuarterTurnTests
{
    [Theory]
    [InlineData(3), InlineData(6), InlineData(8)]
    public void Points_and_boxes_of_the_turned_picture_lead_back_to_the_same_pixels(int orientation)
    {
        using var original = new Image(7, 4);
        new Random(1).NextBytes(original.Pixels);
        using var turn = new QuarterTurn(original, orientation);
        for (var y = 0; y < turn.Turned.Height; y++)
            for (var x = 0; x < turn.Turned.Width; x++)
            {
                var point = new Vector2(x, y);
                var back = turn.ToOriginal(new LocatedFace(new(x, y, 1, 1), 1, new(point, point, point, point, point)));
                Assert.Equal(new BoundingBox(back.Points.Nose.X, back.Points.Nose.Y, 1, 1), back.Box);
                Assert.Equal(
                    original.Row((int)back.Points.Nose.Y).Slice(3 * (int)back.Points.Nose.X, 3),
                    turn.Turned.Row(y).Slice(3 * x, 3));
            }
    }
}
