using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MatchEngine.Faces.Alignment;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Quality.Assessment;

/// <summary>
/// Luminance of a face as recognition sees it: an ellipse from brows to chin in the aligned 112×112 crop.
/// What lies beyond the picture does not count.
/// </summary>
/// <param name="Dark">Share of pixels with luminance 0 … 25, 0 … 1 (ISO/IEC 29794-5, under-exposure).</param>
/// <param name="Bright">Share of pixels with luminance 247 … 255, 0 … 1 (over-exposure).</param>
/// <param name="Entropy">Entropy of the luminance, in bits (dynamic range).</param>
/// <param name="Detail">Root mean square of what a 3×3 mean takes away, over the standard deviation.</param>
internal readonly record struct FaceTexture(float Dark, float Bright, float Entropy, float Detail)
{
    private const int Side = 112;

    // Luminance as ITU-R BT.601 has it, 0 … 255.
    private static readonly PixelLayout Luminance = new(Side, Side, ChannelOrder.Grey, [0f], [1f]);

    // The ellipse's middle and half axes; it takes in brows, cheeks and chin of an average face and little else.
    private const float MiddleX = 56, MiddleY = 70, HalfWidth = 38, HalfHeight = 48;

    // A face of one shade has no detail; below this standard deviation there is only rounding.
    private const double LeastContrast = 1;

    /// <summary>Numbers a caller's buffer must hold.</summary>
    public const int BufferLength = Side * Side;

    /// <summary>Looks at a face.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="points">The points it is aligned by.</param>
    /// <param name="luminance">A buffer of <see cref="BufferLength"/>; cleared on return.</param>
    public static FaceTexture Of(Image image, FacePoints points, Span<float> luminance)
    {
        var toSource = FaceAligner.ToSource112(points);
        Resampler.Crop(image, toSource, Luminance, luminance);
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        var (count, sum, squares, detail) = (0, 0.0, 0.0, 0.0);
        for (var y = 1; y < Side - 1; y++)
        {
            var down = (y - MiddleY) / HalfHeight;
            for (var x = 1; x < Side - 1; x++)
            {
                var across = (x - MiddleX) / HalfWidth;
                if (across * across + down * down > 1)
                    continue;
                var source = toSource.Apply(new(x, y));
                if (source.X < 0 || source.Y < 0 || source.X > image.Width - 1 || source.Y > image.Height - 1)
                    continue;
                var at = y * Side + x;
                var value = luminance[at];
                count++;
                sum += value;
                squares += (double)value * value;
                histogram[(int)Math.Clamp(value + 0.5f, 0, 255)]++;
                var mean = 0f;
                for (var row = at - Side; row <= at + Side; row += Side)
                    mean += luminance[row - 1] + luminance[row] + luminance[row + 1];
                var fine = value - mean / 9;
                detail += fine * fine;
            }
        }
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(luminance));
        if (count == 0)
            return new FaceTexture(float.NaN, float.NaN, float.NaN, float.NaN);
        var (dark, bright, entropy) = (0, 0, 0.0);
        for (var level = 0; level < histogram.Length; level++)
        {
            var share = histogram[level] / (double)count;
            entropy -= share > 0 ? share * Math.Log2(share) : 0;
            dark += level <= 25 ? histogram[level] : 0;
            bright += level >= 247 ? histogram[level] : 0;
        }
        histogram.Clear();
        var contrast = Math.Sqrt(Math.Max(0, squares / count - sum / count * (sum / count)));
        return new FaceTexture(
            (float)dark / count, (float)bright / count, (float)entropy,
            contrast < LeastContrast ? 0 : (float)(Math.Sqrt(detail / count) / contrast));
    }
}
