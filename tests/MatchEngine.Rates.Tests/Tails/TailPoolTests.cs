using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class TailPoolTests
{
    [Fact]
    public void A_pool_finds_what_tails_have_in_common()
    {
        var random = new Random(1);
        var pool = new TailPool();
        for (var person = 0; person < 300; person++)
        {
            var tail = SimulatedGallery.Pareto(-0.12, 0.04 * Math.Exp(0.15 * SimulatedGallery.Gauss(random)));
            Assert.True(pool.Add(tail.Search(random, 1000, 0)));
        }
        var prior = pool.ToPrior()!;
        Assert.Equal(300, pool.Tails);
        Assert.Equal(TailPrior.Cosines.Shape, prior.Shape);
        Assert.Equal(Math.Log(0.04), prior.LogScale!.Value, 0.06);
        Assert.Equal(0.15, prior.LogScaleDeviation, 0.05);
    }

    [Fact]
    public void With_a_pool_of_its_own_people_a_small_gallery_is_right_on_average()
    {
        var gallery = SimulatedGallery.Normal(0.01, 0.1);
        var random = new Random(2);
        var pool = new TailPool();
        for (var person = 0; person < 150; person++)
            pool.Add(gallery.Search(random, 150, 0));
        var (sum, covered) = (0.0, 0);
        var score = gallery.ScoreWith(1, 150);
        for (var search = 0; search < 300; search++)
        {
            var said = TailFit.Of(gallery.Search(random, 150), "a small gallery", pool.ToPrior()).Above(score);
            sum += said.Value!.Value;
            covered += said.Low <= 1 && said.High >= 1 ? 1 : 0;
        }
        // Tails of fifteen scores are fitted too short: README.md has the figure.
        Assert.InRange(sum / 300, 0.6, 1.5);
        Assert.True(covered >= 270, $"{covered} of 300");
    }

    [Fact]
    public void Pools_of_parts_add_up_to_that_of_the_whole()
    {
        var random = new Random(3);
        var (whole, first, second) = (new TailPool(), new TailPool(), new TailPool());
        for (var person = 0; person < 60; person++)
        {
            var summary = SimulatedGallery.Normal(0.01, 0.1).Search(random, 400, 0);
            whole.Add(summary);
            (person < 25 ? first : second).Add(summary);
        }
        Assert.Null(first.ToPrior());
        first.AddAll(second);
        var (a, b) = (whole.ToPrior()!, first.ToPrior()!);
        Assert.Equal(a.Shape, b.Shape, 9);
        Assert.Equal(a.LogScale!.Value, b.LogScale!.Value, 9);
    }

    [Fact]
    public void What_has_no_tail_is_not_pooled() =>
        Assert.False(new TailPool().Add(SimulatedGallery.Normal(0, 0.1).Search(new Random(1), 99)));

    [Fact]
    public void Pools_that_were_begun_differently_do_not_mix()
    {
        Assert.Throws<ArgumentException>(() => new TailPool().AddAll(new TailPool(new TailPrior(-0.1, 0.1))));
        Assert.Throws<ArgumentException>(() => new TailPool(new TailPrior(-0.1, 0.1, -3)));
    }
}
