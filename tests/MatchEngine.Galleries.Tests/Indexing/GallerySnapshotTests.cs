using System.Runtime.InteropServices;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Indexing;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Snapshots;

namespace MatchEngine.Galleries.Tests.Indexing;

/// <summary>
/// The snapshot beside a gallery: that it spares the reading of templates, and that no removed template comes back from it or stays in it.
/// </summary>
public sealed class GallerySnapshotTests : IDisposable
{
    private const int Enrolled = 60;
    private readonly TestGallery _test = new();
    private readonly IGalleryStore _store;
    private readonly List<string> _warnings = [];

    public GallerySnapshotTests() => _store = _test.Catalog.OpenStore(TestGallery.Name)!;

    private string SnapshotFile => Path.Combine(_test.Data, "galleries", TestGallery.Name, "gallery.index");

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }

    [Fact]
    public async Task A_snapshot_is_saved_after_a_load_and_spares_the_next_one()
    {
        await FillAsync();
        var (expected, first) = await LoadAsync();
        Assert.Equal(Enrolled, first.TemplatesRead);

        var (again, second) = await LoadAsync();

        Assert.Equal(0, second.TemplatesRead);
        Assert.Equal(expected, again);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task What_came_and_went_since_is_taken_from_the_store()
    {
        await FillAsync();
        await LoadAsync();
        await _test.EnrolAsync("later", FakeImage.Of(new FakeFace(900)));
        Assert.True(_store.Subjects.RemoveSubject("S7", NoAudit.Record));

        var store = new CountingFeed(_store.Feed);
        using var index = Open(store);
        var current = index.Current(null, CancellationToken.None);

        Assert.Equal((1, Enrolled), (store.TemplatesRead, current.Count));
        Assert.True(Score(current, 900) > 0.999);
        Assert.True(Score(current, 7) < 0.9);
    }

    [Fact]
    public async Task The_index_goes_on_in_the_mapped_file_and_follows_the_store()
    {
        await FillAsync();
        var store = new CountingFeed(_store.Feed);
        using var index = Open(store);
        var loaded = index.Current(null, CancellationToken.None);
        await index.Saving;
        var mapped = index.Current(null, CancellationToken.None);
        Assert.NotSame(loaded, mapped);

        await _test.EnrolAsync("later", FakeImage.Of(new FakeFace(900)));
        Assert.True(Score(index.Current(null, CancellationToken.None), 900) > 0.999);
        _test.Gallery.RemoveSubject("later", NoAudit.Record);
        Assert.True(Score(index.Current(null, CancellationToken.None), 900) < 0.9);
        Assert.Same(mapped, index.Current(null, CancellationToken.None));
    }

    [Fact]
    public async Task A_removed_subject_is_out_of_the_file_when_the_removal_returns()
    {
        await FillAsync();
        await LoadAsync();
        Assert.True(FileHolds(7));

        Assert.True(_test.Gallery.RemoveSubject("S7", NoAudit.Record));

        Assert.False(FileHolds(7));
        Assert.True(FileHolds(8));
        var (_, next) = await LoadAsync();
        Assert.Equal(0, next.TemplatesRead);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_removal_that_was_killed_before_the_file_was_reached_is_finished_at_the_next_opening()
    {
        await FillAsync();
        await LoadAsync();
        _store.Subjects.RemoveSubject("S7", NoAudit.Record); // And not Gallery, as if the process had ended there.
        Assert.True(FileHolds(7));

        using var opened = SqliteDataFolder.Open(_test.Data).Open(TestGallery.Name);

        Assert.False(FileHolds(7));
        Assert.DoesNotContain(
            opened.Search(_test.Extractor, FakeImage.Of(new FakeFace(7))).Candidates, candidate => candidate.SubjectId == "S7");
    }

    [Fact]
    public async Task A_removal_while_the_snapshot_is_being_saved_does_not_stay_in_it()
    {
        await FillAsync();
        using var index = Open(_store.Feed);
        index.Current(null, CancellationToken.None);
        Assert.True(_test.Gallery.RemoveSubject("S7", NoAudit.Record)); // Before, while or after: the file must not have it.
        await index.Saving;
        Assert.False(FileHolds(7));
        Assert.Equal(Enrolled - 1, index.Current(null, CancellationToken.None).Count);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("truncated")]
    [InlineData("newer")]
    [InlineData("other")]
    public async Task A_snapshot_that_cannot_be_used_is_made_anew_with_a_warning(string how)
    {
        await FillAsync();
        var (expected, _) = await LoadAsync();
        var bytes = File.ReadAllBytes(SnapshotFile);
        switch (how)
        {
            case "damaged":
                bytes[4200] ^= 1;
                break;
            case "truncated":
                bytes = bytes[..9000];
                break;
            case "newer":
                bytes[4]++;
                break;
            case "other":
                IndexSnapshot.Save(new ExactIndex(default, FakeExtractor.Dimension), SnapshotFile, 1);
                bytes = File.ReadAllBytes(SnapshotFile);
                break;
        }
        File.WriteAllBytes(SnapshotFile, bytes);

        var (found, load) = await LoadAsync();

        Assert.Equal(expected, found);
        Assert.Equal(Enrolled, load.TemplatesRead);
        // A header that says nothing is deleted before anybody could read it; the others are named.
        if (how != "newer")
            Assert.Contains(SnapshotFile, Assert.Single(_warnings));
        Assert.Equal(0, (await LoadAsync()).Store.TemplatesRead);
    }

    [Fact]
    public async Task A_snapshot_of_another_time_of_the_database_is_not_trusted()
    {
        await FillAsync();
        await LoadAsync();
        // Ahead of the store: as if the database had come back from a backup.
        var (index, stamp) = IndexSnapshot.Open(SnapshotFile, _store.Model.Digest, _store.Model.Dimension);
        IndexSnapshot.Save(index, SnapshotFile, stamp + 5);
        Assert.Equal(Enrolled, (await LoadAsync()).Store.TemplatesRead);
        // Of the same change, but with a template that the store does not have.
        (index, stamp) = IndexSnapshot.Open(SnapshotFile, _store.Model.Digest, _store.Model.Dimension);
        index.Add(999_999, 999_999, Template.FromEmbedding(FakeExtractor.Embedding(5000, 0), _store.Model.Digest));
        IndexSnapshot.Save(index, SnapshotFile, stamp);
        Assert.Equal(Enrolled, (await LoadAsync()).Store.TemplatesRead);
        Assert.Equal(2, _warnings.Count);
    }

    [Fact]
    public async Task A_candidate_that_the_store_never_had_costs_a_load_and_no_search()
    {
        await FillAsync();
        await LoadAsync();
        // As many as the store has, but one of them another's: a database that was put back and has grown since.
        var (index, stamp) = IndexSnapshot.Open(SnapshotFile, _store.Model.Digest, _store.Model.Dimension);
        index.Remove(3);
        index.Add(999_999, 999_999, Template.FromEmbedding(FakeExtractor.Embedding(7, 0), _store.Model.Digest));
        IndexSnapshot.Save(index, SnapshotFile, stamp);
        using var opened = SqliteDataFolder.Open(_test.Data).Open(TestGallery.Name);
        Assert.Equal("S7", opened.Search(_test.Extractor, FakeImage.Of(new FakeFace(7))).Candidates[0].SubjectId);
    }

    [Fact]
    public async Task The_file_of_a_saving_that_was_killed_is_removed_and_one_under_way_is_not()
    {
        await FillAsync();
        File.WriteAllText(SnapshotFile + ".tmp", "left");
        using (Open(_store.Feed))
            Assert.False(File.Exists(SnapshotFile + ".tmp"));
        using var busy = new FileStream(SnapshotFile + ".tmp", FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using (var index = Open(_store.Feed))
        {
            Assert.Equal(Enrolled, index.Current(null, CancellationToken.None).Count);
            await index.Saving;
        }
        Assert.True(File.Exists(SnapshotFile + ".tmp"));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_saved_is_told_and_searches_go_on()
    {
        await FillAsync();
        Directory.CreateDirectory(SnapshotFile); // Nothing can be renamed over a folder.
        using var index = Open(_store.Feed);
        Assert.Equal(Enrolled, index.Current(null, CancellationToken.None).Count);
        await index.Saving;
        Assert.Contains("no snapshot of the index could be saved", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.False(File.Exists(SnapshotFile + ".tmp"));
    }

    [Fact]
    public async Task Scores_are_those_of_the_embeddings_to_four_digits()
    {
        await FillAsync();
        var probe = FakeExtractor.Embedding(11, 3);
        var list = _test.Search(FakeImage.Of(new FakeFace(11, 3)), new SearchOptions { ListLength = Enrolled });
        Assert.Equal(Enrolled, list.Candidates.Count);
        Assert.All(list.Candidates, candidate =>
        {
            var enrolled = FakeExtractor.Embedding(int.Parse(candidate.SubjectId[1..], null), 0);
            Assert.Equal(enrolled.Zip(probe, (a, b) => (double)a * b).Sum(), candidate.Score, 2e-4);
        });
    }

    [Fact]
    public Task Seconds_of_removals_while_snapshots_are_saved_and_opened() => SoakAsync(TimeSpan.FromSeconds(3));

    [Fact(Explicit = true)]
    public Task Five_minutes_of_removals_while_snapshots_are_saved_and_opened() => SoakAsync(TimeSpan.FromMinutes(5));

    /// <summary>
    /// Subjects come and go while two indexes, as of two processes, save and open the snapshot: nobody who stays is missing,
    /// nobody who went is left in the file.
    /// </summary>
    private async Task SoakAsync(TimeSpan duration)
    {
        await FillAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(duration);
        var (searches, removals, openings) = (0, 0, 0);
        var readers = Enumerable.Range(0, 2).Select(r => Task.Run(async () =>
        {
            var random = new Random(r);
            while (!stop.IsCancellationRequested)
            {
                using var store = _test.Catalog.OpenStore(TestGallery.Name)!;
                using var index = new GalleryIndex(store.Feed, store.Model, snapshotFrom: 10, catchUp: 1);
                for (var i = 0; i < 20; i++)
                {
                    var identity = random.Next(Enrolled);
                    Assert.True(Score(index.Current(null, CancellationToken.None), identity) > 0.999, $"S{identity} is missing");
                    searches++;
                }
                await index.Saving;
                openings++;
            }
        })).ToArray();
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var identity = 1000 + (removals % 50);
                await _test.EnrolAsync("passing", FakeImage.Of(new FakeFace(identity)));
                await Task.Yield();
                Assert.True(_test.Gallery.RemoveSubject("passing", NoAudit.Record));
                removals++;
            }
        });
        await Task.WhenAll([.. readers, writer]);
        Assert.True(
            searches > 10 && removals > 3 && openings > 1,
            $"{searches} searches, {removals} removals and {openings} openings tested too little");
        // Whoever was saving at the end has cleaned up after itself.
        for (var identity = 1000; identity < 1050; identity++)
            Assert.False(File.Exists(SnapshotFile) && FileHolds(identity), $"the file still holds {identity}");
        using var last = Open(_store.Feed);
        Assert.Equal(Enrolled, last.Current(null, CancellationToken.None).Count);
    }

    [Fact]
    public void A_gallery_of_thousands_is_searchable_at_once_after_opening() => OpenLarge(6_000, TimeSpan.MaxValue);

    [Fact(Explicit = true)]
    public void A_million_templates_are_searchable_within_five_seconds_of_opening() => OpenLarge(1_000_000, TimeSpan.FromSeconds(5));

    private void OpenLarge(int count, TimeSpan limit)
    {
        const int Dimension = 512, Batch = 5000, Latent = 48;
        var model = new GalleryModel("large", ModelDigest.Parse(new string('5', 64)), Dimension);
        _test.Catalog.Create(
            "large", _test.Extractor.Model with { Id = model.Id, Digest = model.Digest.ToString(), Dimension = Dimension }, NoAudit.Record)
            .Dispose();
        var mix = new float[Latent * Dimension];
        var random = new Random(1);
        foreach (ref var x in mix.AsSpan())
            x = (float)random.NextDouble() - 0.5f;
        Template Make(int i)
        {
            var own = new Random(i);
            var vector = new float[Dimension];
            for (var k = 0; k < Latent; k++)
            {
                var weight = ((float)own.NextDouble() - 0.5f) * MathF.Pow(0.97f, k);
                for (var j = 0; j < Dimension; j++)
                    vector[j] += weight * mix[(k * Dimension) + j];
            }
            return Template.FromEmbedding(vector, model.Digest);
        }
        using (var store = _test.Catalog.OpenStore("large")!)
        {
            for (var from = 0; from < count; from += Batch)
            {
                var images = new CapturedImage[Math.Min(Batch, count - from)];
                Parallel.For(0, images.Length, i => images[i] = new CapturedImage(
                    $"memory:{from + i}", System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(from + i)), 1, 1, 1, null,
                    new Dictionary<string, string>(), false,
                    [new CapturedFace($"S{from + i}", 1, default, 1, Make(from + i).ToBytes())]));
                store.Enrolment.Add(images, NoAudit.Record);
            }
        }
        // The first opening reads every template and saves the snapshot; the second is timed.
        var elapsed = TimeSpan.Zero;
        var read = new List<int>();
        for (var round = 0; round < 2; round++)
        {
            var started = System.Diagnostics.Stopwatch.StartNew();
            using var store = _test.Catalog.OpenStore("large")!;
            var counting = new CountingFeed(store.Feed);
            using var index = new GalleryIndex(counting, model);
            var answer = index.Current(null, CancellationToken.None).Search(Make(count / 2));
            elapsed = started.Elapsed;
            read.Add(counting.TemplatesRead);
            Assert.Equal(1, answer.Hits[0].Score, 1e-3);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"opening {round + 1} of {count} templates to the first answer: {elapsed.TotalSeconds:F2} s ({answer.Path})");
            index.Saving.Wait(TestContext.Current.CancellationToken);
        }
        Assert.Equal([count, 0], read);
        Assert.True(elapsed < limit, $"{elapsed}");
    }

    private Task<EnrolmentReport> FillAsync() =>
        _test.EnrolAsync([.. Enumerable.Range(0, Enrolled).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))]);

    private GalleryIndex Open(IChangeFeed feed)
    {
        var index = new GalleryIndex(feed, _store.Model, snapshotFrom: 10);
        index.Warned += _warnings.Add;
        return index;
    }

    /// <summary>Opens, searches, waits for the snapshot and closes.</summary>
    private async Task<(List<IndexHit> Hits, CountingFeed Store)> LoadAsync()
    {
        var store = new CountingFeed(_store.Feed);
        using var index = Open(store);
        var hits = index.Current(null, CancellationToken.None)
            .Search(Template.FromEmbedding(FakeExtractor.Embedding(5, 2), _store.Model.Digest), 30).Hits.ToList();
        await index.Saving;
        return (hits, store);
    }

    private float Score(IVectorSearcher index, int identity) =>
        index.Search(Template.FromEmbedding(FakeExtractor.Embedding(identity, 0), _store.Model.Digest), 1).Hits[0].Score;

    private bool FileHolds(int identity)
    {
        var template = Template.FromEmbedding(FakeExtractor.Embedding(identity, 0), _store.Model.Digest);
        var file = File.ReadAllBytes(SnapshotFile).AsSpan();
        return file.IndexOf(template.Body.ToArray().Select(b => (byte)(b ^ 0x80)).ToArray()) >= 0
            || file.IndexOf(MemoryMarshal.AsBytes(template.Float16)) >= 0;
    }

    /// <summary>Counts the templates that are read.</summary>
    private sealed class CountingFeed(IChangeFeed feed) : ForwardingFeed(feed)
    {
        public int TemplatesRead { get; private set; }

        public override long ReadChanges(
            long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken) => base.ReadChanges(
            after,
            template =>
            {
                TemplatesRead++;
                added(template);
            },
            removed,
            cancellationToken);
    }
}
