using System.ComponentModel;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

/// <summary>Asks a supervisor for a search. The probe is not sent: it comes with the search, after approval.</summary>
/// <param name="Galleries">The galleries to be searched.</param>
/// <param name="Purpose">Why.</param>
/// <param name="Reason">Why this service or gallery, and which other means of identification were tried first.</param>
public sealed record ApprovalRequest(IReadOnlyList<string> Galleries, PurposeWire Purpose, string Reason);

/// <summary>A supervisor's, or an owner's, say.</summary>
/// <param name="Granted">Whether it may be done.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record Decision(bool Granted, string Reason);

/// <summary>A search that waits for, or has, a supervisor's say.</summary>
/// <param name="Id">Its id; a search names it as <c>approvalId</c>.</param>
/// <param name="Requester">Who asks.</param>
/// <param name="Galleries">The galleries to be searched.</param>
/// <param name="Purpose">Why.</param>
/// <param name="Reason">Why this service or gallery.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Requested">When it was asked for (UTC).</param>
/// <param name="Expires">Until when it may be used.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="Decided">When.</param>
/// <param name="Decision">The supervisor's reason.</param>
/// <param name="SearchId">The search that used it.</param>
public sealed record ApprovalResponse(
    string Id,
    string Requester,
    IReadOnlyList<string> Galleries,
    PurposeWire Purpose,
    string Reason,
    ApprovalState State,
    DateTimeOffset Requested,
    DateTimeOffset? Expires,
    string? DecidedBy,
    DateTimeOffset? Decided,
    string? Decision,
    string? SearchId);

/// <summary><c>/v1/approvals</c>: searches of what is not approved for all, case by case (PIA-054, Safeguards before use).</summary>
internal static class ApprovalsResource
{
    private const int MaxReason = 2000;

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/approvals", (
                [Description("pending, approved, refused or used; nothing for all")] string? state,
                HttpContext context, Approvals approvals) =>
                List(WireJson.Value<ApprovalState>(state, "state"), context, approvals))
            .Needs(Policies.Search).WithName("listApprovals")
            .WithSummary("One's requests; for a supervisor, those of the organisation").WithTags("supervision")
            .Produces<IReadOnlyList<ApprovalResponse>>().Problems(400);
        v1.MapPost("/approvals", Ask)
            .Needs(Policies.Search).WithName("requestApproval").WithSummary("Ask a supervisor for a search").WithTags("supervision")
            .Produces<ApprovalResponse>(StatusCodes.Status201Created).Problems(400, 404);
        v1.MapGet("/approvals/{approval}", (string approval, HttpContext context, Approvals approvals) =>
            Response(Find(approval, context.Caller(), approvals)))
            .Needs(Policies.Search).WithName("getApproval").WithSummary("A request").WithTags("supervision")
            .Produces<ApprovalResponse>().Problems(404);
        v1.MapPost("/approvals/{approval}/decision", Decide)
            .Needs(Policies.Supervise).WithName("decideApproval")
            .WithSummary("Approve or refuse a search of the organisation's agents, with a reason").WithTags("supervision")
            .Produces<ApprovalResponse>().Problems(400, 404, 409);
    }

    internal static List<ApprovalResponse> List(ApprovalState? state, HttpContext context, Approvals approvals)
    {
        var caller = context.Caller();
        return approvals.List(caller.Organisation, caller.Is(Role.Supervisor) ? null : caller.Account, state).Select(Response).ToList();
    }

    /// <summary>A reason of 1 to 2,000 characters.</summary>
    public static string Reason(string? reason, string name) => string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason
        ? throw new ProblemException(Problem.BadValue, $"{name} has 1 to {MaxReason:N0} characters")
        : reason.Trim();

    internal static IResult Ask(ApprovalRequest request, HttpContext context, Approvals approvals, GalleryAccess access, AuditTrail audit)
    {
        var caller = context.Caller();
        if (request.Galleries.Count == 0)
            throw new ProblemException(Problem.BadValue, "a request for approval names the galleries");
        access.Searchable(caller, request.Galleries);
        var reason = Reason(request.Reason, "reason");
        var approval = audit.Change(
            "approval.requested",
            context,
            () => approvals.Add(caller, request.Galleries, request.Purpose.ToPurpose(), reason),
            added => new { approval = added.Id, galleries = added.Galleries, purpose = added.Purpose, added.Reason });
        return Results.Created($"/v1/approvals/{approval.Id}", Response(approval));
    }

    internal static ApprovalResponse Decide(
        string approval, Decision decision, HttpContext context, Approvals approvals, Notifications notifications, AuditTrail audit)
    {
        var caller = context.Caller();
        var found = Find(approval, caller, approvals);
        if (found.Requester == caller.Account)
            throw new ProblemException(Problem.Forbidden, "nobody approves a search of one's own");
        var reason = Reason(decision.Reason, "reason");
        if (!audit.Change(
            "approval.decided",
            context,
            () => approvals.Decide(approval, caller.Account, decision.Granted, reason),
            decided => decided ? new { approval, galleries = found.Galleries, decision.Granted, reason } : null))
            throw new ProblemException(Problem.Conflict, "the request was decided already");
        notifications.Tell(found.Requester, Notifications.ApprovalDecided, caller);
        return Response(approvals.Find(approval)!);
    }

    internal static Approval Find(string id, Caller caller, Approvals approvals) =>
        approvals.Find(id) is { } found && found.Organisation == caller.Organisation
            && (found.Requester == caller.Account || caller.Is(Role.Supervisor))
            ? found
            : throw new ProblemException(Problem.NotFound, "there is no such request");

    internal static ApprovalResponse Response(Approval approval) => new(
        approval.Id,
        approval.Requester,
        approval.Galleries,
        PurposeWire.Of(approval.Purpose),
        approval.Reason,
        approval.State,
        approval.Requested,
        approval.Expires,
        approval.DecidedBy,
        approval.Decided,
        approval.Decision,
        approval.Search);
}
