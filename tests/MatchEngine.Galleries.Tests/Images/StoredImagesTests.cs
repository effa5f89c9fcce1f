using MatchEngine.Faces.Images;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Images;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Images;

public class StoredImagesTests
{
    private static readonly byte[] Photo = FakeImage.Picture("kept", new FakeFace(1, 0, 60, 40), new FakeFace(2, 0, 30, 130));
    private static readonly EnrolmentOptions Keep = new() { KeepImages = true, Faces = EnrolmentFaces.Each };

    [Fact]
    public async Task Images_are_kept_only_when_asked_for()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Picture("not kept", new FakeFace(5)));
        var id = test.Gallery.FindSubject("anna")!.Encounters.Single().Id;

        Assert.Null(test.Gallery.ReadPhoto(id));
        Assert.Null(test.Gallery.ReadFace(id));
        Assert.Null(test.Gallery.ReadPhoto("no such encounter"));
        Assert.False(FolderBytes.Contain(test.Data, "not kept"u8));
    }

    [Fact]
    public async Task A_group_photo_is_kept_once_and_each_face_by_itself()
    {
        using var test = new TestGallery();
        await EnrolAsync(test, TestGallery.Item("group", Photo) with { GroupName = "group" });
        var (first, second) = (Id(test, "group#1"), Id(test, "group#2"));

        Assert.Equal(Photo, test.Gallery.ReadPhoto(first));
        Assert.Equal(Photo, test.Gallery.ReadPhoto(second));
        // Red says where a pixel of the photo was: the middle of each face.
        Assert.InRange(Middle(test.Gallery.ReadFace(first)!), 67, 73);
        Assert.InRange(Middle(test.Gallery.ReadFace(second)!), 142, 148);
        using var pixels = test.Extractor.Decode(test.Gallery.ReadPhoto(second)!, TestContext.Current.CancellationToken);
        Assert.InRange(Middle(FaceImage.Cut(pixels, test.Gallery.FindEncounter(second)!.Box, 1, 64)), 142, 148);
        Assert.Equal(1, Count(test, "photo"));

        static byte Middle(byte[] jpeg)
        {
            using var image = ImageDecoder.Decode(jpeg);
            return image.Row(image.Height / 2)[3 * (image.Width / 2)];
        }
    }

    [Fact]
    public async Task A_photo_enrolled_before_without_images_gets_them_and_stays_one_encounter()
    {
        using var test = new TestGallery();
        await test.Gallery.EnrolAsync(
            test.Extractor,
            new ListSource([TestGallery.Item("group", Photo) with { GroupName = "group" }]),
                NoAudit.Next, Keep with { KeepImages = false });

        var report = await EnrolAsync(test, TestGallery.Item("group", Photo) with { GroupName = "group" });

        Assert.Equal((0, 1), (report.Enrolled, report.Duplicates));
        Assert.Equal(Photo, test.Gallery.ReadPhoto(Id(test, "group#2")));
        Assert.Equal(2, test.Gallery.Summarize().Encounters);
        var calls = test.Extractor.Calls;
        await EnrolAsync(test, TestGallery.Item("group", Photo) with { GroupName = "group" });
        Assert.Equal(calls, test.Extractor.Calls);
    }

    [Fact]
    public async Task Images_go_with_the_encounter_and_the_photo_with_its_last_one()
    {
        using var test = new TestGallery();
        await EnrolAsync(
            test, TestGallery.Item("group", Photo) with { GroupName = "group" },
            TestGallery.Item("other", FakeImage.Picture("other", new FakeFace(9))));
        var (first, second) = (Id(test, "group#1"), Id(test, "group#2"));
        var face = test.Gallery.ReadFace(first)!;
        Assert.True(FolderBytes.Contain(test.Data, face.AsSpan(face.Length - 200)));

        test.Gallery.RemoveSubject("group#1", NoAudit.Record);
        Assert.Null(test.Gallery.ReadFace(first));
        Assert.Equal(Photo, test.Gallery.ReadPhoto(second));
        Assert.False(FolderBytes.Contain(test.Data, face.AsSpan(face.Length - 200)));

        test.Gallery.RemoveEncounter(second, NoAudit.Record);
        Assert.Equal((1, 1), (Count(test, "photo"), Count(test, "face_crop")));
        Assert.False(FolderBytes.Contain(test.Data, "salt kept"u8));
        Assert.True(FolderBytes.Contain(test.Data, "salt other"u8));
    }

    private static Task<EnrolmentReport> EnrolAsync(TestGallery test, params EnrolmentEntry[] entries) =>
        test.Gallery.EnrolAsync(test.Extractor, new ListSource(entries), NoAudit.Next, Keep);

    private static string Id(TestGallery test, string subject) => test.Gallery.FindSubject(subject)!.Encounters.Single().Id;

    private static long Count(TestGallery test, string table)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={test.Data.Sub("galleries", TestGallery.Name, "gallery.db")};Pooling=False");
        return Dapper.SqlMapper.ExecuteScalar<long>(connection, $"SELECT count(*) FROM {table}");
    }
}
