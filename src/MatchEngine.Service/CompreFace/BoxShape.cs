using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Service.CompreFace;

/// <summary>Where a face is, in whole pixels of the upright image, and how sure the detector is of it, 0 … 1.</summary>
internal sealed record BoxShape(double Probability, int XMax, int YMax, int XMin, int YMin)
{
    public static BoxShape Of(ProbeFace face) => new(
        Math.Round((double)face.Confidence, 5), Right(face.Box), Bottom(face.Box),
        (int)Math.Floor(face.Box.X), (int)Math.Floor(face.Box.Y));

    private static int Right(BoundingBox box) => (int)Math.Ceiling(box.Right);

    private static int Bottom(BoundingBox box) => (int)Math.Ceiling(box.Bottom);
}
