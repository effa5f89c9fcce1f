using System.ComponentModel;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Supervising;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>Asks a supervisor for a search or a comparison. No photo is sent: it comes with the use, after approval.</summary>
/// <param name="Galleries">The galleries to be searched, or the one of the subject; none for a comparison of two photos.</param>
/// <param name="Purpose">Why.</param>
/// <param name="Reason">Why this service or gallery, and which other means of identification were tried first.</param>
/// <param name="Use">What is to be done.</param>
/// <param name="Exigent">Whether the search cannot wait: the supervisors are told at once and say yes by a deadline, and the search is
/// reviewed afterwards by another one. The reason says why it cannot wait.</param>
public sealed record ApprovalRequest(
    IReadOnlyList<string> Galleries, PurposeWire Purpose, string Reason, ApprovedUse Use = ApprovedUse.Search, bool Exigent = false);

/// <summary>A supervisor's, or an owner's, say.</summary>
/// <param name="Granted">Whether it may be done.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record Decision(bool Granted, string Reason)
{
    internal Frs.Supervising.Decision ToDecision() => new(Granted, Reason);
}

/// <summary>A search or a comparison that waits for, or has, a supervisor's say.</summary>
/// <param name="Id">Its id; the search or comparison names it as <c>approvalId</c>.</param>
/// <param name="Use">What is to be done.</param>
/// <param name="Requester">Who asks.</param>
/// <param name="Galleries">The galleries to be used; none for a comparison of two photos.</param>
/// <param name="Purpose">Why.</param>
/// <param name="Reason">Why this service or gallery.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Exigent">Whether it cannot wait.</param>
/// <param name="DecideBy">Until when a supervisor can say yes; null: as long as it takes.</param>
/// <param name="Requested">When it was asked for (UTC).</param>
/// <param name="Expires">Until when it may be used.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="Decided">When.</param>
/// <param name="Decision">The supervisor's reason.</param>
/// <param name="SearchId">The search that used it.</param>
public sealed record ApprovalResponse(
    string Id,
    ApprovedUse Use,
    string Requester,
    IReadOnlyList<string> Galleries,
    PurposeWire Purpose,
    string Reason,
    ApprovalState State,
    bool Exigent,
    DateTimeOffset? DecideBy,
    DateTimeOffset Requested,
    DateTimeOffset? Expires,
    string? DecidedBy,
    DateTimeOffset? Decided,
    string? Decision,
    string? SearchId);

/// <summary><c>/v1/approvals</c>: searches of what is not approved for all, case by case (PIA-054, Safeguards before use).</summary>
internal static class ApprovalsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/approvals", (
                [Description("pending, approved, refused or used; nothing for all")] string? state,
                HttpContext context, ApprovingSearches approvals) =>
                approvals.List(context.Actor(), WireJson.Value<ApprovalState>(state, "state")).Select(Response).ToList())
            .Needs(Policies.AskApproval).WithName("listApprovals")
            .WithSummary("One's requests; for a supervisor, those of the organisation").WithTags("supervision")
            .Produces<IReadOnlyList<ApprovalResponse>>().Problems(400);
        v1.MapPost("/approvals", (ApprovalRequest request, HttpContext context, ApprovingSearches approvals) =>
            {
                var asked = approvals.Ask(
                    context.Actor(), new AskedApproval(request.Use, request.Galleries, request.Purpose.ToPurpose(), request.Reason)
                    {
                        Exigent = request.Exigent,
                    });
                return Results.Created($"/v1/approvals/{asked.Id}", Response(asked));
            })
            .Needs(Policies.AskApproval).WithName("requestApproval")
            .WithSummary("Ask a supervisor for a search or a comparison").WithTags("supervision")
            .Produces<ApprovalResponse>(StatusCodes.Status201Created).Problems(400, 404);
        v1.MapGet("/approvals/{approval}", (string approval, HttpContext context, ApprovingSearches approvals) =>
                Response(approvals.Find(context.Actor(), approval)))
            .Needs(Policies.AskApproval).WithName("getApproval").WithSummary("A request").WithTags("supervision")
            .Produces<ApprovalResponse>().Problems(404);
        v1.MapPost(
            "/approvals/{approval}/decision",
            (string approval, Decision decision, HttpContext context, ApprovingSearches approvals) =>
                Response(approvals.Decide(context.Actor(), approval, decision.ToDecision())))
            .Needs(Policies.Supervise).WithName("decideApproval")
            .WithSummary("Approve or refuse a use of the organisation's agents, with a reason").WithTags("supervision")
            .Produces<ApprovalResponse>().Problems(400, 404, 409);
    }

    private static ApprovalResponse Response(Approval approval) => new(
        approval.Id,
        approval.Use,
        approval.Requester,
        approval.Galleries,
        PurposeWire.Of(approval.Purpose),
        approval.Reason,
        approval.State,
        approval.Exigent,
        approval.DecideBy,
        approval.Requested,
        approval.Expires,
        approval.DecidedBy,
        approval.Decided,
        approval.Decision,
        approval.Search);
}
