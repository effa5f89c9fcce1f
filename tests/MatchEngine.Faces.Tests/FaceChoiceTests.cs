using System.Numerics;
using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Tests;

public sealed class FaceChoiceTests
{
    private static readonly BoundingBox[] Three = [new(0, 0, 9, 9), new(20, 0, 5, 5), new(40, 0, 2, 2)];

    [Fact]
    public void The_only_face_of_several_is_refused_with_their_places()
    {
        var error = Assert.Throws<AcquisitionException>(() => default(FaceChoice).Pick(Three, 50, 10));
        Assert.Equal(AcquisitionFailure.MultipleFaces, error.Reason);
        Assert.Equal(Three, error.Faces);
        Assert.Equal("multiple_faces", error.Reason.ToCode());
    }

    [Fact]
    public void The_only_face_of_one_is_it() => Assert.Equal(0..1, FaceChoice.Only.Pick(Three[..1], 50, 10));

    [Fact]
    public void The_largest_is_the_first() => Assert.Equal(0..1, FaceChoice.Largest.Pick(Three, 50, 10));

    [Theory]
    [InlineData(0, 0, 0), InlineData(46, 6, 1), InlineData(90, 2, 2)]
    public void The_central_face_is_the_one_nearest_to_the_middle(int width, int height, int expected) =>
        Assert.Equal(expected..(expected + 1), FaceChoice.Central.Pick(Three, width, height));

    [Theory]
    [InlineData(1, 8, 0), InlineData(22, 3, 1), InlineData(41.5f, 0, 2)]
    public void The_face_at_a_place_is_the_one_that_holds_it(float x, float y, int expected) =>
        Assert.Equal(expected..(expected + 1), FaceChoice.At(new Vector2(x, y)).Pick(Three, 50, 10));

    [Fact]
    public void Of_two_that_hold_a_place_the_one_counts_whose_middle_is_nearer() =>
        Assert.Equal(1..2, FaceChoice.At(new Vector2(8, 8)).Pick([new(0, 0, 10, 10), new(6, 6, 4, 4)], 50, 10));

    [Fact]
    public void A_place_without_a_face_is_refused_with_the_faces_that_there_are()
    {
        var error = Assert.Throws<AcquisitionException>(() => FaceChoice.At(new Vector2(30, 3)).Pick(Three, 50, 10));
        Assert.Equal((AcquisitionFailure.NoSuchFace, 3), (error.Reason, error.Faces.Count));
        Assert.Equal("no face lies at 30,3, and the image has 3", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => FaceChoice.At(new Vector2(float.NaN, 1)));
    }

    [Fact]
    public void All_are_all() => Assert.Equal(0..3, FaceChoice.All.Pick(Three, 50, 10));

    [Fact]
    public void The_nth_counts_from_one() => Assert.Equal(2..3, FaceChoice.Nth(3).Pick(Three, 50, 10));

    [Fact]
    public void A_face_that_is_not_there_is_refused() =>
        Assert.Equal(
            AcquisitionFailure.NoSuchFace, Assert.Throws<AcquisitionException>(() => FaceChoice.Nth(4).Pick(Three, 50, 10)).Reason);

    [Fact]
    public void There_is_no_face_zero() => Assert.Throws<ArgumentOutOfRangeException>(() => FaceChoice.Nth(0));

    [Theory]
    [InlineData(false), InlineData(true)]
    public void No_face_is_refused_whatever_was_asked(bool all) =>
        Assert.Equal(
            AcquisitionFailure.NoFace,
            Assert.Throws<AcquisitionException>(() => (all ? FaceChoice.All : FaceChoice.Only).Pick([], 50, 10)).Reason);

    [Fact]
    public void Every_reason_has_a_code_of_its_own()
    {
        var codes = Enum.GetValues<AcquisitionFailure>().Select(failure => failure.ToCode()).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[a-z_]+$", code));
    }
}
