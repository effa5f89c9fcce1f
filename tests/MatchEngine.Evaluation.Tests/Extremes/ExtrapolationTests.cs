using MathNet.Numerics.Distributions;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Extremes;

public class ExtrapolationTests
{
    private static readonly Protocol Plan = new()
    {
        Name = "p",
        FalseMatchRates = [1e-2, 1e-3, 1e-4, 1e-5],
        GlobalFmr = 1e-2,
        Bootstrap = new BootstrapPlan { Replicates = 200 },
        Identification = new IdentificationPlan { FalsePositiveRates = [0.1, 0.01], GallerySizes = [], Ranks = [1] },
    };

    [Fact]
    public void The_threshold_of_an_FMR_that_the_data_do_not_support_is_found_within_its_interval()
    {
        var held = 0;
        const int Sets = 20;
        for (var set = 0UL; set < Sets; set++)
        {
            var random = new RandomStream(55, set);
            const int People = 200;
            var images = new DataSet(
                "s", [.. Enumerable.Range(0, 2 * People).Select(i => $"p{i:D3}")],
                [.. Enumerable.Range(0, 2 * People).Select(i => $"s{i / 2:D3}")]);
            var (mated, impostors) = (new PairList(), new PairList());
            double Deviate() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            for (var i = 0; i < 2 * People; i += 2)
            {
                mated.Add(i, i + 1, 3 + Deviate());
                for (var j = i + 2; j < 2 * People; j += 2)
                    impostors.Add(i, j, Deviate());
            }
            var found = VerificationEvaluation.Run(new Comparisons(images, mated, impostors), Plan).Extrapolation!;
            // 19,900 comparisons support 1e-3; 1e-4 and 1e-5 are beyond them.
            Assert.Equal([1e-4, 1e-5], found.Points.Select(p => p.Rate));
            if (found.Points[0].ThresholdRange.Contains(Normal.InvCDF(0, 1, 1 - 1e-4)))
                held++;
            Assert.True(found.Points[1].Threshold > found.Points[0].Threshold);
            Assert.True(found.Points[0].MissesRange.Contains(found.Points[0].Misses));
        }
        Assert.True(held >= 17, $"{held} of {Sets} intervals hold the threshold");
    }

    [Fact]
    public void A_larger_gallery_needs_the_threshold_that_was_extrapolated_from_a_small_one()
    {
        var (embeddings, images) = SyntheticFaces.Make(4000, s => s < 3000 ? 1 : 2, 32, 61);
        // The same strangers and mates before a tenth of the gallery and before the whole.
        var plan = Plan.Identification with { NonMatedShare = 0.5, GallerySizes = [200] };
        var sets = GallerySearch.Run(embeddings, images, plan, new InputFaults(strict: true));
        var (small, whole) = (sets[0], sets[^1]);
        var times = (double)whole.GallerySize / small.GallerySize;
        Assert.Equal(10, times);
        var found = IdentificationEvaluation.Run([small], Plan).Extrapolation!;
        var point = found.Points.Single(p => p.Rate == 0.1 && p.GallerySize == 10 * small.GallerySize);
        var truth = new OpenSet(whole).ThresholdAt(0.1)!.Value;
        Assert.InRange(truth, point.ThresholdRange.Low - 0.01, point.ThresholdRange.High + 0.01);
        // Without the extrapolation one would have taken the small gallery's own threshold.
        Assert.True(Math.Abs(point.Threshold - truth) < Math.Abs(new OpenSet(small).ThresholdAt(0.1)!.Value - truth) / 2);
    }

    [Fact]
    public void Too_few_scores_give_no_tail()
    {
        var (embeddings, images) = SyntheticFaces.Make(20, _ => 2, 16, 3);
        Assert.Null(VerificationEvaluation.Run(embeddings, images, Plan with { GlobalFmr = 0.1, FalseMatchRates = [0.1, 1e-4] }, null,
            new InputFaults(strict: true)).Extrapolation);
    }
}
