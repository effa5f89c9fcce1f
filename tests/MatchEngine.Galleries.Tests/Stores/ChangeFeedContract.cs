using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class ChangeFeedContract(IStoreUnderTest under) : StoreContract(under)
{
    [Fact]
    public void Row_ids_are_never_given_twice_so_that_an_index_cannot_take_a_new_row_for_an_old_one()
    {
        var store = New();
        Enrol(store, Image("anna", 1));
        var first = Feed(store).Added.Single();
        store.Subjects.RemoveSubject("anna", NoAudit.Record);
        Enrol(store, Image("anna", 1));

        var second = Feed(store).Added.Single();

        Assert.NotEqual(first.Encounter, second.Encounter);
        Assert.NotEqual(first.Subject, second.Subject);
    }

    [Fact]
    public void The_feed_gives_what_came_and_went_after_a_change_and_nothing_else()
    {
        var store = New();
        Enrol(store, Image("anna", 1), Image("bert", 2));
        var (all, _, seen) = Feed(store);
        Assert.Equal(2, all.Count);
        Assert.Equal((0, 0, seen), (Feed(store, seen).Added.Count, Feed(store, seen).Removed.Count, Feed(store, seen).Change));

        Enrol(store, Image("cleo", 3));
        store.Subjects.RemoveSubject("anna", NoAudit.Record);
        var (added, removed, now) = Feed(store, seen);

        Assert.Equal(FakeExtractor.Embedding(3, 0).Length, added.Single().Template.Dimension);
        Assert.Equal([all[0].Encounter], removed);
        Assert.Equal(removed, store.Feed.RemovedAfter(seen));
        Assert.Empty(store.Feed.RemovedAfter(now));
        Assert.True(now > seen);
        // A duplicate is no change.
        Enrol(store, Image("cleo", 3));
        Assert.Equal(now, Feed(store, now).Change);
        Assert.Equal((now, 2L), store.Feed.Extent());
    }

    [Fact]
    public void The_feed_of_subjects_gives_who_came_was_corrected_or_went()
    {
        var store = New();
        Enrol(store, Image("anna", 1), Image("bert", 2), Image("cleo", 3));
        store.Subjects.CorrectSubject("anna", new Dictionary<string, string?> { ["sex"] = "F", ["birth"] = "1980" }, NoAudit.Record);
        var (all, _, seen) = Subjects(store, 0);
        Assert.Equal(3, all.Count);
        Assert.Equal([("birth", "1980"), ("sex", "F")], all.Values.SelectMany(b => b).Select(b => (b.Key, b.Value)).Order());
        Assert.Equal(
            (0, 0, seen), (Subjects(store, seen).Present.Count, Subjects(store, seen).Removed.Count, Subjects(store, seen).Change));

        store.Subjects.CorrectSubject("anna", new Dictionary<string, string?> { ["sex"] = null }, NoAudit.Record);
        store.Subjects.RemoveSubject("bert", NoAudit.Record);
        Enrol(store, Image("dora", 4));
        // An encounter more is no change of a subject.
        Enrol(store, Image("cleo", 5));
        var (present, removed, now) = Subjects(store, seen);

        Assert.True(now > seen);
        Assert.Equal(2, present.Count);
        Assert.Equal(["birth"], present[all.Single(subject => subject.Value.Count > 0).Key].Keys);
        Assert.Contains(Assert.Single(removed), all.Keys);
        Assert.Equal(now, Subjects(store, now).Change);
        Assert.Throws<OperationCanceledException>(
            () => store.Feed.ReadSubjects(0, (_, _) => { }, _ => { }, new CancellationToken(canceled: true)));

        static (Dictionary<long, IReadOnlyDictionary<string, string>> Present, List<long> Removed, long Change) Subjects(
            IGalleryStore store, long after)
        {
            var (present, removed) = (new Dictionary<long, IReadOnlyDictionary<string, string>>(), new List<long>());
            var change = store.Feed.ReadSubjects(after, present.Add, removed.Add, CancellationToken.None);
            return (present, removed, change);
        }
    }

    [Fact]
    public void A_follower_of_any_age_ends_with_what_the_store_holds()
    {
        var store = New();
        var random = new Random(7);
        var followers = new List<(Dictionary<long, long> Held, long Seen)>();
        for (var step = 0; step < 60; step++)
        {
            var subject = $"S{random.Next(12)}";
            if (random.Next(3) > 0)
                Enrol(store, Image(subject, random.Next(40)));
            else
                store.Subjects.RemoveSubject(subject, NoAudit.Record);
            if (step % 5 == 0)
                followers.Add(Follow((new Dictionary<long, long>(), 0)));
        }

        var expected = Feed(store).Added.ToDictionary(template => template.Encounter, template => template.Subject);
        Assert.NotEmpty(expected);
        Assert.All(followers, follower => Assert.Equal(expected, Follow(follower).Held));

        (Dictionary<long, long> Held, long Seen) Follow((Dictionary<long, long> Held, long Seen) follower)
        {
            var (added, removed, change) = Feed(store, follower.Seen);
            foreach (var template in added)
                follower.Held[template.Encounter] = template.Subject;
            foreach (var row in removed)
                follower.Held.Remove(row);
            return (follower.Held, change);
        }
    }

    [Fact]
    public void A_reading_is_one_view_whatever_is_written_meanwhile()
    {
        var store = New();
        Enrol(store, Image("anna", 1), Image("bert", 2));
        var other = Open();
        var read = new List<long>();

        var change = store.Feed.ReadChanges(
            0,
            template =>
            {
                if (read.Count == 0)
                    Enrol(other, Image("cleo", 3));
                read.Add(template.Encounter);
            },
            _ => { }, CancellationToken.None);

        Assert.Equal(2, read.Count);
        Assert.Single(Feed(store, change).Added);
    }

    [Fact]
    public void A_reading_can_be_ended_between_rows()
    {
        var store = New();
        Enrol(store, Image("anna", 1), Image("bert", 2));
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(
            () => store.Feed.ReadChanges(0, _ => cancellation.Cancel(), _ => { }, cancellation.Token));

        Assert.Equal(2, Feed(store).Added.Count);
    }

    [Fact]
    public void The_version_changes_with_a_commit_of_anybody_and_with_nothing_else()
    {
        var store = New();
        var other = Open();
        var first = store.Feed.Version();
        store.Subjects.Page(null, 10);
        Assert.Equal(first, store.Feed.Version());

        Enrol(other, Image("anna", 1));
        var second = store.Feed.Version();
        Enrol(store, Image("bert", 2));

        Assert.NotEqual(first, second);
        Assert.NotEqual(second, store.Feed.Version());
    }

    [Fact]
    public void Rows_are_resolved_to_encounters_and_biographics_and_those_which_are_gone_are_absent()
    {
        var store = New();
        Enrol(store, Image("anna", 1, new Dictionary<string, string> { ["name"] = "Anna" }), Image("bert", 2));
        var rows = Feed(store).Added;
        store.Subjects.RemoveSubject("bert", NoAudit.Record);

        var found = store.Feed.FindRows([.. rows.Select(row => row.Encounter), 999_999]);

        var (row, encounter) = Assert.Single(found);
        Assert.Equal(rows[0].Encounter, row);
        Assert.Equal(("anna", "Anna"), (encounter.Encounter.SubjectId, encounter.Biographics["name"]));
    }

    [Fact]
    public void A_deleted_gallery_is_told_to_whoever_follows_it()
    {
        var store = New();
        Enrol(store, Image("anna", 1));

        Assert.True(Under.OpenCatalog().Delete(Name, NoAudit.Record));

        Assert.Throws<GalleryNotFoundException>(() => Feed(store));
    }

    [Fact]
    public void Every_gallery_has_an_identity_of_its_own_also_one_that_is_made_in_the_place_of_another()
    {
        var first = New().Feed.Identity;
        Assert.Equal(first, Open().Feed.Identity);
        Under.OpenCatalog().Delete(Name, NoAudit.Record);

        Assert.NotEqual(first, New().Feed.Identity);
        Assert.NotEqual("", first);
    }
}
