using System.Security.Cryptography;
using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Enrolment;

public sealed class PhotoCaptureTests : IDisposable
{
    private readonly TestGallery _test = new();
    private readonly IGalleryStore _store;

    public PhotoCaptureTests() => _store = _test.Catalog.OpenStore(TestGallery.Name)!;

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void A_photo_becomes_hash_boxes_and_templates()
    {
        var photo = FakeImage.Of(new FakeFace(1, 0, 42, 7));

        var outcome = Capture(TestGallery.Item("anna", photo, ("sex", "F")));

        var image = outcome.Captured!;
        Assert.Equal(SHA256.HashData(photo), image.Sha256);
        Assert.Equal(
            ("memory:anna", 640, 480, 1, true), (image.Image, image.Width, image.Height, image.FacesFound, image.DescribesSubject));
        var face = Assert.Single(image.Faces);
        Assert.Equal(("anna", 1, new BoundingBox(7, 20.5f, 42, 42)), (face.SubjectId, face.Number, face.Box));
        var expected = Template.FromEmbedding(FakeExtractor.Embedding(1, 0), ModelDigest.Parse(_test.Extractor.Model.Digest));
        Assert.Equal(expected.ToBytes(), face.Template);
    }

    [Fact]
    public async Task A_photo_is_enrolled_with_its_one_face_of_use_and_known_again()
    {
        var item = TestGallery.Item(
            "anna", FakeImage.Salted("\nquality 90 5 90", new FakeFace(1, 0, 100), new FakeFace(2, 0, 60), new FakeFace(3, 0, 15)));

        var image = Capture(item).Captured!;

        Assert.Equal(("anna", 1, 3), (Assert.Single(image.Faces).SubjectId, image.Faces[0].Number, image.FacesFound));
        await _test.EnrolAsync(item);
        Assert.Null(Assert.Single(Capture(item).Captured!.Faces).Template);
        // The name is the largest face's: nobody smaller is enrolled in place of one that is too poor.
        var poor = TestGallery.Item("bert", FakeImage.Salted("\nquality 5 90", new FakeFace(1, 0, 100), new FakeFace(2, 0, 60)));
        Assert.Equal("low_quality", Capture(poor).Failure!.Reason);
    }

    [Fact]
    public void A_file_is_read_where_the_item_carries_no_bytes()
    {
        var photo = FakeImage.Of(new FakeFace(1));
        var file = _test.Data.Write("anna.jpg", photo);

        Assert.Equal(SHA256.HashData(photo), Capture(new EnrolmentItem { Image = file, Subject = "anna" }).Captured!.Sha256);
    }

    [Fact]
    public async Task A_photo_that_is_enrolled_is_not_extracted_again()
    {
        var item = TestGallery.Item("anna", FakeImage.Of(new FakeFace(1)));
        await _test.EnrolAsync(item);
        var calls = _test.Extractor.Calls;

        var outcome = Capture(item);

        Assert.Null(Assert.Single(outcome.Captured!.Faces).Template);
        Assert.Equal(calls, _test.Extractor.Calls);
        Assert.NotNull(Assert.Single(Capture(item with { Subject = "bert" }).Captured!.Faces).Template);
    }

    [Fact]
    public void The_people_of_a_group_photo_are_named_by_the_group_name_or_by_subject_and_image()
    {
        var item = TestGallery.Item("anna", FakeImage.Of(new FakeFace(1, 0, 50), new FakeFace(2, 0, 60)));

        Assert.Equal(["anna/memory:anna#1", "anna/memory:anna#2"], Subjects(item));
        Assert.Equal(["party#1", "party#2"], Subjects(item with { GroupName = "party" }));
        Assert.Equal("bad_subject", Capture(item with { GroupName = new string('x', 256) }, EnrolmentFaces.Each).Failure!.Reason);

        IEnumerable<string> Subjects(EnrolmentItem photo) =>
            Capture(photo, EnrolmentFaces.Each).Captured!.Faces.Select(face => face.SubjectId);
    }

    [Fact]
    public void An_unexpected_error_is_fatal_and_names_the_photo_but_is_not_thrown_in_the_worker()
    {
        var capture = new PhotoCapture(
            _store.Enrolment, _store.Subjects,
                new FakeExtractor { Before = _ => throw new InvalidOperationException("session lost") },
                new EnrolmentOptions(), TimeProvider.System);

        var outcome = capture.Capture(TestGallery.Item("anna", FakeImage.Of(new FakeFace(1))), CancellationToken.None);

        var fatal = Assert.IsType<EnrolmentException>(outcome.Fatal);
        Assert.Contains("memory:anna", fatal.Message, StringComparison.Ordinal);
        Assert.Contains("session lost", fatal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_extraction_is_fatal_as_what_it_is()
    {
        var capture = new PhotoCapture(_store.Enrolment, _store.Subjects, _test.Extractor, new EnrolmentOptions(), TimeProvider.System);

        var outcome = capture.Capture(TestGallery.Item("anna", FakeImage.Of(new FakeFace(1))), new CancellationToken(canceled: true));

        Assert.IsType<OperationCanceledException>(outcome.Fatal);
    }

    private CaptureOutcome Capture(EnrolmentItem item, EnrolmentFaces faces = EnrolmentFaces.Only) =>
        new PhotoCapture(_store.Enrolment, _store.Subjects, _test.Extractor, new EnrolmentOptions { Faces = faces }, TimeProvider.System)
            .Capture(item, CancellationToken.None);
}
