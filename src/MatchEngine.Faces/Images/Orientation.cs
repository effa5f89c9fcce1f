namespace MatchEngine.Faces.Images;

/// <summary>
/// The eight orientations of EXIF (tag 0x0112, CIPA DC-008): where row 0 and column 0 of the stored picture lie in the upright one.
/// </summary>
internal static class Orientation
{
    /// <summary>Copies rows of the stored picture to their places in the upright one.</summary>
    /// <param name="rows">Whole stored rows of RGB pixels.</param>
    /// <param name="width">Width of the stored picture.</param>
    /// <param name="height">Height of the stored picture.</param>
    /// <param name="top">The stored picture's row with which <paramref name="rows"/> begins.</param>
    /// <param name="orientation">1 … 8; anything else counts as 1.</param>
    /// <param name="upright">Takes the pixels; sides are exchanged for 5 … 8.</param>
    public static void Place(ReadOnlySpan<byte> rows, int width, int height, int top, int orientation, Image upright)
    {
        var pixels = upright.Pixels;
        var stride = upright.Width;
        for (var y = top; !rows.IsEmpty; y++, rows = rows[(3 * width)..])
        {
            var row = rows[..(3 * width)];
            // Where stored pixel (0, y) goes, and how far apart the pixels of this row land.
            var (start, step) = orientation switch
            {
                2 => (y * stride + width - 1, -1),
                3 => ((height - 1 - y) * stride + width - 1, -1),
                4 => ((height - 1 - y) * stride, 1),
                5 => (y, stride),
                6 => (height - 1 - y, stride),
                7 => ((width - 1) * stride + height - 1 - y, -stride),
                8 => ((width - 1) * stride + y, -stride),
                _ => (y * stride, 1),
            };
            if (step == 1)
            {
                row.CopyTo(pixels[(3 * start)..]);
                continue;
            }
            for (var (x, target) = (0, 3 * start); x < row.Length; x += 3, target += 3 * step)
                (pixels[target], pixels[target + 1], pixels[target + 2]) = (row[x], row[x + 1], row[x + 2]);
        }
    }
}
