using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Exact;

/// <summary>What a search counts, against counts by definition.</summary>
public class ExactIndexTallyTests
{
    private static readonly ExactIndexOptions Manual = new() { Parallelism = 1, TrainInBackground = false, SketchFrom = null };
    private static readonly ScoreEdges Edges = new(Enumerable.Range(-100, 201).Select(i => (float)(i / 100.0)));

    [Theory]
    [InlineData(1, 700)]
    [InlineData(3, 700)]
    [InlineData(1, 9000)]
    [InlineData(2, 9000)]
    [InlineData(7, 9000)]
    public void Each_subject_is_counted_once_at_its_best_template(int templates, int count)
    {
        var faces = new FaceLikeVectors(64, seed: 31);
        var index = new ExactIndex(Oracle.Model, 64, Manual, DotKernel.Best, segmentRows: 1000);
        var gallery = new List<(long Id, long Subject, Template Template)>();
        for (var id = 0; id < count; id++)
            gallery.Add((id, id / templates, faces.Template(id / templates, id % templates, Oracle.Model)));
        foreach (var (id, subject, template) in gallery)
            index.Add(id, subject, template);
        Assert.Equal(gallery.DistinctBy(row => row.Subject).Count(), index.Subjects);
        // Removed ones count no more, with their subjects where they were the last.
        foreach (var row in gallery.Where(row => row.Id % 11 == 3))
            index.Remove(row.Id);
        gallery.RemoveAll(row => row.Id % 11 == 3);
        foreach (var identity in new[] { 5, 60, 100_000 })
        {
            var probe = faces.Template(identity, 9, Oracle.Model);
            foreach (var request in new[] { new TallyRequest(Edges, 200), new(Edges, 100, DownTo: 0.05f), new(Edges, 100_000) })
            {
                var answer = index.Search(probe, tally: request);
                Assert.Equal(index.Search(probe).Hits, answer.Hits);
                AssertTally(gallery, probe, request, answer);
            }
            var filtered = index.Search(probe, filter: SubjectSet.AllBut(5, 7, 99_999_999), tally: new TallyRequest(Edges, 200));
            AssertTally([.. gallery.Where(row => row.Subject is not (5 or 7))], probe, new TallyRequest(Edges, 200), filtered);
            var few = index.Search(probe, filter: SubjectSet.Only(5, 7, 50), tally: new TallyRequest(Edges, 200));
            AssertTally([.. gallery.Where(row => row.Subject is 5 or 7 or 50)], probe, new TallyRequest(Edges, 200), few);
        }
    }

