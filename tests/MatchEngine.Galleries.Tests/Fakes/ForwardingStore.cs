namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>Hands everything on to another store; a test overrides what it wants to be in the middle of.</summary>
internal abstract class ForwardingStore(IGalleryStore store) : IGalleryStore
{
    public string Name => store.Name;

    public GalleryModel Model => store.Model;

    public GallerySummary Summarize() => store.Summarize();

    public IReadOnlyList<KnownFace> FindImage(byte[] sha256) => store.FindImage(sha256);

    public IReadOnlyList<EnrolledImage> Add(IReadOnlyList<CapturedImage> images) => store.Add(images);

    public bool RemoveSubject(string subjectId) => store.RemoveSubject(subjectId);

    public bool RemoveEncounter(string encounterId) => store.RemoveEncounter(encounterId);

    public bool CorrectSubject(string subjectId, IReadOnlyDictionary<string, string?> changes) => store.CorrectSubject(subjectId, changes);

    public bool CorrectEncounter(string encounterId, IReadOnlyDictionary<string, string?> changes) => store.CorrectEncounter(encounterId, changes);

    public (int Encounters, int Subjects, long? Next) PurgeSome(DateTimeOffset now, long after) => store.PurgeSome(now, after);

    public string Identity => store.Identity;

    public long Version() => store.Version();

    public virtual long ReadChanges(long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken) =>
        store.ReadChanges(after, added, removed, cancellationToken);

    public IReadOnlyList<long> RemovedAfter(long change) => store.RemovedAfter(change);

    public (long Change, long Templates) Extent() => store.Extent();

    public string? SnapshotFile => store.SnapshotFile;

    public IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows) => store.FindRows(rows);

    public Subject? FindSubject(string subjectId) => store.FindSubject(subjectId);

    public Encounter? FindEncounter(string encounterId) => store.FindEncounter(encounterId);

    public StoredTemplate? FindTemplate(string encounterId) => store.FindTemplate(encounterId);

    public GalleryQuality SummarizeQuality() => store.SummarizeQuality();

    public IReadOnlyList<Subject> Subjects(string? after, int count) => store.Subjects(after, count);

    public byte[]? ReadPhoto(string encounterId) => store.ReadPhoto(encounterId);

    public byte[]? ReadCrop(string encounterId) => store.ReadCrop(encounterId);

    public long Rekey(IProgress<long>? progress, CancellationToken cancellationToken) => store.Rekey(progress, cancellationToken);

    public GalleryProperties ReadProperties() => store.ReadProperties();

    public void WriteProperties(GalleryProperties properties) => store.WriteProperties(properties);

    public IReadOnlyList<GalleryPermission> ReadPermissions() => store.ReadPermissions();

    public void WritePermission(GalleryPermission permission) => store.WritePermission(permission);

    public bool RemovePermission(string organisation) => store.RemovePermission(organisation);

    public virtual void Dispose()
    {
        store.Dispose();
        GC.SuppressFinalize(this);
    }
}
