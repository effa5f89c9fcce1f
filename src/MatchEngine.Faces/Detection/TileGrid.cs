using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>Tiles as large as a network's input that cover an image and overlap.</summary>
internal static class TileGrid
{
    /// <summary>By how much one level of tiles is coarser than the next.</summary>
    public const int LevelRatio = 4;

    /// <summary>
    /// The largest face that tiles are asked for, in their overlaps: by luck it lies whole in one,
    /// and beyond begins what the next level sees.
    /// </summary>
    public const float LargestFace = 1.25f;

    // Below this there is nothing in the tiles that the whole image would not show nearly as large.
    private const float MinGain = 1.3f;

    /// <summary>
    /// Whether tiles of the image shrunk by a factor show faces much larger than the whole image scaled to the input does.
    /// </summary>
    public static bool IsWorthwhile(Image image, int shrink, PixelLayout input) =>
        Math.Min(image.Width, image.Height) >= shrink
            && MathF.Max(image.Width / (float)input.Width, image.Height / (float)input.Height) >= MinGain * shrink;

    /// <summary>The tiles of an image: evenly spread, the outer ones at its edges.</summary>
    /// <param name="image">The image, already shrunk.</param>
    /// <param name="input">Sides of a tile.</param>
    /// <param name="overlap">Pixels that neighbours share at the least.</param>
    public static IEnumerable<Tile> Of(Image image, PixelLayout input, int overlap)
    {
        foreach (var y in Starts(image.Height, input.Height, overlap))
        {
            foreach (var x in Starts(image.Width, input.Width, overlap))
                yield return new Tile(x, y, input.Width, input.Height, image.Width, image.Height);
        }
    }

    private static int[] Starts(int length, int side, int overlap)
    {
        if (length <= side)
            return [0];
        var steps = (int)Math.Ceiling((length - side) / (double)(side - overlap));
        return [.. Enumerable.Range(0, steps + 1).Select(i => (int)((long)i * (length - side) / steps))];
    }
}

/// <summary>A tile.</summary>
/// <param name="X">Left edge in the image.</param>
/// <param name="Y">Top edge in the image.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
/// <param name="ImageWidth">Width of the image.</param>
/// <param name="ImageHeight">Height of the image.</param>
internal readonly record struct Tile(int X, int Y, int Width, int Height, int ImageWidth, int ImageHeight)
{
    /// <summary>
    /// Whether an edge of the tile that lies within the image cuts a box, given in the tile's pixels: its face is whole in a neighbour,
    /// or too large for this level.
    /// </summary>
    public bool Cuts(BoundingBox box) =>
        (box.X < 0 && X > 0) || (box.Y < 0 && Y > 0) || (box.Right > Width && X + Width < ImageWidth)
            || (box.Bottom > Height && Y + Height < ImageHeight);
}
