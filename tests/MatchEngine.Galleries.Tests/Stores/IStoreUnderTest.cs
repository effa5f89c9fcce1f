using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Tests.Stores;

/// <summary>
/// A kind of store, empty, with a place of its own. Each opening is as one of another process: the same galleries and the same log, with
/// nothing in memory shared.
/// </summary>
public interface IStoreUnderTest : IDisposable
{
    IGalleryCatalogStore OpenCatalog(TimeProvider? clock = null, DataKeys? keys = null);

    IAuditStore OpenAudit();
}
