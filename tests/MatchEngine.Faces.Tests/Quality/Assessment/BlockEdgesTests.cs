using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality.Assessment;

namespace MatchEngine.Faces.Tests.Quality.Assessment;

public class BlockEdgesTests
{
    private static float Of(Func<int, int, int> grey, int size = 96)
    {
        using var image = new Image(size, size);
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                image.Row(y).Slice(3 * x, 3).Fill((byte)grey(x, y));
        return BlockEdges.Of(image, new BoundingBox(0, 0, size, size));
    }

    [Fact]
    public void An_even_slope_has_no_blocks() => Assert.Equal(1, Of((x, y) => x + y), 1e-6);

    [Theory]
    [InlineData(0), InlineData(3), InlineData(7)]
    public void Steps_every_eight_pixels_are_found_wherever_the_grid_begins(int phase)
    {
        // A step of 8 at every edge and none elsewhere: (8 + ½) / ½.
        Assert.Equal(17, Of((x, y) => 8 * ((x + phase) / 8 + (y + phase) / 8)), 0.5);
    }

    [Fact]
    public void Steps_at_another_distance_are_no_blocks() => Assert.InRange(Of((x, y) => 8 * (x / 7 + y / 7)), 1, 1.6);

    [Fact]
    public void A_region_of_less_than_three_blocks_tells_nothing() => Assert.True(float.IsNaN(Of((x, _) => x, 20)));
}
