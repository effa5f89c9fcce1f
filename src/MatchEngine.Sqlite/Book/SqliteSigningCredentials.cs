using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Sqlite.Book;

/// <summary>The signing credentials.</summary>
internal sealed class SqliteSigningCredentials(ServiceDatabase database) : ISigningCredentials
{
    private const string Columns =
        "id AS Id, account AS Account, name AS Name, secret AS Secret, created AS Created, expires AS Expires, revoked AS Revoked, "
            + "last_used AS LastUsed, scopes AS Scopes, parent AS Parent, purpose AS Purpose";

    public IReadOnlyList<SigningCredential> List(string? account) => database.Read(connection => connection
        .Query<Row>(
            $"SELECT {Columns} FROM signing_credential WHERE @account IS NULL OR account = @account ORDER BY created, id", new { account })
        .Select(row => row.ToCredential()).ToList());

    public (SigningCredential Credential, byte[] Sealed)? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM signing_credential WHERE id = @id", new { id })) is { } row
            ? (row.ToCredential(), row.Secret)
            : null;

    public void Add(BookChange change, SigningCredential credential, byte[] @sealed) => database.Execute(
        "INSERT INTO signing_credential (id, account, name, secret, created, expires, scopes, parent, purpose) "
            + "VALUES (@Id, @Account, @Name, @sealed, @created, @expires, @scopes, @Parent, @purpose)",
        new
        {
            credential.Id,
            credential.Account,
            credential.Name,
            @sealed,
            created = StoredTime.Write(credential.Created),
            expires = StoredTime.Write(credential.Expires),
            scopes = credential.Scopes is { } scopes ? string.Join(' ', scopes.Distinct().Order(StringComparer.Ordinal)) : null,
            credential.Parent,
            purpose = credential.Purpose is { } purpose ? StoredJson.Write(purpose) : null,
        });

    public bool Revoke(BookChange change, string id) => database.Execute(
        "UPDATE signing_credential SET revoked = @now WHERE id = @id AND revoked IS NULL", new { id, now = database.Now() }) == 1;

    public void Used(string id, DateTimeOffset time) => database.Execute(
        "UPDATE signing_credential SET last_used = @time WHERE id = @id", new { id, time = StoredTime.Write(time) });

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Account { get; init; } = "";
        public string Name { get; init; } = "";
        public byte[] Secret { get; init; } = [];
        public string Created { get; init; } = "";
        public string Expires { get; init; } = "";
        public string? Revoked { get; init; }
        public string? LastUsed { get; init; }
        public string? Scopes { get; init; }
        public string? Parent { get; init; }
        public string? Purpose { get; init; }

        public SigningCredential ToCredential() => new(
            Id,
            Account,
            Name,
            StoredTime.Read(Created),
            StoredTime.Read(Expires),
            ServiceDatabase.ParseOptionalTime(Revoked),
            ServiceDatabase.ParseOptionalTime(LastUsed),
            Scopes?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Parent) { Purpose = Purpose is { } purpose ? StoredJson.Read<SearchPurpose>(purpose) : null };
    }
}
