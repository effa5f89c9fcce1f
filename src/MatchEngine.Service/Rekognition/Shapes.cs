using System.Text.Json;
using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rekognition;

/// <summary>What stands beside the bytes of an image.</summary>
/// <param name="S3Object">A place of another service, which is refused.</param>
internal sealed record ImageShape(JsonElement? S3Object = null);

/// <summary>Where a face is, as parts of the image's width and height.</summary>
internal sealed record BoundingBoxShape(double Width, double Height, double Left, double Top)
{
    public static BoundingBoxShape Of(BoundingBox box, int width, int height) =>
        new((double)box.Width / width, (double)box.Height / height, (double)box.X / width, (double)box.Y / height);
}

/// <summary>A face of an image that is not enrolled; the detector's confidence is 0 … 100.</summary>
internal sealed record FaceDetailShape(BoundingBoxShape BoundingBox, double Confidence)
{
    public static FaceDetailShape Of(ProbeFace face) =>
        new(BoundingBoxShape.Of(face.Box, face.ImageWidth, face.ImageHeight), Percent(face.Confidence));

    public static double Percent(float confidence) => Math.Round(100.0 * confidence, 4);
}

/// <summary>An enrolled face: an encounter.</summary>
/// <param name="FaceId">The encounter's id in the form of a UUID.</param>
/// <param name="BoundingBox">Where it is.</param>
/// <param name="ImageId">The first half of the photo's SHA-256 in the same form; told to those alone who keep the gallery.</param>
/// <param name="ExternalImageId">What the client called the image, as far as the reader may see it.</param>
/// <param name="Confidence">The detector's, 0 … 100.</param>
/// <param name="IndexFacesModelVersion">The model's card; told to those alone who keep the gallery.</param>
/// <param name="UserId">The user that the face is associated with, as far as the reader may see it.</param>
internal sealed record FaceShape(
    string FaceId, BoundingBoxShape BoundingBox, string? ImageId, string? ExternalImageId, double Confidence,
    string? IndexFacesModelVersion, string? UserId)
{
    /// <summary>The key of an encounter's metadata that holds the external id of its image.</summary>
    public const string ExternalImageIdKey = "externalImageId";

    /// <summary>The key of a subject's biographics that names the user.</summary>
    public const string UserIdKey = "userId";

    /// <summary>An encounter for those who keep its gallery.</summary>
    public static FaceShape Kept(Encounter encounter, string model, string? user) => Of(encounter, user) with
    {
        ImageId = IdOf(encounter.ImageSha256[..32]),
        IndexFacesModelVersion = model,
    };

    /// <summary>The encounter of a candidate.</summary>
    public static FaceShape Of(Candidate candidate) =>
        Of(candidate.Encounter, candidate.Biographics.GetValueOrDefault(UserIdKey));

    /// <summary>An encounter's id as a UUID.</summary>
    public static string IdOf(string encounter) => Guid.ParseExact(encounter, "N").ToString("D");

    /// <summary>The encounter's id that a UUID is.</summary>
    /// <exception cref="ProblemException">It is no UUID.</exception>
    public static string EncounterOf(string? face) => Guid.TryParseExact(face, "D", out var id)
        ? id.ToString("N")
        : throw new ProblemException(Problem.BadValue, "a FaceId is a UUID, as IndexFaces and ListFaces give it");

    private static FaceShape Of(Encounter encounter, string? user) => new(
        IdOf(encounter.Id), BoundingBoxShape.Of(encounter.Box, encounter.ImageWidth, encounter.ImageHeight), null,
        encounter.Metadata.GetValueOrDefault(ExternalImageIdKey), FaceDetailShape.Percent(encounter.Confidence), null, user);
}
