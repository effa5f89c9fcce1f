using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Notifying;

/// <summary>Who opened one's searches and records, and what was decided.</summary>
/// <param name="notifications">The notifications.</param>
public sealed class ReadingNotifications(INotifications notifications)
{
    /// <summary>What one is told, newest first.</summary>
    /// <param name="actor">The reader.</param>
    /// <param name="unread">Only what was not marked as read.</param>
    /// <param name="before">Only what is older than this one, or null.</param>
    /// <param name="count">The largest number returned, 1 … 500; null for 100.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    public IReadOnlyList<Notification> List(Actor actor, bool unread, long? before, int? count)
    {
        actor.Require(Policies.SignedIn);
        return notifications.List(actor, unread, before, PageSize.Of(count));
    }

    /// <summary>Marks what one is told as read, up to and with this one.</summary>
    public void MarkRead(Actor actor, long upTo)
    {
        actor.Require(Policies.SignedIn);
        notifications.MarkRead(actor, upTo);
    }
}
