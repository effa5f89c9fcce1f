using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Vetting;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Pages;

/// <summary>The organisation's list of approved services and galleries.</summary>
/// <param name="Uses">The list, newest first, each with whether it counts now.</param>
/// <param name="Galleries">The galleries that can be put on it, for those who keep it.</param>
/// <param name="Names">Names of accounts by their ids.</param>
public sealed record VettingModel(
    IReadOnlyList<(VettedUse Use, bool IsGood)> Uses, IReadOnlyList<GalleryOverview> Galleries, IReadOnlyDictionary<string, string> Names);

/// <summary>What an organisation approves for its people, by its vetting unit.</summary>
internal static class VettingPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/vetting", (
                HttpContext context, KeepingVetting vetting, KeepingGalleries galleries, KeepingAccounts accounts) =>
            {
                var actor = context.Actor();
                return context.Page<VettingView, VettingModel>(new VettingModel(
                    [.. vetting.List(actor).Select(use => (use, vetting.IsGood(use)))],
                    [.. galleries.List(actor).Where(gallery => gallery.MaySearch)], accounts.Names(actor)));
            })
            .For(Policies.ReadVetting);
        pages.MapPost("/vetting", async (HttpContext context, KeepingVetting vetting) =>
            {
                using var form = await PageForm.ReadAsync(context);
                // The day that is named is the last one.
                vetting.Approve(context.Actor(), new NewVettedUse(
                    form.Text("gallery"), form.Text("caseNumber"), PageQuery.Day(form.Text("until"))?.AddDays(1), form.Text("reason")));
                return WebPages.Done("/vetting", "vetting-approved");
            })
            .For(Policies.Vet);
        pages.MapPost("/vetting/{use}/withdrawal", async (string use, HttpContext context, KeepingVetting vetting) =>
            {
                using var form = await PageForm.ReadAsync(context);
                vetting.Withdraw(context.Actor(), use);
                return WebPages.Done("/vetting", "vetting-withdrawn");
            })
            .For(Policies.Vet);
    }
}
