using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Verification;

public class VerificationEvaluationTests
{
    private static readonly InputFaults Strict = new(strict: true);

    private static readonly string[] Races = ["x", "y", "z"];

    private static readonly Protocol Plan = new()
    {
        Name = "test",
        Slices = [["sex"], ["race"], ["sex", "race"], ["age"]],
        Bands = new Dictionary<string, IReadOnlyList<double>> { ["age"] = [0, 30, 50] },
        Reference = new Dictionary<string, string> { ["sex"] = "M", ["race"] = "x" },
        FalseMatchRates = [0.1, 0.01, 0.001, 1e-6],
        GlobalFmr = 0.01,
        MinimumSubjects = 20,
        Bootstrap = new BootstrapPlan { Replicates = 200 },
    };

    private static (EmbeddingSet Embeddings, DataSet Images) People(ulong seed = 3, int subjects = 130) => SyntheticFaces.Make(
        subjects,
        s => 1 + s % 4,
        64,
        seed,
        new Dictionary<string, Func<int, int, string>>
        {
            ["sex"] = (s, _) => s % 3 == 0 ? "F" : "M",
            ["race"] = (s, _) => s % 13 == 0 ? "" : Races[s % 7 % 3],
            ["age"] = (s, p) => (20 + (s * 11 + p * 9) % 45).ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
        noise: (s, _) => s % 3 == 0 ? 1.2 : 0.8,
        common: s => s % 7 % 3 == 1 ? 0.25 : 0);

    [Fact]
    public void Every_slice_and_cell_agrees_with_a_plain_loop_over_the_pairs_of_photos()
    {
        var (embeddings, images) = People();
        var result = VerificationEvaluation.Run(embeddings, images, Plan, null, Strict);
        var threshold = result.GlobalThreshold!.Value;
        foreach (var slicing in result.Slicings)
        {
            var valueOf = Slicing.Of(images, slicing.By.Split(Slicing.Joint), Plan);
            var expected = new Dictionary<(string, string, bool), (long Errors, long Trials)>();
            for (var i = 0; i < embeddings.Count; i++)
            {
                for (var j = i + 1; j < embeddings.Count; j++)
                {
                    var (x, y) = (valueOf.ValueOf[i], valueOf.ValueOf[j]);
                    if (x < 0 || y < 0)
                        continue;
                    var mated = images.SubjectOf[i] == images.SubjectOf[j];
                    var score = ScoreKernel.Dot(embeddings.Values(i), embeddings.Values(j));
                    var key = (valueOf.Values[Math.Min(x, y)], valueOf.Values[Math.Max(x, y)], mated);
                    var (errors, trials) = expected.GetValueOrDefault(key);
                    expected[key] = (errors + ((score >= threshold) != mated ? 1 : 0), trials + 1);
                }
            }
            foreach (var slice in slicing.Slices)
            {
                var (falseMatches, impostors) = expected.GetValueOrDefault((slice.Value, slice.Value, false));
                var (falseNonMatches, mated) = expected.GetValueOrDefault((slice.Value, slice.Value, true));
                Assert.Equal((falseMatches, impostors), (slice.Fmr.Errors, slice.Fmr.Trials));
                Assert.Equal((falseNonMatches, mated), (slice.Fnmr.Errors, slice.Fnmr.Trials));
                Assert.Equal(slice.Subjects < 20, slice.IsMarked);
            }
            Assert.NotEmpty(slicing.Matrix);
            foreach (var cell in slicing.Matrix)
                Assert.Equal(expected.GetValueOrDefault((cell.First, cell.Second, false)), (cell.Fmr.Errors, cell.Fmr.Trials));
        }
    }

    [Fact]
    public void Slices_and_remainder_add_up_to_the_whole()
    {
        var (embeddings, images) = People();
        var result = VerificationEvaluation.Run(embeddings, images, Plan, null, Strict);
        var at = result.Curve.At(result.GlobalThreshold!.Value);
        foreach (var slicing in result.Slicings)
        {
            Assert.Equal(result.Curve.Impostor.Total, slicing.Slices.Sum(s => s.Fmr.Trials) + slicing.Remainder.Impostors);
            Assert.Equal(at.FalseMatches, slicing.Slices.Sum(s => s.Fmr.Errors) + slicing.Remainder.FalseMatches);
            Assert.Equal(result.Curve.Mated.Total, slicing.Slices.Sum(s => s.Fnmr.Trials) + slicing.Remainder.Mated);
            Assert.Equal(at.FalseNonMatches, slicing.Slices.Sum(s => s.Fnmr.Errors) + slicing.Remainder.FalseNonMatches);
            Assert.True(slicing.Remainder.Impostors > 0);
        }
        // The matrix of a slicing without unknown labels holds every impostor comparison once.
        var bySex = result.Slicings[0];
        Assert.Equal(0, bySex.Remainder.UnlabelledPhotos);
        Assert.Equal(result.Curve.Impostor.Total, bySex.Matrix.Sum(c => c.Fmr.Trials));
        Assert.Equal(at.FalseMatches, bySex.Matrix.Sum(c => c.Fmr.Errors));
    }

    [Fact]
    public void A_list_of_all_pairs_gives_what_all_pairs_give()
    {
        var (embeddings, images) = People();
        var (mated, impostors) = (new PairList(), new PairList());
        for (var i = 0; i < embeddings.Count; i++)
        {
            for (var j = i + 1; j < embeddings.Count; j++)
                (images.SubjectOf[i] == images.SubjectOf[j] ? mated : impostors).Add(
                    i, j, ScoreKernel.Dot(embeddings.Values(i), embeddings.Values(j)));
        }
        var whole = VerificationEvaluation.Run(embeddings, images, Plan, null, Strict);
        // The same threshold: on the grid for one, so it is asked for by slicing at it.
        var list = VerificationEvaluation.Run(new Comparisons(images, mated, impostors), Plan);
        Assert.Equal(whole.GlobalThreshold!.Value, list.GlobalThreshold!.Value, ScoreGrid.Step);
        Assert.Equal(whole.Slicings[0].Slices.Select(s => s.Fmr.Trials), list.Slicings[0].Slices.Select(s => s.Fmr.Trials));
        Assert.Equal(whole.EqualErrorRate.Value, list.EqualErrorRate.Value, 1e-3);
        var (a, b) = (whole.OperatingPoints[1], list.OperatingPoints[1]);
        Assert.Equal(a.Fnmr!.Errors, b.Fnmr!.Errors);
        // Draws set their thresholds on the grid for one and on the scores for the other.
        Assert.Equal(a.Fnmr.Range.Low, b.Fnmr.Range.Low, 1e-3);
        Assert.Equal(a.Fmr!.Range.High, b.Fmr!.Range.High, 12);
        Assert.Equal(a.FmrBySubject!.Value, b.FmrBySubject!.Value, 12);
    }

    [Fact]
    public void A_threshold_that_the_data_do_not_support_is_not_given()
    {
        var (embeddings, images) = People();
        var result = VerificationEvaluation.Run(embeddings, images, Plan, null, Strict);
        var last = result.OperatingPoints[^1];
        Assert.Equal(1e-6, last.WantedFmr);
        Assert.Null(last.Threshold);
        Assert.Null(last.Fnmr);
        Assert.Equal(result.Curve.Impostor.Total, last.Impostors);
        Assert.NotNull(result.OperatingPoints[0].Threshold);
    }

    [Fact]
    public void A_global_threshold_that_is_not_supported_gives_way_to_the_next_and_the_notes_say_so()
    {
        var (embeddings, images) = People();
        var result = VerificationEvaluation.Run(embeddings, images, Plan with { GlobalFmr = 1e-6 }, null, Strict);
        Assert.Equal(0.001, result.GlobalFmr);
        Assert.Contains(result.Notes, n => n.Contains("not at 1E-06", StringComparison.Ordinal));
    }

    [Fact]
    public void The_threshold_can_be_set_on_the_reference_group_alone()
    {
        var (embeddings, images) = People();
        var result = VerificationEvaluation.Run(embeddings, images, Plan with { ThresholdFrom = ThresholdSource.Reference }, null, Strict);
        var reference = result.Slicings[0].Slices.Single(s => s.Value == "M");
        Assert.InRange(reference.Fmr.Rate, 0.005, 0.01);
    }

    [Fact]
    public void Planted_differences_between_groups_are_found()
    {
        var (embeddings, images) = People(subjects: 260);
        var result = VerificationEvaluation.Run(embeddings, images, Plan, null, Strict);
        SliceRates Slice(int slicing, string value) => result.Slicings[slicing].Slices.Single(s => s.Value == value);
        // Women's photos differ more; people of group y have a common direction.
        Assert.True(Slice(0, "F").FnmrRatio!.Value > 1.5);
        Assert.True(Slice(0, "F").FnmrRatio!.Range!.Value.Low > 1);
        Assert.True(Slice(1, "y").FmrRatio!.Value > 3);
        Assert.True(Slice(1, "y").FmrRatio!.Range!.Value.Low > 1);
        Assert.Equal("y", result.Slicings[1].Fmr!.MaximumGroup);
        var shift = result.ScoreShifts.Single(s => s is { By: "race", Value: "y", IsMated: false });
        // A shift of 0.12 at a deviation of 0.26 moves normal distributions apart by 2Φ(0.23) − 1 = 0.18.
        Assert.InRange(shift.MeanShift, 0.1, 0.14);
        Assert.InRange(shift.KolmogorovSmirnov, 0.14, 0.22);
    }

    [Fact]
    public void Within_a_slice_impostor_comparisons_are_never_of_one_subject_and_the_curve_agrees_with_a_plain_loop()
    {
        var (embeddings, images) = People();
        var result = VerificationEvaluation.Run(embeddings, images, Plan, null, Strict);
        var det = result.SliceDets.Single(d => d is { By: "sex", Value: "M" });
        Assert.NotEmpty(det.Points);
        var scores = new List<float>();
        for (var i = 0; i < embeddings.Count; i++)
        {
            for (var j = i + 1; j < embeddings.Count; j++)
            {
                if (images.Column("sex")[i] == "M" && images.Column("sex")[j] == "M" && images.SubjectOf[i] != images.SubjectOf[j])
                    scores.Add(ScoreKernel.Dot(embeddings.Values(i), embeddings.Values(j)));
            }
        }
        foreach (var point in det.Points)
            Assert.Equal(scores.Count(s => s >= point.Threshold) / (double)scores.Count, point.Fmr, 1e-12);
    }

    [Fact]
    public void Failures_count_as_non_matches_in_a_rate_of_their_own()
    {
        var (embeddings, images) = People();
        var some = new EmbeddingSet(64);
        for (var i = 0; i < embeddings.Count; i++)
        {
            if (i % 20 == 7)
                some.AddFailure(embeddings.Images[i], "no face");
            else
                some.Add(embeddings.Images[i], embeddings.Values(i));
        }
        var result = VerificationEvaluation.Run(some, images, Plan, null, Strict);
        var point = result.OperatingPoints[1];
        Assert.True(result.Comparisons.FailedMated > 0);
        Assert.Equal(point.Fnmr!.Errors + result.Comparisons.FailedMated, point.FnmrWithFailures!.Errors);
        Assert.Equal(point.Fnmr.Trials + result.Comparisons.FailedMated, point.FnmrWithFailures.Trials);
        Assert.True(point.FmrWithFailures!.Rate < point.Fmr!.Rate);
    }

    [Fact]
    public void Subjects_are_weighted_equally_in_the_rates_by_subject()
    {
        var images = new DataSet("s", ["a1", "a2", "a3", "a4", "b1", "b2"], ["a", "a", "a", "a", "b", "b"]);
        var (mated, impostors) = (new PairList(), new PairList());
        for (var i = 0; i < 4; i++)
        {
            for (var j = i + 1; j < 4; j++)
                mated.Add(i, j, 0.9);
        }
        mated.Add(4, 5, 0.1);
        for (var i = 0; i < 4; i++)
        {
            impostors.Add(i, 4, i == 0 ? 0.5 : 0.2);
            impostors.Add(i, 5, 0.2);
        }
        var point = VerificationEvaluation.Run(
            new Comparisons(images, mated, impostors), Plan with { FalseMatchRates = [1], Slices = [] }).OperatingPoints[0];
        Assert.Null(point.Threshold);
        var counts = new PointCounts(new Comparisons(images, mated, impostors), 0.5);
        Assert.Equal(1 / 7.0, counts.Fnmr.Rate, 12);
        Assert.Equal(0.5, counts.FnmrBySubject.Rate, 12);
        Assert.Equal(1 / 8.0, counts.FmrBySubject!.Value, 12);
    }

    [Fact]
    public void Scores_without_metadata_are_evaluated_and_the_notes_say_what_is_missing()
    {
        var result = VerificationEvaluation.Run(Oracles.PyeerExp1(), Plan);
        Assert.Equal(0.080862, result.EqualErrorRate.Value, 1e-6);
        Assert.Empty(result.Slicings);
        Assert.Equal(2, result.Notes.Count(n => n.Contains("without", StringComparison.Ordinal)));
        Assert.Equal(IntervalMethod.Wilson, result.OperatingPoints[0].Fnmr!.Method);
    }

    [Fact]
    public void A_cancelled_evaluation_ends()
    {
        var (embeddings, images) = People();
        using var cancel = new CancellationTokenSource();
        var seen = new AllPairsTests.Immediate(share => { if (share > 0.55) cancel.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(
            () => VerificationEvaluation.Run(embeddings, images, Plan, null, Strict, null, null, seen, cancel.Token));
    }
}
