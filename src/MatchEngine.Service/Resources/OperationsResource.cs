using System.Text.Json;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Imports;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

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
    ImportProgress? Progress, string? Problem);

/// <summary><c>/v1/operations</c>: what becomes of imports.</summary>
internal static class OperationsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/operations", (HttpContext context, Operations operations) =>
            operations.List(context.Caller().Account).Select(Response).ToList())
            .Needs(Policies.KeepGallery).WithName("listOperations").WithSummary("One's operations, newest first").WithTags("subjects")
            .Produces<IReadOnlyList<OperationResponse>>();
        v1.MapGet("/operations/{operation}", (string operation, HttpContext context, Operations operations) =>
            Response(Find(operation, context, operations)))
            .Needs(Policies.KeepGallery).WithName("getOperation").WithSummary("An operation with its progress").WithTags("subjects")
            .Produces<OperationResponse>().Problems(404);
        v1.MapDelete("/operations/{operation}", Cancel)
            .Needs(Policies.KeepGallery).WithName("cancelOperation")
            .WithSummary("End an operation; what it has done stays").WithTags("subjects")
            .Produces<OperationResponse>().Problems(404, 409);
    }

    internal static OperationResponse Cancel(
        string operation, HttpContext context, Operations operations, ImportRunner runner, AuditTrail audit)
    {
        var found = Find(operation, context, operations);
        if (!audit.Change(
            "import.cancelled", context, () => operations.End(found.Id, OperationState.Cancelled, null, null),
            ended => ended ? new { galleries = new[] { found.Gallery }, operation } : null))
            throw new ProblemException(Problem.Conflict, "the operation has ended");
        runner.Cancel(found.Id);
        return Response(operations.Find(operation)!);
    }

    internal static OperationResponse Response(Operation operation) => new(
        operation.Id,
        operation.Kind,
        operation.Gallery,
        operation.State,
        operation.Created,
        operation.Finished,
        operation.Progress is { } progress ? JsonSerializer.Deserialize<ImportProgress>(progress, WireJson.Options) : null,
        operation.Problem);

    private static Operation Find(string id, HttpContext context, Operations operations) =>
        operations.Find(id) is { } found && found.Account == context.Caller().Account
            ? found
            : throw new ProblemException(Problem.NotFound, "there is no such operation");
}
