using MatchEngine.Faces.Detection;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Tests.Detection;

public sealed class TileGridTests
{
    private static readonly PixelLayout Input = new(32, 24, ChannelOrder.Rgb, [0, 0, 0], [1, 1, 1]);

    [Theory]
    [InlineData(32, 24, 1), InlineData(20, 10, 1), InlineData(33, 24, 2), InlineData(100, 90, null),
        InlineData(200, 24, null), InlineData(57, 131, null)]
    public void Every_face_up_to_the_overlap_lies_whole_in_a_tile_that_does_not_cut_it(int width, int height, int? tiles)
    {
        const int Overlap = 8;
        using var image = new Image(width, height);
        var grid = TileGrid.Of(image, Input, Overlap).ToList();
        Assert.Equal(tiles ?? grid.Count, grid.Count);
        Assert.All(grid, tile => Assert.True(tile.X >= 0 && tile.Y >= 0 && (tile.X + tile.Width <= width || tile.X == 0)
            && (tile.Y + tile.Height <= height || tile.Y == 0)));
        for (var y = 0; y + Overlap <= height; y++)
        {
            for (var x = 0; x + Overlap <= width; x++)
            {
                var face = new BoundingBox(x, y, Overlap, Overlap);
                Assert.Contains(grid, tile => !tile.Cuts(face with { X = x - tile.X, Y = y - tile.Y }) && x >= tile.X && y >= tile.Y
                    && x + Overlap <= tile.X + tile.Width && y + Overlap <= tile.Y + tile.Height);
            }
        }
    }

    [Fact]
    public void A_box_over_an_inner_edge_is_cut_and_one_over_the_images_edge_is_not()
    {
        var corner = new Tile(0, 0, 32, 24, 100, 100);
        Assert.False(corner.Cuts(new(-3, -2, 10, 10)));
        Assert.True(corner.Cuts(new(25, 5, 10, 10)));
        Assert.True(corner.Cuts(new(5, 20, 10, 10)));
        Assert.True(new Tile(68, 76, 32, 24, 100, 100).Cuts(new(-1, 5, 10, 10)));
        Assert.False(new Tile(68, 76, 32, 24, 100, 100).Cuts(new(25, 20, 10, 10)));
    }

    [Theory]
    [InlineData(250, 250, false), InlineData(640, 480, false), InlineData(900, 900, true),
        InlineData(4000, 3000, true), InlineData(4000, 1, false)]
    public void Only_images_much_larger_than_the_input_have_tiles(int width, int height, bool expected)
    {
        using var image = new Image(width, height);
        Assert.Equal(expected, TileGrid.IsWorthwhile(image, 2, Input with { Width = 320, Height = 240 }));
    }
}
