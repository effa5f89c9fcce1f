using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class ImagePreparationTests
{
    [Theory]
    [InlineData(90), InlineData(-90), InlineData(180), InlineData(-180), InlineData(0)]
    public void A_crop_and_quarters_move_pixels_and_change_none(double turn)
    {
        using var photo = Photo(11, 7);
        var crop = new PhotoCrop(2, 1, 6, 5);
        using var prepared = new ImagePreparation(crop, turn).Apply(photo);
        Assert.Equal(Math.Abs(turn) == 90 ? (5, 6) : (6, 5), (prepared.Picture.Width, prepared.Picture.Height));
        for (var y = 0; y < prepared.Picture.Height; y++)
            for (var x = 0; x < prepared.Picture.Width; x++)
            {
                // By hand: the upper edge of what was turned clockwise was the left one.
                var (fromX, fromY) = turn switch
                {
                    90 => (y, crop.Height - 1 - x),
                    -90 => (crop.Width - 1 - y, x),
                    180 or -180 => (crop.Width - 1 - x, crop.Height - 1 - y),
                    _ => (x, y),
                };
                Assert.Equal(photo.Row(crop.Y + fromY).Slice(3 * (crop.X + fromX), 3), prepared.Picture.Row(y).Slice(3 * x, 3));
                Assert.Equal(new Vector2(crop.X + fromX, crop.Y + fromY), prepared.ToOriginal(new Vector2(x, y)));
                Assert.Equal(new Vector2(x, y), prepared.FromOriginal(new Vector2(crop.X + fromX, crop.Y + fromY)));
            }
        Assert.Equal(
            new BoundingBox(2, 1, 6, 5), prepared.ToOriginal(new BoundingBox(0, 0, prepared.Picture.Width, prepared.Picture.Height)));
    }

    [Fact]
    public void A_turned_picture_keeps_its_corners_and_nothing_from_beyond_the_crop_comes_into_it()
    {
        using var photo = new Image(60, 60);
        photo.Pixels.Fill(200);
        using var prepared = new ImagePreparation(new PhotoCrop(20, 20, 20, 20), 45).Apply(photo);
        Assert.InRange(prepared.Picture.Width, 28, 29);
        Assert.Equal(0, prepared.Picture.Row(1)[3]);
        Assert.Equal(200, prepared.Picture.Row(14)[3 * 14]);
        // Beyond the crop the photo is as light as within it, and the corners are black all the same.
        Assert.Equal(0, prepared.Picture.Row(27)[3 * 27]);
        Assert.Equal(200, photo.Pixels[0]);
    }

    [Fact]
    public void Light_is_brightness_then_contrast_then_gamma_as_in_the_filters_of_browsers()
    {
        using var photo = new Image(3, 1);
        ((ReadOnlySpan<byte>)[0, 50, 100, 128, 180, 255, 20, 30, 40]).CopyTo(photo.Pixels);
        using var brighter = new ImagePreparation(Brightness: 150).Apply(photo);
        Assert.Equal([0, 75, 150, 192, 255, 255, 30, 45, 60], brighter.Picture.Pixels.ToArray());
        using var flatter = new ImagePreparation(Contrast: 50).Apply(photo);
        Assert.Equal([64, 89, 114, 128, 154, 191, 74, 79, 84], flatter.Picture.Pixels.ToArray());
        // (20 / 255) ^ (1 / 2) of 255 is 71.4.
        using var lighter = new ImagePreparation(Gamma: 2).Apply(photo);
        Assert.Equal([0, 113, 160, 181, 214, 255, 71, 87, 101], lighter.Picture.Pixels.ToArray());
        using var all = new ImagePreparation(Brightness: 150, Contrast: 50, Gamma: 2).Apply(photo);
        // 50 → 75 → 101 → 161.
        Assert.InRange(all.Picture.Pixels[1], 160, 161);
    }

    [Theory]
    [InlineData(double.NaN, 100, 100, 1, "turn"), InlineData(181, 100, 100, 1, "turn"), InlineData(0, 19, 100, 1, "brightness")]
    [InlineData(0, double.PositiveInfinity, 100, 1, "brightness"), InlineData(0, 100, 301, 1, "contrast")]
    [InlineData(0, 100, 100, 0, "gamma"), InlineData(0, 100, 100, double.NaN, "gamma")]
    public void A_number_out_of_its_range_is_told_by_its_name(double turn, double brightness, double contrast, double gamma, string name)
    {
        var preparation = new ImagePreparation(null, turn, brightness, contrast, gamma);
        Assert.StartsWith(name, preparation.Fault(), StringComparison.Ordinal);
        using var photo = Photo(2, 2);
        Assert.Throws<ArgumentException>(() => preparation.Apply(photo).Dispose());
    }

    [Theory]
    [InlineData(-1, 0, 1, 1), InlineData(0, 0, 0, 1), InlineData(0, 0, 1, int.MinValue), InlineData(int.MaxValue, 0, 1, 1)]
    public void A_crop_that_is_none_is_told(int x, int y, int width, int height) => Assert.StartsWith(
        "crop", new ImagePreparation(new PhotoCrop(x, y, width, height)).Fault(), StringComparison.Ordinal);

    [Fact]
    public void A_crop_beyond_the_photo_leaves_no_face_and_one_over_its_edge_leaves_what_is_there()
    {
        using var photo = Photo(10, 10);
        var error = Assert.Throws<AcquisitionException>(() => new ImagePreparation(new PhotoCrop(10, 0, 5, 5)).Apply(photo).Dispose());
        Assert.Equal(AcquisitionFailure.NoFace, error.Reason);
        Assert.Contains("10 × 10", error.Message, StringComparison.Ordinal);
        using var edge = new ImagePreparation(new PhotoCrop(8, 9, ImagePreparation.LongestSide, ImagePreparation.LongestSide)).Apply(photo);
        Assert.Equal((2, 1), (edge.Picture.Width, edge.Picture.Height));
    }

    [Fact]
    public void A_picture_held_scaled_down_is_cut_by_the_pixels_of_its_file()
    {
        using var held = new Image(50, 40, 200, 160);
        using var prepared = new ImagePreparation(new PhotoCrop(40, 20, 80, 60), 90).Apply(held);
        Assert.Equal((15, 20), (prepared.Picture.Width, prepared.Picture.Height));
        Assert.Equal(new BoundingBox(40, 20, 80, 60), prepared.ToOriginal(new BoundingBox(0, 0, 15, 20)));
    }

    [Fact]
    public void A_long_strip_does_not_grow_without_bounds_when_it_is_turned()
    {
        using var strip = Photo(60_000, 10);
        using var prepared = new ImagePreparation(Turn: 45).Apply(strip);
        Assert.InRange((long)prepared.Picture.Width * prepared.Picture.Height, 15_000_000, 16_000_000);
        Assert.Equal(30_000, prepared.ToOriginal(new Vector2((prepared.Picture.Width - 1) / 2f, (prepared.Picture.Height - 1) / 2f)).X, 1f);
    }

    [Fact]
    public void What_is_done_is_said_in_its_order_and_nothing_where_nothing_is()
    {
        Assert.Equal(
            ["cut to 300 × 400 pixels at 20, 30", "turned 12.5° anticlockwise", "brightness 120 %", "contrast 90 %", "gamma 1.2"],
            new ImagePreparation(new PhotoCrop(20, 30, 300, 400), -12.5, 120, 90, 1.2).Steps());
        Assert.Empty(new ImagePreparation().Steps());
        Assert.True(new ImagePreparation().LeavesAsItIs());
        Assert.False(new ImagePreparation(Gamma: 1.1).LeavesAsItIs());
    }

    private static Image Photo(int width, int height)
    {
        var image = new Image(width, height);
        for (var at = 0; at < image.Pixels.Length; at++)
            image.Pixels[at] = (byte)(at * 7 % 251);
        return image;
    }
}
