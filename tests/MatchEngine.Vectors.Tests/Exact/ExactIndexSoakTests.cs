using System.Diagnostics;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests.Exact;

/// <summary>Searches while writers add and remove: every row that a search returns must be a whole row, and its own.</summary>
public class ExactIndexSoakTests
{
    private const int Dimension = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public Task A_few_seconds_of_everything_at_once() => Soak(TimeSpan.FromSeconds(4));

    [Fact(Explicit = true)]
    public Task Ten_minutes_of_everything_at_once() => Soak(TimeSpan.FromMinutes(10));

    private static async Task Soak(TimeSpan duration)
    {
        // Subject and vector follow from the id, so that any row of an answer can be checked by itself. Ids below 100 never leave.
        const int Ids = 4000, Lasting = 100, Writers = 3;
        var random = new Random(71);
        var templates = Enumerable.Range(0, Ids).Select(_ => Oracle.Random(random, Dimension)).ToArray();
        var probes = Enumerable.Range(0, 16).Select(_ => Oracle.Random(random, Dimension)).ToArray();
        var scores = probes.Select(probe => templates.Select(template => Oracle.Score(probe, template)).ToArray()).ToArray();
        static long SubjectOf(long id) => id < Lasting ? id : Lasting + (id % 500);

        var index = new ExactIndex(Oracle.Model, Dimension, parallelism: 2, DotKernel.Best, segmentRows: 97);
        for (var id = 0; id < Lasting; id++)
            index.Add(id, SubjectOf(id), templates[id]);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        long searches = 0, writes = 0;
        var writers = Enumerable.Range(0, Writers).Select(w => Task.Run(() =>
        {
            // Each writer owns the ids that are w modulo 3 and knows which of them are in: what it removed must be gone at once.
            var mine = new Random(w);
            var present = new HashSet<int>();
            while (!stop.IsCancellationRequested)
            {
                var id = Lasting + (mine.Next((Ids - Lasting) / Writers) * Writers) + w;
                // Tides, so that segments die in numbers and not only one by one.
                var rising = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 4) % 2 == 0;
                if (!rising)
                    Assert.Equal(present.Remove(id), index.Remove(id));
                else if (present.Add(id))
                    index.Add(id, SubjectOf(id), templates[id]);
                if (Interlocked.Increment(ref writes) % 64 == 0)
                {
                    var answer = index.Search(templates[id], 1, 0.9999f, SubjectSet.Only(SubjectOf(id)));
                    Assert.Equal(present.Contains(id), answer.Hits.Any(hit => hit.Id == id));
                }
            }
        }, CancellationToken.None)).ToArray();
        var readers = Enumerable.Range(0, 3).Select(r => Task.Run(() =>
        {
            var mine = new Random(100 + r);
            while (!stop.IsCancellationRequested)
            {
                var p = mine.Next(probes.Length);
                var answers = mine.Next(4) == 0 ? index.SearchBatch([probes[p], probes[p]], 700) : [index.Search(probes[p], 700)];
                foreach (var answer in answers)
                {
                    Assert.All(answer.Hits, hit => Assert.Equal((SubjectOf(hit.Id), scores[p][hit.Id]), (hit.Subject, hit.Score)));
                    Assert.Equal(Lasting, answer.Hits.Count(hit => hit.Id < Lasting));
                    Assert.Equal(answer.Hits.Count, answer.Hits.Select(hit => hit.Subject).Distinct().Count());
                    Assert.Equal(answer.Hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id), answer.Hits);
                }
                Interlocked.Add(ref searches, answers.Count);
            }
        }, CancellationToken.None)).ToArray();

        // On a busy machine it goes on until enough was done.
        var all = Task.WhenAll([.. writers, .. readers]);
        var watch = Stopwatch.StartNew();
        while (!all.IsCompleted && (watch.Elapsed < duration
            || ((Interlocked.Read(ref searches) <= 100 || Interlocked.Read(ref writes) <= 1000) && watch.Elapsed < duration + Patience)))
            await Task.Delay(20, CancellationToken.None);
        await stop.CancelAsync();
        await all;
        TestContext.Current.TestOutputHelper?.WriteLine($"{searches} searches, {writes} writes");
        Assert.True(searches > 100 && writes > 1000, $"only {searches} searches and {writes} writes ran: the soak tested too little");
    }
}
