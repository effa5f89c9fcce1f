using System.Diagnostics;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Tests.Inputs;

namespace MatchEngine.Evaluation.Tests.CrossComparison;

public class AllPairsTests(ITestOutputHelper output)
{
    private static readonly InputFaults Strict = new(strict: true);

    [Theory]
    [InlineData(2, 3, 8)]
    [InlineData(7, 1, 64)]
    [InlineData(60, 5, 32)]
    [InlineData(150, 2, 128)]
    public void Counts_at_every_threshold_agree_with_a_plain_loop_over_all_pairs(int subjects, int photos, int dimension)
    {
        var (embeddings, images) = SyntheticFaces.Make(subjects, s => 1 + (s * 7 + photos) % (photos + 1), dimension);
        var result = AllPairs.Compare(embeddings, images, Strict);
        var (mated, impostor) = BruteForce(embeddings, images);
        Assert.Equal(mated.Order(), result.Mated.Scores.ToArray().Order());
        Assert.Equal(impostor.Order(), result.Impostors.Scores.ToArray().Order());
        for (var bin = 0; bin < ScoreGrid.Bins; bin += 97)
        {
            var threshold = ScoreGrid.EdgeOf(bin);
            Assert.Equal(impostor.Count(s => s >= threshold), result.ImpostorScores.CountAtOrAbove(threshold));
            Assert.Equal(mated.Count(s => s >= threshold), result.MatedScores.CountAtOrAbove(threshold));
        }
    }

    [Fact]
    public void Only_the_highest_impostors_are_kept_one_by_one_and_all_of_those()
    {
        var (embeddings, images) = SyntheticFaces.Make(900, _ => 2, 32);
        var result = AllPairs.Compare(embeddings, images, Strict, new AllPairsOptions { MaximumKept = 20_000 });
        Assert.InRange(result.Impostors.Count, 20_000, 40_000);
        Assert.Equal(result.ImpostorScores.CountAtOrAbove(result.ImpostorFloor), result.Impostors.Count);
        Assert.Equal(1800L * 1799 / 2 - 900, result.ImpostorScores.Total);
        Assert.True(result.Impostors.Scores.ToArray().Min() >= result.ImpostorFloor);
    }

    [Fact]
    public void The_order_of_the_photos_changes_nothing()
    {
        var (embeddings, images) = SyntheticFaces.Make(120, s => 1 + s % 3, 64);
        var order = Enumerable.Range(0, embeddings.Count).ToArray();
        new RandomStream(77, 0).Shuffle<int>(order);
        var shuffled = new EmbeddingSet(64);
        foreach (var i in order)
            shuffled.Add(embeddings.Images[i], embeddings.Values(i), embeddings.Digests[i]);
        var otherImages = new DataSet(
            "synthetic", [.. order.Select(i => images.Images[i])], [.. order.Select(i => images.Subjects[images.SubjectOf[i]])]);
        var (a, b) = (AllPairs.Compare(embeddings, images, Strict), AllPairs.Compare(shuffled, otherImages, Strict));
        Assert.Equal(a.Impostors.Scores, b.Impostors.Scores);
        Assert.Equal(a.Mated.Scores, b.Mated.Scores);
        Assert.Equal(Names(a, images), Names(b, otherImages));
        static string[] Names(Comparisons c, DataSet set) => [.. c.Mated.First.ToArray().Select(i => set.Images[i])];
    }

    [Fact]
    public void Int8_templates_are_compared_by_their_exact_integer_product_times_both_scales()
    {
        var (floats, images) = SyntheticFaces.Make(40, _ => 3, 512);
        var set = new EmbeddingSet(512);
        var bodies = new List<sbyte[]>();
        var scales = new List<float>();
        for (var i = 0; i < floats.Count; i++)
        {
            var values = floats.Values(i).ToArray();
            var scale = values.Max(MathF.Abs) / 127;
            bodies.Add([.. values.Select(v => (sbyte)MathF.Round(v / scale))]);
            scales.Add(scale);
            set.Add(floats.Images[i], bodies[i], scale);
        }
        var result = AllPairs.Compare(set, images, Strict);
        for (var p = 0; p < result.Impostors.Count; p += 101)
        {
            var (i, j) = (result.Impostors.First[p], result.Impostors.Second[p]);
            var product = bodies[i].Zip(bodies[j]).Sum(v => v.First * v.Second);
            Assert.Equal(product * (scales[i] * scales[j]), (float)result.Impostors.Scores[p]);
        }
    }

    [Fact]
    public void Identical_photos_are_reported_and_all_but_one_left_out()
    {
        var (embeddings, images) = SyntheticFaces.Make(10, _ => 2, 16);
        var copy = new EmbeddingSet(16);
        for (var i = 0; i < embeddings.Count; i++)
            copy.Add(embeddings.Images[i], embeddings.Values(i), i is 0 or 3 or 9 ? "same" : embeddings.Digests[i]);
        var result = AllPairs.Compare(copy, images, Strict);
        Assert.Equal([images.Images[0], images.Images[3], images.Images[9]], Assert.Single(result.IdenticalPhotos));
        Assert.Equal(2, result.LeftOut["identical photo under another subject"]);
        Assert.Equal(18 * 17 / 2, result.MatedScores.Total + result.ImpostorScores.Total);
    }