    [Fact]
    public void Nothing_is_counted_unless_it_is_asked_for_and_a_graph_counts_nothing()
    {
        var faces = new FaceLikeVectors(64, seed: 32);
        var index = new ExactIndex(Oracle.Model, 64, Manual);
        var graph = new HnswIndex(Oracle.Model, 64);
        for (var id = 0; id < 300; id++)
        {
            index.Add(id, id, faces.Template(id, 0, Oracle.Model));
            graph.Add(id, id, faces.Template(id, 0, Oracle.Model));
        }
        var probe = faces.Template(3, 1, Oracle.Model);
        Assert.Null(index.Search(probe).Tally);
        Assert.Equal(300, index.Search(probe, tally: new TallyRequest(Edges, 10)).Tally!.Subjects);
        Assert.Null(graph.Search(probe, tally: new TallyRequest(Edges, 10)).Tally);
        Assert.Equal(0, new ExactIndex(Oracle.Model, 64).Search(probe, tally: new TallyRequest(Edges, 10)).Tally!.Subjects);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tallies_are_the_same_for_any_number_of_threads_and_in_batches(bool sketches)
    {
        var faces = new FaceLikeVectors(128, seed: 33);
        var templates = new Template[20_000];
        Parallel.For(0, templates.Length, id => templates[id] = faces.Template(id / 2, id % 2, Oracle.Model));
        var probes = Enumerable.Range(0, 70).Select(i => faces.Template(150 * i, 5, Oracle.Model)).ToArray();
        var request = new TallyRequest(Edges, 400);
        IReadOnlyList<ScoreTally>? first = null;
        foreach (var threads in new[] { 1, 2, 5 })
        {
            var index = new ExactIndex(
                Oracle.Model, 128, Manual with { Parallelism = threads, SketchFrom = 1 }, DotKernel.Best, segmentRows: 3000);
            for (var id = 0; id < templates.Length; id++)
                index.Add(id, id / 2, templates[id]);
            if (sketches)
                index.TrainSketches();
            var answers = index.SearchBatch(probes, tally: request);
            Assert.All(answers, answer => Assert.Equal(sketches ? "exact-sketch" : "exact", answer.Path));
            first ??= [.. answers.Select(answer => answer.Tally!)];
            for (var p = 0; p < probes.Length; p++)
            {
                AssertEqual(first[p], answers[p].Tally!);
                if (p % 8 == 0)
                    AssertEqual(first[p], index.Search(probes[p], tally: request).Tally!);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void People_of_another_kind_enrolled_last_or_all_alike_mislead_nobody(bool sketches)
    {
        // The probe resembles the last twentieth only, in the order of enrolment; then everybody has nearly one face.
        var faces = new FaceLikeVectors(64, seed: 34);
        var one = faces.Encounter(7, 0);
        foreach (var alike in new[] { false, true })
        {
            var index = new ExactIndex(Oracle.Model, 64, Manual with { SketchFrom = 1 }, DotKernel.Best, segmentRows: 2000);
            var gallery = new List<(long Id, long Subject, Template Template)>();
            for (var id = 0; id < 12_000; id++)
            {
                var part = alike ? 5f : id > 11_400 ? 0.8f : 0f;
                var other = faces.Encounter(id, 0);
                gallery.Add((id, id, Template.FromEmbedding([.. other.Zip(one, (a, b) => a + (part * b))], Oracle.Model, false)));
                index.Add(id, id, gallery[id].Template);
            }
            if (sketches)
                index.TrainSketches();
            var probe = Template.FromEmbedding(one, Oracle.Model, false);
            var answer = index.Search(probe, tally: new TallyRequest(Edges, 300));
            var tally = answer.Tally!;
            Assert.Equal(12_000, tally.Subjects);
            Assert.InRange(tally.Counted, 100, 12_000);
            if (answer.Path == IndexAnswer.Exact)
                AssertTally(gallery, probe, new TallyRequest(Edges, 300), answer);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(512)]
    public void Sketches_estimate_what_bodies_count_and_say_by_how_much_estimates_vary_less(int dimension)
    {
        var faces = new FaceLikeVectors(dimension, seed: 35);
        var index = new ExactIndex(Oracle.Model, dimension, Manual with { SketchFrom = 1 });
        var gallery = new Template[8000];
        Parallel.For(0, gallery.Length, id => gallery[id] = faces.Template(id, 0, Oracle.Model));
        for (var id = 0; id < gallery.Length; id++)
            index.Add(id, id, gallery[id]);
        var request = new TallyRequest(Edges, 100_000);
        Template[] probes = [.. Enumerable.Range(0, 40).Select(i => faces.Template(20_000 + i, 1, Oracle.Model))];
        var exact = index.SearchBatch(probes, tally: request);
        index.TrainSketches();
        var estimated = index.SearchBatch(probes, tally: request);
        double measured = 0, said = 0, spread = 0;
        for (var p = 0; p < probes.Length; p++)
        {
            Assert.Equal((IndexAnswer.Exact, IndexAnswer.ExactSketch), (exact[p].Path, estimated[p].Path));
            Assert.Equal(0, exact[p].Tally!.ExcessVariance);
            Assert.Equal(8000, estimated[p].Tally!.Counted);
            measured += Variance(estimated[p].Tally!) - Variance(exact[p].Tally!);
            said += estimated[p].Tally!.ExcessVariance;
            spread += Variance(exact[p].Tally!);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{measured / 40:E2} measured, {said / 40:E2} said, of {spread / 40:E2}");
        // A hundredth of the scores' variance moves the count beyond three deviations by a twentieth.
        Assert.InRange((said - measured) / spread, -0.015, 0.015);
        Assert.InRange(measured / spread, -0.1, 0);
    }

    private static double Variance(ScoreTally tally)
    {
        double sum = 0, squares = 0, count = tally.Counted;
        for (var i = 0; i < tally.Counts.Length; i++)
        {
            var score = Edges[i] + 0.005;
            sum += tally.Counts.Span[i] * score;
            squares += tally.Counts.Span[i] * score * score;
        }
        return (squares / count) - (sum / count * (sum / count));
    }

    private static void AssertEqual(ScoreTally expected, ScoreTally actual)
    {
        Assert.Equal((expected.Subjects, expected.From, expected.ExcessVariance), (actual.Subjects, actual.From, actual.ExcessVariance));
        Assert.Equal(expected.Counts.ToArray(), actual.Counts.ToArray());
        Assert.Equal(expected.Best, actual.Best);
    }

    private static void AssertTally(
        List<(long Id, long Subject, Template Template)> gallery, Template probe, TallyRequest request, IndexAnswer answer)
    {
        var tally = answer.Tally!;
        var best = gallery.GroupBy(row => row.Subject)
            .Select(rows => (Subject: rows.Key, Score: rows.Max(row => Oracle.Score(probe, row.Template))))
            .OrderByDescending(row => row.Score).ThenBy(row => row.Subject).ToList();
        var counts = new long[Edges.Count];
        foreach (var (_, score) in best)
            counts[Enumerable.Range(0, Edges.Count).Last(i => i == 0 || Edges[i] <= score)]++;
        Array.Clear(counts, 0, tally.From);

        Assert.Equal(best.Count, tally.Subjects);
        Assert.Equal(counts, tally.Counts.ToArray());
        Assert.Equal(0, tally.ExcessVariance);
        // As many as were wanted, or as there are; a sample may promise a few more than come.
        Assert.InRange(tally.Counted, Math.Min(best.Count, request.Least) * 2 / 3, best.Count);
        if (best.Count <= request.Least)
            Assert.Equal(0, tally.From);
        if (request.DownTo is { } score2 && best.Count(row => row.Score >= score2) < 2 * request.Least)
            Assert.True(Edges[tally.From] <= score2, $"counted from {Edges[tally.From]}, and was to count down to {score2}");
        Assert.Equal(
            best.Take(Math.Min(8, tally.Best.Count)).Select(row => row.Score), tally.Best.Select(row => row.CountedAt).OrderDescending());
        Assert.Equal(Math.Min(8, best.Count), tally.Best.Count);
        Assert.Equal(
            answer.Hits.Take(tally.Best.Count).Select(hit => hit.Score).Take(3), tally.Best.Select(row => row.Score).Take(3));
    }
}
