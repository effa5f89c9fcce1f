using Dapper;
using MatchEngine.Frs.Idempotency;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>The requests that are carried out once.</summary>
internal sealed class SqliteIdempotencyKeys(ServiceDatabase database) : IIdempotencyKeys
{
    public (BegunRequest? Earlier, bool IsNoted) Begin(
        string account, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> request, DateTimeOffset expires, int most) =>
        database.Write((connection, transaction) =>
        {
            var values = new
            {
                account, key = key.ToArray(), request = request.ToArray(), now = database.Now(), expires = StoredTime.Write(expires), most,
            };
            connection.Execute("DELETE FROM idempotency_key WHERE account = @account AND expires <= @now", values, transaction);
            var earlier = connection.QuerySingleOrDefault<Row>(
                "SELECT request AS Request, begun AS Begun, answer AS Answer FROM idempotency_key WHERE account = @account AND key = @key",
                values, transaction);
            if (earlier is not null)
                return (earlier.ToRequest(), false);
            var noted = connection.Execute(
                "INSERT INTO idempotency_key (account, key, request, begun, expires) SELECT @account, @key, @request, @now, @expires "
                    + "WHERE (SELECT count(*) FROM idempotency_key WHERE account = @account) < @most",
                values, transaction);
            return ((BegunRequest?)null, noted == 1);
        });

    public bool Keep(string account, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> answer, DateTimeOffset expires, long mostBytes) =>
        database.Execute(
            "UPDATE idempotency_key SET answer = @answer, size = @size, expires = @expires WHERE account = @account AND key = @key "
                + "AND (SELECT coalesce(sum(size), 0) FROM idempotency_key WHERE account = @account) + @size <= @mostBytes",
            new
            {
                account, key = key.ToArray(), answer = answer.ToArray(), size = (long)answer.Length, expires = StoredTime.Write(expires),
                mostBytes,
            }) == 1;

    public void Release(string account, ReadOnlyMemory<byte> key) => database.Execute(
        "DELETE FROM idempotency_key WHERE account = @account AND key = @key", new { account, key = key.ToArray() });

    public int Purge(DateTimeOffset now) =>
        database.Execute("DELETE FROM idempotency_key WHERE expires <= @now", new { now = StoredTime.Write(now) });

    private sealed class Row
    {
        public byte[] Request { get; init; } = [];
        public string Begun { get; init; } = "";
        public byte[]? Answer { get; init; }

        // A null array would become an empty answer, and not none.
        public BegunRequest ToRequest() => new(Request, StoredTime.Read(Begun), Answer is { } kept ? kept : (ReadOnlyMemory<byte>?)null);
    }
}
