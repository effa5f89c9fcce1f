using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>Searches that wait for, or have, a supervisor's say.</summary>
/// <param name="Approvals">The requests: one's own, or for a supervisor those of the organisation; newest first.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Now">The time, by which an approval has expired or not.</param>
public sealed record ApprovalsModel(
    IReadOnlyList<ApprovalResponse> Approvals, IReadOnlyDictionary<string, string> Names, DateTimeOffset Now);

/// <summary>The page that asks for approval.</summary>
/// <param name="Galleries">The galleries that may be searched.</param>
public sealed record ApprovalRequestModel(IReadOnlyList<GalleryResponse> Galleries);

/// <summary>Approval: asked for by agents, given or refused by supervisors, with a reason.</summary>
internal static class ApprovalPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/approvals", (HttpContext context, Approvals approvals, Accounts accounts, TimeProvider clock) =>
                context.Page<ApprovalsView, ApprovalsModel>(
                    new ApprovalsModel(ApprovalsResource.List(null, context, approvals), accounts.Names(), clock.GetUtcNow())))
            .For(Policies.Search);
        pages.MapGet("/approvals/new", (HttpContext context, OpenGalleries galleries) =>
                context.Page<ApprovalRequestView, ApprovalRequestModel>(
                    new ApprovalRequestModel(GalleriesResource.List(context, galleries).Where(gallery => gallery.MaySearch).ToList())))
            .For(Policies.Search);
        pages.MapPost("/approvals", async (HttpContext context, Approvals approvals, GalleryAccess access, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var purpose = new PurposeWire(form.Text("caseNumber"), form.Text("basis"), form.Text("requester"));
                ApprovalsResource.Ask(
                    new ApprovalRequest(form.Texts("gallery"), purpose, form.Text("reason") ?? ""), context, approvals, access, audit);
                return WebPages.Done("/approvals", "approval-requested");
            })
            .For(Policies.Search);
        pages.MapPost(
            "/approvals/{approval}",
            async (string approval, HttpContext context, Approvals approvals, Notifications notifications, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                ApprovalsResource.Decide(approval, form.Decision(), context, approvals, notifications, audit);
                return WebPages.Done("/approvals", "approval-decided");
            })
            .For(Policies.Supervise);
    }

    /// <summary>Yes or no, and why.</summary>
    public static Decision Decision(this PageForm form) => new(
        form.Text("decision") switch
        {
            "grant" => true,
            "refuse" => false,
            _ => throw new ProblemException(Problem.BadValue, "say whether it may be done"),
        },
        form.Text("reason") ?? "");

    /// <summary>Names of accounts by their ids.</summary>
    public static Dictionary<string, string> Names(this Accounts accounts) =>
        accounts.List().ToDictionary(account => account.Id, account => account.Name);
}
