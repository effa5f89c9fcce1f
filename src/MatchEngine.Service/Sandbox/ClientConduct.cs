using System.Collections.Concurrent;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Service.Sandbox;

/// <summary>How often a rule was seen to be kept and to be broken.</summary>
/// <param name="Kept">Requests that kept it.</param>
/// <param name="Broken">Requests that broke it.</param>
/// <param name="LastBroken">The last one that did; null for none.</param>
internal sealed record SeenRule(int Kept, int Broken, string? LastBroken)
{
    public static SeenRule Nothing { get; } = new(0, 0, null);

    public SeenRule And(bool kept, string request) =>
        kept ? this with { Kept = Kept + 1 } : this with { Broken = Broken + 1, LastBroken = request };

    public SeenRule And(SeenRule other) => new(Kept + other.Kept, Broken + other.Broken, LastBroken ?? other.LastBroken);
}

/// <summary>
/// What clients did, by the keys that they used: numbers, and the ids of requests. No image, nothing of a person. Its size is bounded by
/// the rules, the profiles and the endpoints, and by the number of keys that it keeps count of.
/// </summary>
internal sealed class ClientConduct
{
    /// <summary>Of further keys nothing is kept.</summary>
    public const int MostKeys = 1000;

    private readonly ConcurrentDictionary<string, Client> _clients = new(StringComparer.Ordinal);

    /// <summary>How many requests came with a key; 0 where none did.</summary>
    public int Requests(string key) => _clients.TryGetValue(key, out var client) ? client.Requests : 0;

    /// <summary>
    /// What was seen of a rule under a profile, and of searches that were refused before it was known whose rules they follow.
    /// </summary>
    public SeenRule Of(string key, ConductRule rule, Profile profile) =>
        _clients.TryGetValue(key, out var client) ? client.Of(rule.Name, profile.Name).And(client.Of(rule.Name, "")) : SeenRule.Nothing;

    /// <summary>Notes a request, and whether it waited as long as an earlier answer to the same endpoint had asked for.</summary>
    /// <param name="key">The key it came with.</param>
    /// <param name="endpoint">What was asked.</param>
    /// <param name="request">Its id.</param>
    /// <param name="came">When it came, by the machine's time.</param>
    /// <param name="retryAt">When the next one is to come, where the answer says so.</param>
    public void Note(string key, string endpoint, string request, DateTimeOffset came, DateTimeOffset? retryAt) =>
        Find(key)?.Note(endpoint, request, came, retryAt);

    /// <summary>Notes a search that was answered, for each profile that it followed.</summary>
    public void Note(string key, string request, RecordedSearch search, IEnumerable<Profile> profiles)
    {
        if (Find(key) is not { } client)
            return;
        foreach (var profile in profiles.DistinctBy(profile => profile.Name))
        {
            foreach (var rule in ConductRule.All)
            {
                if (rule.Of(search, profile) is { } kept)
                    client.Note(rule.Name, profile.Name, kept, request);
            }
        }
    }

    /// <summary>Notes a search that was refused.</summary>
    /// <param name="key">The key it came with.</param>
    /// <param name="request">Its id.</param>
    /// <param name="code">The refusal's code.</param>
    /// <param name="profile">The name of the profile that refused it; null where none did.</param>
    public void Note(string key, string request, string code, string? profile)
    {
        if (ConductRule.All.FirstOrDefault(rule => rule.RefusedAs == code) is { } broken)
            Find(key)?.Note(broken.Name, profile ?? "", false, request);
    }

    private Client? Find(string key) =>
        _clients.TryGetValue(key, out var known) ? known
        : _clients.Count < MostKeys ? _clients.GetOrAdd(key, _ => new Client()) : null;

    private sealed class Client
    {
        /// <summary>What a clock and a network may differ by.</summary>
        private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(50);

        private readonly Lock _noting = new();
        private readonly Dictionary<(string Rule, string Profile), SeenRule> _rules = [];
        private readonly Dictionary<string, DateTimeOffset> _retryAt = [];
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        public SeenRule Of(string rule, string profile)
        {
            lock (_noting)
                return _rules.GetValueOrDefault((rule, profile), SeenRule.Nothing);
        }

        public void Note(string rule, string profile, bool kept, string request)
        {
            lock (_noting)
                _rules[(rule, profile)] = _rules.GetValueOrDefault((rule, profile), SeenRule.Nothing).And(kept, request);
        }

        public void Note(string endpoint, string request, DateTimeOffset came, DateTimeOffset? retryAt)
        {
            lock (_noting)
            {
                _requests++;
                if (_retryAt.Remove(endpoint, out var asked))
                    Note(ConductRule.RetryAfter.Name, "", came >= asked - Tolerance, request);
                if (retryAt is { } next)
                    _retryAt[endpoint] = next;
            }
        }
    }
}
