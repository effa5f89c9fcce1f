using MatchEngine.Faces;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests;

/// <summary>What becomes of faces that are too poor, and what a gallery keeps of quality.</summary>
public class QualityTests
{
    private static byte[] Photo(string qualities, params FakeFace[] faces) => FakeImage.Salted($"\nquality {qualities}", faces);

    [Fact]
    public async Task A_poor_photo_is_not_enrolled_unless_any_is_taken()
    {
        using var test = new TestGallery();
        var poor = TestGallery.Item("bert", Photo("12", new FakeFace(2)));

        var report = await test.EnrolAsync(TestGallery.Item("anna", Photo("80", new FakeFace(1))), poor);

        Assert.Equal((1, 1), (report.Enrolled, report.Failed));
        var failure = Assert.Single(report.Failures);
        Assert.Equal(("memory:bert", "low_quality"), (failure.File, failure.Reason));
        Assert.Contains("12 of 100", failure.Detail, StringComparison.Ordinal);
        Assert.Null(test.Gallery.FindSubject("bert"));
        Assert.All(test.Extractor.GivenOut, embedding => Assert.All(embedding, value => Assert.Equal(0, value)));

        var any = await test.Gallery.EnrolAsync(
            test.Extractor, new ListSource([poor]), NoAudit.Next, new EnrolmentOptions { MinQuality = null });

        Assert.Equal(1, any.Enrolled);
        Assert.Equal(12, Assert.Single(test.Gallery.FindSubject("bert")!.Encounters).Quality!.Value, 1e-6);
        Assert.Equal(80, Assert.Single(test.Gallery.FindSubject("anna")!.Encounters).Quality!.Value, 1e-6);
        Assert.Equal(new GalleryQuality(2, 12, 46), test.Gallery.SummarizeQuality());
    }

    [Fact]
    public async Task A_group_photo_is_enrolled_without_its_poor_faces_and_refused_when_all_are()
    {
        using var test = new TestGallery();
        var options = new EnrolmentOptions { Faces = EnrolmentFaces.Each };

        var report = await test.Gallery.EnrolAsync(
            test.Extractor,
            new ListSource([
                TestGallery.Item("group", Photo("90 5 70", new FakeFace(1, 0, 90), new FakeFace(2, 0, 60), new FakeFace(3, 0, 30))),
                TestGallery.Item("poor", Photo("4 5", new FakeFace(4), new FakeFace(5)))]), NoAudit.Next,
            options);

        Assert.Equal((1, 2, 1), (report.Enrolled, report.Encounters, report.Failed));
        Assert.Equal([1, 3], test.Gallery.Subjects().Select(subject => subject.Encounters[0].Face).Order());
        Assert.Equal("low_quality", Assert.Single(report.Failures).Reason);
    }

    [Fact]
    public async Task A_poor_probe_is_refused_with_its_quality()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));
        var probe = Photo("20", new FakeFace(1, 3));

        var error = Assert.Throws<AcquisitionException>(() => test.Search(probe));

        Assert.Equal(AcquisitionFailure.LowQuality, error.Reason);
        Assert.Equal(20, error.Quality!.Overall, 1e-6);
        Assert.All(test.Extractor.GivenOut[^1], value => Assert.Equal(0, value));
        Assert.Equal(20, test.Search(probe, new SearchOptions { MinQuality = 20 }).Probe!.Quality!.Overall, 1e-6);
        Assert.Equal("anna", test.Search(probe, new SearchOptions { MinQuality = null }).Candidates[0].SubjectId);
    }

    [Fact]
    public async Task An_extractor_that_cannot_tell_quality_refuses_nobody()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));
        Assert.Null(Assert.Single(test.Gallery.FindSubject("anna")!.Encounters).Quality);
        Assert.Null(test.Search(FakeImage.Of(new FakeFace(1, 2))).Probe!.Quality);
        Assert.Equal(new GalleryQuality(0, null, null), test.Gallery.SummarizeQuality());
    }

    [Fact]
    public void A_comparison_names_the_poor_one_of_two_images()
    {
        var extractor = new FakeExtractor();
        var (good, poor) = (Photo("80", new FakeFace(1)), Photo("9", new FakeFace(1, 1)));
        var error = Assert.Throws<AcquisitionException>(() => FaceComparison.Compare(extractor, good, poor));
        Assert.Equal(AcquisitionFailure.LowQuality, error.Reason);
        Assert.StartsWith("second image: the face's quality is 9 of 100", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Quality);
        Assert.Equal(9, FaceComparison.Compare(extractor, good, poor, minQuality: null).Second.Quality!.Overall, 1e-6);
    }
}
