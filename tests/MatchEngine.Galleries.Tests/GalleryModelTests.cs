using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests;

public class GalleryModelTests
{
    private static readonly string Digest = new('a', 64);

    [Fact]
    public void A_card_gives_id_digest_and_dimension()
    {
        var model = GalleryModel.Of(new EmbedderCard("m", Digest, 512, null));

        Assert.Equal(new GalleryModel("m", ModelDigest.Parse(Digest), 512), model);
    }

    [Fact]
    public void A_card_with_an_impossible_dimension_or_digest_is_refused()
    {
        Assert.Contains(
            "100 dimensions", Assert.Throws<ArgumentException>(() => GalleryModel.Of(new EmbedderCard("m", Digest, 100, null))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "64 hexadecimal", Assert.Throws<ArgumentException>(() => GalleryModel.Of(new EmbedderCard("m", "abc", 512, null))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extractor_with_another_model_can_neither_enrol_nor_search_and_no_image_is_touched()
    {
        using var test = new TestGallery();
        var other = new FakeExtractor("other");

        var enrol = await Assert.ThrowsAsync<ModelMismatchException>(
            () => test.Gallery.EnrolAsync(other, new ListSource([TestGallery.Item("a", FakeImage.Of(new FakeFace(1)))]), NoAudit.Next));
        Assert.Throws<ModelMismatchException>(() => test.Gallery.Search(other, FakeImage.Of(new FakeFace(1))));

        Assert.Contains("gallery 'test' holds templates of model fake", enrol.Message, StringComparison.Ordinal);
        Assert.Equal(0, other.Calls);
    }
}
