using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Quality.Assessment;

/// <summary>
/// Traces of the 8×8 blocks that JPEG and its kin code a picture by: at strong compression brightness steps where blocks meet (blockiness
/// after Wang, Sheikh and Bovik, ICIP 2002). The grid may begin anywhere: crops move it.
/// </summary>
internal static class BlockEdges
{
    private const int Block = 8;

    // Beyond this many rows or columns each way nothing new is learnt.
    private const int MaxLines = 256;

    // Added to the steps' mean, in luminance levels: smooth surfaces have hardly any steps, and their ratio would be noise.
    private const double Floor = 0.5;

    /// <summary>
    /// The mean step across the most visible grid over the mean step elsewhere, the mean of both directions; 1 where no grid stands out.
    /// NaN where the region is smaller than three blocks.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="box">Where the face is.</param>
    public static float Of(Image image, BoundingBox box)
    {
        var (left, right) = ((int)Math.Clamp(box.X, 0, image.Width), (int)Math.Clamp(box.Right, 0, image.Width));
        var (top, bottom) = ((int)Math.Clamp(box.Y, 0, image.Height), (int)Math.Clamp(box.Bottom, 0, image.Height));
        if (right - left < 3 * Block || bottom - top < 3 * Block)
            return float.NaN;
        var pixels = image.Pixels;
        var across = Ratio(pixels, 3 * (top * image.Width + left), 3, 3 * image.Width, right - left, bottom - top);
        var down = Ratio(pixels, 3 * (top * image.Width + left), 3 * image.Width, 3, bottom - top, right - left);
        return (float)((across + down) / 2);
    }

    private static double Ratio(ReadOnlySpan<byte> pixels, int start, int along, int lines, int length, int count)
    {
        Span<double> steps = stackalloc double[Block];
        Span<int> counts = stackalloc int[Block];
        steps.Clear();
        counts.Clear();
        var every = Math.Max(1, count / MaxLines);
        for (var line = 0; line < count; line += every)
        {
            var at = start + line * lines;
            var previous = Luminance(pixels, at);
            for (var i = 1; i < length; i++)
            {
                at += along;
                var value = Luminance(pixels, at);
                steps[i % Block] += Math.Abs(value - previous);
                counts[i % Block]++;
                previous = value;
            }
        }
        var (largest, sum) = (0.0, 0.0);
        for (var phase = 0; phase < Block; phase++)
        {
            var mean = steps[phase] / counts[phase];
            largest = Math.Max(largest, mean);
            sum += mean;
        }
        return (largest + Floor) / ((sum - largest) / (Block - 1) + Floor);
    }

    // 77, 150 and 29 of 256 are ITU-R BT.601's weights.
    private static int Luminance(ReadOnlySpan<byte> pixels, int at) => (77 * pixels[at] + 150 * pixels[at + 1] + 29 * pixels[at + 2]) >> 8;
}
