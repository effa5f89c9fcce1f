using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Operations;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>Work that goes on after its request was answered.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is: <c>import</c>.</param>
/// <param name="Gallery">The gallery it works on.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Created">When it was asked for (UTC).</param>
/// <param name="Finished">When it ended.</param>
/// <param name="Progress">What it has come to; null before it begins.</param>
/// <param name="Problem">Why it could not go on.</param>
public sealed record OperationResponse(
    string Id, string Kind, string Gallery, OperationState State, DateTimeOffset Created, DateTimeOffset? Finished,
    ImportProgress? Progress, string? Problem)
{
    internal static OperationResponse Of(Operation operation) => new(
        operation.Id,
        operation.Kind,
        operation.Gallery,
        operation.State,
        operation.Created,
        operation.Finished,
        operation.Progress is { } progress
            ? new ImportProgress(
                progress.Enrolled, progress.Duplicates, progress.Failed, progress.Total,
                progress.Failures?.Select(failure => new ImportFailure(failure.File, failure.Line, failure.Code, failure.Detail)).ToList())
            : null,
        operation.Problem);
}

/// <summary>What an import has come to, as an operation shows it.</summary>
/// <param name="Enrolled">Photos that are new in the gallery.</param>
/// <param name="Duplicates">Photos that were there already.</param>
/// <param name="Failed">Photos and rows that gave nothing.</param>
/// <param name="Total">How many there are; null while they are counted.</param>
/// <param name="Failures">Why, for the first thousand; once it has ended.</param>
public sealed record ImportProgress(
    long Enrolled, long Duplicates, long Failed, long? Total, IReadOnlyList<ImportFailure>? Failures = null);

/// <summary>A photo or row that was not enrolled.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line of the metadata file, or null.</param>
/// <param name="Code">Why.</param>
/// <param name="Detail">The same in a sentence.</param>
public sealed record ImportFailure(string File, long? Line, string Code, string Detail);

/// <summary><c>/v1/operations</c>: what becomes of imports.</summary>
internal static class OperationsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/operations", (HttpContext context, ImportingPhotos imports) =>
                imports.List(context.Actor()).Select(OperationResponse.Of).ToList())
            .Needs(Policies.KeepGallery).WithName("listOperations").WithSummary("One's operations, newest first").WithTags("subjects")
            .Produces<IReadOnlyList<OperationResponse>>();
        v1.MapGet("/operations/{operation}", (string operation, HttpContext context, ImportingPhotos imports) =>
                OperationResponse.Of(imports.Find(context.Actor(), operation)))
            .Needs(Policies.KeepGallery).WithName("getOperation").WithSummary("An operation with its progress").WithTags("subjects")
            .Produces<OperationResponse>().Problems(404);
        v1.MapDelete("/operations/{operation}", (string operation, HttpContext context, ImportingPhotos imports) =>
                OperationResponse.Of(imports.Cancel(context.Actor(), operation)))
            .Needs(Policies.KeepGallery).WithName("cancelOperation")
            .WithSummary("End an operation; what it has done stays").WithTags("subjects")
            .Produces<OperationResponse>().Problems(404, 409);
    }
}
