using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Galleries.Listing;
using MatchEngine.Service.Access;
using MatchEngine.Service.Files;

namespace MatchEngine.Service.Rest;

/// <summary>Which subjects are wanted, and which page of them; what is null is not asked for. It comes as a body: conditions on biographics
/// are personal, and an address stays in logs.</summary>
/// <param name="Id">Only those whose id holds this text.</param>
/// <param name="Filter">Conditions that their biographics meet, as in a search: <c>sex=F</c>, <c>birth&gt;=1980</c>.</param>
/// <param name="QualityBelow">Only those with a photo whose quality was assessed and lies below this, 0 … 100.</param>
/// <param name="LeastPhotos">Only those with so many photos or more.</param>
/// <param name="Since">Only those with a photo that was enrolled from this time on.</param>
/// <param name="Until">Only those with a photo that was enrolled before this time.</param>
/// <param name="Order">The order: of the ids, or of coming into the gallery.</param>
/// <param name="Descending">Whether the order is turned round.</param>
/// <param name="After">The <c>next</c> of the page before this one.</param>
/// <param name="Before">The <c>previous</c> of the page behind this one.</param>
/// <param name="Count">The largest number returned, 1 … 500.</param>
/// <param name="Counted">Whether all pages are counted, in <c>count</c> of the answer.</param>
public sealed record SubjectQueryRequest(
    string? Id = null, IReadOnlyList<string>? Filter = null, double? QualityBelow = null, int? LeastPhotos = null,
    DateTimeOffset? Since = null, DateTimeOffset? Until = null, SubjectOrder Order = SubjectOrder.Id, bool Descending = false,
    string? After = null, string? Before = null, int Count = 100, bool Counted = false);

/// <summary>A page of subjects that were asked for.</summary>
/// <param name="Subjects">The subjects, in the order that was asked for.</param>
/// <param name="Previous">Give this as <c>before</c> for the page in front of this one; null at the beginning.</param>
/// <param name="Next">Give this as <c>after</c> for the page behind this one; null at the end.</param>
/// <param name="Count">How many there are on all pages; null where that was not asked.</param>
public sealed record FoundSubjectsResponse(IReadOnlyList<SubjectResponse> Subjects, string? Previous, string? Next, long? Count);

/// <summary>Some subjects.</summary>
/// <param name="Subjects">Their ids, 1 … 500 of them.</param>
public sealed record SubjectSelection(IReadOnlyList<string> Subjects);

/// <summary>What became of a removal.</summary>
/// <param name="Removed">How many were removed; the others were not there.</param>
public sealed record RemovedSubjects(int Removed);

/// <summary>How good the faces of a gallery are.</summary>
/// <param name="Assessed">Photos whose quality was assessed.</param>
/// <param name="Lowest">The lowest, 0 … 100; null when none was.</param>
/// <param name="Mean">The mean; null when none was.</param>
public sealed record GalleryQualityResponse(long Assessed, double? Lowest, double? Mean);

/// <summary>Many subjects at once: found by what they are, removed, exported.</summary>
internal static class SubjectSelectionsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        const string path = "/galleries/{gallery}/subjects";
        v1.MapPost(path + "/query", (string gallery, SubjectQueryRequest request, HttpContext context, FindingSubjects finding) =>
            {
                var found = finding.Find(
                    context.Actor(), gallery,
                    new SubjectQuery
                    {
                        IdPart = request.Id,
                        QualityBelow = request.QualityBelow,
                        LeastEncounters = request.LeastPhotos,
                        Since = request.Since,
                        Until = request.Until,
                        Order = request.Order,
                        Descending = request.Descending,
                        After = request.After,
                        Before = request.Before,
                        Count = request.Count,
                    },
                    request.Filter ?? [], request.Counted, context.RequestAborted);
                return new FoundSubjectsResponse(
                    [.. found.Page.Subjects.Select(SubjectsResource.Response)], found.Page.Previous, found.Page.Next, found.Count);
            })
            .Needs(Policies.KeepGallery).WithName("findSubjects").WithTags("subjects")
            .WithSummary(
                "Find subjects by id, biographics, quality, photos or time. The first filter by a key reads the biographics of all; "
                    + "the audit notes the keys, never the values")
            .Produces<FoundSubjectsResponse>().Problems(400, 404);
        v1.MapPost(path + "/removal", (string gallery, SubjectSelection selection, HttpContext context, KeepingSubjects subjects) =>
                new RemovedSubjects(subjects.Remove(context.Actor(), gallery, selection.Subjects, context.RequestAborted)))
            .Needs(Policies.KeepGallery).WithName("removeSubjects").WithTags("subjects")
            .WithSummary("Remove some subjects with everything enrolled of them; those that are not there are passed over")
            .Produces<RemovedSubjects>().Problems(400, 404);
        v1.MapPost(path + "/export", async (
                string gallery, SubjectSelection selection, HttpContext context, ExportingSubjects exporting) =>
                SubjectsFile.Answer(await exporting.ExportAsync(context.Actor(), gallery, selection.Subjects), gallery))
            .Needs(Policies.KeepGallery).WithName("exportSubjects").WithTags("subjects")
            .WithSummary(
                "Some subjects in one file, in the clear: records as JSON lines, a table that an import takes, and the kept photos")
            .Produces(StatusCodes.Status200OK, contentType: "application/zip").Problems(400, 404);
        v1.MapGet("/galleries/{gallery}/quality", (string gallery, HttpContext context, FindingSubjects finding) =>
            {
                var quality = finding.Quality(context.Actor(), gallery);
                return new GalleryQualityResponse(quality.Assessed, quality.Lowest, quality.Mean);
            })
            .Needs(Policies.KeepGallery).WithName("getGalleryQuality").WithTags("galleries")
            .WithSummary("How good the faces of a gallery are; it looks at every photo")
            .Produces<GalleryQualityResponse>().Problems(404);
    }
}
