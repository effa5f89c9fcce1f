using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>Hands everything on to another store; a test overrides what it wants to be in the middle of.</summary>
internal abstract class ForwardingStore(IGalleryStore store) : IGalleryStore
{
    public string Name => store.Name;

    public GalleryModel Model => store.Model;

    public GallerySummary Summarize() => store.Summarize();

    public IReadOnlyList<KnownFace> FindImage(byte[] sha256) => store.FindImage(sha256);

    public IReadOnlyList<EnrolledImage> Add(IReadOnlyList<CapturedImage> images, ChangeRecord? record = null) => store.Add(images, record);

    public bool RemoveSubject(string subjectId, ChangeRecord? record = null) => store.RemoveSubject(subjectId, record);

    public bool RemoveEncounter(string encounterId, ChangeRecord? record = null) => store.RemoveEncounter(encounterId, record);

    public bool CorrectSubject(string subjectId, IReadOnlyDictionary<string, string?> changes, ChangeRecord? record = null) =>
        store.CorrectSubject(subjectId, changes, record);

    public bool CorrectEncounter(string encounterId, IReadOnlyDictionary<string, string?> changes, ChangeRecord? record = null) =>
        store.CorrectEncounter(encounterId, changes, record);

    public (int Encounters, int Subjects, long? Next) PurgeSome(DateTimeOffset now, long after, ChangeRecord? record = null) =>
        store.PurgeSome(now, after, record);

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

    public void WriteProperties(GalleryProperties properties, ChangeRecord? record = null) => store.WriteProperties(properties, record);

    public IReadOnlyList<GalleryPermission> ReadPermissions() => store.ReadPermissions();

    public void WritePermission(GalleryPermission permission, ChangeRecord? record = null) => store.WritePermission(permission, record);

    public bool RemovePermission(string organisation, ChangeRecord? record = null) => store.RemovePermission(organisation, record);

    public IReadOnlyList<SubjectLink> ReadLinks(string subjectId) => store.ReadLinks(subjectId);

    public bool WriteLink(string subjectId, SubjectLink link, ChangeRecord? record = null) => store.WriteLink(subjectId, link, record);

    public bool RemoveLink(string subjectId, string otherId, ChangeRecord? record = null) => store.RemoveLink(subjectId, otherId, record);

    public bool HasMade(AuditEvent written) => store.HasMade(written);

    public virtual void Dispose()
    {
        store.Dispose();
        GC.SuppressFinalize(this);
    }
}
