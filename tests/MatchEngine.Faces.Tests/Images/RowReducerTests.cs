using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class RowReducerTests
{
    [Theory]
    [InlineData(7, 5, 1), InlineData(7, 5, 2), InlineData(9, 9, 3), InlineData(40, 33, 20)]
    public void Each_pixel_is_the_mean_of_its_square_and_the_rest_is_left_out(int width, int height, int factor)
    {
        using var image = new Image(width, height);
        new Random(4).NextBytes(image.Pixels);
        using var reduced = new Image(width / factor, height / factor);
        using var rows = new RowReducer(reduced, factor);
        for (var y = 0; y < height; y++)
            rows.Add(image.Row(y));
        for (var y = 0; y < reduced.Height; y++)
            for (var i = 0; i < 3 * reduced.Width; i++)
            {
                var mean = Enumerable.Range(0, factor * factor).Average(
                    j => image.Row(y * factor + j / factor)[3 * (i / 3 * factor + j % factor) + i % 3]);
                Assert.Equal(mean, reduced.Row(y)[i], 0.5001);
            }
    }
}
