using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class StrangersExpectedTests
{
    private static readonly TailFit Fit = TailFit.Of(SimulatedGallery.Normal(0.01, 0.1).Search(new Random(3), 2000), "gallery 'a'");

    [Fact]
    public void Strangers_of_several_faces_add_up()
    {
        var other = TailFit.Of(SimulatedGallery.Normal(0.05, 0.1).Search(new Random(4), 2000), "gallery 'a'");
        var (a, b) = (Fit.Above(0.35), other.Above(0.35));
        var sum = StrangersExpected.Sum(a, b);
        Assert.Equal(a.Value + b.Value, sum.Value);
        Assert.Equal(4000, sum.Comparisons);
        Assert.Equal("gallery 'a'", sum.Population);
        // Errors of two faces do not add in full.
        Assert.True(sum.High - sum.Value < a.High - a.Value + b.High - b.Value);
        Assert.True(sum.Low > a.Low && sum.High > a.High);
    }

    [Fact]
    public void A_face_of_which_nothing_can_be_said_leaves_nothing_to_be_said_of_all()
    {
        var unsaid = StrangersExpected.Unsaid(UnsaidReason.NotCompared, 7, "a graph");
        var sum = StrangersExpected.Sum(Fit.Above(0.35), unsaid);
        Assert.Equal((null, UnsaidReason.NotCompared, 2007), (sum.Value, sum.Reason, sum.Comparisons));
        Assert.Equal("gallery 'a'; a graph", sum.Population);
    }

    [Fact]
    public void A_face_with_a_bound_alone_adds_its_bound_to_the_upper_limit()
    {
        var (value, bound) = (Fit.Above(0.35), Fit.Above(0.9));
        var sum = StrangersExpected.Sum(value, bound);
        Assert.Equal(value.Value, sum.Value);
        Assert.Equal(value.High!.Value + bound.High!.Value, sum.High!.Value, 1e-9);
        var bounds = StrangersExpected.Sum(bound, bound);
        Assert.Equal((null, 2 * bound.High, UnsaidReason.BeyondTail), (bounds.Value, bounds.High, bounds.Reason));
    }

    [Fact]
    public void No_face_has_no_sum() => Assert.Throws<ArgumentException>(() => StrangersExpected.Sum());

    [Theory]
    [InlineData(UnsaidReason.None)]
    [InlineData(UnsaidReason.BeyondTail)]
    public void Saying_nothing_needs_a_reason(UnsaidReason reason) =>
        Assert.Throws<ArgumentException>(() => StrangersExpected.Unsaid(reason, 1, "x"));
}
