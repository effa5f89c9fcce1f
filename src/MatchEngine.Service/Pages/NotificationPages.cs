using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Notifying;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Pages;

/// <summary>What one is told.</summary>
/// <param name="Notifications">Newest first.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Older">Give this as <c>before</c> for older ones; null at the end.</param>
public sealed record NotificationsModel(
    IReadOnlyList<Notification> Notifications, IReadOnlyDictionary<string, string> Names, long? Older);

/// <summary>Who opened one's searches and records, and what was decided.</summary>
internal static class NotificationPages
{
    private const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(
            "/notifications", (long? before, HttpContext context, ReadingNotifications notifications, KeepingAccounts accounts) =>
            {
                var told = notifications.List(context.Actor(), false, before, PageSize);
                return context.Page<NotificationsView, NotificationsModel>(
                    new NotificationsModel(told, accounts.Names(context.Actor()), told.Count == PageSize ? told[^1].Id : null));
            })
            .For(Policies.SignedIn);
        pages.MapPost("/notifications", async (HttpContext context, ReadingNotifications notifications) =>
            {
                using var form = await PageForm.ReadAsync(context);
                notifications.MarkRead(context.Actor(), form.Number("upTo") ?? 0);
                return WebPages.Done("/notifications", "notifications-read");
            })
            .For(Policies.SignedIn);
    }
}
