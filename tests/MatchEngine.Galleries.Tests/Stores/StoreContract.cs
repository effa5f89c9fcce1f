using System.Security.Cryptography;
using System.Text;
using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Stores;

/// <summary>
/// What every store must do, run over each of them: a class for each port derives from this, and for each store from those.
/// </summary>
public abstract class StoreContract(IStoreUnderTest under) : IDisposable
{
    protected const string Name = "g";

    protected static GalleryModel Model { get; } = GalleryModel.Of(new FakeExtractor().Model);

    protected static ChangeAuthor Author { get; } = new("somebody");

    private readonly List<IDisposable> _opened = [];

    protected IStoreUnderTest Under { get; } = under;

    public void Dispose()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            opened.Dispose();
        Under.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the gallery and opens it.</summary>
    protected IGalleryStore New(TimeProvider? clock = null, DataKeys? keys = null, GalleryProperties? properties = null)
    {
        Under.OpenCatalog(clock, keys).Create(Name, Model, properties ?? new GalleryProperties(), NoAudit.Record);
        return Open(clock, keys);
    }

    /// <summary>Opens the gallery as another process would.</summary>
    protected IGalleryStore Open(TimeProvider? clock = null, DataKeys? keys = null)
    {
        var store = Under.OpenCatalog(clock, keys).Open(Name)!;
        _opened.Add(store);
        return store;
    }

    /// <summary>A log, and a journal that writes to it, over the same store.</summary>
    protected (AuditLog Log, ChangeJournal Journal) Journal()
    {
        var log = new AuditLog(Under.OpenAudit());
        _opened.Add(log);
        return (log, new AuditedJournal(log, new GalleryCatalog(Under.OpenCatalog()), Author, null, []));
    }

    /// <summary>A photo of one face.</summary>
    protected static CapturedImage Image(
        string subject, int identity, IReadOnlyDictionary<string, string>? metadata = null, byte[]? photo = null, byte[]? crop = null) =>
            new(
        $"{subject}.jpg",
        photo is null ? SHA256.HashData(Encoding.UTF8.GetBytes($"{subject} {identity}")) : SHA256.HashData(photo),
        640,
        480,
        1,
        null,
        metadata ?? new Dictionary<string, string>(),
        true,
        [
            new CapturedFace(
                subject, 1, new BoundingBox(1, 2, 3, 4), 0.5f,
                Template.FromEmbedding(FakeExtractor.Embedding(identity, 0), Model.Digest).ToBytes()) { Crop = crop, Quality = 70 },
        ]) { Photo = photo };

    protected static void Enrol(IGalleryStore store, params CapturedImage[] images) => store.Enrolment.Add(images, NoAudit.Record);

    protected static (List<StoredTemplate> Added, List<long> Removed, long Change) Feed(IGalleryStore store, long after = 0)
    {
        var added = new List<StoredTemplate>();
        var removed = new List<long>();
        var change = store.Feed.ReadChanges(after, added.Add, removed.Add, CancellationToken.None);
        return (added, removed, change);
    }
}
