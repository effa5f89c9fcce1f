using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests;

public class FaceComparisonTests
{
    private static readonly byte[] Anna = FakeImage.Of(new FakeFace(1, 0, 90, 33));
    private static readonly byte[] AnnaAgain = FakeImage.Of(new FakeFace(1, 5));
    private static readonly byte[] Bert = FakeImage.Of(new FakeFace(2));
    private static readonly byte[] Both = FakeImage.Of(new FakeFace(2, 0, 50), new FakeFace(1, 0, 200));

    [Fact]
    public void The_score_is_the_cosine_of_the_embeddings_and_comes_with_its_rate()
    {
        var extractor = new FakeExtractor(calibrations: FakeCalibrations.Set);

        var mated = FaceComparison.Compare(extractor, Anna, AnnaAgain);
        var nonMated = FaceComparison.Compare(extractor, Anna, Bert);

        Assert.Equal(Cosine(FakeExtractor.Embedding(1, 0), FakeExtractor.Embedding(1, 5)), mated.Score, 0.01);
        Assert.Equal(Cosine(FakeExtractor.Embedding(1, 0), FakeExtractor.Embedding(2, 0)), nonMated.Score, 0.01);
        Assert.Equal(FakeCalibrations.Set.At(mated.Score), mated.Fmr);
        Assert.Null(mated.Fmr!.RandomPairs.Value);
        Assert.NotNull(mated.Fmr.RandomPairs.Below);
        Assert.Equal(new BoundingBox(33, 20.5f, 90, 90), mated.First.Box);
        Assert.Equal("fake", mated.Model);
    }

    [Fact]
    public void The_order_of_the_images_does_not_matter_to_the_score() => Assert.Equal(
        FaceComparison.Compare(new FakeExtractor(), Anna, Bert).Score, FaceComparison.Compare(new FakeExtractor(), Bert, Anna).Score);

    [Fact]
    public async Task The_score_of_two_photos_is_the_one_that_a_candidate_list_shows()
    {
        using var test = new TestGallery();
        for (var person = 1; person <= 30; person++)
            await test.EnrolAsync($"P{person}", FakeImage.Of(new FakeFace(person, 3)));
        for (var person = 1; person <= 30; person++)
        {
            var probe = FakeImage.Of(new FakeFace(person, 7));
            foreach (var candidate in test.Search(probe).Candidates)
                Assert.Equal(candidate.Score, FaceComparison.Compare(
                    test.Extractor, probe, FakeImage.Of(new FakeFace(int.Parse(candidate.SubjectId[1..]), 3))).Score);
        }
    }

    [Fact]
    public void Without_a_calibration_there_is_no_rate()
    {
        var comparison = FaceComparison.Compare(new FakeExtractor(), Anna, Anna);

        Assert.Equal(1, comparison.Score);
        Assert.Null(comparison.Fmr);
    }

    [Fact]
    public void A_group_photo_is_refused_by_name_unless_a_face_is_chosen()
    {
        var refused = Assert.Throws<AcquisitionException>(() => FaceComparison.Compare(new FakeExtractor(), Anna, Both));

        Assert.Equal(AcquisitionFailure.MultipleFaces, refused.Reason);
        Assert.StartsWith("second image: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.Faces.Count);
        Assert.Equal(1, FaceComparison.Compare(new FakeExtractor(), Anna, Both, FaceChoice.Largest).Score);
        Assert.Throws<ArgumentException>(() => FaceComparison.Compare(new FakeExtractor(), Anna, Both, FaceChoice.All));
    }

    [Fact]
    public void A_face_that_could_not_be_compared_itself_is_left_out()
    {
        var photo = FakeImage.Salted("\nquality 90 5", new FakeFace(1, 0, 100), new FakeFace(2, 0, 60));

        var compared = FaceComparison.Compare(new FakeExtractor(), photo, FakeImage.Of(new FakeFace(1), new FakeFace(3, 0, 15)));

        Assert.Equal(1, compared.Score, 1e-6);
        Assert.Equal((100, 100), (compared.First.Box.Width, compared.Second.Box.Width));
        Assert.Equal((2, 2), (compared.First.FacesFound, compared.Second.FacesFound));
    }

    [Fact]
    public void The_embeddings_are_cleared()
    {
        var extractor = new FakeExtractor();

        FaceComparison.Compare(extractor, Anna, Bert);

        Assert.Equal(2, extractor.GivenOut.Count);
        Assert.All(extractor.GivenOut, embedding => Assert.All(embedding, x => Assert.Equal(0, x)));
    }

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
