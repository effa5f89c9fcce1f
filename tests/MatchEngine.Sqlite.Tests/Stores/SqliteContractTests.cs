using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Galleries.Tests.Stores;
using MatchEngine.Sqlite.Audit;
using MatchEngine.Sqlite.Databases;
using MatchEngine.Sqlite.Stores;

namespace MatchEngine.Sqlite.Tests.Stores;

/// <summary>A data folder of its own.</summary>
internal sealed class SqliteUnderTest : IStoreUnderTest
{
    private readonly TemporaryFolder _folder = new();

    public IGalleryCatalogStore OpenCatalog(TimeProvider? clock = null, DataKeys? keys = null) =>
        new SqliteCatalogStore(_folder, clock ?? TimeProvider.System, SqliteSession.DefaultPatience, keys);

    public IAuditStore OpenAudit() => SqliteAuditStore.Open(SqliteDataFolder.AuditFile(_folder), SqliteSession.DefaultPatience);

    public void Dispose() => _folder.Dispose();
}

public class SqliteChangeFeedTests() : ChangeFeedContract(new SqliteUnderTest());

public class SqliteEnrolmentStoreTests() : EnrolmentStoreContract(new SqliteUnderTest());

public class SqliteSubjectStoreTests() : SubjectStoreContract(new SqliteUnderTest());

public class SqliteSubjectListTests() : SubjectListContract(new SqliteUnderTest());

public class SqliteDuplicateStoreTests() : DuplicateStoreContract(new SqliteUnderTest());

public class SqlitePropertyStoreTests() : PropertyStoreContract(new SqliteUnderTest());

public class SqliteImageStoreTests() : ImageStoreContract(new SqliteUnderTest());

public class SqliteGalleryContractTests() : GalleryStoreContract(new SqliteUnderTest());

public class SqliteCatalogContractTests() : GalleryCatalogStoreContract(new SqliteUnderTest());

public class SqliteAuditStoreTests() : AuditStoreContract(new SqliteUnderTest());
