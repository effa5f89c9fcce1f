using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Images;

/// <summary>Reads an image through a transform, straight into the normalised planes that a network takes.</summary>
internal static class Resampler
{
    /// <summary>
    /// Fills <paramref name="planes"/> with a crop. Bilinear; where the image is shrunk by more than 1.5 each target pixel is the mean
    /// of a grid of samples, so that nothing between them is skipped. Beyond the image lies black.
    /// </summary>
    /// <param name="image">What is read.</param>
    /// <param name="toSource">From target to image coordinates (pixel centres at whole numbers).</param>
    /// <param name="layout">Size, channels and normalisation of the target.</param>
    /// <param name="planes">Takes <see cref="PixelLayout.Length"/> numbers.</param>
    /// <param name="mirrored">Whether the target is mirrored left to right.</param>
    public static void Crop(Image image, SimilarityTransform toSource, PixelLayout layout, Span<float> planes, bool mirrored = false)
    {
        var normalisation = new Normalisation(layout);
        for (var y = 0; y < layout.Height; y++)
            for (var x = 0; x < layout.Width; x++)
                normalisation.Store(Sample(image, toSource, x, y), planes, y * layout.Width + (mirrored ? layout.Width - 1 - x : x));
    }

    /// <summary>Makes an image of a crop; see the other <c>Crop</c>.</summary>
    public static Image Crop(Image image, SimilarityTransform toSource, int width, int height)
    {
        var crop = new Image(width, height);
        for (var y = 0; y < height; y++)
        {
            var row = crop.Row(y);
            for (var x = 0; x < width; x++)
            {
                var rgb = Sample(image, toSource, x, y) + new Vector3(0.5f);
                (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = ((byte)rgb.X, (byte)rgb.Y, (byte)rgb.Z);
            }
        }
        return crop;
    }

    private static Vector3 Sample(Image image, SimilarityTransform toSource, int x, int y)
    {
        var pixels = image.Pixels;
        var samples = Math.Clamp((int)MathF.Round(toSource.Scale), 1, 16);
        Vector3 sum = default;
        for (var j = 0; j < samples; j++)
            for (var i = 0; i < samples; i++)
            {
                var source = toSource.Apply(new(x + (i + 0.5f) / samples - 0.5f, y + (j + 0.5f) / samples - 0.5f));
                sum += Bilinear(pixels, image.Width, image.Height, source.X, source.Y);
            }
        return sum / (samples * samples);
    }

    /// <summary>
    /// Fills <paramref name="planes"/> with the image scaled by the two factors, its top left corner on the target's; what is beyond the
    /// image is black. Each target pixel is the mean of the area it covers (bilinear where the image is enlarged).
    /// </summary>
    public static void Place(Image image, float scaleX, float scaleY, PixelLayout layout, Span<float> planes)
    {
        var normalisation = new Normalisation(layout);
        var width = Math.Min(layout.Width, (int)MathF.Ceiling(image.Width * scaleX - 1e-3f));
        var height = Math.Min(layout.Height, (int)MathF.Ceiling(image.Height * scaleY - 1e-3f));
        var columns = new Taps(image.Width, width, scaleX);
        var rows = new Taps(image.Height, height, scaleY);
        var row = new Vector3[width];
        for (var y = 0; y < height; y++)
        {
            Array.Clear(row);
            for (var (j, end) = (rows.First[y], rows.First[y] + rows.Count[y]); j < end; j++)
            {
                var weight = rows.Weights[rows.Offset[y] + j - rows.First[y]];
                var source = image.Row(j);
                for (var x = 0; x < width; x++)
                {
                    Vector3 sum = default;
                    var at = 3 * columns.First[x];
                    var weights = columns.Weights.AsSpan(columns.Offset[x], columns.Count[x]);
                    foreach (var w in weights)
                    {
                        sum += w * new Vector3(source[at], source[at + 1], source[at + 2]);
                        at += 3;
                    }
                    row[x] += weight * sum;
                }
            }
            for (var x = 0; x < width; x++)
                normalisation.Store(row[x], planes, y * layout.Width + x);
            for (var x = width; x < layout.Width; x++)
                normalisation.Store(default, planes, y * layout.Width + x);
        }
        for (var i = height * layout.Width; i < layout.Width * layout.Height; i++)
            normalisation.Store(default, planes, i);
    }

    /// <summary>
    /// Makes an image scaled down by a whole factor: each pixel is the mean of a square.
    /// A rest at the right and lower edge that fills no square is left out.
    /// </summary>
    /// <param name="image">What is read; at least <paramref name="factor"/> pixels wide and high.</param>
    /// <param name="factor">1 or more.</param>
    public static Image Reduce(Image image, int factor)
    {
        var reduced = new Image(image.Width / factor, image.Height / factor);
        using var rows = new RowReducer(reduced, factor);
        for (var y = 0; y < reduced.Height * factor; y++)
            rows.Add(image.Row(y));
        return reduced;
    }

    /// <summary>Fills <paramref name="planes"/> with a piece of the image as it is; what is beyond the image is black.</summary>
    public static void Cut(Image image, int left, int top, PixelLayout layout, Span<float> planes)
    {
        var normalisation = new Normalisation(layout);
        var width = Math.Min(layout.Width, image.Width - left);
        for (var y = 0; y < layout.Height; y++)
        {
            var source = top + y < image.Height ? image.Row(top + y)[(3 * left)..] : [];
            var inside = source.IsEmpty ? 0 : width;
            for (var x = 0; x < inside; x++)
                normalisation.Store(new Vector3(source[3 * x], source[3 * x + 1], source[3 * x + 2]), planes, y * layout.Width + x);
            for (var x = inside; x < layout.Width; x++)
                normalisation.Store(default, planes, y * layout.Width + x);
        }
    }

    private static Vector3 Bilinear(ReadOnlySpan<byte> pixels, int width, int height, float x, float y)
    {
        var (fx, fy) = (MathF.Floor(x), MathF.Floor(y));
        var (ix, iy) = ((int)fx, (int)fy);
        var (u, v) = (x - fx, y - fy);
        if (ix >= 0 && iy >= 0 && ix < width - 1 && iy < height - 1)
        {
            var at = 3 * (iy * width + ix);
            var top = pixels.Slice(at, 6);
            var bottom = pixels.Slice(at + 3 * width, 6);
            return (1 - v) * ((1 - u) * new Vector3(top[0], top[1], top[2]) + u * new Vector3(top[3], top[4], top[5]))
                + v * ((1 - u) * new Vector3(bottom[0], bottom[1], bottom[2]) + u * new Vector3(bottom[3], bottom[4], bottom[5]));
        }
        return (1 - v) * ((1 - u) * At(pixels, width, height, ix, iy) + u * At(pixels, width, height, ix + 1, iy))
            + v * ((1 - u) * At(pixels, width, height, ix, iy + 1) + u * At(pixels, width, height, ix + 1, iy + 1));
    }

    private static Vector3 At(ReadOnlySpan<byte> pixels, int width, int height, int x, int y)
    {
        // Beyond the image lies black, as in the warps that embedders are trained on.
        if ((uint)x >= (uint)width || (uint)y >= (uint)height)
            return default;
        var at = 3 * (y * width + x);
        return new(pixels[at], pixels[at + 1], pixels[at + 2]);
    }

    /// <summary>Writes a pixel into the planes as the layout wants it.</summary>
    private readonly struct Normalisation
    {
        private readonly ChannelOrder _channels;
        private readonly int _plane;
        private readonly Vector3 _mean;
        private readonly Vector3 _scale;

        public Normalisation(PixelLayout layout)
        {
            _channels = layout.Channels;
            _plane = layout.Width * layout.Height;
            _mean = ToVector(layout.Mean);
            _scale = Vector3.Divide(Vector3.One, ToVector(layout.Deviation));
        }

        public void Store(Vector3 rgb, Span<float> planes, int at)
        {
            if (_channels == ChannelOrder.Grey)
            {
                planes[at] = (Vector3.Dot(rgb, new(0.299f, 0.587f, 0.114f)) - _mean.X) * _scale.X;
                return;
            }
            var value = ((_channels == ChannelOrder.Bgr ? new Vector3(rgb.Z, rgb.Y, rgb.X) : rgb) - _mean) * _scale;
            planes[at] = value.X;
            planes[at + _plane] = value.Y;
            planes[at + 2 * _plane] = value.Z;
        }
    }

    private static Vector3 ToVector(IReadOnlyList<float> perPlane) =>
        perPlane.Count == 1 ? new Vector3(perPlane[0]) : new Vector3(perPlane[0], perPlane[1], perPlane[2]);

    /// <summary>For each target pixel of one axis the source pixels it is made of, with weights that sum to 1.</summary>
    private readonly struct Taps
    {
        public readonly int[] First;
        public readonly int[] Count;
        public readonly int[] Offset;
        public readonly float[] Weights;

        public Taps(int source, int target, float scale)
        {
            First = new int[target];
            Count = new int[target];
            Offset = new int[target];
            var weights = new List<float>(target * 3);
            // A tent as wide as a target pixel or a source pixel, whichever is larger:
            // an area mean when shrinking, bilinear when enlarging.
            var radius = MathF.Max(1, 1 / scale);
            for (var i = 0; i < target; i++)
            {
                var centre = (i + 0.5f) / scale - 0.5f;
                var first = Math.Clamp((int)MathF.Ceiling(centre - radius + 1e-4f), 0, source - 1);
                var last = Math.Clamp((int)MathF.Floor(centre + radius - 1e-4f), first, source - 1);
                First[i] = first;
                Count[i] = last - first + 1;
                Offset[i] = weights.Count;
                var sum = 0f;
                for (var j = first; j <= last; j++)
                {
                    var weight = MathF.Max(1e-6f, 1 - MathF.Abs(j - centre) / radius);
                    weights.Add(weight);
                    sum += weight;
                }
                for (var j = Offset[i]; j < weights.Count; j++)
                    weights[j] /= sum;
            }
            Weights = [.. weights];
        }
    }
}
