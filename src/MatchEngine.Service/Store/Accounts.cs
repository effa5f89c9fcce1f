using Dapper;
using MatchEngine.Galleries.Stores;
using MatchEngine.Service.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Service.Store;

/// <summary>Somebody, or some program, that may use the service.</summary>
/// <param name="Id">Never used again.</param>
/// <param name="Name">The name it signs in with.</param>
/// <param name="Organisation">The id of its organisation.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Stamp">Changes with password, roles and state; sign-ins with an older one end.</param>
/// <param name="HasPassword">Whether it can sign in interactively.</param>
/// <param name="Disabled">Whether it is shut out.</param>
/// <param name="LockedUntil">Until when it cannot sign in after too many wrong passwords; null when it can.</param>
/// <param name="Created">When it was added (UTC).</param>
internal sealed record Account(
    string Id, string Name, string Organisation, IReadOnlyList<string> Roles, string Stamp, bool HasPassword, bool Disabled,
    DateTimeOffset? LockedUntil, DateTimeOffset Created);

/// <summary>What came of a password.</summary>
internal enum SignInOutcome
{
    /// <summary>It was right.</summary>
    Accepted,

    /// <summary>Name or password is wrong; which of them is not told.</summary>
    Refused,

    /// <summary>Too many wrong ones: the account waits.</summary>
    Locked,
}

/// <summary>The accounts, and their passwords as ASP.NET Core Identity hashes them.</summary>
internal sealed class Accounts(ServiceDatabase database)
{
    /// <summary>Wrong passwords in a row after which an account waits.</summary>
    public const int MaxFailures = 5;

    /// <summary>How long it waits.</summary>
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(15);

    internal const string Columns = """
        a.id AS Id, a.name AS Name, a.organisation AS Organisation, a.roles AS Roles, a.stamp AS Stamp, a.password_hash AS PasswordHash,
        a.disabled AS Disabled, a.failures AS Failures, a.locked_until AS LockedUntil, a.created AS Created
        """;

    private static readonly PasswordHasher<string> Hasher = new();

    // Checked where there is no account or no password, so that the time of an answer does not tell whether a name is there.
    private static readonly string Decoy = Hasher.HashPassword("", Guid.NewGuid().ToString());

    public IReadOnlyList<Account> List() => database.Read(connection =>
        connection.Query<Row>($"SELECT {Columns} FROM account a ORDER BY a.name").Select(row => row.ToAccount()).ToList());

    public Account? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM account a WHERE a.id = @id", new { id })?.ToAccount());

