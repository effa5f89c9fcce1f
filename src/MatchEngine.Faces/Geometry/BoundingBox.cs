namespace MatchEngine.Faces.Geometry;

/// <summary>
/// An upright rectangle in pixels of the upright image (orientation applied, as large as in its file); the origin is the top left corner.
/// It may reach over the image's edge.
/// </summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width, above 0.</param>
/// <param name="Height">Height, above 0.</param>
public readonly record struct BoundingBox(float X, float Y, float Width, float Height)
{
    /// <summary>Width times height, in square pixels.</summary>
    public float Area => Width * Height;

    /// <summary>Right edge.</summary>
    public float Right => X + Width;

    /// <summary>Bottom edge.</summary>
    public float Bottom => Y + Height;

    /// <summary>Area that is shared with <paramref name="other"/>, in square pixels.</summary>
    public float Intersection(BoundingBox other)
    {
        var width = MathF.Min(Right, other.Right) - MathF.Max(X, other.X);
        var height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Y, other.Y);
        return width <= 0 || height <= 0 ? 0 : width * height;
    }

    /// <summary>Area of the intersection over area of the union with <paramref name="other"/>, 0 … 1.</summary>
    public float IntersectionOverUnion(BoundingBox other)
    {
        var intersection = Intersection(other);
        return intersection > 0 ? intersection / (Area + other.Area - intersection) : 0;
    }
}
