using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Galleries;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>Enters a link.</summary>
/// <param name="Note">What links the two, in the owner's words.</param>
public sealed record LinkRequest(string Note);

/// <summary>A link of a subject to another of the same gallery. A person entered it; no score did.</summary>
/// <param name="SubjectId">The other subject.</param>
/// <param name="Note">What links the two.</param>
/// <param name="EnteredBy">The account that entered it.</param>
/// <param name="Entered">When (UTC).</param>
public sealed record LinkResponse(string SubjectId, string Note, string EnteredBy, DateTimeOffset Entered)
{
    internal static LinkResponse Of(SubjectLink link) => new(link.SubjectId, link.Note, link.EnteredBy, link.Entered);
}

/// <summary>
/// <c>…/subjects/{s}/links</c>: links between subjects, entered by hand where the gallery's profile offers them (PIA-054, Fusion centres).
/// </summary>
internal static class LinksResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        const string path = "/galleries/{gallery}/subjects/{subject}/links";
        v1.MapGet(path, (string gallery, string subject, HttpContext context, LinkingSubjects links) =>
                links.List(context.Actor(), gallery, subject).Select(LinkResponse.Of).ToList())
            .Needs(Policies.KeepGallery).WithName("listLinks").WithSummary("A subject's links").WithTags("subjects")
            .Produces<IReadOnlyList<LinkResponse>>().Problems(404);
        v1.MapPut(
            path + "/{other}",
            (string gallery, string subject, string other, LinkRequest request, HttpContext context, LinkingSubjects links) =>
            {
                links.Enter(context.Actor(), gallery, subject, other, request.Note);
                return Results.NoContent();
            })
            .Needs(Policies.KeepGallery).WithName("enterLink")
            .WithSummary("Link two subjects of the gallery, or say anew what links them").WithTags("subjects")
            .Produces(StatusCodes.Status204NoContent).Problems(400, 404);
        v1.MapDelete(
            path + "/{other}", (string gallery, string subject, string other, HttpContext context, LinkingSubjects links) =>
            {
                links.Remove(context.Actor(), gallery, subject, other);
                return Results.NoContent();
            })
            .Needs(Policies.KeepGallery).WithName("removeLink").WithSummary("Take a link out").WithTags("subjects")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }
}
