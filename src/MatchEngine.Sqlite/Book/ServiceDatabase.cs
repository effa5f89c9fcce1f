using System.Security.Cryptography;
using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Sqlite.Databases;
using MatchEngine.Sqlite.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Book;

/// <summary>
/// <c>service.db</c>: organisations, accounts, keys, approvals, reviews, notifications, operations. What a write acknowledged survives a
/// power cut (<c>synchronous=FULL</c>).
/// </summary>
internal sealed class ServiceDatabase : IServiceStore, IInstallation, IDisposable
{
    /// <summary>The service's book ("MEsv" in ASCII).</summary>
    internal static readonly SqliteKind Kind = new(
        "service database", 0x4D45_7376, "Restore it from a backup; galleries and audit are kept apart from it");

    /// <summary>The migrations of this version.</summary>
    internal static readonly IReadOnlyList<string> Migrations = SqliteSchema.ReadMigrations("BookMigrations");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _secret;
    private readonly SqliteSession _reader;
    private readonly SqliteSession _writer;
    private readonly ThreadLocal<(SqliteConnection Connection, SqliteTransaction Transaction)?> _joined = new();

    private ServiceDatabase(string file, TimeProvider clock)
    {
        Clock = clock;
        using (var making = new SqliteSession(file, Patience, SqliteOpenMode.ReadWriteCreate, Kind))
        {
            making.Use(connection =>
            {
                SqliteSchema.Migrate(connection, file, Migrations, Kind);
                return 0;
            });
            making.Write((connection, transaction) => connection.Execute(
                "INSERT INTO installation (id, installation, receipt_secret, created) VALUES (1, @id, @secret, @now) ON CONFLICT "
                    + "DO NOTHING",
                new { id = TimeOrderedId.New(), secret = RandomNumberGenerator.GetBytes(32), now = Now() },
                transaction));
        }
        (_reader, _writer) = (new SqliteSession(file, Patience, kind: Kind), new SqliteSession(file, Patience, kind: Kind));
        (Installation, _secret) = Read(
            connection => connection.QuerySingle<(string, byte[])>("SELECT installation, receipt_secret FROM installation"));
    }

    /// <summary>The time that is recorded.</summary>
    public TimeProvider Clock { get; }

    /// <summary>A random name of this installation; it tells receipts of two services apart.</summary>
    public string Installation { get; }

    /// <summary>Keys the digests of receipts.</summary>
    public ReadOnlyMemory<byte> ReceiptSecret => _secret;

    /// <summary>Opens the database of a data folder, making or migrating it.</summary>
    /// <exception cref="StoreException">It cannot be read or written, or a newer version wrote it.</exception>
    public static ServiceDatabase Open(string dataFolder, TimeProvider clock)
    {
        PrivateFolder.Create(dataFolder);
        return new ServiceDatabase(FileIn(dataFolder), clock);
    }

    /// <summary>Where the database of a data folder lies.</summary>
    public static string FileIn(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), "service.db");

    public static DateTimeOffset? ParseOptionalTime(string? text) => text is null ? null : StoredTime.Read(text);

    /// <summary>The present time as it is stored.</summary>
    public string Now() => StoredTime.Write(Clock.GetUtcNow());

    /// <summary>Reads; within <see cref="Transact"/>, what its transaction has written too.</summary>
    public T Read<T>(Func<SqliteConnection, T> work) => _joined.Value is { } joined ? work(joined.Connection) : _reader.Use(work);

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction, durable when this returns; within <see cref="Transact"/>,
    /// as a part of its transaction.
    /// </summary>
    public T Write<T>(Func<SqliteConnection, SqliteTransaction, T> work) =>
        _joined.Value is { } joined ? work(joined.Connection, joined.Transaction) : _writer.Write(work);

    /// <summary>Makes one transaction of everything that <paramref name="work"/> reads and writes here on this thread.</summary>
    public T Transact<T>(Func<T> work) => _writer.Write((connection, transaction) =>
    {
        _joined.Value = (connection, transaction);
        try
        {
            return work();
        }
        finally
        {
            _joined.Value = null;
        }
    });

    /// <summary>Writes the event of the change that the present <see cref="Transact"/> makes; its last step.</summary>
    public void Record(ChangeRecord record, object? details) => Write((connection, transaction) =>
    {
        ChangeMarks.Write(record, details, connection, transaction);
        return 0;
    });

    /// <inheritdoc/>
    public string Store => "service";

    /// <inheritdoc/>
    public bool HasMade(AuditEvent written) => Read(connection => ChangeMarks.Has(written, connection));

    /// <inheritdoc/>
    public long Settled
    {
        get => Read(connection => connection.ExecuteScalar<long>("SELECT settled FROM installation"));
        set => Execute("UPDATE installation SET settled = @value", new { value });
    }

    /// <summary>Runs one statement; returns how many rows it changed.</summary>
    public int Execute(string sql, object values) => Write((connection, transaction) => connection.Execute(sql, values, transaction));

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        _writer.Dispose();
        _reader.Dispose();
        _joined.Dispose();
    }
}
