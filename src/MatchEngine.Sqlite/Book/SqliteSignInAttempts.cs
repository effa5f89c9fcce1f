using System.Security.Cryptography;
using System.Text;
using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>Attempts to sign in, by digests of name and address.</summary>
internal sealed class SqliteSignInAttempts(ServiceDatabase database) : ISignInAttempts
{
    // All addresses together that an account does not know.
    private static readonly byte[] Strangers = [];

    public (bool Allowed, bool Last) Count(string name, string address)
    {
        var (who, where) = (Digest("name", name), Digest("address", address));
        return database.Write((connection, transaction) =>
        {
            var now = database.Clock.GetUtcNow();
            connection.Execute(
                "DELETE FROM sign_in_attempt WHERE last <= @old; DELETE FROM familiar_address WHERE last <= @forgotten",
                new { old = StoredTime.Write(now - SignInRules.Lockout), forgotten = StoredTime.Write(now - SignInRules.Familiarity) },
                transaction);
            var known = connection.ExecuteScalar<bool>(
                "SELECT EXISTS (SELECT 1 FROM familiar_address WHERE name = @who AND address = @where)", new { who, where }, transaction);
            if (Counted(where) >= SignInRules.MaxFailures || (!known && Counted(Strangers) >= SignInRules.MaxFailuresOfStrangers))
                return (false, true);
            Add(where);
            if (!known)
                Add(Strangers);
            return (true, Counted(where) >= SignInRules.MaxFailures
                || (!known && Counted(Strangers) >= SignInRules.MaxFailuresOfStrangers));

            long Counted(byte[] of) => connection.ExecuteScalar<long>(
                "SELECT coalesce(sum(count), 0) FROM sign_in_attempt WHERE name = @who AND address = @of", new { who, of }, transaction);

            void Add(byte[] to) => connection.Execute(
                """
                INSERT INTO sign_in_attempt (name, address, count, last) VALUES (@who, @to, 1, @now)
                ON CONFLICT (name, address) DO UPDATE SET count = count + 1, last = excluded.last
                """,
                new { who, to, now = StoredTime.Write(now) }, transaction);
        });
    }

    public void Succeeded(string name, string address)
    {
        var (who, where) = (Digest("name", name), Digest("address", address));
        database.Write((connection, transaction) => connection.Execute(
            """
            DELETE FROM sign_in_attempt WHERE name = @who AND address = @where;
            INSERT INTO familiar_address (name, address, last) VALUES (@who, @where, @now)
            ON CONFLICT (name, address) DO UPDATE SET last = excluded.last
            """,
            new { who, where, now = database.Now() }, transaction));
    }

    public void Forget(BookChange change, string name) =>
        database.Execute("DELETE FROM sign_in_attempt WHERE name = @who", new { who = Digest("name", name) });

    // Names that differ in case only are one account's.
    private byte[] Digest(string kind, string text) => HMACSHA256.HashData(
        database.ReceiptSecret.Span, Encoding.UTF8.GetBytes($"sign-in {kind}\n{text.Trim().ToLowerInvariant()}"));
}
