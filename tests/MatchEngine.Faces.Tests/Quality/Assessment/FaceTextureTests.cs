using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality.Assessment;

namespace MatchEngine.Faces.Tests.Quality.Assessment;

public class FaceTextureTests
{
    // Points at their places in the aligned crop, so that the crop is the picture.
    private static readonly FacePoints Aligned = new(
        new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f), new(41.5493f, 92.3655f), new(70.7299f, 92.2041f));

    private static FaceTexture Of(Func<int, int, int> grey, int width = 112, int height = 112)
    {
        using var image = new Image(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                image.Row(y).Slice(3 * x, 3).Fill((byte)grey(x, y));
        var buffer = new float[FaceTexture.BufferLength];
        var texture = FaceTexture.Of(image, Aligned, buffer);
        Assert.All(buffer, value => Assert.Equal(0, value));
        return texture;
    }

    [Theory]
    [InlineData(25, 1, 0), InlineData(26, 0, 0), InlineData(246, 0, 0), InlineData(247, 0, 1)]
    public void The_levels_of_under_and_over_exposure_are_those_of_the_standard(int level, double dark, double bright)
    {
        var texture = Of((_, _) => level);
        Assert.Equal((dark, bright), ((double)texture.Dark, texture.Bright));
        Assert.Equal(0, texture.Entropy, 1e-6);
        Assert.Equal(0, texture.Detail);
    }

    [Theory]
    [InlineData(2, 1), InlineData(4, 2), InlineData(8, 3)]
    public void As_many_shades_as_a_power_of_two_are_so_many_bits(int shades, double bits) =>
        Assert.Equal(bits, Of((x, _) => 40 + 20 * (x % shades)).Entropy, 0.02);

    [Fact]
    public void Detail_is_what_a_mean_takes_away()
    {
        // Columns of 100 and 140: the 3×3 mean is a third of the way over,
        // so it takes two thirds of the distance to the middle and a third of it again.
        var stripes = Of((x, _) => x % 2 == 0 ? 100 : 140).Detail;
        var wide = Of((x, _) => x % 16 < 8 ? 100 : 140).Detail;
        Assert.Equal(4 / 3.0, stripes, 0.05);
        Assert.InRange(wide, 0.2, 0.6);
    }

    [Fact]
    public void What_lies_beyond_the_picture_does_not_count()
    {
        // Only the upper part of the face is in the picture; what is missing is not black.
        Assert.Equal(0, Of((_, _) => 120, 112, 80).Dark);
        using var elsewhere = new Image(20, 20);
        var far = new FacePoints(new(500, 500), new(540, 500), new(520, 525), new(505, 545), new(535, 545));
        Assert.True(float.IsNaN(FaceTexture.Of(elsewhere, far, new float[FaceTexture.BufferLength]).Dark));
    }
}
