using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Pages;

/// <summary>The page that enrols photos.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Results">What became of photos that were just sent.</param>
public sealed record EnrolmentModel(string Gallery, IReadOnlyList<PhotoOutcome> Results);

/// <summary>What became of a photo.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Subject">The subject it was enrolled as.</param>
/// <param name="Photo">The result.</param>
public sealed record PhotoOutcome(string Gallery, string Subject, EnrolledPhoto Photo);

/// <summary>
/// Enrolment: many photos at once, each with its result. With a script each is sent by itself, and its result stands there at once.
/// </summary>
internal static class EnrolmentPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/galleries/{gallery}/enrol", (string gallery, HttpContext context, KeepingGalleries galleries) =>
                context.Page<EnrolmentView, EnrolmentModel>(new EnrolmentModel(galleries.RequireEnrolled(context.Actor(), gallery), [])))
            .For(Policies.KeepGallery);
        pages.MapPost("/galleries/{gallery}/enrol", Enrol).For(Policies.KeepGallery).WhenReady();
    }

    private static async Task<IResult> Enrol(string gallery, HttpContext context, EnrollingPhotos enrolling)
    {
        var results = new List<PhotoOutcome>();
        using (var form = await PageForm.ReadAsync(context))
        {
            if (form.Files.Count == 0)
                throw new ProblemException(Problem.BadValue, "choose photos first");
            var metadata = form.Text("capturedOn") is { } day
                ? new Dictionary<string, string> { [RetentionRule.CaptureKey] = day }
                : null;
            var (faces, face) = FaceWords.ParseEnrolment(form.Text("faceNumber") ?? form.Text("face"));
            var came = new PhotoContext(metadata, form.Text("sourceUrl"), faces)
            {
                Face = face,
                StatedAge = form.Number("statedAge"),
                AgreedTerms = form.Text("agreedTerms"),
            };
            foreach (var (subject, photos) in BySubject(form))
            {
                var enrolled = await enrolling.EnrolAsync(
                    context.Actor(), gallery, subject, [.. photos.Select(photo => new GivenPhoto(photo.FileName!, photo.Content))], came,
                    context.RequestAborted);
                results.AddRange(enrolled.Select(photo => new PhotoOutcome(gallery, subject, photo)));
            }
        }
        return context.WantsFragment()
            ? context.Page<EnrolmentPart, EnrolmentModel>(new EnrolmentModel(gallery, results))
            : context.Page<EnrolmentView, EnrolmentModel>(new EnrolmentModel(gallery, results));
    }

    /// <summary>One subject for all photos where it is named, else one for each file, named like it.</summary>
    private static IEnumerable<(string Subject, IReadOnlyList<BodyPart> Photos)> BySubject(PageForm form) => form.Text("subject") is { } one
        ? [(one, form.Files)]
        : form.Files.GroupBy(file => Path.ChangeExtension(file.FileName!, null)).Select(
            group => (group.Key, (IReadOnlyList<BodyPart>)[.. group]));
}
