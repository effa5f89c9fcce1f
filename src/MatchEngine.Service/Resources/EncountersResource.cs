using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Observability;

namespace MatchEngine.Service.Resources;

/// <summary>What comes with photos to enrol.</summary>
/// <param name="Metadata">Keys and values of the encounter; the subject takes those which it does not have yet as biographics.</param>
/// <param name="SourceUrl">Where the photos came from.</param>
/// <param name="Face">What to do with photos that show several faces: only (refuse them), largest, or central.</param>
public sealed record EncounterRequest(IReadOnlyDictionary<string, string>? Metadata = null, string? SourceUrl = null, string? Face = null);

/// <summary>What became of one photo.</summary>
/// <param name="Image">The file's name as it came, or its place among the images, from 1.</param>
/// <param name="Status"><c>enrolled</c>, <c>duplicate</c> (it was there already) or <c>failed</c>.</param>
/// <param name="EncounterId">The encounter, when there is one.</param>
/// <param name="Code">Why it failed: <c>no_face</c>, <c>multiple_faces</c>, <c>undecodable</c>, …</param>
/// <param name="Detail">The same in a sentence, with the remedy; for an enrolled photo perhaps a warning.</param>
public sealed record PhotoResult(string Image, string Status, string? EncounterId, string? Code, string? Detail);

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
        v1.MapGet(path + "/{encounter}", (string gallery, string subject, string encounter, HttpContext context, GalleryAccess access) =>
                EncounterWire.Of(Find(access.RequireKept(context.Caller(), gallery), subject, encounter)))
            .Needs(Policies.KeepGallery).WithName("getEncounter").WithSummary("An encounter").WithTags("subjects")
            .Produces<EncounterWire>().Problems(404);
        v1.MapDelete(path + "/{encounter}", Remove)
            .Needs(Policies.KeepGallery).WithName("removeEncounter")
            .WithSummary("Remove an encounter; the subject goes with its last one").WithTags("subjects")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
        v1.MapGet(
            path + "/{encounter}/crop", (string gallery, string subject, string encounter, HttpContext context, GalleryAccess access) =>
            {
                var kept = access.RequireKept(context.Caller(), gallery);
                return Crop(kept, Find(kept, subject, encounter));
            })
            .Needs(Policies.KeepGallery).WithName("getCrop")
            .WithSummary("The enlarged crop of the encounter's one face").WithTags("subjects")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(404);
    }

    internal static IResult Remove(
        string gallery, string subject, string encounter, HttpContext context, GalleryAccess access, AuditTrail audit)
    {
        var kept = access.RequireKept(context.Caller(), gallery);
        Find(kept, subject, encounter);
        return audit.Change("encounter.removed", context, new { galleries = new[] { gallery }, subject, encounter }, record =>
            kept.RemoveEncounter(encounter, record()))
            ? Results.NoContent()
            : throw NotFound();
    }

    /// <summary>The enlarged crop of the one face, as JPEG.</summary>
    public static IResult Crop(Gallery gallery, Encounter encounter) => gallery.ReadFace(encounter.Id) is { } jpeg
        ? Results.Bytes(jpeg, "image/jpeg")
        : throw new ProblemException(Problem.NotFound, "no photo is kept of this encounter");

    private static async Task<IResult> Enrol(
        string gallery, string subject, HttpContext context, GalleryAccess access, ExtractionWorkers workers, ServiceSettings settings,
        Telemetry telemetry, AuditTrail audit)
    {
        var kept = access.RequireKept(context.Caller(), gallery);
        if (SubjectId.Problem(subject) is { } problem)
            throw new ProblemException(Problem.BadValue, problem);
        using var submission = await Submission.ReadAsync(context, ImageName);
        var request = submission.Read<EncounterRequest>();
        if (submission.Images.Count == 0)
            throw new ProblemException(Problem.BadValue, $"the request has no '{ImageName}'");
        var response = await EnrolPhotos(kept, subject, submission.Images, request, context, workers, settings, telemetry, audit);
        if (response.Failed < response.Photos.Count)
            return Results.Json(response, statusCode: response.Enrolled > 0 ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        // Nothing came of it: the first photo's reason stands for the request, the others follow.
        throw new ProblemException(Problem.Acquisition(response.Photos[0].Code!), response.Photos[0].Detail!)
        {
            Extensions = { ["photos"] = response.Photos },
        };
    }

    /// <summary>Enrols photos of a subject one after the other; some may fail.</summary>
    internal static async Task<EnrolmentResponse> EnrolPhotos(
        Gallery kept, string subject, IReadOnlyList<BodyPart> images, EncounterRequest request, HttpContext context,
        ExtractionWorkers workers, ServiceSettings settings, Telemetry telemetry, AuditTrail audit)
    {
        var options = new EnrolmentOptions { Faces = Faces(request.Face), Limits = settings.Limits.Images, KeepImages = true };
        var results = new List<PhotoResult>();
        foreach (var (place, image) in images.Index())
            results.Add(
                await EnrolPhoto(kept, subject, image, image.FileName ?? $"{place + 1}", request, options, workers, context, audit));
        var response = new EnrolmentResponse(
            results.Count(result => result.Status == "enrolled"), results.Count(result => result.Status == "duplicate"),
            results.Count(result => result.Status == "failed"), results);
        telemetry.Enrolled(kept.Name, response.Enrolled);
        return response;
    }

    private static async Task<PhotoResult> EnrolPhoto(
        Gallery gallery, string subject, BodyPart image, string name, EncounterRequest request, EnrolmentOptions options,
        ExtractionWorkers workers, HttpContext context, AuditTrail audit)
    {
        var item = new EnrolmentItem
        {
            Image = name,
            Subject = subject,
            Content = image.Content,
            Metadata = request.Metadata ?? new Dictionary<string, string>(),
            SourceUrl = request.SourceUrl,
        };
        // The enrolment waits for the disk; the worker is held meanwhile, which bounds the writers too.
        var enrolled = await workers.RunAsync(
            gallery.Model.Id,
            extractor => audit.Change(
                AuditKinds.SubjectEnrolled,
                context,
                new { galleries = new[] { gallery.Name }, subject },
                record => gallery.Enrol(extractor, item, record, options, context.RequestAborted)),
            context.RequestAborted);
        return enrolled.Failure is { } failure
            ? new PhotoResult(name, "failed", null, failure.Reason, failure.Detail)
            : new PhotoResult(
                name, enrolled.New.Count > 0 ? "enrolled" : "duplicate", enrolled.Encounters[0],
                enrolled.Warning?.Reason, enrolled.Warning?.Detail);
    }

    private static EnrolmentFaces Faces(string? face) => face switch
    {
        null or "only" => EnrolmentFaces.Only,
        "largest" => EnrolmentFaces.Largest,
        "central" => EnrolmentFaces.Central,
        _ => throw new ProblemException(Problem.BadValue, "face is only, largest or central"),
    };

    private static Encounter Find(Gallery gallery, string subject, string encounter) =>
        gallery.FindEncounter(encounter) is { } found && found.SubjectId == subject ? found : throw NotFound();

    private static ProblemException NotFound() => new(Problem.NotFound, "the subject has no such encounter");
}
