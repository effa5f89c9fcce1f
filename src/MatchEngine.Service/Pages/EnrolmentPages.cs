using MatchEngine.Galleries;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Observability;
using MatchEngine.Service.Resources;

namespace MatchEngine.Service.Pages;

/// <summary>The page that enrols photos.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Results">What became of photos that were just sent.</param>
public sealed record EnrolmentModel(string Gallery, IReadOnlyList<PhotoOutcome> Results);

/// <summary>What became of a photo.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Subject">The subject it was enrolled as.</param>
/// <param name="Result">The result.</param>
public sealed record PhotoOutcome(string Gallery, string Subject, PhotoResult Result);

/// <summary>
/// Enrolment: many photos at once, each with its result. With a script each is sent by itself, and its result stands there at once.
/// </summary>
internal static class EnrolmentPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/galleries/{gallery}/enrol", (string gallery, HttpContext context, GalleryAccess access) =>
                context.Page<EnrolmentView, EnrolmentModel>(new EnrolmentModel(access.RequireKept(context.Caller(), gallery).Name, [])))
            .For(Policies.KeepGallery);
        pages.MapPost("/galleries/{gallery}/enrol", Enrol).For(Policies.KeepGallery);
    }

    private static async Task<IResult> Enrol(
        string gallery, HttpContext context, GalleryAccess access, ExtractionWorkers workers, ServiceSettings settings, Telemetry telemetry,
        Readiness readiness, AuditTrail audit)
    {
        readiness.Require();
        var kept = access.RequireKept(context.Caller(), gallery);
        var results = new List<PhotoOutcome>();
        using (var form = await PageForm.ReadAsync(context))
        {
            if (form.Files.Count == 0)
                throw new ProblemException(Problem.BadValue, "choose photos first");
            var request = new EncounterRequest(null, form.Text("sourceUrl"), form.Text("face"));
            foreach (var (subject, photos) in BySubject(form))
            {
                if (SubjectId.Problem(subject) is { } problem)
                    throw new ProblemException(Problem.BadValue, problem);
                var enrolled = await EncountersResource.EnrolPhotos(
                    kept, subject, photos, request, context, workers, settings, telemetry, audit);
                results.AddRange(enrolled.Photos.Select(photo => new PhotoOutcome(gallery, subject, photo)));
            }
        }
        return context.WantsFragment()
            ? context.Page<EnrolmentPart, EnrolmentModel>(new EnrolmentModel(gallery, results))
            : context.Page<EnrolmentView, EnrolmentModel>(new EnrolmentModel(gallery, results));
    }

    /// <summary>One subject for all photos where it is named, else one for each file, named like it.</summary>
    private static IEnumerable<(string Subject, IReadOnlyList<BodyPart> Photos)> BySubject(PageForm form) => form.Text("subject") is { } one
        ? [(one, form.Files)]
        : form.Files.GroupBy(file => SubjectNaming.WithoutExtension(file.FileName!)).Select(
            group => (group.Key, (IReadOnlyList<BodyPart>)[.. group]));
}
