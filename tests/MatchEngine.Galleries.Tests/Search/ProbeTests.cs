using MatchEngine.Faces;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Search;

public class ProbeTests
{
    private static readonly byte[] Three =
        FakeImage.Salted("\nquality 90 5 70", new FakeFace(1, 0, 90), new FakeFace(2, 0, 60), new FakeFace(3, 0, 30));

    [Fact]
    public void Its_faces_have_templates_or_the_reason_why_not_and_are_erased_with_it()
    {
        var extractor = new FakeExtractor();
        Template[] templates;
        using (var probe = Probe.Of(extractor, Three, FaceChoice.All, 40, cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.Equal([1, 2, 3], probe.Faces.Select(face => face.Number));
            Assert.All(probe.Faces, face => Assert.Equal((3, 640, 480), (face.FacesFound, face.ImageWidth, face.ImageHeight)));
            Assert.Equal((null, null), (probe.Faces[0].Refusal, probe.Faces[2].Refusal));
            Assert.StartsWith("the face's quality is 5 of 100", probe.Faces[1].Refusal, StringComparison.Ordinal);
            templates = [.. probe.Templates];
            Assert.Equal(2, templates.Length);
            Assert.InRange(Cosine.Of(templates[1], Template.FromEmbedding(FakeExtractor.Embedding(3, 0), templates[1].Model)), 0.999, 1);
        }
        Assert.Equal(1, extractor.Calls);
        Assert.All(extractor.GivenOut, embedding => Assert.All(embedding, x => Assert.Equal(0, x)));
        Assert.All(templates, template => Assert.Throws<ObjectDisposedException>(() => template.Body.Length));
    }

    [Fact]
    public void A_photo_is_refused_only_when_no_face_that_was_meant_can_be_searched()
    {
        var extractor = new FakeExtractor();
        AcquisitionException Refused(FaceChoice choice, double least) =>
            Assert.Throws<AcquisitionException>(() => Probe.Of(extractor, Three, choice, least).Dispose());

        Assert.Equal(AcquisitionFailure.LowQuality, Refused(FaceChoice.Nth(2), 40).Reason);
        Assert.Equal(AcquisitionFailure.LowQuality, Refused(FaceChoice.All, 95).Reason);
        Assert.Equal(AcquisitionFailure.MultipleFaces, Refused(FaceChoice.Only, 40).Reason);
        using var largest = Probe.Of(extractor, Three, FaceChoice.Largest, 40, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, Assert.Single(largest.Faces).Number);
    }

    [Fact]
    public void A_face_that_could_not_be_searched_itself_is_listed_and_makes_no_several()
    {
        var extractor = new FakeExtractor();
        var photo = FakeImage.Salted("\nquality 90 5 90", new FakeFace(1, 0, 100), new FakeFace(2, 0, 60), new FakeFace(3, 0, 15));

        using var probe = Probe.Of(extractor, photo, FaceChoice.Only, 40, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Single(probe.Templates);
        Assert.Equal([1, 2, 3], probe.Faces.Select(face => face.Number));
        Assert.Null(probe.Faces[0].Refusal);
        Assert.StartsWith("the face's quality is 5 of 100", probe.Faces[1].Refusal, StringComparison.Ordinal);
        Assert.StartsWith("the face is 15 pixels wide beside one of 100", probe.Faces[2].Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ready_template_stays_its_owners()
    {
        var extractor = new FakeExtractor();
        var template = Template.FromEmbedding(FakeExtractor.Embedding(1, 0), ModelDigest.Parse(extractor.Model.Digest));
        using (var probe = Probe.Of(template))
            Assert.Equal((0, 1), (probe.Faces.Count, probe.Templates.Count));
        Assert.Equal(FakeExtractor.Dimension, template.Body.Length);
    }
}
