using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

/// <summary>What somebody is told.</summary>
/// <param name="Id">Its number; rises with time.</param>
/// <param name="Time">When (UTC).</param>
/// <param name="Kind">search-opened, record-opened, approval-decided, details-requested, details-decided,
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
    private const int MaxPage = 500;

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/notifications", List)
            .Needs(Policies.SignedIn).WithName("listNotifications").WithSummary("What one is told, newest first").WithTags("supervision")
            .Produces<IReadOnlyList<NotificationResponse>>().Problems(400);
        v1.MapPost("/notifications/read", (NotificationsRead request, HttpContext context, Notifications notifications) =>
            {
                var caller = context.Caller();
                notifications.MarkRead(caller.Account, KeeperOf(caller), request.UpTo);
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).WithName("markNotificationsRead").WithSummary("Mark notifications as read").WithTags("supervision")
            .Produces(StatusCodes.Status204NoContent).Problems(400);
    }

    internal static List<NotificationResponse> List(
        bool? unread, long? before, int? count, HttpContext context, Notifications notifications)
    {
        var caller = context.Caller();
        var wanted = count ?? 100;
        if (wanted is < 1 or > MaxPage)
            throw new ProblemException(Problem.BadValue, $"count lies within 1 … {MaxPage}");
        return notifications.List(caller.Account, KeeperOf(caller), unread ?? false, before, wanted)
            .Select(told => new NotificationResponse(
                told.Id, told.Time, told.Kind, told.Actor, told.Search, told.Gallery, told.Subject, told.Read)).ToList();
    }

    internal static string? KeeperOf(Caller caller) => caller.Is(Role.GalleryOwner) ? caller.Organisation : null;
}
