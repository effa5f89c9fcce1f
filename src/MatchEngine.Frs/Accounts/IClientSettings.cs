using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Accounts;

/// <summary>What holds for requests that come with a key, where they cannot say it themselves.</summary>
/// <param name="Gallery">The gallery that is meant; null: the request says it.</param>
/// <param name="Purpose">What searches and comparisons are made for; null: the request says it.</param>
public sealed record ClientSettings(string? Gallery, SearchPurpose? Purpose);

/// <summary>The store of what holds for the requests of keys.</summary>
public interface IClientSettings
{
    /// <summary>What holds for a key; null: nothing was set.</summary>
    ClientSettings? Find(string key);

    /// <summary>Sets it, in the place of what was set before.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="key">The key, which is there.</param>
    /// <param name="settings">What holds.</param>
    void Set(BookChange change, string key, ClientSettings settings);

    /// <summary>Takes it away; false when nothing was set.</summary>
    bool Remove(BookChange change, string key);
}
