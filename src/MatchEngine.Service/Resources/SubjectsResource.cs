using MatchEngine.Galleries;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Resources;

/// <summary>A subject.</summary>
/// <param name="Id">Its id in the gallery.</param>
/// <param name="Biographics">Free keys and values.</param>
/// <param name="Encounters">Its encounters, in the order of enrolment.</param>
public sealed record SubjectResponse(string Id, IReadOnlyDictionary<string, string> Biographics, IReadOnlyList<EncounterWire> Encounters);

/// <summary>A page of subjects.</summary>
/// <param name="Subjects">The subjects, in the byte order of their ids.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record SubjectPage(IReadOnlyList<SubjectResponse> Subjects, string? Next);

/// <summary>A correction of a subject's biographics.</summary>
/// <param name="Set">Keys that get a value.</param>
/// <param name="Remove">Keys that go.</param>
public sealed record BiographicsCorrection(IReadOnlyDictionary<string, string>? Set = null, IReadOnlyList<string>? Remove = null);

/// <summary><c>/v1/galleries/{gallery}/subjects</c>: the records, for the gallery's owner. Agents see of them what a search gave.</summary>
internal static class SubjectsResource
{
    private const int MaxPage = 500;

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/galleries/{gallery}/subjects", List)
            .Needs(Policies.KeepGallery).WithName("listSubjects").WithSummary("A page of subjects").WithTags("subjects")
            .Produces<SubjectPage>().Problems(400, 404);
        v1.MapGet("/galleries/{gallery}/subjects/{subject}", (string gallery, string subject, HttpContext context, GalleryAccess access) =>
                Response(access.RequireKept(context.Caller(), gallery).FindSubject(subject) ?? throw NotFound()))
            .Needs(Policies.KeepGallery).WithName("getSubject").WithSummary("A subject with its encounters").WithTags("subjects")
            .Produces<SubjectResponse>().Problems(404);
        v1.MapPatch("/galleries/{gallery}/subjects/{subject}", Correct)
            .Needs(Policies.KeepGallery).WithName("correctSubject").WithSummary("Correct biographics").WithTags("subjects")
            .Produces<SubjectResponse>().Problems(400, 404);
        v1.MapDelete("/galleries/{gallery}/subjects/{subject}", Remove)
            .Needs(Policies.KeepGallery).WithName("removeSubject").WithSummary(
                "Remove a subject with everything enrolled of it: no search that begins after the answer finds it").WithTags("subjects")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    internal static SubjectPage List(string gallery, string? after, int? count, HttpContext context, GalleryAccess access)
    {
        var wanted = count ?? 100;
        if (wanted is < 1 or > MaxPage)
            throw new ProblemException(Problem.BadValue, $"count lies within 1 … {MaxPage}");
        var page = access.RequireKept(context.Caller(), gallery).Subjects(after).Take(wanted).Select(Response).ToList();
        return new SubjectPage(page, page.Count == wanted ? page[^1].Id : null);
    }

    internal static IResult Remove(string gallery, string subject, HttpContext context, GalleryAccess access, AuditTrail audit)
    {
        var kept = access.RequireKept(context.Caller(), gallery);
        return audit.Change(
            "subject.removed", context, new { galleries = new[] { gallery }, subject }, record => kept.RemoveSubject(subject, record()))
            ? Results.NoContent()
            : throw NotFound();
    }

    internal static SubjectResponse Correct(
        string gallery, string subject, BiographicsCorrection correction, HttpContext context, GalleryAccess access, AuditTrail audit)
    {
        var found = access.RequireKept(context.Caller(), gallery);
        // The keys are named in the audit, the values are not.
        var keys = (correction.Set?.Keys ?? []).Concat(correction.Remove ?? []).Distinct().Order(StringComparer.Ordinal).ToList();
        if (keys.Count == 0)
            throw new ProblemException(Problem.BadValue, "the correction names no key");
        var changes = (correction.Remove ?? []).ToDictionary(key => key, string? (_) => null, StringComparer.Ordinal);
        foreach (var (key, value) in correction.Set ?? new Dictionary<string, string>())
            changes[key] = value;
        return audit.Change("subject.corrected", context, new { galleries = new[] { gallery }, subject, keys }, record =>
            found.CorrectSubject(subject, changes, record()))
            ? Response(found.FindSubject(subject) ?? throw NotFound())
            : throw NotFound();
    }

    internal static SubjectResponse Response(Subject subject) =>
        new(subject.Id, subject.Biographics, subject.Encounters.Select(EncounterWire.Of).ToList());

    private static ProblemException NotFound() => new(Problem.NotFound, "the gallery has no such subject");
}
