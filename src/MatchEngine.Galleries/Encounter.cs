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
    // A face may reach over the edge of its image, and a detector may guess how far; not by images.
    private const int MaxOverhang = 10;

    /// <summary>Overall quality of the face when it was enrolled, 0 … 100; null where nobody assessed it.</summary>
    public double? Quality { get; init; }

    /// <summary>What cannot be of an encounter that an enrolment made, its id included; null when all can.</summary>
    public string? Problem()
    {
        if (Galleries.SubjectId.Problem(SubjectId) is { } problem)
            return problem;
        if (ImageSha256 is not { Length: 64 } || !ImageSha256.All(char.IsAsciiHexDigitLower))
            return "the image's SHA-256 is none";
        if (Face < 1 || FacesFound < Face)
            return $"face {Face} of {FacesFound} is none";
        if (Id != EncounterId.Of(SubjectId, Convert.FromHexString(ImageSha256), Face))
            return "the encounter's id is not the one of its subject, image and face";
        if (ImageWidth < 1 || ImageHeight < 1)
            return $"an image of {ImageWidth} × {ImageHeight} pixels is none";
        var reach = (float)MaxOverhang * Math.Max(ImageWidth, ImageHeight);
        if (!(Box.Width > 0 && Box.Height > 0 && Box.X >= -reach && Box.Y >= -reach && Box.Right <= reach && Box.Bottom <= reach))
            return "the face lies nowhere in its image";
        if (!(Confidence >= 0 && Confidence <= 1))
            return $"a confidence of {Confidence} lies outside 0 … 1";
        return Quality is { } quality && !(quality >= 0 && quality <= 100) ? $"a quality of {quality} lies outside 0 … 100" : null;
    }
}
