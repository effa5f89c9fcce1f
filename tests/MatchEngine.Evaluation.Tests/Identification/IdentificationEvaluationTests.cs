using System.Globalization;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Identification;

public class IdentificationEvaluationTests
{
    private static readonly InputFaults Strict = new(strict: true);

    private static readonly Protocol Plan = new()
    {
        Name = "open set",
        Slices = [["sex"]],
        MinimumSubjects = 20,
        Bootstrap = new BootstrapPlan { Replicates = 200 },
        Identification =
            new IdentificationPlan { GallerySizes = [50, 150], Ranks = [1, 10, 20, 50], FalsePositiveRates = [0.1, 0.01, 0.001] },
        Ageing = new AgeingPlan { YearBands = [0, 5], AgeBands = [0, 18, 40] },
    };

    private static (EmbeddingSet Embeddings, DataSet Images) People() => SyntheticFaces.Make(
        600,
        s => 2 + s % 3,
        48,
        31,
        new Dictionary<string, Func<int, int, string>>
        {
            ["sex"] = (s, _) => s % 2 == 0 ? "F" : "M",
            ["age"] = (s, p) => (10 + s % 50 + 3 * p).ToString(CultureInfo.InvariantCulture),
            ["captured_on"] = (s, p) => (2000 + 3 * p).ToString(CultureInfo.InvariantCulture),
        },
        noise: (s, p) => 0.6 + 0.3 * p);

    [Fact]
    public void Where_every_subject_has_one_photo_the_remedy_is_a_second_one()
    {
        var (embeddings, images) = SyntheticFaces.Make(30, _ => 1, 16, 9);
        var plan = new Protocol { Name = "p", Identification = new IdentificationPlan { NonMatedShare = 0, GallerySizes = [] } };
        var refused = Assert.Throws<EvaluationException>(
            () => IdentificationEvaluation.Run(embeddings, images, plan, new InputFaults(strict: true)));
        Assert.Contains("give subjects a second photo", refused.Message, StringComparison.Ordinal);
        var half = plan with { Identification = plan.Identification with { NonMatedShare = 0.5 } };
        Assert.Contains(
            IdentificationEvaluation.Run(embeddings, images, half, new InputFaults(strict: true)).Notes,
            n => n.Contains("A mated search needs a second photo", StringComparison.Ordinal));
    }

    [Fact]
    public void Points_ranks_sizes_and_slices_agree_with_counting_searches()
    {
        var (embeddings, images) = People();
        var result = IdentificationEvaluation.Run(embeddings, images, Plan, Strict);
        var mated = result.Searches.Mated.ToArray();
        var nonMated = result.Searches.NonMated.ToArray();
        Assert.True(nonMated.Length > 800);
        var point = result.Points[0];
        Assert.Equal(0.1, point.WantedFpir);
        Assert.Equal(nonMated.Count(s => s.HighestNonMate >= point.Threshold), point.Fpir!.Errors);
        Assert.Equal(mated.Count(s => s.MateScore < point.Threshold), point.Fnir!.Errors);
        Assert.InRange(point.Fpir.Rate, 0.095, 0.1);
        Assert.Equal(IntervalMethod.SubjectBootstrap, point.Fnir.Method);
        Assert.True(point.Fnir.Range.Contains(point.Fnir.Rate));
        Assert.Null(result.Points[1].Threshold);
        Assert.Equal([1, 10, 20, 50], result.Ranks.Select(r => r.Rank));
        Assert.Equal(mated.Count(s => s.MateRank > 10), result.Ranks[1].Fnir.Errors);
        Assert.Equal(1 - result.Ranks[0].Fnir.Rate, result.Cmc[0], 12);
        Assert.Equal([50, 150, 300], result.Sizes.Select(s => s.GallerySize));
        Assert.True(result.Sizes[0].RankOneMiss.Rate < result.Sizes[2].RankOneMiss.Rate);
        Assert.True(result.Sizes[0].FpirAtWholeGalleryThreshold!.Rate < result.Sizes[2].FpirAtWholeGalleryThreshold!.Rate);
        Assert.Equal(point.Fnir.Errors, result.Slices.Sum(s => s.Fnir.Errors));
        Assert.Equal(point.Fpir.Errors, result.Slices.Sum(s => s.Fpir.Errors));
        Assert.Equal(mated.Length + nonMated.Length, result.Slices.Sum(s => s.Fnir.Trials + s.Fpir.Trials));
    }

    [Fact]
    public void Misses_are_given_over_the_years_between_captures_and_the_age_at_enrolment()
    {
        var (embeddings, images) = People();
        var result = IdentificationEvaluation.Run(embeddings, images, Plan, Strict);
        var years = result.Ageing.Where(a => a.By == "years between captures").ToArray();
        Assert.Equal(["0–4", "5+"], years.Select(y => y.Band));
        Assert.True(years[0].Fnmr.Rate < years[1].Fnmr.Rate);
        Assert.Equal(["0–17", "18–39", "40+"], result.Ageing.Where(a => a.By == "age at enrolment").Select(a => a.Band));
    }

    [Fact]
    public void Without_non_mated_searches_only_rates_without_threshold_are_given()
    {
        var (embeddings, images) = People();
        var result = IdentificationEvaluation.Run(
            embeddings, images, Plan with { Identification = Plan.Identification with { NonMatedShare = 0 } }, Strict);
        Assert.All(result.Points, p => Assert.Null(p.Threshold));
        Assert.Contains(result.Notes, n => n.StartsWith("There is no non-mated search", StringComparison.Ordinal));
        Assert.True(result.Ranks[0].Fnir.Trials > 0);
        Assert.Empty(result.Slices);
    }

    [Fact]
    public void Searches_without_metadata_are_evaluated()
    {
        var searches = SearchReader.ReadPyeer(
            TestData.Require("oracle/pyeer/exp1_scores.txt"), TestData.Require("oracle/pyeer/exp1_tp.txt"), Strict);
        var result = IdentificationEvaluation.Run([searches], Plan);
        Assert.Equal(0.2470588, result.Cmc[0], 1e-6);
        Assert.Equal(IntervalMethod.Wilson, result.Ranks[0].Fnir.Method);
    }
}
