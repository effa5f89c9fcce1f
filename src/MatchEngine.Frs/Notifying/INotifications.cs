namespace MatchEngine.Frs.Notifying;

/// <summary>The store of notifications.</summary>
public interface INotifications
{
    /// <summary>Tells one account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="kind">One of <see cref="NotificationKinds"/>.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="search">The search it is about, or null.</param>
    /// <param name="gallery">The gallery it is about, or null.</param>
    /// <param name="subject">The subject it is about, or null.</param>
    void Tell(string account, string kind, Actor actor, string? search = null, string? gallery = null, string? subject = null);

    /// <summary>Tells everybody in an organisation who holds one of some roles, but for whoever did it.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="roles">The roles (<see cref="Accounts.Role"/>).</param>
    /// <param name="kind">One of <see cref="NotificationKinds"/>.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="search">The search it is about, or null.</param>
    /// <param name="gallery">The gallery it is about, or null.</param>
    /// <param name="subject">The subject it is about, or null.</param>
    void TellHolders(
        string organisation, IEnumerable<string> roles, string kind, Actor actor, string? search = null, string? gallery = null,
        string? subject = null);

    /// <summary>What an account is told, itself or by its roles, newest first.</summary>
    /// <param name="reader">The account, with its organisation and roles.</param>
    /// <param name="unread">Only what it has not marked as read.</param>
    /// <param name="before">Only what is older than this one, or null.</param>
    /// <param name="count">The largest number returned.</param>
    IReadOnlyList<Notification> List(Actor reader, bool unread, long? before, int count);

    /// <summary>Marks what an account is told as read, up to and with this one.</summary>
    /// <param name="reader">The account, with its organisation and roles.</param>
    /// <param name="upTo">The newest one that was read.</param>
    void MarkRead(Actor reader, long upTo);
}
