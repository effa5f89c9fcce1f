using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class EnrolmentStoreContract(IStoreUnderTest under) : StoreContract(under)
{
    [Fact]
    public void A_batch_is_stored_as_a_whole_or_not_at_all()
    {
        var store = New();
        var good = Image("anna", 1);
        var bad = good with { Sha256 = [1, 2, 3] };

        Assert.ThrowsAny<Exception>(() => store.Enrolment.Add([good, bad], NoAudit.Record));

        Assert.Equal((0, 0), (store.Summarize().Subjects, store.Summarize().Encounters));
        Assert.Equal(1, store.Enrolment.Add([good], NoAudit.Record)[0].Added);
    }

    [Fact]
    public void What_is_there_stays_as_it_is_but_for_biographics_that_were_missing()
    {
        var store = New();
        Enrol(store, Image("anna", 1, new Dictionary<string, string> { ["name"] = "Anna" }));
        var before = store.Subjects.FindSubject("anna")!;

        var again = store.Enrolment.Add(
            [Image("anna", 1, new Dictionary<string, string> { ["name"] = "Other", ["sex"] = "F" })], NoAudit.Record);

        Assert.Equal(0, again[0].Added);
        var after = store.Subjects.FindSubject("anna")!;
        Assert.Equal([("name", "Anna"), ("sex", "F")], after.Biographics.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(before.Encounters.Single().Id, after.Encounters.Single().Id);
        Assert.Equal(EncounterId.Of("anna", Image("anna", 1).Sha256, 1), after.Encounters.Single().Id);
    }

    [Fact]
    public void The_faces_of_an_image_are_found_by_its_digest_under_every_subject()
    {
        var store = New();
        var photo = Image("anna", 1);
        Enrol(store, photo, photo with { Faces = [photo.Faces[0] with { SubjectId = "bert" }] });

        var known = store.Enrolment.FindImage(photo.Sha256);

        Assert.Equal([("anna", 1, 1, false), ("bert", 1, 1, false)], known.Select(face => (
            face.SubjectId, face.Number, face.FacesFound, face.HasImages)));
        Assert.Empty(store.Enrolment.FindImage(new byte[32]));
        // Whoever enrols it once more is told under whom it was there before.
        Assert.Equal(
            ["anna", "bert"],
            store.Enrolment.Add([photo with { Faces = [photo.Faces[0] with { SubjectId = "cleo" }] }], NoAudit.Record)[0].OtherSubjects);
    }

    [Fact]
    public void Two_writers_at_once_lose_and_double_nothing()
    {
        var (first, second) = (New(), Open());

        var added = new long[2];
        Parallel.Invoke(() => added[0] = Write(first, 0), () => added[1] = Write(second, 20));

        Assert.Equal(60, added.Sum());
        Assert.Equal(60, first.Summarize().Encounters);
        Assert.Equal(60, Feed(first).Added.Select(template => template.Encounter).Distinct().Count());

        // 40 photos each, 20 of them the same.
        static long Write(Galleries.Stores.IGalleryStore store, int from) =>
            Enumerable.Range(from, 40).Sum(i => store.Enrolment.Add([Image($"S{i}", i)], NoAudit.Record)[0].Added);
    }

    [Fact]
    public void The_event_names_the_new_encounters_and_the_subjects_touched_and_there_is_none_when_nothing_was()
    {
        var store = New();
        Enrol(store, Image("known", 1));
        var (log, journal) = Journal();
        CapturedPhotos("known", "anna", "bert");
        CapturedPhotos("known", "anna", "bert");

        var payload = JsonElement.Parse(Assert.Single(log.Read()).Payload);
        Assert.Equal(["anna", "bert"], payload.GetProperty("subjects").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(
            Feed(store).Added.Skip(1).Select(row => store.Feed.FindRows([row.Encounter]).Values.Single().Encounter.Id),
            payload.GetProperty("encounters").EnumerateArray().Select(id => id.GetString()));

        void CapturedPhotos(params string[] subjects) => journal.Make(
            Author, AuditKinds.SubjectEnrolled, new { galleries = new[] { Name } },
            record => store.Enrolment.Add([.. subjects.Select((subject, i) => Image(subject, i + 1))], record()));
    }

    [Fact]
    public void A_deleted_gallery_takes_nothing_more()
    {
        var store = New();
        Under.OpenCatalog().Delete(Name, NoAudit.Record);

        Assert.Throws<GalleryNotFoundException>(() => Enrol(store, Image("anna", 1)));
    }
}
