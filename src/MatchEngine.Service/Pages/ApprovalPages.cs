using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>Searches that wait for, or have, a supervisor's say.</summary>
/// <param name="Approvals">The requests: one's own, or for a supervisor those of the organisation; newest first.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Now">The time, by which an approval has expired or not.</param>
public sealed record ApprovalsModel(
    IReadOnlyList<Approval> Approvals, IReadOnlyDictionary<string, string> Names, DateTimeOffset Now);

/// <summary>The page that asks for approval.</summary>
/// <param name="Galleries">The galleries that may be searched.</param>
public sealed record ApprovalRequestModel(IReadOnlyList<GalleryOverview> Galleries);

/// <summary>Approval: asked for by agents, given or refused by supervisors, with a reason.</summary>
internal static class ApprovalPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(
            "/approvals", (HttpContext context, ApprovingSearches approvals, KeepingAccounts accounts, TimeProvider clock) =>
                context.Page<ApprovalsView, ApprovalsModel>(new ApprovalsModel(
                    approvals.List(context.Actor()), accounts.Names(context.Actor()), clock.GetUtcNow())))
            .For(Policies.AskApproval);
        pages.MapGet("/approvals/new", (HttpContext context, KeepingGalleries galleries) =>
                context.Page<ApprovalRequestView, ApprovalRequestModel>(
                    new ApprovalRequestModel(galleries.List(context.Actor()).Where(gallery => gallery.MaySearch).ToList())))
            .For(Policies.AskApproval);
        pages.MapPost("/approvals", async (HttpContext context, ApprovingSearches approvals) =>
            {
                using var form = await PageForm.ReadAsync(context);
                approvals.Ask(context.Actor(), new AskedApproval(
                    form.Text("use") == "comparison" ? ApprovedUse.Comparison : ApprovedUse.Search, form.Texts("gallery"), form.Purpose(),
                    form.Text("reason") ?? "")
                {
                    Exigent = form.Ticked("exigent"),
                });
                return WebPages.Done("/approvals", "approval-requested");
            })
            .For(Policies.AskApproval);
        pages.MapPost("/approvals/{approval}", async (string approval, HttpContext context, ApprovingSearches approvals) =>
            {
                using var form = await PageForm.ReadAsync(context);
                approvals.Decide(context.Actor(), approval, form.Decision());
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

    /// <summary>Why a search is made.</summary>
    public static SearchPurpose Purpose(this PageForm form) =>
        new(form.Text("caseNumber"), form.Text("basis"), form.Text("requester"));
}
