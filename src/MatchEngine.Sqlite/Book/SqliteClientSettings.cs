using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Sqlite.Book;

/// <summary>What holds for the requests of keys.</summary>
internal sealed class SqliteClientSettings(ServiceDatabase database) : IClientSettings
{
    public ClientSettings? Find(string key) => database.Read(connection => connection.QuerySingleOrDefault<Row>(
        "SELECT gallery AS Gallery, purpose AS Purpose FROM client_setting WHERE key = @key", new { key })) is { } row
            ? new ClientSettings(row.Gallery, row.Purpose is { } purpose ? StoredJson.Read<SearchPurpose>(purpose) : null)
            : null;

    public void Set(BookChange change, string key, ClientSettings settings) => database.Execute(
        """
        INSERT INTO client_setting (key, gallery, purpose) VALUES (@key, @Gallery, @purpose)
        ON CONFLICT (key) DO UPDATE SET gallery = excluded.gallery, purpose = excluded.purpose
        """,
        new { key, settings.Gallery, purpose = settings.Purpose is { } purpose ? StoredJson.Write(purpose) : null });

    public bool Remove(BookChange change, string key) =>
        database.Execute("DELETE FROM client_setting WHERE key = @key", new { key }) == 1;

    private sealed class Row
    {
        public string? Gallery { get; init; }
        public string? Purpose { get; init; }
    }
}
