using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Listing;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class SubjectListContract(IStoreUnderTest under) : StoreContract(under)
{
    // In UTF-16, the emoji's surrogates would stand before the last one; and % and _ are nothing but themselves.
    private static readonly string[] Ids = ["10", "9", "B", "a%", "a_", "ab", "ä", "Ж", "\uFF21", "😀"];

    [Theory]
    [InlineData(SubjectOrder.Id, false)]
    [InlineData(SubjectOrder.Id, true)]
    [InlineData(SubjectOrder.Came, false)]
    [InlineData(SubjectOrder.Came, true)]
    public void Pages_go_through_all_once_forwards_and_the_same_pages_backwards(SubjectOrder order, bool descending)
    {
        var store = Filled();
        string[] expected = order == SubjectOrder.Id ? Ids : [.. Ids.Reverse()];
        if (descending)
            expected = [.. expected.Reverse()];
        var query = new SubjectQuery { Order = order, Descending = descending, Count = 4 };

        var pages = new List<SubjectList> { List(store, query) };
        while (pages[^1].Next is { } next)
            pages.Add(List(store, query with { After = next }));
        Assert.Equal(expected, pages.SelectMany(page => page.Subjects).Select(subject => subject.Id));
        Assert.Equal([4, 4, 2], pages.Select(page => page.Subjects.Count));
        Assert.Null(pages[0].Previous);

        var back = List(store, query with { Before = pages[2].Previous });
        Assert.Equal(pages[1].Subjects.Select(subject => subject.Id), back.Subjects.Select(subject => subject.Id));
        Assert.Equal((pages[1].Previous, pages[1].Next), (back.Previous, back.Next));
        var first = List(store, query with { Before = back.Previous });
        Assert.Equal((null, pages[0].Next), (first.Previous, first.Next));
    }

    [Fact]
    public void Who_comes_or_goes_meanwhile_moves_nobody_to_another_page()
    {
        var store = Filled();
        var query = new SubjectQuery { Count = 3 };
        var first = List(store, query);
        // Before the place, at the place, and behind it.
        Enrol(store, Image("0", 90), Image("C", 91));
        store.Subjects.RemoveSubject("B", NoAudit.Record);

        Assert.Equal(["C", "a%", "a_"], Names(List(store, query with { After = first.Next })));
        Assert.Equal(["0", "10", "9"], Names(List(store, query with { Before = "C" })));
        // Where everybody in front of a page has gone, it is the first one.
        foreach (var id in new[] { "0", "10", "9" })
            store.Subjects.RemoveSubject(id, NoAudit.Record);
        Assert.Null(List(store, query with { After = first.Next }).Previous);
        var end = List(store, query with { After = "😀" });
        Assert.Equal((0, null, null), (end.Subjects.Count, end.Previous, end.Next));
    }

    [Fact]
    public void Conditions_hold_together_and_the_count_is_that_of_all_pages()
    {
        var day = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
        var store = New(new TestClock(day));
        Enrol(store, Image("anna", 1), Image("Annabel", 2), Image("bert", 3));
        Enrol(Open(new TestClock(day.AddDays(10))), Image("anna", 11), Poor("cleo", 4), Poor("bert", 13));

        Check(["Annabel", "anna"], new() { IdPart = "NNA" });
        Check([], new() { IdPart = "%" });
        Check(["bert", "cleo"], new() { QualityBelow = 50 });
        Check(["anna", "bert"], new() { LeastEncounters = 2 });
        Check(["anna", "bert", "cleo"], new() { Since = day.AddDays(1) });
        Check(["Annabel", "anna", "bert"], new() { Until = day.AddDays(1) });
        Check(["bert"], new() { LeastEncounters = 2, QualityBelow = 50, IdPart = "e" });
        Check([], new() { Provider = "partner" });

        long[] rows = [.. Feed(store).Added.Select(template => template.Subject).Distinct()];
        Check(["Annabel", "bert"], new(), SubjectSet.Only(rows[1], rows[2]));
        Check(["bert"], new() { LeastEncounters = 2 }, SubjectSet.Only(rows[1], rows[2]));

        void Check(string[] expected, SubjectQuery query, SubjectSet? among = null)
        {
            Assert.Equal(expected, Names(store.Subjects.List(query, among, CancellationToken.None)));
            Assert.Equal(expected.Length, store.Subjects.Count(query with { Count = 1 }, among, CancellationToken.None));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_moves_to_another_subject_is_sealed_for_it_and_a_follower_sees_a_removal_and_an_enrolment(bool isSealed)
    {
        var keys = isSealed ? DataKeys.Parse(Convert.ToBase64String(new byte[32]), "test") : null;
        var store = New(keys: keys);
        byte[] photo = [1, 2, 3], crop = [4, 5];
        Enrol(
            store, Image("anna", 1, Told("name", "Anna")), Image("annie", 1, Told("name", "Annie", "town", "T"), photo, crop),
            Image("annie", 7), Image("kin", 9), Image("other", 10));
        store.Subjects.WriteLink("annie", new SubjectLink("kin", "cousin", "me", DateTimeOffset.UnixEpoch), NoAudit.Record);
        store.Subjects.WriteLink("annie", new SubjectLink("anna", "perhaps the same", "me", DateTimeOffset.UnixEpoch), NoAudit.Record);
        store.Duplicates.KeepApart("other", "annie", "me", DateTimeOffset.UnixEpoch, NoAudit.Record);
        var before = Feed(store);
        string[] moved = [.. store.Subjects.FindSubject("annie")!.Encounters.Select(encounter => encounter.Id)];

        Assert.False(store.Subjects.MoveEncounters(moved, "nobody", NoAudit.Record));
        Assert.False(store.Subjects.MoveEncounters([moved[0], "none"], "anna", NoAudit.Record));
        Assert.False(store.Subjects.MoveEncounters(moved, "annie", NoAudit.Record));
        Assert.True(store.Subjects.MoveEncounters(moved, "anna", NoAudit.Record));

        var anna = Open(keys: keys).Subjects.FindSubject("anna")!;
        Assert.Equal([("name", "Anna"), ("town", "T")], anna.Biographics.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(3, anna.Encounters.Count);
        Assert.All(anna.Encounters, encounter => Assert.Null(encounter.Problem()));
        Assert.Equal("Annie", anna.Encounters[1].Metadata["name"]);
        Assert.Equal(photo, store.Images.ReadPhoto(anna.Encounters[1].Id));
        Assert.Equal(crop, store.Images.ReadCrop(anna.Encounters[1].Id));
        Assert.Null(store.Subjects.FindSubject("annie"));
        Assert.Equal("cousin", store.Subjects.ReadLinks("anna").Single().Note);
        Assert.Equal(("anna", "other"), store.Duplicates.Apart(10).Select(pair => (pair.Subject, pair.Other)).Single());
        var after = Feed(store, before.Change);
        Assert.Equal((2, 2), (after.Added.Count, after.Removed.Count));
        Assert.Equal(before.Added[0].Subject, Assert.Single(after.Added.Select(template => template.Subject).Distinct()));

        // The same photo under both names is there once afterwards.
        Enrol(store, Image("twice", 1, photo: photo, crop: crop));
        Assert.True(store.Subjects.MoveEncounters(
            [store.Subjects.FindSubject("twice")!.Encounters.Single().Id], "anna", NoAudit.Record));
        Assert.Equal(3, store.Subjects.FindSubject("anna")!.Encounters.Count);
        // One of several leaves the subject where it is.
        Assert.True(store.Subjects.MoveEncounters([anna.Encounters[1].Id], "kin", NoAudit.Record));
        Assert.Equal((2, 2), (store.Subjects.FindSubject("anna")!.Encounters.Count, store.Subjects.FindSubject("kin")!.Encounters.Count));
        Assert.Empty(store.Subjects.FindSubject("kin")!.Biographics);
    }

    private static OrderedDictionary<string, string> Told(params string[] pairs) =>
        new OrderedDictionary<string, string>(pairs.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1])));

    private static CapturedImage Poor(string subject, int identity)
    {
        var image = Image(subject, identity);
        return image with { Faces = [image.Faces[0] with { Quality = 20 }] };
    }

    private static SubjectList List(IGalleryStore store, SubjectQuery query) =>
        store.Subjects.List(query, null, CancellationToken.None);

    private static IEnumerable<string> Names(SubjectList page) => page.Subjects.Select(subject => subject.Id);

    private IGalleryStore Filled()
    {
        var store = New();
        Enrol(store, [.. Ids.Reverse().Select((id, i) => Image(id, i))]);
        return store;
    }
}
