using MatchEngine.Faces.Tests.Models;
using MatchEngine.Tests;

namespace MatchEngine.Faces.Tests.Accuracy;

/// <summary>
/// What the pipeline is worth on real people, measured here by the plainest code there is. The limits are a little below what is
/// reached (benchmarks/results/faces.md has the values); a fall below them is a regression.
/// </summary>
[Collection(LfwCollection.Name)]
public sealed class AccuracyTests(AccuracyTests.Lfw lfw, ITestOutputHelper output)
{
    /// <summary>Extracts lfw-a when the first test needs it.</summary>
    public sealed class Lfw
    {
        private readonly Lazy<LabelledEmbeddings> _set = new(() => LabelledEmbeddings.Extract("lfw-a", Samples.Pipeline));

        internal LabelledEmbeddings Set
        {
            get
            {
                TestData.Require("lfw-a/metadata.csv");
                return _set.Value;
            }
        }
    }

    [Fact]
    public void Every_photo_of_lfw_has_a_face()
    {
        Assert.Equal(6144, lfw.Set.Images.Length);
        Assert.Empty(lfw.Set.Failures);
    }

    [Fact]
    public void Folds_of_lfw_reach_their_accuracy()
    {
        var (mean, error) = FoldAccuracy(lfw.Set, Pairs());
        output.WriteLine($"accuracy {mean:P2} ± {error:P2} (standard error of the folds)");
        Assert.True(mean >= 0.993, $"{mean:P3}");
    }

    [Fact]
    public void Other_peoples_models_reach_theirs_by_their_cards_alone()
    {
        // LFW's photos are 250 pixels wide: at 256 the detector sees them as they are.
        using var models = OtherModels.At(256);
        using var pipeline = new FacePipeline(models.Catalog, "mobilefacenet-yunet");
        var pairs = Pairs();
        var wanted = pairs.SelectMany(fold => fold).SelectMany(pair => (string[])[pair.First, pair.Second]).ToHashSet();
        var (mean, error) = FoldAccuracy(LabelledEmbeddings.Extract("lfw-a", pipeline, wanted.Contains), pairs);
        output.WriteLine($"YuNet + MobileFaceNet (128-d): accuracy {mean:P2} ± {error:P2}");
        Assert.True(mean >= 0.992, $"{mean:P3}");
    }

    private static (string First, string Second, bool Mated)[][] Pairs()
    {
        var lines = File.ReadAllLines(TestData.Require("lfw-a/pairs.txt"));
        var (folds, half) = (int.Parse(lines[0].Split('\t')[0]), int.Parse(lines[0].Split('\t')[1]));
        var pairs = Enumerable.Range(0, folds).Select(
            fold => lines.Skip(1 + 2 * half * fold).Take(2 * half).Select(line => line.Split('\t')).Select(cells => cells.Length == 3
            ? (Image(cells[0], cells[1]), Image(cells[0], cells[2]), true)
            : (Image(cells[0], cells[1]), Image(cells[2], cells[3]), false)).ToArray()).ToArray();
        Assert.Equal(3000, pairs.Sum(fold => fold.Length));
        return pairs;

        static string Image(string subject, string number) => $"images/{subject}/{subject}_{int.Parse(number):0000}.jpg";
    }

    /// <summary>LFW's protocol (Huang et al. 2007): each fold is judged at the threshold that is best on the others.</summary>
    private static (double Mean, double StandardError) FoldAccuracy(
        LabelledEmbeddings set, (string First, string Second, bool Mated)[][] pairs)
    {
        var index = set.Images.Select((image, i) => (image, i)).ToDictionary(pair => pair.image, pair => pair.i);
        var scores = pairs.Select(
            fold => fold.Select(pair => (Score: set.Score(index[pair.First], index[pair.Second]), pair.Mated)).ToArray()).ToArray();
        var accuracies = new double[scores.Length];
        for (var fold = 0; fold < scores.Length; fold++)
        {
            var others = scores.Where((_, other) => other != fold).SelectMany(pair => pair).ToArray();
            var threshold = others.Select(pair => pair.Score).MaxBy(
                candidate => others.Count(pair => pair.Score >= candidate == pair.Mated));
            accuracies[fold] = scores[fold].Count(pair => pair.Score >= threshold == pair.Mated) / (double)scores[fold].Length;
        }
        var mean = accuracies.Average();
        return (mean, Math.Sqrt(accuracies.Sum(accuracy => (accuracy - mean) * (accuracy - mean)) / (scores.Length - 1) / scores.Length));
    }

