using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>The API keys. A key is <c>me_ID_SECRET</c>; only the secret's hash is stored.</summary>
internal sealed class SqliteApiKeys(ServiceDatabase database) : IApiKeys
{
    private const string Prefix = "me_";
    private const int SecretBytes = 32;

    // A write a request would wait for the disk each time.
    private static readonly TimeSpan UseGrain = TimeSpan.FromMinutes(1);

    private const string Columns =
        "k.id AS Id, k.account AS Account, k.name AS Name, k.hash AS Hash, k.created AS Created, k.expires AS Expires, "
            + "k.revoked AS Revoked, k.last_used AS LastUsed, "
            + "k.scopes AS Scopes, k.parent AS Parent, k.made_by AS MadeBy";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    public IReadOnlyList<ApiKey> List(string? account) => database.Read(connection => connection
        .Query<Row>(
            $"SELECT {Columns} FROM api_key k WHERE @account IS NULL OR k.account = @account ORDER BY k.created, k.id", new { account })
        .Select(row => row.ToKey()).ToList());

    public ApiKey? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM api_key k WHERE k.id = @id", new { id })?.ToKey());

    public (ApiKey Key, string Text) Add(
        BookChange change, string account, string name, DateTimeOffset? expires, IReadOnlyList<string>? scopes = null,
        string? parent = null)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = database.Clock.GetUtcNow();
        database.Execute(
            "INSERT INTO api_key (id, account, name, hash, created, expires, scopes, parent, made_by) "
                + "VALUES (@id, @account, @name, @hash, @created, @expires, @scopes, @parent, @madeBy)",
            new
            {
                id,
                account,
                name,
                hash = Hash(secret),
                created = StoredTime.Write(now),
                expires = expires is { } end ? StoredTime.Write(end) : null,
                scopes = scopes is null ? null : string.Join(' ', scopes.Distinct().Order(StringComparer.Ordinal)),
                parent,
                madeBy = change.Author?.Actor,
            });
        return (
            new ApiKey(id, account, name, now, expires, null, null, scopes, parent) { MadeBy = change.Author?.Actor },
            $"{Prefix}{id}_{secret}");
    }

    public bool IsGood(string id) => Find(id) is { Revoked: null } key && !(key.Expires <= database.Clock.GetUtcNow());

    public bool Revoke(BookChange change, string id) => database.Execute(
        """
        WITH RECURSIVE family (id) AS (
          SELECT id FROM api_key WHERE id = @id AND revoked IS NULL
          UNION SELECT k.id FROM api_key k JOIN family f ON k.parent = f.id)
        UPDATE api_key SET revoked = @now WHERE id IN (SELECT id FROM family) AND revoked IS NULL
        """,
        new { id, now = database.Now() }) > 0;

    public int RevokeOthers(BookChange change, string account) => database.Execute(
        """
        WITH RECURSIVE family (id) AS (
          SELECT id FROM api_key WHERE account = @account AND made_by NOT IN (@account, @service) AND revoked IS NULL
          UNION SELECT k.id FROM api_key k JOIN family f ON k.parent = f.id)
        UPDATE api_key SET revoked = @now WHERE id IN (SELECT id FROM family) AND revoked IS NULL
        """,
        new { account, service = Actor.ServiceAccount, now = database.Now() });

    public (Account Account, ApiKey Key)? Authenticate(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.Split('_') is not [_, var id, var secret])
            return null;
        var found = database.Read(connection => connection.Query<Row, SqliteAccounts.Row, (Row Key, SqliteAccounts.Row Account)>(
            $"SELECT {Columns}, {SqliteAccounts.Columns} FROM api_key k JOIN account a ON a.id = k.account WHERE k.id = @id",
            (key, account) => (key, account),
            new { id }).FirstOrDefault());
        if (found.Key is null || !CryptographicOperations.FixedTimeEquals(found.Key.Hash, Hash(secret)))
            return null;
        var now = database.Clock.GetUtcNow();
        var key = found.Key.ToKey();
        if (key.Revoked is not null || key.Expires <= now || found.Account.Disabled)
            return null;
        NoteUse(key, now);
        return (found.Account.ToAccount(), key);
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
        public string? Scopes { get; init; }
        public string? Parent { get; init; }
        public string? MadeBy { get; init; }

        public ApiKey ToKey() => new(
            Id,
            Account,
            Name,
            StoredTime.Read(Created),
            ServiceDatabase.ParseOptionalTime(Expires),
            ServiceDatabase.ParseOptionalTime(Revoked),
            ServiceDatabase.ParseOptionalTime(LastUsed),
            Scopes?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Parent) { MadeBy = MadeBy };
    }
}
