using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class GalleryStoreContract(IStoreUnderTest under) : StoreContract(under)
{
    private static readonly Dictionary<string, string?> Correction = new() { ["name"] = "right" };

    /// <summary>Every change that a gallery knows, as one that changes something the first time.</summary>
    private static readonly Dictionary<string, Action<IGalleryStore, ChangeRecord>> Changes = new()
    {
        ["enrol"] = (store, record) => store.Enrolment.Add([Image("new", 9)], record),
        ["correct a subject"] = (store, record) => store.Subjects.CorrectSubject("anna", Correction, record),
        ["correct an encounter"] = (store, record) => store.Subjects.CorrectEncounter(FirstOf(store), Correction, record),
        ["remove a subject"] = (store, record) => store.Subjects.RemoveSubject("anna", record),
        ["remove an encounter"] = (store, record) => store.Subjects.RemoveEncounter(FirstOf(store), record),
        ["purge"] = (store, record) => store.Subjects.PurgeSome(DateTimeOffset.UtcNow.AddDays(2), 0, record),
        ["link"] = (store, record) =>
            store.Subjects.WriteLink("anna", new SubjectLink("bert", "kin", "somebody", DateTimeOffset.UnixEpoch), record),
        ["unlink"] = (store, record) => store.Subjects.RemoveLink("cleo", "bert", record),
        ["set properties"] = (store, record) => store.Properties.Write(store.Properties.Read() with { Owner = "other" }, record),
        ["answer"] = (store, record) => store.Properties.AnswerPermission("friend", true, record),
        ["grant"] = (store, record) => store.Properties.WritePermission(new GalleryPermission("a", true, BiographicFields.All), record),
        ["revoke"] = (store, record) => store.Properties.RemovePermission("friend", record),
        ["seal"] = (store, record) => store.Images.SealSome(record),
    };

    public static TheoryData<string> Kinds => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_change_is_noted_with_its_event_and_not_made_without_it(string kind)
    {
        New(properties: new GalleryProperties { Retention = new RetentionRule(1, RetentionBasis.Enrolled) });
        var store = Open(keys: kind == "seal" ? DataKeys.Parse(new string('a', 64), "test") : null);
        var plain = Open();
        Enrol(plain, Image("anna", 1), Image("bert", 2), Image("cleo", 3));
        plain.Subjects.WriteLink(
            "cleo", new SubjectLink("bert", "kin", "somebody", DateTimeOffset.UnixEpoch), ChangeJournal.None.Record);
        plain.Properties.WritePermission(new GalleryPermission("friend", true, BiographicFields.All), ChangeJournal.None.Record);
        var (log, journal) = Journal();
        var before = State();

        // An event that cannot be written: the payload has a member that is the log's own.
        Assert.Throws<ArgumentException>(() => Make(new { schema = 7 }));
        Assert.Equal(before, State());
        Assert.Empty(log.Read());

        Make(new { galleries = new[] { Name } });
        var written = Assert.Single(log.Read());
        Assert.True(Open().HasMade(written));
        Assert.False(store.HasMade(written with { Hash = new string('0', 64) }));
        Assert.False(store.HasMade(written with { Sequence = written.Sequence + 1 }));

        void Make(object payload) => journal.Make(Author, "test", payload, record =>
        {
            Changes[kind](store, record());
            return true;
        });

        string State() => JsonSerializer.Serialize(new
        {
            Subjects = plain.Subjects.Page(null, 100),
                Properties = plain.Properties.Read(), Permissions = plain.Properties.ReadPermissions(),
            Links = plain.Subjects.ReadLinks("bert"), Extent = plain.Feed.Extent().Change,
        });
    }

    [Fact]
    public void Summaries_count_what_is_there()
    {
        var store = New();
        Assert.Equal((0, 0, (double?)null), (store.Summarize().Subjects, store.Summarize().Encounters, store.SummarizeQuality().Mean));
        Enrol(store, Image("anna", 1), Image("anna", 2), Image("bert", 3));

        var summary = Open().Summarize();

        Assert.Equal((Name, Model, 2L, 3L, 3L), (summary.Name, summary.Model, summary.Subjects, summary.Encounters, summary.Templates));
        Assert.True(summary.Bytes > 0);
        Assert.Equal((3L, 70.0, 70.0), (
            store.SummarizeQuality().Assessed, store.SummarizeQuality().Lowest!.Value, store.SummarizeQuality().Mean!.Value));
    }

    private static string FirstOf(IGalleryStore store) => store.Subjects.FindSubject("anna")!.Encounters[0].Id;
}
