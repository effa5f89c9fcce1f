using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Exact;

/// <summary>Searches among some, against answers by definition: few enough to be looked up, or so many that all rows are scanned.</summary>
public class SelectedRowsTests
{
    private const int Subjects = 3000;

    private static readonly ScoreEdges Edges = new(Enumerable.Range(-100, 201).Select(i => (float)(i / 100.0)));

    // One in 1,000 and in 100 are looked up, one in 10 only where there are no sketches, one in 2 never.
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void A_search_among_some_lists_what_a_search_of_a_gallery_of_theirs_lists(bool sketches, int threads)
    {
        var faces = new FaceLikeVectors(64, seed: 71);
        var options = new ExactIndexOptions
        {
            Parallelism = threads, TrainInBackground = false, SketchFrom = sketches ? 1 : null, KeepFloat16 = false,
        };
        var index = new ExactIndex(Oracle.Model, 64, options, DotKernel.Best, segmentRows: 1024);
        var gallery = new List<(long Id, long Subject, Template Template)>();
        void Add(long id, long subject)
        {
            var template = faces.Template((int)subject, (int)(id % 7), Oracle.Model);
            gallery.Add((id, subject, template));
            index.Add(id, subject, template);
        }
        for (var id = 0; id < 2 * Subjects; id++)
            Add(id, id % Subjects);
        if (sketches)
            index.TrainSketches();
        int[] steps = [1000, 100, 10, 2];
        var sets = steps.ToDictionary(step => step, step => SubjectSet.Only(
            Enumerable.Range(0, 2 * Subjects).Where(s => s % step == 1).Select(s => (long)s)));
        for (var round = 0; round < 3; round++)
        {
            foreach (var (step, set) in sets)
            {
                var probes = new[] { 1, 501, 77, 4001 }.Select(identity => faces.Template(identity, 50, Oracle.Model)).ToArray();
                var theirs = gallery.Where(row => row.Subject % step == 1).ToList();
                var request = new TallyRequest(Edges, 40);
                var batch = index.SearchBatch(probes, 8, 0.01f, set, request);
                for (var p = 0; p < probes.Length; p++)
                {
                    var answer = index.Search(probes[p], 8, 0.01f, set, request);
                    Assert.Equal(Oracle.Search(theirs, probes[p], 8, 0.01f), answer.Hits);
                    Assert.Equal(answer.Hits, batch[p].Hits);
                    Assert.Equal(theirs.DistinctBy(row => row.Subject).Count(), answer.Tally!.Subjects);
                    Assert.Equal(answer.Tally.Counts.ToArray(), batch[p].Tally!.Counts.ToArray());
                    // Who is looked up is compared by the body, whether there are sketches or not.
                    var isLookedUp = step >= (sketches ? 100 : 10);
                    Assert.Equal(isLookedUp ? theirs.Count : gallery.Count, answer.Compared);
                    if (isLookedUp)
                        AssertCounts(theirs, probes[p], answer.Tally);
                }
            }
            // The same sets, when the gallery is another one.
            for (var id = 0; id < 200; id++)
                Add(10_000 + (200 * round) + id, ((31 * id) + round) % (2 * Subjects));
            foreach (var gone in gallery.Where(row => row.Id % 13 == round).ToList())
            {
                Assert.True(index.Remove(gone.Id));
                gallery.Remove(gone);
            }
        }
    }

    [Fact]
    public void A_set_of_people_who_are_not_there_finds_nobody()
    {
        var faces = new FaceLikeVectors(64, seed: 72);
        var index = new ExactIndex(Oracle.Model, 64, 1);
        for (var id = 0; id < 500; id++)
            index.Add(id, id, faces.Template(id, 0, Oracle.Model));
        foreach (var nobody in new[] { SubjectSet.Only(), SubjectSet.Only(700, 900_000) })
        {
            var answer = index.Search(faces.Template(3, 1, Oracle.Model), filter: nobody, tally: new TallyRequest(Edges, 40));
            Assert.Equal((0, 0L, 0L), (answer.Hits.Count, answer.Compared, answer.Tally!.Subjects));
        }
    }

    private static void AssertCounts(List<(long Id, long Subject, Template Template)> theirs, Template probe, ScoreTally tally)
    {
        var best = theirs.GroupBy(row => row.Subject).Select(rows => rows.Max(row => Oracle.Score(probe, row.Template))).ToArray();
        for (var edge = tally.From; edge < Edges.Count; edge++)
            Assert.Equal(best.Count(score => Edges.CellOf(score) == edge), tally.Counts.Span[edge]);
        Assert.True(tally.Counted >= Math.Min(40, best.Length) / 4);
    }
}
