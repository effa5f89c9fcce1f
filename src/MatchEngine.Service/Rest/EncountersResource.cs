using System.ComponentModel;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Rest;

/// <summary>What comes with photos to enrol.</summary>
/// <param name="Metadata">Keys and values of the encounter; the subject takes those which it does not have yet as biographics.
/// captured_on is the date of capture, from which a gallery's retention may count: 2026-01-31, or 2026-01-31T09:30:00Z with the difference
/// from UTC. Any other value of it is refused.</param>
/// <param name="SourceUrl">Where the photos came from.</param>
/// <param name="Face">What to do with photos that show several faces: only (refuse them), largest, central, each (every face is a subject
/// of its own), or the number of the one that is meant, by size from 1; null: as the gallery's profile says.</param>
/// <param name="StatedAge">The age of the person in the photos in years, by the keeper's word;
/// a profile may refuse or warn of children.</param>
/// <param name="AgreedTerms">The version of the terms that the person agreed to, where the gallery holds master images.</param>
/// <param name="Idc">Which face of a file with several face records is meant.</param>
public sealed record EncounterRequest(
    IReadOnlyDictionary<string, string>? Metadata = null, string? SourceUrl = null, string? Face = null, int? StatedAge = null,
    string? AgreedTerms = null, [property: Description(InterchangeProbe.IdcDescription)] int? Idc = null);

/// <summary>What became of one photo.</summary>
/// <param name="Image">The file's name as it came, or its place among the images, from 1.</param>
/// <param name="Status"><c>enrolled</c>, <c>duplicate</c> (it was there already) or <c>failed</c>.</param>
/// <param name="EncounterId">The encounter, when there is one.</param>
/// <param name="Code">Why it failed: <c>no_face</c>, <c>multiple_faces</c>, <c>undecodable</c>, …</param>
/// <param name="Detail">The same in a sentence, with the remedy; for an enrolled photo perhaps a warning.</param>
/// <param name="Notices">Faces that were left out; people who were enrolled by themselves.</param>
public sealed record PhotoResult(
    string Image, string Status, string? EncounterId, string? Code, string? Detail, IReadOnlyList<string> Notices)
{
    internal static PhotoResult Of(EnrolledPhoto photo) =>
        new(photo.Image, photo.Status.ToString().ToLowerInvariant(), photo.Encounter, photo.Code, photo.Detail, photo.Notices);
}

/// <summary>What became of the photos, in the order in which they came.</summary>
/// <param name="Enrolled">How many are new.</param>
/// <param name="Duplicates">How many were there already.</param>
/// <param name="Failed">How many gave nothing.</param>
/// <param name="Photos">Each of them.</param>
public sealed record EnrolmentResponse(int Enrolled, int Duplicates, int Failed, IReadOnlyList<PhotoResult> Photos);

/// <summary><c>/v1/galleries/{gallery}/subjects/{subject}/encounters</c>: enrolment of photos, and their removal.</summary>
internal static class EncountersResource
{
    private const string ImageName = "image";

    public static void Map(IEndpointRouteBuilder v1)
    {
        const string path = "/galleries/{gallery}/subjects/{subject}/encounters";
        v1.MapPost(path, Enrol)
            .Needs(Policies.KeepGallery).WithName("enrol").WithTags("subjects")
            .WithSummary("Enrol photos of a subject. Some may fail: each has its result. The same photo again changes nothing")
            .TakesImages<EncounterRequest>(new ImageField(ImageName, "A photo of the subject", Several: true))
            .Produces<EnrolmentResponse>(StatusCodes.Status201Created)
            .Produces<EnrolmentResponse>(StatusCodes.Status200OK).Problems(404, 409);
        v1.MapGet(
            path + "/{encounter}", (string gallery, string subject, string encounter, HttpContext context, KeepingSubjects subjects) =>
                EncounterWire.Of(subjects.FindEncounter(context.Actor(), gallery, subject, encounter)))
            .Needs(Policies.KeepGallery).WithName("getEncounter").WithSummary("An encounter").WithTags("subjects")
            .Produces<EncounterWire>().Problems(404);
        v1.MapDelete(
            path + "/{encounter}", (string gallery, string subject, string encounter, HttpContext context, KeepingSubjects subjects) =>
            {
                subjects.RemoveEncounter(context.Actor(), gallery, subject, encounter);
                return Results.NoContent();
            })
            .Needs(Policies.KeepGallery).WithName("removeEncounter")
            .WithSummary("Remove an encounter; the subject goes with its last one").WithTags("subjects")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
        v1.MapGet(
            path + "/{encounter}/crop", (string gallery, string subject, string encounter, HttpContext context, KeepingSubjects subjects) =>
                Results.Bytes(subjects.Crop(context.Actor(), gallery, subject, encounter), "image/jpeg"))
            .Needs(Policies.KeepGallery).WithName("getCrop")
            .WithSummary("The enlarged crop of the encounter's one face").WithTags("subjects")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(404);
    }

    private static async Task<IResult> Enrol(string gallery, string subject, HttpContext context, EnrollingPhotos enrolling)
    {
        enrolling.Require(context.Actor(), gallery, subject);
        using var submission = await Submission.ReadAsync(context, ImageName);
        var request = submission.Read<EncounterRequest>();
        if (submission.Images.Count == 0)
            throw new ProblemException(Problem.BadValue, $"the request has no '{ImageName}'");
        var (faces, face) = FaceWords.ParseEnrolment(request.Face);
        var photos = submission.Images.Select((image, place) => new GivenPhoto(image.FileName ?? $"{place + 1}", image.Content)).ToList();
        var enrolled = await enrolling.EnrolAsync(
            context.Actor(), gallery, subject, photos,
            new PhotoContext(request.Metadata, request.SourceUrl, faces)
            {
                Face = face,
                StatedAge = request.StatedAge,
                AgreedTerms = request.AgreedTerms,
            },
            context.RequestAborted);
        var response = new EnrolmentResponse(
            enrolled.Count(photo => photo.Status == PhotoStatus.Enrolled), enrolled.Count(photo => photo.Status == PhotoStatus.Duplicate),
            enrolled.Count(photo => photo.Status == PhotoStatus.Failed), [.. enrolled.Select(PhotoResult.Of)]);
        if (response.Failed < response.Photos.Count)
            return Results.Json(response, statusCode: response.Enrolled > 0 ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        // Nothing came of it: the first photo's reason stands for the request, the others follow.
        throw new ProblemException(HttpErrors.Of(enrolled[0].Code!), enrolled[0].Detail!) { Photos = enrolled };
    }
}