    [Fact]
    public void All_pairs_of_lfw_stay_below_their_error_rates()
    {
        var set = lfw.Set;
        var labels = set.Subjects.Distinct().Select((subject, i) => (subject, i)).ToDictionary(pair => pair.subject, pair => pair.i);
        var subject = set.Subjects.Select(name => labels[name]).ToArray();
        var impostors = new System.Collections.Concurrent.ConcurrentBag<List<float>>();
        var mated = new System.Collections.Concurrent.ConcurrentBag<(int Subject, double Score)>();
        long comparisons = 0;
        Parallel.For(0, subject.Length, () => (new List<float>(), 0L), (i, _, local) =>
        {
            for (var j = i + 1; j < subject.Length; j++)
            {
                var score = set.Score(i, j);
                if (subject[i] == subject[j])
                    mated.Add((subject[i], score));
                else
                {
                    local.Item2++;
                    // Scores below 0 are half of all and no threshold of interest.
                    if (score >= 0)
                        local.Item1.Add((float)score);
                }
            }
            return local;
        }, local =>
        {
            impostors.Add(local.Item1);
            Interlocked.Add(ref comparisons, local.Item2);
        });
        var above = impostors.SelectMany(list => list).ToArray();
        Array.Sort(above);
        Assert.Equal((18_811_950, 59_346), (comparisons, mated.Count));

        var allowed = (int)(1e-4 * comparisons);
        // Accepted at score ≥ T: the lowest T that at most this many impostors reach.
        var threshold = above[^(allowed + 1)] + 1e-7;
        var byPairs = mated.Count(pair => pair.Score < threshold) / (double)mated.Count;
        var bySubject = mated.GroupBy(pair => pair.Subject).Average(
            pairs => pairs.Count(pair => pair.Score < threshold) / (double)pairs.Count());
        output.WriteLine($"FMR 1e-4 at {threshold:0.0000}: FNMR {byPairs:P3} by pairs, {bySubject:P3} by subject");
        Assert.True(byPairs <= 0.0195, $"{byPairs:P3}");
        Assert.True(bySubject <= 0.0315, $"{bySubject:P3}");

        // The card's calibration was measured on these very comparisons.
        var calibration = Samples.Pipeline.Model.Calibrations!.RandomPairs;
        Assert.Equal(comparisons, calibration.Population.Comparisons);
        foreach (var score in (double[])[0.1, 0.2, 0.3, 0.34, 0.4, 0.44])
        {
            var counted = above.LongCount(value => value >= score) / (double)comparisons;
            Assert.InRange(calibration.At(score).Value!.Value, 0.97 * counted, 1.03 * counted);
        }
    }

    [Fact]
    public void First_photos_of_lfw_are_found_at_rank_one()
    {
        var set = lfw.Set;
        var first = new Dictionary<string, int>();
        for (var i = 0; i < set.Images.Length; i++)
            first.TryAdd(set.Subjects[i], i);
        var gallery = first.Values.ToArray();
        var probes = Enumerable.Range(0, set.Images.Length).Except(gallery).ToArray();
        Assert.Equal((2813, 3331), (gallery.Length, probes.Length));
        var hits = 0;
        Parallel.ForEach(probes, probe =>
        {
            var best = gallery.MaxBy(enrolled => set.Score(probe, enrolled));
            if (set.Subjects[best] == set.Subjects[probe])
                Interlocked.Increment(ref hits);
        });
        output.WriteLine($"rank-1 hit rate {hits / (double)probes.Length:P3} ({hits} of {probes.Length})");
        Assert.True(hits >= 0.981 * probes.Length, $"{hits} of {probes.Length}");
    }

    [Fact]
    public void Smiling_people_of_london_find_their_neutral_photo_at_rank_one()
    {
        TestData.Require("london-faces/metadata.csv");
        var set = LabelledEmbeddings.Extract("london-faces", Samples.Pipeline);
        var gallery = Enumerable.Range(0, set.Images.Length)
            .Where(i => set.Images[i].StartsWith("neutral/", StringComparison.Ordinal)).ToArray();
        var probes = Enumerable.Range(0, set.Images.Length)
            .Where(i => set.Images[i].StartsWith("smiling/", StringComparison.Ordinal)).ToArray();
        Assert.Equal((102, 102), (gallery.Length, probes.Length));
        Assert.All(probes, probe => Assert.Equal(set.Subjects[probe], set.Subjects[gallery.MaxBy(enrolled => set.Score(probe, enrolled))]));
    }
}
