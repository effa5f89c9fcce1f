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

    [Fact]
    public void A_sample_that_is_all_there_is_adds_up_and_errs_alike_in_each()
    {
        var one = Fit.Above(0.35);
        var all = StrangersExpected.OfSample([one, one, one], 3, "all");
        Assert.Equal(3 * one.Value!.Value, all.Value!.Value, 1e-12);
        Assert.Equal((6000, "all"), (all.Comparisons, all.Population));
        // Three searches know no more of the model than one does: the sum of three that err by themselves is narrower.
        var sum = StrangersExpected.Sum(one, one, one);
        Assert.True(all.High / all.Low > sum.High / sum.Low);
        Assert.Equal(all.Value / 2, all.Among(3000).Value);
        Assert.True(all.Among(3000).High / all.Among(3000).Low >= all.High / all.Low);
    }

    [Fact]
    public void A_sample_leaves_more_open_than_all_searches_and_one_says_hardly_anything()
    {
        StrangersExpected[] few = [Fit.Above(0.30), Fit.Above(0.32), Fit.Above(0.34), Fit.Above(0.36)];
        var (whole, part) = (StrangersExpected.OfSample(few, 4, "x"), StrangersExpected.OfSample(few, 4_000, "x"));
        Assert.Equal(1000 * whole.Value!.Value, part.Value!.Value, 1e-6);
        Assert.True(part.High / part.Low > whole.High / whole.Low);
        Assert.True(StrangersExpected.OfSample(few[..1], 1000, "x") is { Low: { } low, High: { } high } && high / low > 10);
        Assert.Throws<ArgumentException>(() => StrangersExpected.OfSample([], 4, "x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => StrangersExpected.OfSample(few, 3, "x"));
        var unsaid = StrangersExpected.OfSample([.. few, StrangersExpected.Unsaid(UnsaidReason.NotCompared, 2000, "y")], 10, "x");
        Assert.Equal((null, UnsaidReason.NotCompared, 20_000), (unsaid.Value, unsaid.Reason, unsaid.Comparisons));
        var beyond = StrangersExpected.OfSample([Fit.Above(0.9), Fit.Above(0.9)], 100, "x");
        Assert.Equal((null, 100 * Fit.Above(0.9).High, UnsaidReason.BeyondTail), (beyond.Value, beyond.High, beyond.Reason));
    }

    [Theory]
    [InlineData(0.30)]
    [InlineData(0.36)]
    [InlineData(0.40)]
    public void Intervals_from_a_sample_hold_the_number_of_all_searches_as_often_as_they_claim(double floor)
    {
        const int Trials = 200, Searches = 400, Sampled = 40, Strangers = 1000;
        var random = new Random(11);
        var held = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            // No two faces are alike to the others in the same measure.
            var people = Enumerable.Range(0, Searches)
                .Select(_ => SimulatedGallery.Normal(0.02 * (random.NextDouble() - 0.5), 0.09 + 0.03 * random.NextDouble())).ToArray();
            var truth = people.Sum(person => Strangers * person.Survival(floor));
            var said = StrangersExpected.OfSample(
                [.. people[..Sampled].Select(person => TailFit.Of(person.Search(random, Strangers), "x").Above(floor))], Searches, "x");
            held += said.Low <= truth && truth <= said.High ? 1 : 0;
        }
        Assert.True(held >= 0.93 * Trials, $"{held} of {Trials} intervals hold the truth");
    }
}
