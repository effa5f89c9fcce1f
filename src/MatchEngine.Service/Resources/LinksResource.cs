using MatchEngine.Galleries;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Searching;

namespace MatchEngine.Service.Resources;

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
        v1.MapGet(path, (string gallery, string subject, HttpContext context, GalleryAccess access) =>
            {
                var kept = access.RequireKept(context.Caller(), gallery);
                Require(kept, subject);
                return kept.Links(subject).Select(LinkResponse.Of).ToList();
            })
            .Needs(Policies.KeepGallery).WithName("listLinks").WithSummary("A subject's links").WithTags("subjects")
            .Produces<IReadOnlyList<LinkResponse>>().Problems(404);
        v1.MapPut(path + "/{other}", Enter)
            .Needs(Policies.KeepGallery).WithName("enterLink")
            .WithSummary("Link two subjects of the gallery, or say anew what links them").WithTags("subjects")
            .Produces(StatusCodes.Status204NoContent).Problems(400, 404);
        v1.MapDelete(path + "/{other}", Remove)
            .Needs(Policies.KeepGallery).WithName("removeLink").WithSummary("Take a link out").WithTags("subjects")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    /// <summary>Whether a gallery's profile offers links; the first rule that does not.</summary>
    public static bool Offered(ServiceRules rules, GalleryProperties gallery, out Profile? refusing)
    {
        refusing = rules.Profiles([gallery]).FirstOrDefault(profile => !profile.Rules.Links.Value);
        return refusing is null;
    }

    private static IResult Enter(
        string gallery, string subject, string other, LinkRequest request, HttpContext context, GalleryAccess access, ServiceRules rules,
        TimeProvider clock, AuditTrail audit)
    {
        var caller = context.Caller();
        var kept = access.RequireKept(caller, gallery);
        if (!Offered(rules, kept.Properties, out var refusing))
            throw new ProblemException(Problem.NotOffered, $"{refusing!.Name} has no links between subjects")
            {
                Extensions = { ["rule"] = $"{refusing.Name}: links ({refusing.Rules.Links.Source})" },
            };
        Require(kept, subject);
        Require(kept, other);
        if (subject == other)
            throw new ProblemException(Problem.BadValue, "a subject is not linked to itself");
        var link = new SubjectLink(other, ApprovalsResource.Reason(request.Note, "note"), caller.Account, clock.GetUtcNow());
        return audit.Change(
            "link.entered", context, new { galleries = new[] { gallery }, subject, other }, record => kept.Link(subject, link, record()))
            ? Results.NoContent()
            : throw NoSubject();
    }

    private static IResult Remove(string gallery, string subject, string other, HttpContext context, GalleryAccess access, AuditTrail audit)
    {
        var kept = access.RequireKept(context.Caller(), gallery);
        return audit.Change(
            "link.removed", context, new { galleries = new[] { gallery }, subject, other }, record => kept.Unlink(subject, other, record()))
            ? Results.NoContent()
            : throw new ProblemException(Problem.NotFound, "there is no such link");
    }

    private static void Require(Gallery gallery, string subject)
    {
        if (gallery.FindSubject(subject) is null)
            throw NoSubject();
    }

    private static ProblemException NoSubject() => new(Problem.NotFound, "the gallery has no such subject");
}
