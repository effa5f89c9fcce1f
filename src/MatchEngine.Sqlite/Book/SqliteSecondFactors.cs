using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;

namespace MatchEngine.Sqlite.Book;

/// <summary>The second factors.</summary>
internal sealed class SqliteSecondFactors(ServiceDatabase database) : ISecondFactors
{
    public SecondFactor? Find(string account) => database.Read(connection => connection.QuerySingleOrDefault<Row>(
        "SELECT secret AS Secret, confirmed AS Confirmed FROM second_factor WHERE account = @account", new { account }) is { } row
            ? new SecondFactor(row.Secret, row.Confirmed)
            : null);

    public bool Begin(BookChange change, string account, byte[] @sealed) => database.Execute(
        """
        INSERT INTO second_factor (account, secret, confirmed, last_step) VALUES (@account, @sealed, 0, 0)
        ON CONFLICT (account) DO UPDATE SET secret = excluded.secret WHERE confirmed = 0
        """,
        new { account, @sealed }) == 1;

    public bool Confirm(BookChange change, string account, long step, IReadOnlyList<byte[]> recovery) =>
        database.Write((connection, transaction) =>
        {
            if (connection.Execute(
                "UPDATE second_factor SET confirmed = 1, last_step = @step WHERE account = @account AND confirmed = 0",
                new { account, step }, transaction) == 0)
                return false;
            connection.Execute(
                "INSERT INTO recovery_code (account, hash) VALUES (@account, @hash)",
                recovery.Select(hash => new { account, hash }), transaction);
            return true;
        });

    public bool Use(string account, long step) => database.Execute(
        "UPDATE second_factor SET last_step = @step WHERE account = @account AND confirmed = 1 AND last_step < @step",
        new { account, step }) == 1;

    public bool UseRecovery(BookChange change, string account, byte[] hash) =>
        database.Execute("DELETE FROM recovery_code WHERE account = @account AND hash = @hash", new { account, hash }) == 1;

    public bool Remove(BookChange change, string account) =>
        database.Execute("DELETE FROM second_factor WHERE account = @account", new { account }) == 1;

    private sealed class Row
    {
        public byte[] Secret { get; init; } = [];
        public bool Confirmed { get; init; }
    }
}