    public static bool Any(SqliteConnection connection, SqliteTransaction transaction) =>
        connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM account)", transaction: transaction);

    /// <summary>The oldest administrator that is not shut out, or null.</summary>
    public static Account? Administrator(SqliteConnection connection, SqliteTransaction transaction) => connection.QueryFirstOrDefault<Row>(
        $"SELECT {Columns} FROM account a WHERE a.disabled = 0 AND ' ' || a.roles || ' ' LIKE '% administrator %' "
            + "ORDER BY a.created, a.id LIMIT 1",
        transaction: transaction)?.ToAccount();

    /// <summary>Adds an account; null when the name is taken.</summary>
    public Account? Add(string name, string organisation, IEnumerable<string> roles, string? password) =>
        database.Write((connection, transaction) => Add(connection, transaction, name, organisation, roles, password));

    /// <summary>The same within a transaction.</summary>
    public Account? Add(
        SqliteConnection connection, SqliteTransaction transaction, string name, string organisation,
        IEnumerable<string> roles, string? password)
    {
        var id = ServiceDatabase.NewId();
        var added = connection.Execute(
            "INSERT INTO account (id, name, organisation, roles, password_hash, stamp, created) "
                + "VALUES (@id, @name, @organisation, @roles, @hash, @stamp, @now) ON CONFLICT DO NOTHING",
            new
            {
                id,
                name,
                organisation,
                roles = Join(roles),
                hash = Hash(id, password),
                stamp = ServiceDatabase.NewId(),
                now = database.Now(),
            },
            transaction);
        return added == 0
            ? null
            : connection.QuerySingle<Row>($"SELECT {Columns} FROM account a WHERE a.id = @id", new { id }, transaction).ToAccount();
    }

    /// <summary>Changes what is not null; null when there is no such account.</summary>
    /// <exception cref="ProblemException">The last administrator would be gone.</exception>
    public Account? Change(string id, IReadOnlyList<string>? roles, bool? disabled, string? password) =>
        database.Write((connection, transaction) =>
        {
            var changed = connection.Execute(
                """
                UPDATE account SET roles = coalesce(@roles, roles), disabled = coalesce(@disabled, disabled),
                  password_hash = coalesce(@hash, password_hash), failures = 0, locked_until = NULL, stamp = @stamp WHERE id = @id
                """,
                new
                {
                    id,
                    roles = roles is null ? null : Join(roles),
                    disabled,
                    hash = Hash(id, password),
                    stamp = ServiceDatabase.NewId(),
                },
                transaction);
            if (changed == 0)
                return null;
            var administrators = connection.ExecuteScalar<long>(
                "SELECT count(*) FROM account WHERE disabled = 0 AND ' ' || roles || ' ' LIKE '% administrator %'",
                transaction: transaction);
            if (administrators == 0)
                throw new ProblemException(
                    Problem.LastAdministrator,
                    "this would leave the service without an administrator; make another account administrator first");
            return connection.QuerySingle<Row>($"SELECT {Columns} FROM account a WHERE a.id = @id", new { id }, transaction).ToAccount();
        });

    /// <summary>Checks a password, counts wrong ones, and shuts the account out for a while after <see cref="MaxFailures"/>.</summary>
    public (SignInOutcome Outcome, Account? Account) SignIn(string name, string password)
    {
        var row = database.Read(
            connection => connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM account a WHERE a.name = @name", new { name }));
        // The slow part is done without holding the database.
        var verdict = Hasher.VerifyHashedPassword(row?.Id ?? "", row?.PasswordHash ?? Decoy, password);
        if (row?.PasswordHash is null || row.Disabled)
            return (SignInOutcome.Refused, null);
        return database.Write((connection, transaction) =>
        {
            var now = database.Clock.GetUtcNow();
            var (failures, until) = connection.QuerySingle<(long, string?)>(
                "SELECT failures, locked_until FROM account WHERE id = @Id", new { row.Id }, transaction);
            if (until is not null && StoredTime.Read(until) > now)
                return (SignInOutcome.Locked, row.ToAccount());
            if (verdict == PasswordVerificationResult.Failed)
            {
                failures = until is null ? failures + 1 : 1;
                var locked = failures >= MaxFailures;
                connection.Execute(
                    "UPDATE account SET failures = @failures, locked_until = @until WHERE id = @Id",
                    new { row.Id, failures, until = locked ? StoredTime.Write(now + Lockout) : null },
                    transaction);
                return (locked ? SignInOutcome.Locked : SignInOutcome.Refused, row.ToAccount());
            }
            connection.Execute("UPDATE account SET failures = 0, locked_until = NULL WHERE id = @Id", new { row.Id }, transaction);
            if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
                connection.Execute(
                    "UPDATE account SET password_hash = @hash WHERE id = @Id", new { row.Id, hash = Hash(row.Id, password) }, transaction);
            return (SignInOutcome.Accepted, row.ToAccount());
        });
    }

    private static string? Hash(string id, string? password) => password is null ? null : Hasher.HashPassword(id, password);

    private static string Join(IEnumerable<string> roles) => string.Join(' ', roles.Distinct().Order(StringComparer.Ordinal));

    internal sealed class Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string Roles { get; init; } = "";
        public string Stamp { get; init; } = "";
        public string? PasswordHash { get; init; }
        public bool Disabled { get; init; }
        public long Failures { get; init; }
        public string? LockedUntil { get; init; }
        public string Created { get; init; } = "";

        public Account ToAccount() => new(
            Id,
            Name,
            Organisation,
            Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Stamp,
            PasswordHash is not null,
            Disabled,
            ServiceDatabase.ParseOptionalTime(LockedUntil),
            StoredTime.Read(Created));
    }
}
