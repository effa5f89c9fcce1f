using MatchEngine.Faces.Geometry;

namespace MatchEngine.Galleries;

/// <summary>One capture event of a subject: one face of one image.</summary>
/// <param name="Id">Derived from the subject's id, the image's content and the face's number, so that enrolling the same again gives the
/// same id; see <see cref="EncounterId"/>.</param>
/// <param name="SubjectId">The subject it belongs to.</param>
/// <param name="Image">Where the image was when it was enrolled: a path or whatever reference the source gave. The gallery holds no
/// pixels.</param>
/// <param name="ImageSha256">SHA-256 of the image's bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Face">The face's number in the image by size; 1 is the largest.</param>
/// <param name="FacesFound">How many faces the image shows.</param>
/// <param name="Box">Where the face is, in pixels of the upright image.</param>
/// <param name="Confidence">The detector's confidence, 0 … 1.</param>
/// <param name="ImageWidth">Width of the upright image in pixels.</param>
/// <param name="ImageHeight">Height of the upright image in pixels.</param>
/// <param name="SourceUrl">Where the image came from, or null.</param>
/// <param name="Metadata">The keys and values that came with this image.</param>
/// <param name="Enrolled">When it was enrolled (UTC).</param>
public sealed record Encounter(
    string Id,
    string SubjectId,
    string Image,
    string ImageSha256,
    int Face,
    int FacesFound,
    BoundingBox Box,
    float Confidence,
    int ImageWidth,
    int ImageHeight,
    string? SourceUrl,
    IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset Enrolled)
{
    /// <summary>Overall quality of the face when it was enrolled, 0 … 100; null where nobody assessed it.</summary>
    public double? Quality { get; init; }
}
