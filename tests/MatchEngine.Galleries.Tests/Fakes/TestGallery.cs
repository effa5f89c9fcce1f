using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Search;
using MatchEngine.Sqlite;

namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>A data folder with one open gallery.</summary>
internal sealed class TestGallery : IDisposable
{
    public const string Name = "test";

    public TestGallery(FakeExtractor? extractor = null)
    {
        Extractor = extractor ?? new FakeExtractor();
        Catalog = SqliteDataFolder.Open(Data);
        Gallery = Catalog.Create(Name, Extractor.Model, NoAudit.Record);
    }

    public TemporaryFolder Data { get; } = new();

    public FakeExtractor Extractor { get; }

    public GalleryCatalog Catalog { get; }

    public Gallery Gallery { get; }

    public Task<EnrolmentReport> EnrolAsync(params EnrolmentEntry[] entries) =>
        Gallery.EnrolAsync(Extractor, new ListSource(entries), NoAudit.Next);

    public Task<EnrolmentReport> EnrolAsync(string subject, byte[] image, params (string Key, string Value)[] metadata) =>
        EnrolAsync(Item(subject, image, metadata));

    public CandidateList Search(byte[] probe, SearchOptions? options = null) => Gallery.Search(Extractor, probe, options);

    public static EnrolmentItem Item(string subject, byte[] image, params (string Key, string Value)[] metadata) => new()
    {
        Image = $"memory:{subject}",
        Subject = subject,
        Content = image,
        Metadata = new OrderedDictionary<string, string>(metadata.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))),
    };

    public string Dump() => GalleryDump.Of(Data, Name);

    public void Dispose()
    {
        Gallery.Dispose();
        Data.Dispose();
    }
}

/// <summary>Entries from memory.</summary>
internal sealed class ListSource(IEnumerable<EnrolmentEntry> entries) : IEnrolmentSource
{
    public IEnumerable<EnrolmentEntry> Read(CancellationToken cancellationToken = default) => entries;
}
