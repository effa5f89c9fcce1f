using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Exact;

public class ExactIndexSketchTests
{
    private static readonly ExactIndexOptions Manual = new() { Parallelism = 2, TrainInBackground = false, SketchFrom = 1 };

    /// <summary>
    /// No candidate may be lost in 30,720 searches of lists of 20: by the rule of three the rate of failures is then below 3/30,720 with 95
    /// % confidence (the bound promises 10⁻⁶). Half of the probes are mated; the reference is the scan in full, which has tests of its own.
    /// </summary>
    [Fact]
    public void Thirty_thousand_searches_through_sketches_lose_no_candidate() =>
        CountLosses(dimension: 128, subjects: 4000, searches: 30_720);

    [Fact(Explicit = true)]
    public void Three_hundred_thousand_searches_of_a_large_gallery_lose_no_candidate() =>
        CountLosses(dimension: 512, subjects: 50_000, searches: 307_200);

    [Theory]
    [InlineData(128)]
    [InlineData(512)]
    public void Lists_equal_those_of_double_precision_on_the_float16_copies(int dimension)
    {
        var faces = new FaceLikeVectors(dimension, seed: 21);
        var gallery = Parallel(3000, i => Template.FromEmbedding(faces.Encounter(i / 2, i % 2), Oracle.Model));
        foreach (var sketches in new[] { false, true })
        {
            var index = Fill(gallery, Manual);
            if (sketches)
                index.TrainSketches();
            for (var i = 0; i < 30; i++)
            {
                var probe = Template.FromEmbedding(faces.Encounter(100 * i, 4), Oracle.Model);
                var answer = index.Search(probe);
                var expected = gallery.Select((row, id) => new IndexHit(id, id / 2, Cosine16(probe, row)))
                    .GroupBy(hit => hit.Subject).Select(hits => hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id).First())
                    .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id).Take(20);
                Assert.Equal(expected, answer.Hits);
                Assert.Equal(
                    (sketches ? "exact-sketch" : "exact", ScorePrecision.Float16, 3000L), (answer.Path, answer.Precision, answer.Compared));
                Assert.InRange(answer.ComparedInFull, 20, sketches ? 2000 : 3000);
            }
            Template[] batch = [.. Enumerable.Range(0, 67).Select(i => Template.FromEmbedding(faces.Encounter(44 * i, 4), Oracle.Model))];
            Assert.All(index.SearchBatch(batch).Zip(batch), pair => Assert.Equal(index.Search(pair.Second).Hits, pair.First.Hits));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Rows_too_alike_for_their_bodies_to_tell_are_ranked_by_copies_where_they_have_them(int parallelism)
    {
        // Thousands of scores within the error of the bodies: more wait for their copies than there is room for. Some rows have no copy,
        // some are removed, some filtered.
        var random = new Random(77);
        var middle = Enumerable.Range(0, 128).Select(_ => random.NextDouble() - 0.5).ToArray();
        Template Near(bool copy) =>
            Template.FromEmbedding(Array.ConvertAll(middle, x => (float)(x + (0.003 * (random.NextDouble() - 0.5)))), Oracle.Model, copy);
        var index = new ExactIndex(
            Oracle.Model, 128, Manual with { Parallelism = parallelism }, Vectors.Kernels.DotKernel.Best, segmentRows: 1500);
        var gallery = new List<(long Id, long Subject, Template Template)>();
        for (var id = 0; id < 6000; id++)
        {
            var template = Near(copy: id is < 1500 or > 3000 && id % 3 != 0);
            index.Add(id, id / 2, template);
            if (id % 7 == 0)
                Assert.True(index.Remove(id));
            else
                gallery.Add((id, id / 2, template));
        }
        Template[] probes = [.. Enumerable.Range(0, 9).Select(i => Near(copy: i != 4))];
        var filter = SubjectSet.AllBut(Enumerable.Range(0, 600).Select(i => 5L * i));
        foreach (var listLength in new[] { 1, 20, 700, 4000 })
        {
            var answers = index.SearchBatch(probes, listLength, -1f, filter);
            for (var p = 0; p < probes.Length; p++)
            {
                var expected = gallery.Where(row => row.Subject % 5 != 0)
                    .Select(row => new IndexHit(row.Id, row.Subject, row.Template.HasFloat16 && probes[p].HasFloat16
                        ? Cosine16(probes[p], row.Template)
                        : Oracle.Score(probes[p], row.Template)))
                    .GroupBy(hit => hit.Subject).Select(hits => hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id).First())
                    .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id).Take(listLength);
                Assert.Equal(expected, answers[p].Hits);
                if (p is 0 or 4)
                    Assert.Equal(answers[p].Hits, index.Search(probes[p], listLength, -1f, filter).Hits);
            }
        }
    }

    [Fact]
    public void Without_copies_on_either_side_scores_are_those_of_the_bodies_and_say_so()
    {
        var faces = new FaceLikeVectors(128, seed: 22);
        var with = Template.FromEmbedding(faces.Encounter(1, 0), Oracle.Model);
        var without = Template.FromEmbedding(faces.Encounter(1, 1), Oracle.Model, keepFloat16: false);
        var dropped = Fill([with], Manual with { KeepFloat16 = false });
        Assert.Equal((Oracle.Score(with, without), ScorePrecision.Int8), Score(dropped.Search(without)));
        Assert.Equal((Oracle.Score(with, with), ScorePrecision.Int8), Score(dropped.Search(with)));
        var kept = Fill([with], Manual);
        Assert.Equal((Oracle.Score(with, without), ScorePrecision.Int8), Score(kept.Search(without)));
        Assert.Equal((1f, ScorePrecision.Float16), Score(kept.Search(with)));
        // In one segment, rows with and without.
        kept.Add(7, 7, without);
        Assert.Contains(kept.Search(with).Hits, hit => hit.Id == 7 && hit.Score == Oracle.Score(with, without));

        static (float, ScorePrecision) Score(IndexAnswer answer) => (answer.Hits[0].Score, answer.Precision);
    }

    [Fact]
    public void Floors_filters_and_long_lists_give_what_a_scan_in_full_gives()
    {
        var faces = new FaceLikeVectors(256, seed: 23);
        var gallery = Parallel(4000, i => faces.Template(i / 3, i % 3, Oracle.Model));
        var index = Fill(gallery, Manual);
        Template[] probes = [.. Enumerable.Range(0, 66).Select(i => faces.Template(i * 15, 5, Oracle.Model))];
        (int, float, SubjectSet?)[] cases =
            [
                (1, -1f, null), (20, 0.3f, null), (20, -1f, Oracle.Only(2000, s => s % 50 == 3)),
                (200, -1f, null), (5000, -1f, null), (20, 2f, null),
            ];
        var expected = cases.Select(c => index.SearchBatch(probes, c.Item1, c.Item2, c.Item3).Select(a => a.Hits).ToArray()).ToArray();
        index.TrainSketches();
        for (var c = 0; c < cases.Length; c++)
        {
            var (length, floor, filter) = cases[c];
            var batch = index.SearchBatch(probes, length, floor, filter);
            for (var i = 0; i < probes.Length; i++)
            {
                Assert.Equal(expected[c][i], batch[i].Hits);
                Assert.Equal(expected[c][i], index.Search(probes[i], length, floor, filter).Hits);
            }
        }
    }

    [Fact]
    public void Templates_that_the_basis_does_not_fit_are_found_all_the_same()
    {
        var faces = new FaceLikeVectors(256, seed: 24);
        var index = Fill(Parallel(3000, i => faces.Template(i, 0, Oracle.Model)), Manual);
        index.TrainSketches();
        // Another population in another basis, and noise.
        var others = new FaceLikeVectors(256, seed: 25);
        var random = new Random(26);
        Template[] strange = [.. Enumerable.Range(0, 600).Select(
            i => i % 2 == 0 ? others.Template(i, 0, Oracle.Model) : Oracle.Random(random, 256))];
        for (var i = 0; i < strange.Length; i++)
            index.Add(10_000 + i, 10_000 + i, strange[i]);
        var plain = new ExactIndex(Oracle.Model, 256, Manual with { SketchFrom = null });
        foreach (var (id, template) in Enumerable.Range(0, 3000).Select(i => (i, faces.Template(i, 0, Oracle.Model)))
            .Concat(strange.Select((t, i) => (10_000 + i, t))))
            plain.Add(id, id < 3000 ? id / 2 : id, template);
        for (var i = 0; i < strange.Length; i += 7)
        {
            Assert.Equal(10_000 + i, index.Search(strange[i]).Hits[0].Id);
            Assert.Equal(plain.Search(strange[i]).Hits, index.Search(strange[i]).Hits);
        }
        // After another training the new ones are at home too.
        index.TrainSketches();
        Assert.Equal(2, index.SketchVersion);
        for (var i = 0; i < strange.Length; i += 7)
            Assert.Equal(plain.Search(strange[i]).Hits, index.Search(strange[i]).Hits);
    }

    [Fact]
    public void Copies_of_a_few_vectors_are_ranked_by_id_with_sketches_too()
    {
        var faces = new FaceLikeVectors(128, seed: 27);
        var gallery = Parallel(3000, i => faces.Template(i % 600, 0, Oracle.Model));
        var index = Fill(gallery, Manual);
        var expected = Enumerable.Range(0, 20).Select(i => index.Search(gallery[i], 40).Hits).ToArray();
        index.TrainSketches();
        Assert.Equal(1, index.SketchVersion);
        for (var i = 0; i < 20; i++)
            Assert.Equal(expected[i], index.Search(gallery[i], 40).Hits);

        var one = Fill([.. Enumerable.Repeat(gallery[0], 3000)], Manual);
        one.TrainSketches();
        Assert.Equal(0, one.SketchVersion); // Nothing to measure an error on.
        Assert.Equal([0L, 2L, 4L], one.Search(gallery[0], 3).Hits.Select(hit => hit.Id));
    }

    [Fact]
    public void A_removed_template_leaves_nothing_in_its_sketch()
    {
        var faces = new FaceLikeVectors(128, seed: 28);
        var gallery = Parallel(2000, i => Template.FromEmbedding(faces.Encounter(i, 0), Oracle.Model));
        var index = Fill(gallery, Manual);
        index.Remove(5);
        index.TrainSketches();
        index.Remove(6);
        var codes = new byte[index.Basis!.Elements];
        var found = 0;
        foreach (var segment in index.Segments)
        {
            for (var row = 0; row < segment.Published; row++)
            {
                segment.Sketches!.Read(row, codes);
                Assert.Equal(segment.IsErased(row), !codes.AsSpan().ContainsAnyExcept((byte)0));
                if (!segment.IsErased(row))
                    continue;
                found++;
                Assert.False(segment.Copy(row).ContainsAnyExcept((Half)0));
            }
        }
        Assert.Equal(2, found);
        Assert.DoesNotContain(index.Search(gallery[6]).Hits, hit => hit.Id == 6);
    }

    [Fact]
    public async Task Sketches_are_trained_in_the_background_and_again_when_the_gallery_has_grown()
    {
        var faces = new FaceLikeVectors(128, seed: 29);
        var index = new ExactIndex(Oracle.Model, 128, new ExactIndexOptions { SketchFrom = 2000 });
        var gallery = Parallel(9000, i => faces.Template(i, 0, Oracle.Model));
        for (var i = 0; i < 2000; i++)
            index.Add(i, i, gallery[i]);
        await Until(() => index.SketchVersion == 1 && index.Search(gallery[3]).Path == "exact-sketch");
        for (var i = 2000; i < 9000; i++)
            index.Add(i, i, gallery[i]);
        await Until(() => index.SketchVersion == 2);
        for (var i = 0; i < 9000; i += 500)
            Assert.Equal(i, index.Search(gallery[i]).Hits[0].Id);
    }

    [Fact]
    public async Task Searches_adds_and_removes_go_on_while_sketches_are_trained()
    {
        var faces = new FaceLikeVectors(128, seed: 30);
        var gallery = Parallel(6000, i => Template.FromEmbedding(faces.Encounter(i, 0), Oracle.Model));
        var index = Fill(gallery[..4000], Manual);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(60));
        var searches = 0;
        var training = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested && (index.SketchVersion < 3 || Volatile.Read(ref searches) <= 100))
                index.TrainSketches();
            stop.Cancel();
        });
        var writing = Task.Run(() =>
        {
            var random = new Random(1);
            var present = new HashSet<int>();
            while (!stop.IsCancellationRequested)
            {
                var id = random.Next(4000, 6000);
                if (present.Add(id))
                    index.Add(id, id, gallery[id]);
                else if (present.Remove(id))
                    Assert.True(index.Remove(id));
                Assert.Equal(present.Contains(id), index.Search(gallery[id], 1).Hits[0].Id == id);
            }
        });
        var reading = Task.Run(() =>
        {
            var random = new Random(2);
            while (!stop.IsCancellationRequested)
            {
                var id = random.Next(4000);
                var answer = index.Search(gallery[id]);
                Assert.Equal((id, 1f), (answer.Hits[0].Id, answer.Hits[0].Score));
                Assert.All(answer.Hits, hit => Assert.Equal(Cosine16(gallery[id], gallery[hit.Id]), hit.Score));
                searches++;
            }
        });
        await Task.WhenAll(training, writing, reading);
        Assert.True(index.SketchVersion >= 2 && searches > 100, $"{index.SketchVersion} trainings, {searches} searches");
    }

    [Fact]
    public void A_cancelled_training_leaves_searches_right()
    {
        var faces = new FaceLikeVectors(128, seed: 31);
        var gallery = Parallel(2000, i => faces.Template(i, 0, Oracle.Model));
        var index = Fill(gallery, Manual);
        Assert.ThrowsAny<OperationCanceledException>(() => index.TrainSketches(null, new CancellationToken(canceled: true)));
        Assert.Equal(0, index.SketchVersion);
        Assert.Equal(17, index.Search(gallery[17]).Hits[0].Id);
        var shares = new List<double>();
        index.TrainSketches(new Collector(shares));
        Assert.Equal(1, shares[^1]);
        Assert.Equal(shares.Order(), shares);
    }

    [Fact]
    public void Sketch_elements_that_do_not_fit_are_refused() =>
        Assert.All([0, 4, 12, 136], elements =>
            Assert.Throws<ArgumentException>(() => new ExactIndex(Oracle.Model, 128, Manual with { SketchElements = elements })));

    private static void CountLosses(int dimension, int subjects, int searches)
    {
        var faces = new FaceLikeVectors(dimension, seed: 20);
        var gallery = Parallel(2 * subjects, i => faces.Template(i / 2, i % 2, Oracle.Model));
        var sketched = Fill(gallery, Manual);
        sketched.TrainSketches();
        var plain = Fill(gallery, Manual with { SketchFrom = null });
        int lost = 0, mated = 0;
        long inFull = 0;
        for (var first = 0; first < searches; first += 1024)
        {
            var probes = Parallel(1024, i => faces.Template((first + i) * 2 % (4 * subjects), 9, Oracle.Model));
            var expected = plain.SearchBatch(probes);
            var found = sketched.SearchBatch(probes);
            for (var i = 0; i < probes.Length; i++)
            {
                Assert.Equal("exact-sketch", found[i].Path);
                inFull += found[i].ComparedInFull;
                mated += expected[i].Hits[0].Score > 0.5f ? 1 : 0;
                lost += expected[i].Hits.Except(found[i].Hits).Any() ? 1 : 0;
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{lost} of {searches} searches lost a candidate ({mated} found a mate); with 0 the rate is "
                + $"below {3.0 / searches:E1} at 95 % confidence; "
            + $"{inFull / (double)searches:F0} of {2 * subjects} templates compared in full");
        Assert.Equal(0, lost);
        Assert.InRange(mated, searches / 4, searches);
        Assert.InRange(inFull / (double)searches, 20, 0.5 * subjects);
    }

    private static float Cosine16(Template a, Template b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Dimension; i++)
        {
            dot += (double)a.Float16[i] * (double)b.Float16[i];
            aa += (double)a.Float16[i] * (double)a.Float16[i];
            bb += (double)b.Float16[i] * (double)b.Float16[i];
        }
        return (float)Math.Clamp(dot / Math.Sqrt(aa * bb), -1, 1);
    }

    private static Template[] Parallel(int count, Func<int, Template> make)
    {
        var all = new Template[count];
        System.Threading.Tasks.Parallel.For(0, count, i => all[i] = make(i));
        return all;
    }

    private static ExactIndex Fill(Template[] gallery, ExactIndexOptions options)
    {
        var index = new ExactIndex(Oracle.Model, gallery[0].Dimension, options);
        for (var i = 0; i < gallery.Length; i++)
            index.Add(i, i / 2, gallery[i]);
        return index;
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 6000 && !condition(); i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.True(condition());
    }

    private sealed class Collector(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
