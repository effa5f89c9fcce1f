using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>The store of browsers that are signed in. What is not in it is signed out, whatever its cookie says.</summary>
public interface ISessions
{
    /// <summary>Begins one, and forgets those that began before a time.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="account">The account, which is there.</param>
    /// <param name="key">The key it is by; null for other means.</param>
    /// <param name="forgetBefore">Sessions that began earlier are over.</param>
    Session Begin(BookChange change, string account, string? key, DateTimeOffset forgetBefore);

    /// <summary>The session of an id; null when there is none, or it was ended.</summary>
    Session? Find(string id);

    /// <summary>The sessions of an account, the newest first.</summary>
    IReadOnlyList<Session> List(string account);

    /// <summary>Notes that one is in use.</summary>
    void Seen(string id, DateTimeOffset now);

    /// <summary>Ends one of an account; false when it has no such session.</summary>
    bool End(BookChange change, string account, string id);

    /// <summary>Ends all of an account; how many there were.</summary>
    int EndAll(BookChange change, string account);
}
