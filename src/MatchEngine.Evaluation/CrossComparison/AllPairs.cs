using System.Diagnostics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>
/// Compares every photo of a set with every other one: blocked matrix products whose scores go straight into an exact integer histogram. No
/// list of scores is kept, only the mated comparisons and the impostor comparisons with the highest scores.
/// </summary>
public static class AllPairs
{
    // Rows that one task works through; 128 rows of 512 floats and one panel stay in the second-level cache together.
    internal const int BlockRows = 128;

    // Pairs that are drawn to find the score from which impostor comparisons are kept.
    private const int SampledPairs = 50_000;

    /// <summary>Compares all pairs.</summary>
    /// <param name="embeddings">One embedding a photo; every one of length 1 (within 2 %).</param>
    /// <param name="images">Their subjects and labels. Photos that the metadata does not hold are faults.</param>
    /// <param name="faults">Takes photos that cannot be used.</param>
    /// <param name="options">Limits and the checkpoint.</param>
    /// <param name="progress">Told the share of comparisons that are done.</param>
    /// <param name="cancellationToken">Looked at in every block; the checkpoint is saved before the run ends.</param>
    /// <returns>The comparisons, in an order that does not depend on the order of the input.</returns>
    /// <exception cref="EvaluationException">An embedding is not of length 1,
    /// or there are more mated comparisons than may be held.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Comparisons Compare(
        EmbeddingSet embeddings, DataSet images, InputFaults faults, AllPairsOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(faults);
        options ??= new AllPairsOptions();
        var roster = Roster.Of(embeddings, images, faults);
        var state = Run(embeddings, roster, options, progress, cancellationToken);
        var (mated, impostors) = (new PairList(), new PairList());
        foreach (var block in state.Blocks)
        {
            mated.Add(roster.Photos(block.MatedFirst), roster.Photos(block.MatedSecond), block.MatedScores);
            impostors.Add(roster.Photos(block.First), roster.Photos(block.Second), block.Scores);
        }
        // Mated scores go on the same grid, so that both rates are counted at the same thresholds.
        var matedBins = new long[ScoreGrid.Bins];
        foreach (var score in mated.Scores)
            matedBins[ScoreGrid.BinOf((float)score)]++;
        var first = ScoreGrid.EdgeOf(0);
        return new Comparisons(
            images,
            mated,
            ScoreDistribution.OfHistogram(matedBins, first, ScoreGrid.Step),
            impostors,
            ScoreDistribution.OfHistogram(state.Histogram, first, ScoreGrid.Step),
            state.Floor,
            roster.PhotoOf)
        {
            AcquisitionFaults = roster.Failures,
            FailedMated = roster.FailedMated,
            FailedImpostors = roster.FailedImpostors,
            IdenticalPhotos = roster.Identical,
            LeftOut = roster.LeftOut,
            Qualities = roster.Qualities,
            ImpostorsAmong = (photos, cancel) => Among(embeddings, roster.Only(photos), cancel),
        };
    }

    /// <summary>Scores of listed pairs of photos, in folds.</summary>
    /// <param name="embeddings">One embedding a photo.</param>
    /// <param name="images">Their subjects and labels.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="faults">Takes pairs of which a photo has neither an embedding nor a reason why there is none.</param>
    public static Comparisons Compare(EmbeddingSet embeddings, DataSet images, IReadOnlyList<FoldPair> pairs, InputFaults faults)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(faults);
        var rowOf = new Dictionary<int, int>();
        for (var row = 0; row < embeddings.Count; row++)
        {
            if (images.IndexOf(embeddings.Images[row]) is >= 0 and var photo)
                rowOf[photo] = row;
        }
        CheckLengths(
            embeddings, [.. pairs.SelectMany(p => new[] { p.First, p.Second }).Distinct().Where(rowOf.ContainsKey).Select(p => rowOf[p])]);
        var failed = embeddings.Failures.ToDictionary(f => images.IndexOf(f.Image), f => f);
        var (mated, impostors) = (new PairList(), new PairList());
        var (failedMated, failedImpostors) = (new List<(int, int)>(), 0L);
        var leftOut = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var same = images.SubjectOf[pair.First] == images.SubjectOf[pair.Second];
            if (rowOf.TryGetValue(pair.First, out var x) && rowOf.TryGetValue(pair.Second, out var y))
            {
                if (embeddings.Digests[x] is { } digest && digest == embeddings.Digests[y])
                {
                    var reason = same ? Comparisons.IdenticalPhoto : Comparisons.IdenticalUnderSubjects;
                    leftOut[reason] = leftOut.GetValueOrDefault(reason) + 1;
                    continue;
                }
                var score = ScoreKernel.Dot(embeddings.Values(x), embeddings.Values(y));
                if (embeddings.Scale(x) != 1 || embeddings.Scale(y) != 1)
                    score *= embeddings.Scale(x) * embeddings.Scale(y);
                (same ? mated : impostors).Add(pair.First, pair.Second, score, pair.Fold);
            }
            else if (failed.ContainsKey(pair.First) || failed.ContainsKey(pair.Second))
            {
                if (same)
                    failedMated.Add((pair.First, pair.Second));
                else
                    failedImpostors++;
            }
            else
                faults.Add(
                    images.Name, 0, "missing image",
                    $"image '{images.Images[rowOf.ContainsKey(pair.First) ? pair.Second : pair.First]}' is compared and has neither an "
                        + "embedding nor a reason why there is none");
        }
        double[]? qualities = null;
        foreach (var (photo, row) in rowOf)
        {
            if (embeddings.Qualities[row] is not { } quality)
                continue;
            if (qualities is null)
            {
                qualities = new double[images.Images.Count];
                Array.Fill(qualities, double.NaN);
            }
            qualities[photo] = quality;
        }
        return new Comparisons(images, mated, impostors)
        {
            AcquisitionFaults = [.. failed.Where(f => f.Key >= 0).Select(f => f.Value).OrderBy(f => f.Image, StringComparer.Ordinal)],
            FailedMated = failedMated.Count,
            ListedFailedMated = failedMated,
            FailedImpostors = failedImpostors,
            LeftOut = leftOut,
            Qualities = qualities,
        };
    }

    private static ScoreDistribution Among(EmbeddingSet embeddings, Roster roster, CancellationToken cancellationToken)
    {
        using var packed = new PackedEmbeddings(embeddings, roster.RowOf);
        var histogram = new long[ScoreGrid.Bins];
        Parallel.For(
            0,
            (roster.RowOf.Length + BlockRows - 1) / BlockRows,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new AllPairsWorker(packed, roster.EndOfSubject, double.PositiveInfinity),
            (block, _, worker) =>
            {
                worker.Compare(block * BlockRows);
                return worker;
            },
            worker =>
            {
                lock (histogram)
                    worker.AddTo(histogram);
                worker.Dispose();
            });
        return ScoreDistribution.OfHistogram(histogram, ScoreGrid.EdgeOf(0), ScoreGrid.Step);
    }

    private static AllPairsState Run(
        EmbeddingSet embeddings, Roster roster, AllPairsOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var order = roster.RowOf;
        CheckLengths(embeddings, order);
        var matedPairs = roster.MatedPairs;
        if (matedPairs > options.MaximumMated)
            throw new EvaluationException(
                $"there are {matedPairs:N0} mated comparisons and at most {options.MaximumMated:N0} are held; "
                    + "limit the photos per subject in the protocol, or raise the limit");
        var floor = KeepFrom(embeddings, roster, options);
        using var packed = new PackedEmbeddings(embeddings, order);
        var blocks = (order.Length + BlockRows - 1) / BlockRows;
        var key = options.Checkpoint is null ? "" : roster.Key(embeddings, floor);
        var state = (options.Checkpoint is null ? null : AllPairsCheckpoint.Load(options.Checkpoint, key)) ?? new AllPairsState(floor);
        // A wave is long enough to keep all cores busy and short enough for progress, cancelling and saving.
        var wave = Math.Max(8, Environment.ProcessorCount * 4);
        var saved = Stopwatch.StartNew();
        while (state.Blocks.Count < blocks)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                if (options.Checkpoint is not null)
                    AllPairsCheckpoint.Save(options.Checkpoint, key, state);
                cancellationToken.ThrowIfCancellationRequested();
            }
            var start = state.Blocks.Count;
            var count = Math.Min(wave, blocks - start);
            var done = new AllPairsBlock[count];
            Parallel.For(
                0,
                count,
                () => new AllPairsWorker(packed, roster.EndOfSubject, floor),
                (i, _, worker) =>
                {
                    done[i] = worker.Compare((start + i) * BlockRows);
                    return worker;
                },
                worker =>
                {
                    lock (state)
                        worker.AddTo(state.Histogram);
                    worker.Dispose();
                });
            state.Blocks.AddRange(done);
            // Row blocks get shorter towards the end of the triangle.
            var left = (double)(blocks - state.Blocks.Count) / blocks;
            progress?.Report(1 - left * left);
            if (options.Checkpoint is not null && saved.Elapsed > options.CheckpointInterval)
            {
                AllPairsCheckpoint.Save(options.Checkpoint, key, state);
                saved.Restart();
            }
        }
        if (options.Checkpoint is not null)
            File.Delete(options.Checkpoint);
        return state;
    }

    internal static void CheckLengths(EmbeddingSet embeddings, int[] order)
    {
        foreach (var row in order)
        {
            var values = embeddings.Values(row);
            var length = Math.Sqrt(ScoreKernel.Dot(values, values)) * embeddings.Scale(row);
            if (Math.Abs(length - 1) > 0.02)
                throw new EvaluationException(
                    $"the embedding of '{embeddings.Images[row]}' has length {length:G4}; embeddings are "
                        + "compared by their inner product and must have length 1");
        }
    }

    // The score from which impostor comparisons are kept, on the grid, from a sample of pairs; −∞ where all can be kept.
    private static double KeepFrom(EmbeddingSet embeddings, Roster roster, AllPairsOptions options)
    {
        var pairs = roster.ImpostorPairs;
        var wanted = Math.Min(options.MaximumKept, Math.Max((long)(options.KeptFmr * pairs), Math.Min(options.MaximumKept, 1_000_000)));
        if (pairs <= wanted)
            return double.NegativeInfinity;
        var random = new RandomStream(0x5EED, 0);
        var order = roster.RowOf;
        var sample = new float[SampledPairs];
        for (var drawn = 0; drawn < sample.Length;)
        {
            var (i, j) = (random.Next(order.Length), random.Next(order.Length));
            if (i > j)
                (i, j) = (j, i);
            if (j < roster.EndOfSubject[i])
                continue;
            sample[drawn++] = Estimate(embeddings.Values(order[i]), embeddings.Values(order[j]))
                * embeddings.Scale(order[i]) * embeddings.Scale(order[j]);
        }
        Array.Sort(sample);
        // A little more than wanted, so that the sample's own error does not cut the wanted FMR off.
        var share = Math.Min(1, 1.05 * wanted / pairs + 3 * Math.Sqrt((double)wanted / pairs / SampledPairs));
        var floor = sample[(int)((1 - share) * (sample.Length - 1))];
        return ScoreGrid.EdgeOf(ScoreGrid.BinOf(floor));
    }

    // Four sums at a time: the sample needs no exact score, and one chain of additions would wait for itself.
    private static float Estimate(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var (s0, s1, s2, s3) = (0f, 0f, 0f, 0f);
        var k = 0;
        for (; k + 4 <= x.Length && k + 4 <= y.Length; k += 4)
        {
            s0 += x[k] * y[k];
            s1 += x[k + 1] * y[k + 1];
            s2 += x[k + 2] * y[k + 2];
            s3 += x[k + 3] * y[k + 3];
        }
        for (; k < x.Length; k++)
            s0 += x[k] * y[k];
        return s0 + s1 + (s2 + s3);
    }
}
