using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Tests;

public sealed class ExtractionRequestTests
{
    private static readonly BoundingBox[] Boxes = [new(0, 0, 100, 100), new(200, 0, 60, 60), new(300, 0, 19, 19)];
    private static readonly ExtractionRequest Only = new(FaceChoice.Only) { MinQuality = 35, PoorFaces = PoorFaces.Listed };

    [Fact]
    public void Of_an_image_with_one_face_that_is_not_tiny_beside_another_the_only_one_is_it_whatever_else_is_asked()
    {
        BoundingBox[] main = [Boxes[0], Boxes[2]];
        foreach (var request in (ExtractionRequest[])[Only, Only with { MinQuality = null }, new(FaceChoice.Only)])
            Assert.Equal(0..1, request.Pick(main, 400, 100));
        // A fifth of the side of the largest counts.
        Assert.Equal(AcquisitionFailure.MultipleFaces, Assert.Throws<AcquisitionException>(
            () => FaceChoice.Only.Pick([Boxes[0], new(300, 0, 20, 20)], 400, 100)).Reason);
    }

    [Fact]
    public void Where_quality_is_asked_for_it_tells_which_of_several_could_be_meant_and_without_it_nobody_knows()
    {
        Assert.Equal(0..2, Only.Pick(Boxes, 400, 100));
        var refused = Assert.Throws<AcquisitionException>(() => (Only with { MinQuality = null }).Pick(Boxes, 400, 100));
        Assert.Equal((AcquisitionFailure.MultipleFaces, 3), (refused.Reason, refused.Faces.Count));
        Assert.Equal(0..3, (Only with { Faces = FaceChoice.All }).Pick(Boxes, 400, 100));
        Assert.Equal(
            AcquisitionFailure.NoFace, Assert.Throws<AcquisitionException>(() => Only.Pick([], 400, 100)).Reason);
    }

    [Theory]
    [InlineData(PoorFaces.Listed, 3)]
    [InlineData(PoorFaces.Refused, 1)]
    public void A_face_that_is_too_poor_or_tiny_is_none_of_several_and_is_listed_where_that_is_asked_for(PoorFaces poor, int given)
    {
        var main = Face(1);

        var settled = (Only with { PoorFaces = poor }).Settle([main, Face(2, "poor"), Tiny()], Boxes);

        Assert.Equal(given, settled.Count);
        Assert.Same(main, settled[0]);
        Assert.Equal([1, 1], main.Embedding);
        Assert.All(settled.Skip(1), face => Assert.NotNull(face.Refusal));
    }

    [Theory]
    [InlineData(PoorFaces.Listed)]
    [InlineData(PoorFaces.Refused)]
    public void Two_that_could_be_meant_are_several_and_no_more_is_looked_at(PoorFaces poor)
    {
        var (first, second) = (Face(1), Face(3));

        var refused = Assert.Throws<AcquisitionException>(
            () => (Only with { PoorFaces = poor }).Settle(NoMoreThan(first, Face(2, "poor"), second), Boxes));

        Assert.Equal((AcquisitionFailure.MultipleFaces, 3), (refused.Reason, refused.Faces.Count));
        Assert.Equal([0, 0, 0, 0], [.. first.Embedding, .. second.Embedding]);
    }

    [Fact]
    public void A_smaller_face_is_not_taken_for_a_largest_one_that_is_too_poor()
    {
        // Whose name the photo bears is the largest's; the other would be enrolled under it.
        var listed = Assert.Single(Only.Settle(NoMoreThan(Face(1, "poor")), Boxes));
        Assert.Equal("poor", listed.Refusal);
        var refused = Assert.Throws<AcquisitionException>(
            () => (Only with { PoorFaces = PoorFaces.Refused }).Settle(NoMoreThan(Face(1, "poor")), Boxes));
        Assert.Equal((AcquisitionFailure.LowQuality, "poor"), (refused.Reason, refused.Message));
    }

    [Fact]
    public void Of_all_faces_each_is_given_and_a_poor_one_refuses_the_image_where_it_is_not_to_be_listed()
    {
        var all = Only with { Faces = FaceChoice.All };
        Assert.Equal(3, all.Settle([Face(1), Face(2, "poor"), Face(3)], Boxes).Count);
        var first = Face(1);
        Assert.Throws<AcquisitionException>(
            () => (all with { PoorFaces = PoorFaces.Refused }).Settle([first, Face(2, "poor"), Face(3)], Boxes));
        Assert.Equal([0, 0], first.Embedding);
    }

    private static ExtractedFace Face(int number, string? refusal = null) =>
        new(number, Boxes[number - 1], 1, default, refusal is null ? [1, 1] : []) { Refusal = refusal };

    private static ExtractedFace Tiny() => ExtractedFace.Tiny(3, Boxes[2], 1, Boxes[0]);

    private static IEnumerable<ExtractedFace> NoMoreThan(params ExtractedFace[] faces)
    {
        foreach (var face in faces)
            yield return face;
        Assert.Fail("no more faces are needed");
    }
}