    [Fact]
    public void Comparisons_that_a_missing_template_prevented_are_counted()
    {
        var (embeddings, images) = SyntheticFaces.Make(10, _ => 3, 16);
        var some = new EmbeddingSet(16);
        for (var i = 0; i < embeddings.Count; i++)
        {
            if (i is 0 or 1 or 17)
                some.AddFailure(embeddings.Images[i], "no face");
            else
                some.Add(embeddings.Images[i], embeddings.Values(i));
        }
        var result = AllPairs.Compare(some, images, Strict);
        // Subject 0 keeps one photo (of 3 pairs none), the subject of photo 17 keeps two (of 3 pairs one).
        Assert.Equal(3 + 2, result.FailedMated);
        Assert.Equal(10 * 3, result.MatedScores.Total + result.FailedMated);
        Assert.Equal(30 * 29 / 2 - 30, result.ImpostorScores.Total + result.FailedImpostors);
        Assert.Equal(3, result.AcquisitionFaults.Count);
    }

    [Fact]
    public void Photos_that_one_side_does_not_know_are_faults()
    {
        var (embeddings, images) = SyntheticFaces.Make(5, _ => 2, 16);
        var other = new EmbeddingSet(16);
        for (var i = 1; i < embeddings.Count; i++)
            other.Add(embeddings.Images[i], embeddings.Values(i));
        other.Add("stranger.jpg", embeddings.Values(0));
        var faults = new InputFaults(strict: false);
        AllPairs.Compare(other, images, faults);
        Assert.Equal(["missing image", "unknown image"], faults.Counts.Keys);
    }

    [Fact]
    public void Embeddings_that_are_not_of_length_1_are_refused()
    {
        var set = new EmbeddingSet(2);
        set.Add("a", [3f, 4f]);
        Assert.Contains(
            "length 5", Assert.Throws<EvaluationException>(() => AllPairs.Compare(set, new DataSet("s", ["a"], ["a"]), Strict)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_run_goes_on_from_its_checkpoint_and_ends_with_the_same_counts()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "run.checkpoint");
        var (embeddings, images) = SyntheticFaces.Make(3000, _ => 2, 16);
        var whole = AllPairs.Compare(embeddings, images, Strict);
        var options = new AllPairsOptions { Checkpoint = file };
        using var cancel = new CancellationTokenSource();
        var reports = new List<double>();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            AllPairs.Compare(
                embeddings, images, Strict, options, new Immediate(share => { reports.Add(share); cancel.Cancel(); }), cancel.Token));
        Assert.True(File.Exists(file));
        Assert.InRange(Assert.Single(reports), 0.1, 0.9);
        var after = new List<double>();
        var resumed = AllPairs.Compare(embeddings, images, Strict, options, new Immediate(after.Add));
        Assert.True(after[0] > reports[0], "the run began anew");
        Assert.Equal(1, after[^1]);
        Assert.Equal(whole.ImpostorScores.Counts, resumed.ImpostorScores.Counts);
        Assert.Equal(whole.Impostors.Scores, resumed.Impostors.Scores);
        Assert.Equal(whole.Mated.Scores, resumed.Mated.Scores);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_checkpoint_of_other_data_or_a_damaged_one_is_not_taken_up()
    {
        using var folder = new TemporaryFolder();
        var (embeddings, images) = SyntheticFaces.Make(50, _ => 2, 16);
        var whole = AllPairs.Compare(embeddings, images, Strict);
        var file = folder.Write("run.checkpoint", "not a checkpoint");
        var result = AllPairs.Compare(embeddings, images, Strict, new AllPairsOptions { Checkpoint = file });
        Assert.Equal(whole.ImpostorScores.Counts, result.ImpostorScores.Counts);
    }

    [Fact]
    public void No_pair_of_6144_photos_is_forgotten_or_counted_twice()
    {
        var (embeddings, images) = SyntheticFaces.Make(2813, s => s < 518 ? 3 : 2, 512);
        var result = AllPairs.Compare(embeddings, images, Strict);
        Assert.Equal(6144L * 6143 / 2, result.ImpostorScores.Total + result.MatedScores.Total);
        Assert.Equal((518 * 3) + (2813 - 518), result.MatedScores.Total);
    }

    /// <summary>10 billion comparisons: run by hand, it takes a minute or two.</summary>
    [Fact(Explicit = true)]
    public void Ten_billion_comparisons_fit_into_two_gigabytes()
    {
        var (embeddings, images) = SyntheticFaces.Make(70_711, _ => 2, 512);
        var before = GC.GetTotalMemory(true);
        var watch = Stopwatch.StartNew();
        var result = AllPairs.Compare(embeddings, images, Strict);
        output.WriteLine(
            $"{(result.ImpostorScores.Total + result.MatedScores.Total) / 1e9:F3} billion comparisons: {watch.Elapsed.TotalSeconds:F1} s, "
                + $"{result.Impostors.Count:N0} kept from score {result.ImpostorFloor:F4}, working set "
                + $"{Process.GetCurrentProcess().PeakWorkingSet64 / 1e9:F2} GB");
        Assert.True(GC.GetTotalMemory(true) - before < 2_000_000_000);
    }

    internal static (double[] Mated, double[] Impostor) BruteForce(EmbeddingSet embeddings, DataSet images)
    {
        var (mated, impostor) = (new List<double>(), new List<double>());
        for (var i = 0; i < embeddings.Count; i++)
        {
            for (var j = i + 1; j < embeddings.Count; j++)
            {
                var same = images.SubjectOf[images.IndexOf(embeddings.Images[i])] == images.SubjectOf[images.IndexOf(embeddings.Images[j])];
                (same ? mated : impostor).Add(ScoreKernel.Dot(embeddings.Values(i), embeddings.Values(j)));
            }
        }
        return ([.. mated], [.. impostor]);
    }

    internal sealed class Immediate(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
