using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class TailFitTests
{
    private static readonly SimulatedGallery Adults = SimulatedGallery.Normal(0.08, 0.1);
    private static readonly SimulatedGallery Children = SimulatedGallery.Normal(-0.02, 0.08);

    public static TheoryData<string, int, bool> Cases { get; } = new()
    {
        { "normal", 300, false },
        { "normal", 1000, false },
        { "normal", 1000, true },
        { "normal", 3000, false },
        { "narrow", 1000, false },
        { "Pareto", 1000, false },
        { "adult among children", 1000, false },
        { "adult among children", 1000, true },
        { "adult among children", 3000, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_number_is_right_on_average_and_its_interval_covers_the_true_one(string kind, int subjects, bool mated)
    {
        const int Searches = 300;
        var gallery = kind switch
        {
            "normal" => SimulatedGallery.Normal(0.01, 0.1),
            "narrow" => SimulatedGallery.Normal(0.01, 0.06),
            "Pareto" => SimulatedGallery.Pareto(-0.12, 0.055),
            _ => SimulatedGallery.Mixture(0.1, Adults, Children),
        };
        var random = new Random(subjects + (mated ? 1 : 0));
        foreach (var (strangers, tolerance) in new[] { (10.0, 1.2), (1.0, 1.35), (0.1, 1.8) })
        {
            var score = gallery.ScoreWith(strangers, subjects);
            var (sum, covered) = (0.0, 0);
            for (var search = 0; search < Searches; search++)
            {
                var mate = mated ? new[] { (float)(0.6 + 0.12 * SimulatedGallery.Gauss(random)) } : [];
                var said = TailFit.Of(gallery.Search(random, subjects, 1, 0, mate), "simulated").Above(score);
                sum += said.Value ?? 0;
                covered += said.Low <= strangers && strangers <= said.High ? 1 : 0;
            }
            Assert.InRange(sum / Searches / strangers, 1 / tolerance, tolerance);
            // 95 % is meant; 300 searches tell 90 % from less.
            Assert.True(covered >= 0.9 * Searches, $"{covered} of {Searches} intervals hold {strangers}");
        }
    }

    [Fact]
    public void A_mate_far_above_the_strangers_does_not_count_and_moves_nothing()
    {
        var gallery = SimulatedGallery.Normal(0.01, 0.1);
        var without = TailFit.Of(gallery.Search(new Random(7), 2000, possibleMates: 0), "simulated");
        var with = TailFit.Of(gallery.Search(new Random(7), 2000, 1, 0, 0.85f), "simulated");
        Assert.InRange(with.StrangerProbabilities[0], 0, 0.01);
        Assert.Equal(1, with.Above(0.4).Value!.Value / without.Above(0.4).Value!.Value, 0.02);
    }

    [Fact]
    public void The_best_stranger_of_an_unmated_search_counts_in_the_midst_of_strangers()
    {
        var gallery = SimulatedGallery.Normal(0.01, 0.1);
        var random = new Random(8);
        var mean = Enumerable.Range(0, 200).Average(_ => TailFit.Of(gallery.Search(random, 2000), "simulated").StrangerProbabilities[0]);
        Assert.InRange(mean, 0.8, 1);
    }

    [Fact]
    public void A_person_enrolled_in_two_galleries_is_no_stranger_in_either()
    {
        var gallery = SimulatedGallery.Normal(0.01, 0.1);
        var random = new Random(9);
        var sum = gallery.Search(random, 1000, 1, 0, 0.8f).Merge(gallery.Search(random, 1000, 1, 0, 0.75f));
        var fit = TailFit.Of(sum, "two galleries");
        Assert.Equal(2002, fit.Comparisons);
        Assert.All(fit.StrangerProbabilities.ToArray(), p => Assert.InRange(p, 0, 0.05));
        Assert.Equal(2, fit.StrangerProbabilities.Length);
    }

    [Fact]
    public void Several_galleries_say_what_one_with_all_their_subjects_says()
    {
        var gallery = SimulatedGallery.Normal(0.01, 0.1);
        var random = new Random(10);
        var parts = Enumerable.Range(0, 5).Select(_ => gallery.Search(random, 200, 0)).ToArray();
        var sum = parts.Aggregate((a, b) => a.Merge(b));
        Assert.All(parts, part => Assert.Equal(UnsaidReason.TooFewComparisons, TailFit.Of(part, "a part").Reason));
        var said = TailFit.Of(sum, "five galleries").Above(gallery.ScoreWith(1, 1000));
        Assert.True(said.Low <= 1 && said.High >= 1, $"{said}");
        Assert.Equal(1000, said.Comparisons);
    }

    [Fact]
    public void A_scan_that_counts_only_the_tail_says_the_same()
    {
        var gallery = SimulatedGallery.Normal(0.01, 0.1);
        var whole = gallery.Search(new Random(11), 3000);
        var from = ScoreGrid.CellOf(0.1f);
        var tail = ScoreSummary.Of(whole.Subjects, 1, from, whole.Counts[from..], whole.Best);
        Assert.Equal(TailFit.Of(whole, "x").Above(0.4), TailFit.Of(tail, "x").Above(0.4));
        Assert.Equal(UnsaidReason.BelowCounted, TailFit.Of(tail, "x").Above(0.05).Reason);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.03)]
    public void Estimates_with_noise_say_what_exact_scores_say(double deviation)
    {
        var gallery = SimulatedGallery.Normal(0.01, 0.1);
        var random = new Random(12);
        var score = gallery.ScoreWith(0.5, 2000);
        var (exact, estimated, uncorrected) = (0.0, 0.0, 0.0);
        for (var search = 0; search < 300; search++)
        {
            exact += TailFit.Of(gallery.Search(random, 2000), "x").Above(score).Value!.Value;
            var summary = gallery.Search(random, 2000, 1, deviation);
            estimated += TailFit.Of(summary, "x").Above(score).Value!.Value;
            uncorrected += TailFit.Of(ScoreSummary.Of(2000, 1, 0, summary.Counts, summary.Best), "x").Above(score).Value!.Value;
        }
        Assert.InRange(estimated / exact, 0.85, 1.18);
        // Without the correction the noise would count as a wider tail.
        Assert.True(uncorrected > 1.15 * exact, $"{uncorrected / exact:F2}");
    }

    [Fact]
    public void Several_templates_a_subject_raise_the_number_as_they_raise_the_count()
    {
        // Three templates a subject whose scores share two thirds of their variance; the truth is counted on other searches.
        var random = new Random(13);
        float[] Subject()
        {
            var common = Math.Sqrt(2.0 / 3) * SimulatedGallery.Gauss(random);
            return [.. Enumerable.Range(0,
                3).Select(_ => (float)(0.01 + 0.1 * (common + Math.Sqrt(1.0 / 3) * SimulatedGallery.Gauss(random))))];
        }
        var (bySubject, byTemplate, counted) = (0.0, 0.0, 0);
        const int Searches = 100;
        for (var search = 0; search < Searches; search++)
        {
            var subjects = Enumerable.Range(0, 1500).Select(_ => Subject()).ToArray();
            var scores = new SubjectScores();
            var templates = new SubjectScores();
            for (var subject = 0; subject < subjects.Length; subject++)
            {
                foreach (var score in subjects[subject])
                {
                    scores.Add(subject, score);
                    templates.AddOnly(score);
                }
            }
            bySubject += TailFit.Of(scores.ToSummary(1500), "x").Above(0.35).Value!.Value;
            var inTail = subjects.Select(all => all.Count(score => score >= 0.2f)).Where(count => count > 0).ToArray();
            var bySample = templates.ToSummary(4500).ToSubjects(1500, inTail.Average());
            byTemplate += TailFit.Of(bySample, "x").Above(0.35).Value!.Value;
            counted += Enumerable.Range(0, 1500).Count(_ => Subject().Max() >= 0.35f);
        }
        Assert.InRange(bySubject / counted, 0.8, 1.25);
        Assert.InRange(byTemplate / counted, 0.7, 1.35);
    }

    [Fact]
    public void A_small_gallery_says_that_it_cannot_be_said_unless_there_is_a_pool()
    {
        var gallery = SimulatedGallery.Normal(0.01, 0.1);
        var summary = gallery.Search(new Random(14), 200);
        var said = TailFit.Of(summary, "a small gallery").Above(0.3);
        Assert.Equal((null, null, null, UnsaidReason.TooFewComparisons), (said.Value, said.Low, said.High, said.Reason));
        Assert.Equal("a small gallery", said.Population);
        Assert.Equal(200, said.Comparisons);
        var pooled = TailFit.Of(summary, "a small gallery", new TailPrior(-0.13, 0.05, Math.Log(0.047), 0.1)).Above(0.3);
        Assert.True(pooled.Low < 200 * gallery.Survival(0.3) && 200 * gallery.Survival(0.3) < pooled.High, $"{pooled}");
        Assert.Equal(UnsaidReason.TooFewComparisons, TailFit.Of(gallery.Search(new Random(1), 99), "x", new TailPrior(-0.1, 0.1,
            -3)).Reason);
    }

    [Fact]
    public void Nobody_or_one_subject_has_no_tail()
    {
        Assert.Equal(UnsaidReason.TooFewComparisons, TailFit.Of(ScoreSummary.Empty, "nobody").Reason);
        var one = SimulatedGallery.Normal(0, 0.1).Search(new Random(1), 1);
        Assert.Equal(UnsaidReason.TooFewComparisons, TailFit.Of(one, "one subject").Above(0.5).Reason);
        Assert.Null(TailFit.Of(one, "one subject").FloorForStrangers(1));
    }

    [Fact]
    public void Scores_that_are_all_the_same_have_no_tail()
    {
        var counts = new long[ScoreGrid.Cells];
        counts[110] = 1000;
        Assert.Equal(UnsaidReason.DegenerateScores, TailFit.Of(ScoreSummary.Of(1000, 0, 0, counts, []), "x").Reason);
    }

    [Fact]
    public void A_walk_that_met_only_the_best_has_no_tail()
    {
        var counts = new long[ScoreGrid.Cells];
        (counts[140], counts[135]) = (10, 30);
        var fit = TailFit.Of(ScoreSummary.Of(100_000, 1, 130, counts.AsSpan(130), []), "a graph");
        Assert.Equal(UnsaidReason.NotCompared, fit.Above(0.4).Reason);
    }

    [Fact]
    public void A_scan_that_came_by_fewer_than_a_thousand_says_much_the_same()
    {
        // What is counted of 50,000 begins where 1,000, 400 or 100 subjects stand.
        var gallery = SimulatedGallery.Normal(0.01, 0.1);
        var score = gallery.ScoreWith(2, 50_000);
        foreach (var (counted, within) in new[] { (1000, 1.05), (400, 1.15), (110, 1.35) })
        {
            var (cut, whole) = (0.0, 0.0);
            for (var search = 0; search < 40; search++)
            {
                var all = gallery.Search(new Random(search), 50_000);
                var from = ScoreGrid.Cells - 1;
                while (all.CountAtOrAbove(from) < counted)
                    from--;
                var tail = TailFit.Of(ScoreSummary.Of(all.Subjects, 1, from, all.Counts[from..], all.Best), "x");
                cut += tail.Above(score).Value!.Value;
                whole += TailFit.Of(all, "x").Above(score).Value!.Value;
            }
            Assert.InRange(cut / whole, 1 / within, within);
        }
    }

    [Fact]
    public void A_floor_for_several_comparisons_leaves_the_strangers_of_all_together()
    {
        var random = new Random(17);
        var fits = new[] { (0.01, 2000), (0.08, 2000), (0.01, 500) }
            .Select(kind => TailFit.Of(SimulatedGallery.Normal(kind.Item1, 0.1).Search(random, kind.Item2), "x")).ToArray();
        foreach (var strangers in new[] { 0.05, 1, 20 })
        {
            var floor = TailFit.FloorForStrangers(fits, strangers)!.Value;
            Assert.InRange(fits.Sum(fit => fit.Moments(floor).Mean), 0.98 * strangers, strangers);
            Assert.True(fits.Sum(fit => fit.Moments(floor - 0.0001).Mean) > strangers);
            Assert.True(floor >= fits.Max(fit => fit.FloorForStrangers(strangers)));
        }
        var small = TailFit.Of(SimulatedGallery.Normal(0, 0.1).Search(random, 10), "x");
        Assert.Null(TailFit.FloorForStrangers([.. fits, small], 1));
        Assert.Throws<ArgumentException>(() => TailFit.FloorForStrangers([], 1));
    }

    [Fact]
    public void Deep_in_the_tail_only_a_bound_is_said()
    {
        var said = TailFit.Of(SimulatedGallery.Normal(0.01, 0.1).Search(new Random(15), 2000), "x").Above(0.9);
        Assert.Null(said.Value);
        Assert.Equal((0, UnsaidReason.BeyondTail), (said.Low, said.Reason));
        Assert.True(said.High >= TailFit.LeastExpected);
    }

    [Fact]
    public void Below_the_tail_the_number_is_the_count()
    {
        var summary = SimulatedGallery.Normal(0.01, 0.1).Search(new Random(16), 2000, possibleMates: 0);
        var fit = TailFit.Of(summary, "x");
        for (var cell = ScoreGrid.CellOf(-0.2f); ScoreGrid.ScoreAt(cell) < fit.Threshold; cell++)
            Assert.Equal(summary.CountAtOrAbove(cell), fit.Above(ScoreGrid.ScoreAt(cell)).Value!.Value, 6);
        Assert.Equal(2000, fit.Above(-2).Value!.Value, 6);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(5000)]
    [InlineData(50_000)]
    public void The_number_falls_as_the_score_rises_and_floors_are_its_inverse(int subjects)
    {
        var random = new Random(subjects);
        for (var search = 0; search < 10; search++)
        {
            var fit = TailFit.Of(SimulatedGallery.Normal(0.01, 0.1).Search(random, subjects), "x");
            var before = double.PositiveInfinity;
            for (var score = -0.5; score < 1; score += 0.0025)
            {
                var (mean, _) = fit.Moments(score);
                Assert.True(mean <= before * (1 + 1e-9), $"{mean} at {score} after {before}");
                before = mean;
            }
            var last = -1.0;
            foreach (var strangers in new[] { 1e9, 100, 10, 3, 1, 0.3, 0.1, 0.01, 0.001 })
            {
                var floor = fit.FloorForStrangers(strangers)!.Value;
                Assert.InRange(floor, Math.Max(last, -1), 1);
                Assert.True(fit.Moments(floor).Mean <= strangers);
                Assert.True(floor == -1 || fit.Moments(floor - 1e-4).Mean > strangers);
                last = floor;
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.0009)]
    [InlineData(double.NaN)]
    public void A_floor_for_no_stranger_at_all_is_refused(double strangers)
    {
        var fit = TailFit.Of(SimulatedGallery.Normal(0, 0.1).Search(new Random(1), 500), "x");
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.FloorForStrangers(strangers));
    }

    [Fact]
    public void Whatever_the_counts_are_the_numbers_are_finite_and_in_order()
    {
        var random = new Random(17);
        for (var run = 0; run < 3000; run++)
        {
            var counts = new long[ScoreGrid.Cells];
            for (var filled = random.Next(1, 30); filled > 0; filled--)
                counts[random.Next(counts.Length)] += random.NextInt64(1, (long)Math.Pow(10, random.Next(1, 12)));
            var best = Enumerable.Range(0, counts.Length).Where(cell => counts[cell] > 0).Reverse().Take(8)
                .Select(cell => new BestSubject((float)ScoreGrid.ScoreAt(cell))).ToArray();
            var summary = ScoreSummary.Of(counts.Sum() + random.Next(1000), random.Next(3), 0, counts, best, random.Next(-3, 4) * 0.05);
            var fit = TailFit.Of(summary, "hostile");
            for (var score = -1.0; score <= 1; score += 0.1)
            {
                var said = fit.Above(score);
                Assert.True(said.High is null || (double.IsFinite(said.High.Value) && said.Low >= 0
                    && said.Low <= said.High), $"run {run}: {said}");
                Assert.True(said.Value is null || (said.Value >= said.Low && said.Value <= said.High), $"run {run}: {said}");
            }
            if (fit.Reason == UnsaidReason.None)
                Assert.InRange(fit.FloorForStrangers(1)!.Value, -1, 1);
        }
    }
}
