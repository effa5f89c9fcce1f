using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Tests.Images;

public sealed class ResamplerTests
{
    private static readonly SimilarityTransform Identity = new(1, 0, 0, 0);

    private static PixelLayout Layout(int width, int height, ChannelOrder channels = ChannelOrder.Rgb) => channels == ChannelOrder.Grey
        ? new(width, height, channels, [0], [1])
        : new(width, height, channels, [0, 0, 0], [1, 1, 1]);

    private static void Stretch(Image image, PixelLayout layout, float[] planes) =>
        Resampler.Place(image, layout.Width / (float)image.Width, layout.Height / (float)image.Height, layout, planes);

    private static Image Noise(int width, int height, int seed = 3)
    {
        var image = new Image(width, height);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    [Fact]
    public void The_identity_returns_every_pixel()
    {
        using var image = Noise(23, 17);
        using var copy = image.Crop(Identity, 23, 17);
        Assert.True(image.Pixels.SequenceEqual(copy.Pixels));
    }

    [Fact]
    public void Planes_follow_the_channel_order_and_the_normalisation()
    {
        using var image = Noise(4, 3);
        var layout = new PixelLayout(4, 3, ChannelOrder.Bgr, [10, 20, 30], [2, 4, 8]);
        var planes = new float[layout.Length];
        Resampler.Crop(image, Identity, layout, planes);
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal((image.Pixels[3 * i + 2] - 10) / 2f, planes[i], 1e-4);
            Assert.Equal((image.Pixels[3 * i + 1] - 20) / 4f, planes[12 + i], 1e-4);
            Assert.Equal((image.Pixels[3 * i] - 30) / 8f, planes[24 + i], 1e-4);
        }
    }

    [Fact]
    public void Mirroring_reverses_each_row()
    {
        using var image = Noise(5, 2);
        var layout = Layout(5, 2, ChannelOrder.Grey);
        var (plain, mirrored) = (new float[10], new float[10]);
        Resampler.Crop(image, Identity, layout, plain);
        Resampler.Crop(image, Identity, layout, mirrored, mirrored: true);
        Assert.Equal([.. plain[..5].Reverse(), .. plain[5..].Reverse()], mirrored);
    }

    [Fact]
    public void Half_a_pixel_of_shift_gives_the_mean_of_neighbours()
    {
        using var image = Noise(9, 1);
        var planes = new float[9];
        Resampler.Crop(image, new(1, 0, 0.5f, 0), new(8, 1, ChannelOrder.Grey, [0], [1]), planes);
        var grey = Enumerable.Range(0, 9)
            .Select(x => 0.299f * image.Pixels[3 * x] + 0.587f * image.Pixels[3 * x + 1] + 0.114f * image.Pixels[3 * x + 2]).ToArray();
        for (var x = 0; x < 8; x++)
            Assert.Equal((grey[x] + grey[x + 1]) / 2, planes[x], 1e-3);
    }

    [Fact]
    public void Beyond_the_edge_lies_black()
    {
        using var image = new Image(2, 2);
        image.Pixels.Fill(200);
        using var crop = image.Crop(new(1, 0, -3, -3), 8, 8);
        Assert.Equal(0, crop.Pixels[0]);
        Assert.Equal(200, crop.Row(3)[9]);
    }

    [Theory]
    [InlineData(4), InlineData(8), InlineData(10)]
    public void Shrinking_a_checkerboard_gives_its_mean_not_a_pattern(int factor)
    {
        using var image = new Image(40 * factor, 40 * factor);
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                image.Row(y).Slice(3 * x, 3).Fill((byte)((x + y) % 2 * 255));
        using var crop = image.Crop(new(factor, 0, (factor - 1) / 2f, (factor - 1) / 2f), 40, 40);
        var stretched = new float[3 * 40 * 40];
        Stretch(image, Layout(40, 40), stretched);
        for (var y = 2; y < 38; y++)
            for (var x = 2; x < 38; x++)
            {
                Assert.InRange(crop.Row(y)[3 * x], 126, 129);
                Assert.InRange(stretched[y * 40 + x], 126, 129);
            }
    }

    [Fact]
    public void Stretching_to_the_same_sides_changes_nothing()
    {
        using var image = Noise(31, 19);
        var planes = new float[3 * 31 * 19];
        Stretch(image, Layout(31, 19), planes);
        for (var i = 0; i < 31 * 19; i++)
            for (var channel = 0; channel < 3; channel++)
                Assert.Equal(image.Pixels[3 * i + channel], planes[channel * 31 * 19 + i], 1e-2);
    }

    [Theory]
    [InlineData(1000, 7, 320, 240), InlineData(3, 3, 320, 240), InlineData(1, 1, 320, 240),
        InlineData(640, 480, 320, 240), InlineData(333, 777, 320, 240)]
    public void Stretching_keeps_the_range_and_the_mean(int width, int height, int toWidth, int toHeight)
    {
        using var image = Noise(width, height);
        var planes = new float[toWidth * toHeight];
        Stretch(image, Layout(toWidth, toHeight, ChannelOrder.Grey), planes);
        Assert.All(planes, value => Assert.InRange(value, -0.01f, 255.01f));
        double mean = 0;
        for (var i = 0; i < width * height; i++)
            mean += 0.299 * image.Pixels[3 * i] + 0.587 * image.Pixels[3 * i + 1] + 0.114 * image.Pixels[3 * i + 2];
        Assert.InRange(planes.Average() - mean / (width * height), -12, 12);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(16)]
    public void A_reduced_pixel_is_the_mean_of_its_square(int factor)
    {
        var random = new Random(factor);
        using var image = new Image(53, 37);
        random.NextBytes(image.Pixels);
        if (factor == 16)
            image.Pixels.Fill(255); // the largest sum there is
        using var reduced = Resampler.Reduce(image, factor);
        Assert.Equal((53 / factor, 37 / factor), (reduced.Width, reduced.Height));
        for (var y = 0; y < reduced.Height; y++)
        {
            for (var x = 0; x < 3 * reduced.Width; x++)
            {
                var sum = 0;
                for (var j = 0; j < factor * factor; j++)
                    sum += image.Row(y * factor + j / factor)[3 * (x / 3 * factor + j % factor) + x % 3];
                Assert.Equal((byte)Math.Floor(sum / (double)(factor * factor) + 0.5), reduced.Row(y)[x]);
            }
        }
    }

    [Fact]
    public void A_piece_is_cut_as_it_is_with_black_beyond_the_image()
    {
        using var image = new Image(5, 4);
        new Random(1).NextBytes(image.Pixels);
        var layout = new PixelLayout(4, 3, ChannelOrder.Bgr, [1, 2, 3], [2, 4, 8]);
        var planes = new float[layout.Length];
        Resampler.Cut(image, 3, 2, layout, planes);
        for (var y = 0; y < 3; y++)
        {
            for (var x = 0; x < 4; x++)
            {
                var inside = 3 + x < 5 && 2 + y < 4;
                float Value(int channel) => inside ? image.Row(2 + y)[3 * (3 + x) + channel] : 0;
                Assert.Equal(
                    [(Value(2) - 1) / 2, (Value(1) - 2) / 4, (Value(0) - 3) / 8],
                    new[] { planes[4 * y + x], planes[12 + 4 * y + x], planes[24 + 4 * y + x] });
            }
        }
    }
}
