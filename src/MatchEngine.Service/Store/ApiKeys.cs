using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MatchEngine.Galleries.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Service.Store;

/// <summary>An API key without its secret, which nobody but its holder knows.</summary>
/// <param name="Id">The part of the key that stands in front of the secret.</param>
/// <param name="Account">The account it acts for.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Expires">When it ends, or null.</param>
/// <param name="Revoked">When it was revoked, or null.</param>
/// <param name="LastUsed">When it was last used, to a minute; null: never.</param>
internal sealed record ApiKey(
    string Id, string Account, string Name, DateTimeOffset Created, DateTimeOffset? Expires,
    DateTimeOffset? Revoked, DateTimeOffset? LastUsed);

/// <summary>The API keys. A key is <c>me_ID_SECRET</c>; only the secret's hash is stored.</summary>
internal sealed class ApiKeys(ServiceDatabase database)
{
    private const string Prefix = "me_";
    private const int SecretBytes = 32;

    // A write a request would wait for the disk each time.
    private static readonly TimeSpan UseGrain = TimeSpan.FromMinutes(1);

    private const string Columns =
        "k.id AS Id, k.account AS Account, k.name AS Name, k.hash AS Hash, k.created AS Created, k.expires AS Expires, "
            + "k.revoked AS Revoked, k.last_used AS LastUsed";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    public IReadOnlyList<ApiKey> List(string? account) => database.Read(connection => connection
        .Query<Row>(
            $"SELECT {Columns} FROM api_key k WHERE @account IS NULL OR k.account = @account ORDER BY k.created, k.id", new { account })
        .Select(row => row.ToKey()).ToList());

    public ApiKey? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM api_key k WHERE k.id = @id", new { id })?.ToKey());

    /// <summary>Makes a key; its text is given once, here.</summary>
    public (ApiKey Key, string Text) Add(string account, string name, DateTimeOffset? expires) =>
        database.Write((connection, transaction) => Add(connection, transaction, account, name, expires));

    /// <summary>The same within a transaction.</summary>
    public (ApiKey Key, string Text) Add(
        SqliteConnection connection, SqliteTransaction transaction, string account, string name, DateTimeOffset? expires)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = database.Clock.GetUtcNow();
        connection.Execute(
            "INSERT INTO api_key (id, account, name, hash, created, expires) VALUES (@id, @account, @name, @hash, @created, @expires)",
            new { id, account, name, hash = Hash(secret), created = StoredTime.Write(now), expires = expires is { } end
                ? StoredTime.Write(end)
                : null },
            transaction);
        return (new ApiKey(id, account, name, now, expires, null, null), $"{Prefix}{id}_{secret}");
    }

    /// <summary>Whether there is such a key, neither revoked nor expired.</summary>
    public bool IsGood(string id) => Find(id) is { Revoked: null } key && !(key.Expires <= database.Clock.GetUtcNow());

    /// <summary>Revokes a key from now on; false when there is none or it is revoked already.</summary>
    public bool Revoke(string id) =>
        database.Execute("UPDATE api_key SET revoked = @now WHERE id = @id AND revoked IS NULL", new { id, now = database.Now() }) == 1;

    /// <summary>The account of a key; null when the key is unknown, revoked or expired, or its account is disabled.</summary>
    public (Account Account, string KeyId)? Authenticate(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.Split('_') is not [_, var id, var secret])
            return null;
        var found = database.Read(connection => connection.Query<Row, Accounts.Row, (Row Key, Accounts.Row Account)>(
            $"SELECT {Columns}, {Accounts.Columns} FROM api_key k JOIN account a ON a.id = k.account WHERE k.id = @id",
            (key, account) => (key, account),
            new { id }).FirstOrDefault());
        if (found.Key is null || !CryptographicOperations.FixedTimeEquals(found.Key.Hash, Hash(secret)))
            return null;
        var now = database.Clock.GetUtcNow();
        var key = found.Key.ToKey();
        if (key.Revoked is not null || key.Expires <= now || found.Account.Disabled)
            return null;
        NoteUse(key, now);
        return (found.Account.ToAccount(), key.Id);
    }

    private void NoteUse(ApiKey key, DateTimeOffset now)
    {
        var last = _used.TryGetValue(key.Id, out var noted) ? noted : key.LastUsed ?? DateTimeOffset.MinValue;
        if (now - last < UseGrain)
            return;
        _used[key.Id] = now;
        database.Execute("UPDATE api_key SET last_used = @now WHERE id = @Id", new { key.Id, now = StoredTime.Write(now) });
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Account { get; init; } = "";
        public string Name { get; init; } = "";
        public byte[] Hash { get; init; } = [];
        public string Created { get; init; } = "";
        public string? Expires { get; init; }
        public string? Revoked { get; init; }
        public string? LastUsed { get; init; }

        public ApiKey ToKey() => new(
            Id,
            Account,
            Name,
            StoredTime.Read(Created),
            ServiceDatabase.ParseOptionalTime(Expires),
            ServiceDatabase.ParseOptionalTime(Revoked),
            ServiceDatabase.ParseOptionalTime(LastUsed));
    }
}
