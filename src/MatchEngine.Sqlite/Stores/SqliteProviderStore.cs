using Dapper;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Sqlite.Stores;

/// <summary>Whose data the subjects of a gallery are, and with whom they are shared.</summary>
internal sealed class SqliteProviderStore(GalleryDatabase database) : IProviderStore
{
    private const string Hidden =
        "s.provider IS NOT NULL AND s.provider <> @organisation AND NOT EXISTS "
            + "(SELECT 1 FROM provider_sharing p WHERE p.provider = s.provider AND p.organisation = @organisation)";

    public bool Provides(string organisation) => database.Read(connection => connection.ExecuteScalar<bool>(
        "SELECT EXISTS (SELECT 1 FROM subject WHERE provider = @organisation)", new { organisation }));

    public IReadOnlyList<string> ReadSharing(string provider) => database.Read(connection => connection.Query<string>(
        "SELECT organisation FROM provider_sharing WHERE provider = @provider ORDER BY organisation", new { provider }).AsList());

    public bool WriteSharing(string provider, string organisation, bool shared, ChangeRecord record) =>
        database.Write((_, connection, transaction) =>
        {
            var written = connection.Execute(
                shared
                    ? "INSERT INTO provider_sharing (provider, organisation) VALUES (@provider, @organisation) ON CONFLICT DO NOTHING"
                    : "DELETE FROM provider_sharing WHERE provider = @provider AND organisation = @organisation",
                new { provider, organisation }, transaction) == 1;
            if (written)
                ChangeMarks.Write(record, null, connection, transaction);
            return written;
        });

    public IReadOnlyList<long> HiddenRows(string organisation) => database.Read(connection => connection.Query<long>(
        $"SELECT s.id FROM subject s WHERE {Hidden}", new { organisation }).AsList());

    public bool IsHidden(string subjectId, string organisation) => database.Read(connection => connection.ExecuteScalar<bool>(
        $"SELECT EXISTS (SELECT 1 FROM subject s WHERE s.subject_id = @subjectId AND {Hidden})", new { subjectId, organisation }));
}
