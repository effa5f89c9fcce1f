using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;

namespace MatchEngine.Galleries.Tests.Audit;

public sealed class AuditedJournalTests : IDisposable
{
    private static readonly ChangeAuthor Author = new("user:anna", "unit", "request-7");

    private readonly TestGallery _test = new();
    private readonly AuditLog _log;
    private readonly Mark _mark = new();

    public AuditedJournalTests() => _log = SqliteDataFolder.OpenAudit(_test.Data);

    public void Dispose()
    {
        _log.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void A_change_has_its_event_with_author_payload_and_schema()
    {
        Change(Journal(), "a");

        var written = Assert.Single(_log.Read());
        Assert.Equal(("permission.granted", "user:anna", "unit"), (written.Kind, written.Actor, written.Organisation));
        Assert.Equal("""{"change":"gallery","galleries":["test"],"requestId":"request-7","schema":1}""", written.Payload);
        Assert.True(_test.Gallery.HasMade(written));
    }

    [Fact]
    public void A_change_that_is_refused_has_none()
    {
        var removed = Journal().Make(
            Author, "subject.removed", About, record => _test.Gallery.RemoveSubject("nobody", record()));

        Assert.False(removed);
        Assert.Empty(_log.Read());
    }

    [Fact]
    public async Task Each_commit_of_an_enrolment_names_the_subjects_and_encounters_that_it_touched()
    {
        await _test.EnrolAsync("known", FakeImage.Of(new FakeFace(0)));
        var known = TestGallery.Item("known", FakeImage.Of(new FakeFace(0)));
        var others = Enumerable.Range(1, 100).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i)))).ToList();

        await Journal().MakeAsync(
            Author, AuditKinds.SubjectEnrolled, About,
            record => _test.Gallery.EnrolAsync(_test.Extractor, new ListSource([known, .. others]), record));

        var events = _log.Read();
        Assert.True(events.Count >= 2, "a batch is smaller than that");
        Assert.Equal(others.Select(item => item.Subject), events.SelectMany(written => Names(written, "subjects")));
        Assert.Equal(
            _test.Gallery.Subjects().Where(subject => subject.Id != "known").SelectMany(subject => subject.Encounters)
                .Select(encounter => encounter.Id).Order(),
            events.SelectMany(written => Names(written, "encounters")).Order());
    }

    [Fact]
    public void A_change_whose_store_fails_after_the_event_is_said_at_once_not_to_have_been_made()
    {
        var journal = Journal(new Failing());

        Assert.Throws<IOException>(() => Change(journal, "a"));

        Assert.Empty(_test.Gallery.Permissions);
        var events = _log.Read();
        Assert.Equal(["permission.granted", AuditKinds.NotMade], events.Select(written => written.Kind));
        Assert.Equal(events[0].Sequence, JsonElement.Parse(events[1].Payload).GetProperty("event").GetInt64());
        // It is settled: nobody says it twice.
        journal.Checkpoint();
        Journal().Settle();
        Assert.Equal(2, _log.Read().Count);
    }

    [Fact]
    public void What_a_killed_process_left_open_is_told_at_the_next_checkpoint_of_another_one()
    {
        var keeper = Journal();
        Change(keeper, "a");
        // The event of a change by a process that did not come to commit it, and of one that did.
        Assert.Throws<IOException>(() => Change(Killed(), "b"));
        var lost = _log.Read()[^1];
        Change(Beside(), "c");

        keeper.Checkpoint();

        var told = Assert.Single(_log.Read(), written => written.Kind == AuditKinds.NotMade);
        Assert.Equal(lost.Sequence, JsonElement.Parse(told.Payload).GetProperty("event").GetInt64());
        Assert.Equal("service", told.Actor);
        Assert.Equal(lost.Sequence + 1, _mark.Settled);
    }

    [Fact]
    public async Task A_change_of_another_process_that_is_under_way_is_waited_for_and_not_denied()
    {
        var keeper = Journal();
        using var asked = new ManualResetEventSlim();
        var other = Beside(new Pausing(asked));
        var change = Task.Run(() => Change(other, "a"));
        while (_log.Read().Count == 0)
            await Task.Delay(1);

        var checkpoint = Task.Run(keeper.Checkpoint);
        await Task.Delay(50);
        Assert.False(checkpoint.IsCompleted);
        asked.Set();
        await Task.WhenAll(change, checkpoint);

        Assert.Single(_log.Read());
        Assert.Equal(1, _mark.Settled);
    }

    [Fact]
    public void A_gallery_that_is_made_restored_or_deleted_is_settled_by_whether_it_is_there()
    {
        var catalog = _test.Catalog;
        using var archive = new MemoryStream();
        catalog.Export(TestGallery.Name, archive);
        archive.Position = 0;
        var whole = Beside();
        foreach (var (journal, name) in new[] { (whole, "made"), (Killed(), "unmade") })
            Try(() => journal.Make(
                Author, AuditKinds.GalleryCreated, new { galleries = new[] { name } },
                record => catalog.Create(name, _test.Extractor.Model, record())).Dispose());
        foreach (var (journal, name) in new[] { (whole, "back"), (Killed(), "lost") })
            Try(() => journal.Make(
                Author, AuditKinds.GalleryRestored, new { }, record => catalog.Restore(archive, record(), name)).Dispose());
        foreach (var (journal, name) in new[] { (whole, "made"), (Killed(), "back") })
            Try(() => journal.Make(
                Author, AuditKinds.GalleryDeleted, new { galleries = new[] { name }, identity = catalog.IdentityOf(name) }, record =>
                {
                    catalog.Delete(name, record());
                    return true;
                }));

        Journal().Settle();

        Assert.Equal(["back", TestGallery.Name], catalog.Names().Where(name => catalog.IdentityOf(name) is not null));
        var events = _log.Read();
        Assert.Equal(
            [(AuditKinds.GalleryCreated, "unmade"), (AuditKinds.GalleryRestored, "lost"), (AuditKinds.GalleryDeleted, "back")],
            events.Where(written => written.Kind == AuditKinds.NotMade).Select(written => (
                JsonElement.Parse(written.Payload).GetProperty("kind").GetString()!, Names(written, "galleries").Single())));
        Assert.DoesNotContain(events, written => written.Kind == AuditKinds.Unknown);

        static void Try(Action work)
        {
            try
            {
                work();
            }
            catch (IOException)
            {
                // Killed.
            }
        }
    }

    [Fact]
    public void Without_a_mark_nothing_is_settled_here()
    {
        Assert.Throws<InvalidOperationException>(() => Beside().Settle());
        Assert.Throws<InvalidOperationException>(() => Beside().Checkpoint());
    }

    private static object About => new { galleries = new[] { TestGallery.Name } };

    private void Change(AuditedJournal journal, string organisation) => journal.Make(Author, "permission.granted", About, record =>
    {
        _test.Gallery.Grant(new GalleryPermission(organisation, true, BiographicFields.All), record());
        return true;
    });

    /// <summary>The journal of the process that keeps the mark.</summary>
    private AuditedJournal Journal(IChangeObserver? observer = null) => new(
        _log, _test.Catalog, new ChangeAuthor("service"), _mark, [], observer);

    /// <summary>The journal of a process beside it.</summary>
    private AuditedJournal Beside(IChangeObserver? observer = null) => new(_log, _test.Catalog, Author, null, [], observer);

    /// <summary>The journal of a process that dies when an event is written: it tells nobody.</summary>
    private AuditedJournal Killed()
    {
        var log = SqliteDataFolder.OpenAudit(_test.Data);
        return new AuditedJournal(log, _test.Catalog, Author, null, [], new Dying(log));
    }

    private static IEnumerable<string> Names(AuditEvent written, string member) =>
        JsonElement.Parse(written.Payload).GetProperty(member).EnumerateArray().Select(name => name.GetString()!);

    private sealed class Mark : ISettledMark
    {
        public long Settled { get; set; }
    }

    private sealed class Failing : IChangeObserver
    {
        public void Reached(ChangeStep step, string kind)
        {
            if (step == ChangeStep.Written)
                throw new IOException("no space left on device");
        }
    }

    private sealed class Dying(AuditLog log) : IChangeObserver
    {
        public void Reached(ChangeStep step, string kind)
        {
            if (step != ChangeStep.Written)
                return;
            log.Dispose();
            throw new IOException("killed");
        }
    }

    private sealed class Pausing(ManualResetEventSlim until) : IChangeObserver
    {
        public void Reached(ChangeStep step, string kind)
        {
            if (step == ChangeStep.Written)
                until.Wait();
        }
    }
}
