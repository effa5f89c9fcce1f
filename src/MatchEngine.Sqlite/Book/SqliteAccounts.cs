using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Book;

/// <summary>The accounts, and the hashes of their passwords.</summary>
internal sealed class SqliteAccounts(ServiceDatabase database, IPasswordHashes passwords) : IAccounts
{
    internal const string Columns = """
        a.id AS Id, a.name AS Name, a.organisation AS Organisation, a.roles AS Roles, a.password_hash AS PasswordHash,
        EXISTS (SELECT 1 FROM second_factor f WHERE f.account = a.id AND f.confirmed = 1) AS HasSecondFactor,
        a.disabled AS Disabled, a.created AS Created
        """;

    // Checked where there is no account or no password, so that the time of an answer does not tell whether a name is there.
    private readonly string _decoy = passwords.Hash("", Guid.NewGuid().ToString());

    public IReadOnlyList<Account> List() => database.Read(connection =>
        connection.Query<Row>($"SELECT {Columns} FROM account a ORDER BY a.name").Select(row => row.ToAccount()).ToList());

    public Account? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM account a WHERE a.id = @id", new { id })?.ToAccount());

    public bool Any() => database.Read(connection => connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM account)"));

    public Account? Administrator() => database.Read(connection => connection.QueryFirstOrDefault<Row>(
        $"SELECT {Columns} FROM account a WHERE a.disabled = 0 AND ' ' || a.roles || ' ' LIKE '% service-administrator %' "
            + "ORDER BY a.created, a.id LIMIT 1")?.ToAccount());

    public Account? Add(BookChange change, string name, string organisation, IEnumerable<string> roles, string? password)
    {
        var id = TimeOrderedId.New();
        var added = database.Execute(
            "INSERT INTO account (id, name, organisation, roles, password_hash, created) "
                + "VALUES (@id, @name, @organisation, @roles, @hash, @now) ON CONFLICT DO NOTHING",
            new
            {
                id,
                name,
                organisation,
                roles = Join(roles),
                hash = Hash(id, password),
                now = database.Now(),
            });
        return added == 0 ? null : Find(id);
    }

    public Account? Change(BookChange change, string id, IReadOnlyList<string>? roles, bool? disabled, string? password) =>
        database.Write((connection, transaction) =>
        {
            if (!connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM account WHERE id = @id)", new { id }, transaction))
                return null;
            connection.Execute(
                """
                UPDATE account SET roles = coalesce(@roles, roles), disabled = coalesce(@disabled, disabled),
                  password_hash = coalesce(@hash, password_hash) WHERE id = @id;
                DELETE FROM session WHERE account = @id
                """,
                new
                {
                    id,
                    roles = roles is null ? null : Join(roles),
                    disabled,
                    hash = Hash(id, password),
                },
                transaction);
            var administrators = connection.ExecuteScalar<long>(
                "SELECT count(*) FROM account WHERE disabled = 0 AND ' ' || roles || ' ' LIKE '% service-administrator %'",
                transaction: transaction);
            if (administrators == 0)
                throw new CodedException(
                    ErrorCodes.LastAdministrator,
                    "this would leave the service without an administrator of the service; make another account one first");
            return connection.QuerySingle<Row>($"SELECT {Columns} FROM account a WHERE a.id = @id", new { id }, transaction).ToAccount();
        });

    public (bool Right, Account? Account) Check(string name, string password)
    {
        var row = database.Read(
            connection => connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM account a WHERE a.name = @name", new { name }));
        // The slow part is done without holding the database.
        var verdict = passwords.Verify(row?.Id ?? "", row?.PasswordHash ?? _decoy, password);
        if (row?.PasswordHash is null || row.Disabled)
            return (false, null);
        if (verdict == PasswordVerdict.RightAndOld)
            database.Execute("UPDATE account SET password_hash = @hash WHERE id = @Id", new { row.Id, hash = Hash(row.Id, password) });
        return (verdict != PasswordVerdict.Wrong, row.ToAccount());
    }

    private string? Hash(string id, string? password) => password is null ? null : passwords.Hash(id, password);

    private static string Join(IEnumerable<string> roles) => string.Join(' ', roles.Distinct().Order(StringComparer.Ordinal));

    internal sealed class Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string Roles { get; init; } = "";
        public string? PasswordHash { get; init; }
        public bool HasSecondFactor { get; init; }
        public bool Disabled { get; init; }
        public string Created { get; init; } = "";

        public Account ToAccount() => new(
            Id,
            Name,
            Organisation,
            Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            PasswordHash is not null,
            HasSecondFactor,
            Disabled,
            StoredTime.Read(Created));
    }
}
