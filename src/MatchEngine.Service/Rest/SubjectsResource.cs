using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Galleries;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A subject.</summary>
/// <param name="Id">Its id in the gallery.</param>
/// <param name="Biographics">Free keys and values.</param>
/// <param name="Encounters">Its encounters, in the order of enrolment.</param>
/// <param name="Provider">The organisation whose data it is; null: the gallery's owner.</param>
public sealed record SubjectResponse(
    string Id, IReadOnlyDictionary<string, string> Biographics, IReadOnlyList<EncounterWire> Encounters, string? Provider);

/// <summary>A page of subjects.</summary>
/// <param name="Subjects">The subjects, in the byte order of their ids.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record SubjectPage(IReadOnlyList<SubjectResponse> Subjects, string? Next);

/// <summary>A correction of a subject's biographics.</summary>
/// <param name="Set">Keys that get a value.</param>
/// <param name="Remove">Keys that go.</param>
public sealed record BiographicsCorrection(IReadOnlyDictionary<string, string>? Set = null, IReadOnlyList<string>? Remove = null);

/// <summary>
/// <c>/v1/galleries/{gallery}/subjects</c>: the records, for the gallery's owner, and of them one's own.
/// Agents see of them what a search gave.
/// </summary>
internal static class SubjectsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        const string one = "/galleries/{gallery}/subjects/{subject}";
        v1.MapGet("/galleries/{gallery}/subjects", (
                string gallery, string? after, int? count, HttpContext context, KeepingSubjects subjects) =>
            {
                var page = subjects.List(context.Actor(), gallery, after, count);
                return new SubjectPage([.. page.Subjects.Select(Response)], page.Next);
            })
            .Needs(Policies.KeepGallery).WithName("listSubjects").WithSummary("A page of subjects").WithTags("subjects")
            .Produces<SubjectPage>().Problems(400, 404);
        v1.MapGet(one, (string gallery, string subject, HttpContext context, KeepingSubjects subjects) =>
                Response(subjects.Find(context.Actor(), gallery, subject)))
            .Needs(Policies.KeepGallery).WithName("getSubject").WithSummary("A subject with its encounters").WithTags("subjects")
            .Produces<SubjectResponse>().Problems(404);
        v1.MapPatch(
            one, (string gallery, string subject, BiographicsCorrection correction, HttpContext context, KeepingSubjects subjects) =>
                Response(subjects.Correct(context.Actor(), gallery, subject, correction.Set, correction.Remove)))
            .Needs(Policies.KeepGallery).WithName("correctSubject").WithSummary("Correct biographics").WithTags("subjects")
            .Produces<SubjectResponse>().Problems(400, 404);
        v1.MapDelete(one, (string gallery, string subject, HttpContext context, KeepingSubjects subjects) =>
            {
                subjects.Remove(context.Actor(), gallery, subject);
                return Results.NoContent();
            })
            .Needs(Policies.KeepGallery).WithName("removeSubject").WithSummary(
                "Remove a subject with everything enrolled of it: no search that begins after the answer finds it").WithTags("subjects")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    internal static SubjectResponse Response(Subject subject) =>
        new(subject.Id, subject.Biographics, subject.Encounters.Select(EncounterWire.Of).ToList(), subject.Provider);
}
