using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Notifying;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>What somebody is told.</summary>
/// <param name="Id">Its number; rises with time.</param>
/// <param name="Time">When (UTC).</param>
/// <param name="Kind">search-opened, key-made, record-opened, approval-decided, details-requested, details-decided,
/// examination-finished or examination-expired.</param>
/// <param name="Actor">The account that did it.</param>
/// <param name="SearchId">The search it is about.</param>
/// <param name="Gallery">The gallery it is about.</param>
/// <param name="SubjectId">The subject it is about.</param>
/// <param name="Read">Whether this account has marked it as read.</param>
public sealed record NotificationResponse(
    long Id, DateTimeOffset Time, string Kind, string Actor, string? SearchId, string? Gallery, string? SubjectId, bool Read);

/// <summary>Marks notifications as read.</summary>
/// <param name="UpTo">The newest one that was read; it and all before it are marked.</param>
public sealed record NotificationsRead(long UpTo);

/// <summary><c>/v1/notifications</c>: who opened one's searches and records.</summary>
internal static class NotificationsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/notifications", (
                bool? unread, long? before, int? count, HttpContext context, ReadingNotifications notifications) =>
                notifications.List(context.Actor(), unread ?? false, before, count)
                    .Select(told => new NotificationResponse(
                        told.Id, told.Time, told.Kind, told.Actor, told.Search, told.Gallery, told.Subject, told.Read)).ToList())
            .Needs(Policies.SignedIn).WithName("listNotifications").WithSummary("What one is told, newest first").WithTags("supervision")
            .Produces<IReadOnlyList<NotificationResponse>>().Problems(400);
        v1.MapPost("/notifications/read", (NotificationsRead request, HttpContext context, ReadingNotifications notifications) =>
            {
                notifications.MarkRead(context.Actor(), request.UpTo);
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).WithName("markNotificationsRead").WithSummary("Mark notifications as read").WithTags("supervision")
            .Produces(StatusCodes.Status204NoContent).Problems(400);
    }
}
