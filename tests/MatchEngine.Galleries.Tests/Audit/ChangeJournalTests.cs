using System.Reflection;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;

namespace MatchEngine.Galleries.Tests.Audit;

public class ChangeJournalTests
{
    /// <summary>What a port may do without a record, because it changes nothing.</summary>
    private static readonly string[] Reading =
    [
        nameof(IChangeFeed.Version), nameof(IChangeFeed.Extent), nameof(IChangeFeed.ReadChanges), nameof(IChangeFeed.ReadSubjects),
        nameof(IChangeFeed.RemovedAfter),
        nameof(IChangeFeed.FindRows), nameof(IEnrolmentStore.FindImage), nameof(ISubjectStore.FindSubject),
        nameof(ISubjectStore.FindEncounter),
            nameof(ISubjectStore.FindTemplate), nameof(ISubjectStore.Page), nameof(ISubjectStore.List), nameof(ISubjectStore.Count),
            nameof(ISubjectStore.ReadLinks), nameof(ISubjectStore.ExpiredRows),
        nameof(IPropertyStore.Read), nameof(IPropertyStore.ReadPermissions), nameof(IImageStore.ReadPhoto), nameof(IImageStore.ReadCrop),
        nameof(IGalleryStore.Summarize), nameof(IGalleryStore.SummarizeQuality), nameof(IGalleryStore.HasMade),
        nameof(IGalleryCatalogStore.Names), nameof(IGalleryCatalogStore.List), nameof(IGalleryCatalogStore.Open),
        nameof(IGalleryCatalogStore.Export), nameof(IGalleryCatalogStore.IdentityOf),
    ];

    [Fact]
    public void Whatever_changes_a_gallery_takes_a_record()
    {
        var without = new[]
            {
                typeof(IChangeFeed), typeof(IEnrolmentStore), typeof(ISubjectStore), typeof(IPropertyStore), typeof(IImageStore),
                typeof(IGalleryStore), typeof(IGalleryCatalogStore),
            }
            .SelectMany(port => port.GetMethods())
            .Where(method =>
                !method.IsSpecialName && method.GetParameters().All(parameter => parameter.ParameterType != typeof(ChangeRecord)))
            .Select(method => method.Name);

        Assert.Equal(Reading.Order(), without.Order());
    }

    [Fact]
    public void A_record_can_be_left_out_nowhere_and_is_never_null()
    {
        var nullability = new NullabilityInfoContext();
        var records = new[] { typeof(Gallery).Assembly, typeof(SqliteDataFolder).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .SelectMany(method => method.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(ChangeRecord) || parameter.ParameterType == typeof(Func<ChangeRecord>))
            .ToList();

        Assert.True(records.Count > 40, $"{records.Count}");
        Assert.DoesNotContain(
            records,
            parameter => parameter.HasDefaultValue || parameter.IsOptional
                || nullability.Create(parameter).ReadState == NullabilityState.Nullable);
        // Nobody but a journal makes one.
        Assert.Empty(typeof(ChangeRecord).GetConstructors());
    }

    [Fact]
    public void No_journal_writes_nothing_and_makes_the_change()
    {
        using var test = new TestGallery();

        var changed = ChangeJournal.None.Make(new ChangeAuthor("nobody"), AuditKinds.GalleryChanged, new { }, record =>
        {
            test.Gallery.SetProperties(test.Gallery.Properties with { Owner = "other" }, record());
            return test.Gallery.Properties.Owner;
        });
        ChangeJournal.None.Note(new ChangeAuthor("nobody"), AuditKinds.EnrolmentEnded, new { });

        Assert.Equal("other", changed);
        Assert.False(Directory.Exists(test.Data.Sub("audit")));
    }
}
