using MatchEngine.Faces.Geometry;

namespace MatchEngine.Sqlite.Book;

/// <summary>Where a face is, as it stands in a column: pixels of the upright photo, to a tenth.</summary>
internal sealed record StoredBox(double X, double Y, double Width, double Height)
{
    public static string? Write(BoundingBox? box) => box is not { } value
        ? null
        : StoredJson.Write(new StoredBox(
            Math.Round(value.X, 1), Math.Round(value.Y, 1), Math.Round(value.Width, 1), Math.Round(value.Height, 1)));

    public static BoundingBox? Read(string? text) => text is null
        ? null
        : StoredJson.Read<StoredBox>(text) is var box
            ? new BoundingBox((float)box.X, (float)box.Y, (float)box.Width, (float)box.Height)
            : null;
}
