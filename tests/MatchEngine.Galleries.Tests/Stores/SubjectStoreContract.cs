using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class SubjectStoreContract(IStoreUnderTest under) : StoreContract(under)
{
    private static readonly DateTimeOffset Enrolled = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Pages_go_through_all_subjects_once_in_the_byte_order_of_their_ids()
    {
        var store = New();
        // In UTF-16, the emoji's surrogates would stand before the last one.
        string[] ordered = ["10", "9", "B", "a", "b", "ä", "Ж", "\uFF21", "😀"];
        Enrol(store, [.. ordered.Reverse().SelectMany((id, i) => new[] { Image(id, i), Image(id, i + 50) })]);

        var seen = new List<Subject>();
        for (string? after = null; store.Subjects.Page(after, 2) is { Count: > 0 } page; after = page[^1].Id)
        {
            Assert.InRange(page.Count, 1, 2);
            seen.AddRange(page);
        }

        Assert.Equal(ordered, seen.Select(subject => subject.Id));
        Assert.All(seen, subject => Assert.Equal(2, subject.Encounters.Count));
        // It begins behind an id that need not be there.
        Assert.Equal("a", store.Subjects.Page("C", 1).Single().Id);
    }

    [Fact]
    public void A_subject_an_encounter_and_a_template_are_found_by_their_ids()
    {
        var store = New(new TestClock(Enrolled));
        Enrol(store, Image("anna", 1, new Dictionary<string, string> { ["name"] = "Anna" }));

        var subject = store.Subjects.FindSubject("anna")!;
        var encounter = store.Subjects.FindEncounter(subject.Encounters.Single().Id)!;
        var template = store.Subjects.FindTemplate(encounter.Id)!.Value;

        Assert.Equal("Anna", subject.Biographics["name"]);
        Assert.Equal(
            ("anna", "anna.jpg", 1, 1, 640, 480, Enrolled, 70.0, "Anna"),
            (encounter.SubjectId, encounter.Image, encounter.Face, encounter.FacesFound, encounter.ImageWidth, encounter.ImageHeight,
                encounter.Enrolled, encounter.Quality, encounter.Metadata["name"]));
        Assert.Equal(1, Template.Similarity(Template.FromEmbedding(FakeExtractor.Embedding(1, 0), Model.Digest), template.Template), 1e-3);
        Assert.Null(store.Subjects.FindSubject("nobody"));
        Assert.Null(store.Subjects.FindEncounter("none"));
        Assert.Null(store.Subjects.FindTemplate("none"));
    }

    [Fact]
    public void Corrections_set_and_remove_keys_and_leave_the_others()
    {
        var store = New();
        Enrol(store, Image("anna", 1, new Dictionary<string, string> { ["name"] = "wrong", ["sex"] = "F", ["note"] = "n" }));
        var encounter = store.Subjects.FindSubject("anna")!.Encounters.Single().Id;
        var changes = new Dictionary<string, string?> { ["name"] = "right", ["note"] = null, ["age"] = "4" };

        Assert.True(store.Subjects.CorrectSubject("anna", changes, NoAudit.Record));
        Assert.True(store.Subjects.CorrectEncounter(encounter, changes, NoAudit.Record));

        (string, string)[] right = [("name", "right"), ("sex", "F"), ("age", "4")];
        Assert.Equal(right, Open().Subjects.FindSubject("anna")!.Biographics.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(right, Open().Subjects.FindEncounter(encounter)!.Metadata.Select(pair => (pair.Key, pair.Value)));
        Assert.False(store.Subjects.CorrectSubject("nobody", changes, NoAudit.Record));
        Assert.False(store.Subjects.CorrectEncounter("none", changes, NoAudit.Record));
    }

    [Fact]
    public void A_subject_goes_with_its_last_encounter_and_an_encounter_with_its_subject()
    {
        var store = New();
        Enrol(store, Image("anna", 1), Image("anna", 2), Image("bert", 3));
        var encounters = store.Subjects.FindSubject("anna")!.Encounters;

        Assert.True(store.Subjects.RemoveEncounter(encounters[0].Id, NoAudit.Record));
        Assert.Equal(encounters[1].Id, store.Subjects.FindSubject("anna")!.Encounters.Single().Id);
        Assert.True(store.Subjects.RemoveEncounter(encounters[1].Id, NoAudit.Record));
        Assert.Null(store.Subjects.FindSubject("anna"));
        Assert.True(store.Subjects.RemoveSubject("bert", NoAudit.Record));

        Assert.False(store.Subjects.RemoveEncounter(encounters[0].Id, NoAudit.Record));
        Assert.False(store.Subjects.RemoveSubject("bert", NoAudit.Record));
        Assert.Empty(store.Subjects.Page(null, 10));
        Assert.Empty(Feed(store).Added);
    }

    [Fact]
    public void What_has_expired_goes_and_what_has_not_stays()
    {
        var clock = new TestClock(Enrolled);
        var store = New(clock, properties: new GalleryProperties { Retention = new RetentionRule(30, RetentionBasis.Enrolled) });
        Enrol(store, Image("old", 1), Image("both", 2));
        var later = Open(new TestClock(Enrolled.AddDays(20)));
        Enrol(later, Image("both", 3), Image("new", 4));
        Assert.Equal((0, 0, (long?)null), store.Subjects.PurgeSome(Enrolled.AddDays(29), 0, NoAudit.Record));

        var (encounters, subjects, next) = store.Subjects.PurgeSome(Enrolled.AddDays(31), 0, NoAudit.Record);

        Assert.Equal((2, 1, (long?)null), (encounters, subjects, next));
        Assert.Equal(["both", "new"], store.Subjects.Page(null, 10).Select(subject => subject.Id));
        Assert.Single(store.Subjects.FindSubject("both")!.Encounters);
        Assert.Equal(2, Feed(store).Removed.Count);
    }

    [Fact]
    public void Links_are_seen_from_either_side_and_go_with_either_subject()
    {
        var store = New();
        Enrol(store, Image("anna", 1), Image("bert", 2), Image("cleo", 3));
        var link = new SubjectLink("bert", "kin", "somebody", Enrolled);

        Assert.True(store.Subjects.WriteLink("anna", link, NoAudit.Record));
        Assert.True(store.Subjects.WriteLink("cleo", link with { Note = "friends" }, NoAudit.Record));
        Assert.False(store.Subjects.WriteLink("anna", link with { SubjectId = "nobody" }, NoAudit.Record));
        Assert.Equal(
            [link with { SubjectId = "anna" }, link with { SubjectId = "cleo", Note = "friends" }], store.Subjects.ReadLinks("bert"));

        Assert.True(store.Subjects.WriteLink("bert", link with { SubjectId = "anna", Note = "anew" }, NoAudit.Record));
        Assert.Equal("anew", store.Subjects.ReadLinks("anna").Single().Note);
        Assert.True(store.Subjects.RemoveLink("bert", "anna", NoAudit.Record));
        Assert.False(store.Subjects.RemoveLink("anna", "bert", NoAudit.Record));
        store.Subjects.RemoveSubject("cleo", NoAudit.Record);
        Assert.Empty(store.Subjects.ReadLinks("bert"));
    }
}
