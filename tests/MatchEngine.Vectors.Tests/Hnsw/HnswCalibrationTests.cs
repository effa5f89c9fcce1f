using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Hnsw;

public class HnswCalibrationTests
{
    private const int Dimension = 128;
    private static readonly FaceLikeVectors Faces = new(Dimension, seed: 50);
    private static readonly (long Id, long Subject, Template Template)[] Gallery = Make();
    private static readonly ExactIndex Exhaustive = Fill();
    private static readonly HnswIndex Built = Build(new HnswOptions { M = 8, EfConstruction = 60 });

    [Theory]
    // The largest k with P(X ≤ k) ≤ 0.05 for X binomial(n, 1 − target), computed with exact integers.
    [InlineData(20_000, 0.999, 12)]
    [InlineData(10_000, 0.999, 4)]
    [InlineData(3000, 0.999, 0)]
    [InlineData(1000, 0.999, 0)]
    [InlineData(3000, 0.98, 47)]
    [InlineData(3000, 0.95, 130)]
    [InlineData(3000, 1.0, 0)]
    public void As_many_losses_are_allowed_as_show_the_target_with_confidence(int probes, double target, int allowed) =>
        Assert.Equal(allowed, HnswCalibration.Allowed(probes, target));

    [Fact]
    public void Even_targets_whose_terms_are_too_small_for_numbers_are_counted()
    {
        Assert.InRange(HnswCalibration.Allowed(3000, 0.5), 1430, 1470);
        Assert.InRange(HnswCalibration.Allowed(3000, 0.001), 2985, 2995);
    }

    [Fact]
    public void The_width_told_is_the_narrowest_beam_that_finds_the_template()
    {
        var checkedWidths = 0;
        for (var i = 0; i < 200; i++)
        {
            var probe = Faces.Template(i * 29, 8, Oracle.Model);
            var best = Exhaustive.Search(probe, 1).Hits[0];
            var width = Built.WidthToReach(probe, Built.NodeOf(best.Id), 700, TestContext.Current.CancellationToken);
            Assert.InRange(width, 1, 701);
            if (width is 1 or > 700)
                continue;
            Assert.Equal(best.Id, Built.Search(probe, 1, -1f, null, width, TestContext.Current.CancellationToken).Hits[0].Id);
            Assert.NotEqual(best.Id, Built.Search(probe, 1, -1f, null, width - 1, TestContext.Current.CancellationToken).Hits[0].Id);
            checkedWidths++;
        }
        Assert.InRange(checkedWidths, 50, 200);
    }

    [Fact]
    public void Probes_score_with_their_subjects_as_mates_do_and_each_subject_is_as_likely()
    {
        // Half of the subjects with one template, half with three.
        var rows = Enumerable.Range(0, 4000).Select(i => ((long)i, (long)(i < 1000 ? i : 1000 + ((i - 1000) / 3)), Faces.Template(
            i < 1000 ? i : 1000 + ((i - 1000) / 3), i, Oracle.Model))).ToArray();
        var index = new HnswIndex(Oracle.Model, Dimension, new HnswOptions { M = 16, EfConstruction = 20 });
        index.AddRange(rows, 1);
        var (probes, subjects) = new HnswCalibration(index, 0.99, 1).Draw(3000, TestContext.Current.CancellationToken);
        Assert.Equal(3000, probes.Length);
        Assert.InRange(subjects.Count(subject => subject < 1000), 1350, 1650);
        var bySubject = rows.ToLookup(row => row.Item2, row => row.Item3);
        var scores = probes.Zip(subjects)
            .SelectMany(pair => bySubject[pair.Second].Select(template => (double)Oracle.Score(pair.First, template))).ToArray();
        Assert.InRange(scores.Average(), 0.66, 0.72);
        Assert.InRange(Math.Sqrt(scores.Average(score => Math.Pow(score - scores.Average(), 2))), 0.09, 0.15);
        // Not the same directions again and again.
        Assert.InRange(probes.Take(200).Max(a => probes.Skip(200).Take(200).Max(b => Oracle.Score(a, b))), -1, 0.99);
    }

    [Fact]
    public void The_narrowest_beam_that_meets_the_target_is_chosen_and_keeps_it_on_other_encounters()
    {
        var (ef, reached) = new HnswCalibration(Built, 0.97, 3).Run(Nearest, TestContext.Current.CancellationToken)!.Value;
        Assert.True(reached);
        Assert.Equal((ef, true), new HnswCalibration(Built, 0.97, 3).Run(Nearest, TestContext.Current.CancellationToken));
        int mated = 0, kept = 0, keptByHalf = 0;
        for (var i = 0; i < 3000; i++)
        {
            var probe = Faces.Template(i, 9, Oracle.Model);
            var best = Exhaustive.Search(probe, 1).Hits[0];
            if (best.Subject != i)
                continue;
            mated++;
            var width = Built.WidthToReach(probe, Built.NodeOf(best.Id), HnswCalibration.WidestBeam, TestContext.Current.CancellationToken);
            kept += width <= ef ? 1 : 0;
            keptByHalf += width <= ef / 2 ? 1 : 0;
        }
        Assert.InRange(kept / (double)mated, 0.965, 0.995);
        Assert.InRange(keptByHalf / (double)mated, 0, 0.965);
    }

    [Fact]
    public void A_target_out_of_reach_is_said_to_be_and_no_time_is_lost_on_it()
    {
        // The probes' mates are told to be templates to which no link leads any more.
        var index = Build(new HnswOptions { M = 8, EfConstruction = 60 });
        var walks = 0;
        var result = new HnswCalibration(index, 0.999, 1).Run(probes =>
        {
            for (var node = 0; node < index.Graph.Nodes; node++)
                Unlink(index.Graph, node);
            walks = probes.Length;
            return Nearest(probes);
        }, TestContext.Current.CancellationToken);
        Assert.Equal((HnswCalibration.WidestBeam, false), result);
        Assert.InRange(walks, 3000, 20_000);
    }

    [Fact]
    public void A_calibration_can_be_cancelled_and_changes_nothing_then()
    {
        var before = Built.EfSearch;
        Assert.ThrowsAny<OperationCanceledException>(() => Built.Calibrate(new CancellationToken(canceled: true)));
        Assert.Equal(before, Built.EfSearch);
    }

    private static unsafe void Unlink(HnswGraph graph, int node) => *graph.List(node, 0) = HnswGraph.End;

    private static ExactIndex Fill()
    {
        var index = new ExactIndex(Oracle.Model, Dimension, new ExactIndexOptions { SketchFrom = null, Parallelism = 1 });
        foreach (var (id, subject, template) in Gallery)
            index.Add(id, subject, template);
        return index;
    }

    private static long[] Nearest(Template[] probes)
    {
        var best = new long[probes.Length];
        Parallel.For(0, probes.Length, i => best[i] = Exhaustive.Search(probes[i], 1).Hits[0].Id);
        return best;
    }

    private static HnswIndex Build(HnswOptions options)
    {
        var index = new HnswIndex(Oracle.Model, Dimension, options);
        index.AddRange(Gallery, 1);
        return index;
    }

    private static (long, long, Template)[] Make()
    {
        var rows = new (long, long, Template)[12_000];
        var faces = Faces; // Other threads may not read a static field before all are set.
        Parallel.For(0, rows.Length, i => rows[i] = (i, i / 2, faces.Template(i / 2, i % 2, Oracle.Model)));
        return rows;
    }
}
