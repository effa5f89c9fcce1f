using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Batches;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Operations;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>Work that goes on after its request was answered.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is: <c>import</c>, <c>search</c>, <c>search-batch</c>, <c>submission</c>.</param>
/// <param name="Gallery">The gallery that an import works on; null for others.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Created">When it was asked for (UTC).</param>
/// <param name="Finished">When it ended.</param>
/// <param name="Progress">What an import has come to; null before it begins, and for others.</param>
/// <param name="Problem">Why it could not go on.</param>
/// <param name="Searches">How far searches have come; null for an import.</param>
/// <param name="Result">The address of what it gave; null for an import.</param>
/// <param name="Expires">Until when that is kept; null for an import.</param>
public sealed record OperationResponse(
    string Id, string Kind, string? Gallery, OperationState State, DateTimeOffset Created, DateTimeOffset? Finished,
    ImportProgress? Progress, string? Problem, SearchProgress? Searches = null, string? Result = null, DateTimeOffset? Expires = null)
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

    internal static OperationResponse Of(SearchBatch batch) => new(
        batch.Id, batch.Kind, null, batch.State, batch.Created, batch.Finished, null, null,
        new SearchProgress(
            batch.Progress.Total, batch.Progress.Waiting, batch.Progress.Done, batch.Progress.Failed, batch.Progress.Resend),
        batch.Kind == SearchBatch.Many ? $"/v1/search-batches/{batch.Id}/results" : $"/v1/operations/{batch.Id}/result",
        batch.Expires);
}

/// <summary>How far the probes of an operation have come.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Waiting">Those that are not searched with yet.</param>
/// <param name="Done">Those that were.</param>
/// <param name="Failed">Those that gave nothing; their results say why.</param>
/// <param name="Resend">Those whose photo was lost when the service ended, and has to be sent again.</param>
public sealed record SearchProgress(int Total, int Waiting, int Done, int Failed, int Resend);

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

/// <summary><c>/v1/operations</c>: what becomes of imports, and of searches that are answered later.</summary>
internal static class OperationsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/operations", (HttpContext context, ImportingPhotos imports, SearchingBatches batches) =>
            {
                var actor = context.Actor();
                var started = actor.May(Policies.KeepGallery) ? imports.List(actor).Select(OperationResponse.Of) : [];
                return started.Concat(batches.List(actor).Select(OperationResponse.Of))
                    .OrderByDescending(operation => operation.Id, StringComparer.Ordinal).ToList();
            })
            .Needs(Policies.ReadOperation).WithName("listOperations").WithSummary("One's operations, newest first").WithTags("operations")
            .Produces<IReadOnlyList<OperationResponse>>();
        v1.MapGet("/operations/{operation}", (
                string operation, HttpContext context, ImportingPhotos imports, SearchingBatches batches, IOperations known) =>
                known.Find(operation) is null
                    ? OperationResponse.Of(batches.Find(context.Actor(), operation))
                    : OperationResponse.Of(imports.Find(context.Actor(), operation)))
            .Needs(Policies.ReadOperation).WithName("getOperation").WithSummary("An operation with its progress").WithTags("operations")
            .Produces<OperationResponse>().Problems(404);
        v1.MapGet("/operations/{operation}/result", (string operation, HttpContext context, SearchingBatches batches) =>
            {
                var actor = context.Actor();
                var answer = batches.Answer(actor, operation);
                var isFetchedOnce = batches.Find(actor, operation).Kind == SearchBatch.Search;
                // What was sent whole was fetched; whoever asked for its headers, or whose connection broke, asks again.
                context.Response.OnCompleted(() =>
                {
                    if (isFetchedOnce && HttpMethods.IsGet(context.Request.Method) && !context.RequestAborted.IsCancellationRequested)
                        batches.Forget(actor, operation, 1);
                    return Task.CompletedTask;
                });
                return new KeptResult(answer);
            })
            .Needs(Policies.Search).WithName("getOperationResult").WithTags("operations")
            .WithSummary(
                "What a search that is answered later gave: the answer that it would have had at once. It is deleted when it was sent")
            .Produces<SearchResponse>().Problems(404, 409);
        v1.MapDelete("/operations/{operation}", (
                string operation, HttpContext context, ImportingPhotos imports, SearchingBatches batches, IOperations known) =>
                known.Find(operation) is null
                    ? OperationResponse.Of(batches.Cancel(context.Actor(), operation))
                    : OperationResponse.Of(imports.Cancel(context.Actor(), operation)))
            .Needs(Policies.ReadOperation).WithName("cancelOperation")
            .WithSummary("End an operation: what an import has done stays, of searches no probe and no answer is kept")
            .WithTags("operations")
            .Produces<OperationResponse>().Problems(404, 409);
    }
}
