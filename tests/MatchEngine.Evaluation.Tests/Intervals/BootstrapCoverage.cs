using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Intervals;

/// <summary>Simulated sets with a known truth: how often do the intervals hold it?</summary>
internal static class BootstrapCoverage
{
    /// <summary>Mated comparisons: subjects differ in how many trials they have and in how error-prone they are.</summary>
    /// <param name="subjects">Number of subjects.</param>
    /// <param name="expectedErrors">Expected number of errors.</param>
    /// <param name="spread">Standard deviation over mean of the subjects' own error rates.</param>
    /// <param name="sets">How many sets are simulated.</param>
    /// <param name="replicates">Replicates of each bootstrap.</param>
    /// <param name="skewed">Whether photos per subject are as uneven as in LFW: most have two, a few have a hundred.</param>
    public static (double Bootstrap, double Wilson) OneWay(
        int subjects, double expectedErrors, double spread, int sets, int replicates, bool skewed = false)
    {
        var (bootstrap, wilson) = (0, 0);
        Parallel.For(0, sets, set =>
        {
            var random = new RandomStream(20260101, (ulong)set);
            var errors = new long[subjects];
            var trials = new long[subjects];
            // 1 … 9 trials a subject, mean 5; or all pairs of its photos.
            for (var s = 0; s < subjects; s++)
            {
                long photos = skewed ? Photos(ref random, 2) : 0;
                trials[s] = skewed ? photos * (photos - 1) / 2 : 1 + random.Next(9);
            }
            var rate = expectedErrors / (skewed ? trials.Sum() : subjects * 5.0);
            for (var s = 0; s < subjects; s++)
            {
                var own = Math.Min(1, rate * Gamma(ref random, spread));
                for (var t = 0; t < trials[s]; t++)
                    errors[s] += random.NextDouble() < own ? 1 : 0;
            }
            var statistic = new OneWayRate(errors, trials);
            var estimate = new SubjectBootstrap(subjects, replicates, (ulong)set + 1).Run([statistic])[0].ToEstimate();
            if (estimate.Range.Contains(rate))
                Interlocked.Increment(ref bootstrap);
            if (BinomialInterval.Wilson(statistic.Errors, statistic.Trials).Contains(rate))
                Interlocked.Increment(ref wilson);
        });
        return ((double)bootstrap / sets, (double)wilson / sets);
    }

    /// <summary>
    /// Impostor comparisons: every photo against every photo of other subjects;
    /// some subjects are alike with everybody ("lambs" and "wolves").
    /// </summary>
    /// <inheritdoc cref="OneWay"/>
    public static (double Bootstrap, double Wilson) TwoWay(
        int subjects, double expectedErrors, double spread, int sets, int replicates, bool skewed = false)
    {
        var (bootstrap, wilson) = (0, 0);
        Parallel.For(0, sets, set =>
        {
            var random = new RandomStream(20260202, (ulong)set);
            var photos = new int[subjects];
            var likeness = new double[subjects];
            for (var s = 0; s < subjects; s++)
            {
                photos[s] = skewed ? Photos(ref random, 1) : 1 + random.Next(3);
                likeness[s] = Gamma(ref random, spread);
            }
            // 1 … 3 photos a subject, mean 2.
            var pairs = ((double)photos.Sum() * photos.Sum() - photos.Sum(p => p * p)) / 2;
            var rate = expectedErrors / (skewed ? pairs : 4.0 * subjects * (subjects - 1) / 2);
            var counts = new SubjectPairCounts();
            for (var a = 0; a < subjects; a++)
            {
                for (var b = a + 1; b < subjects; b++)
                {
                    var own = Math.Min(1, rate * likeness[a] * likeness[b]);
                    for (var t = 0; t < photos[a] * photos[b]; t++)
                    {
                        if (random.NextDouble() < own)
                            counts.Add(a, b);
                    }
                }
            }
            var statistic = TwoWayRate.WithinGroup(counts, photos);
            var estimate = new SubjectBootstrap(subjects, replicates, (ulong)set + 1).Run([statistic])[0].ToEstimate();
            if (estimate.Range.Contains(rate))
                Interlocked.Increment(ref bootstrap);
            if (BinomialInterval.Wilson(statistic.Errors, statistic.Trials).Contains(rate))
                Interlocked.Increment(ref wilson);
        });
        return ((double)bootstrap / sets, (double)wilson / sets);
    }

    // Pareto with index 1.5, at most 100.
    private static int Photos(ref RandomStream random, int least) =>
        (int)Math.Min(100, least * Math.Pow(1 - random.NextDouble(), -1 / 1.5));

    // Gamma with mean 1 and the given coefficient of variation (Marsaglia and Tsang 2000).
    private static double Gamma(ref RandomStream random, double spread)
    {
        if (spread == 0)
            return 1;
        var shape = 1 / (spread * spread);
        var boost = 1.0;
        var k = shape;
        if (k < 1)
        {
            boost = Math.Pow(random.NextDouble(), 1 / k);
            k++;
        }
        var d = k - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = NormalDeviate.Of(Math.Clamp(random.NextDouble(), 1e-15, 1 - 1e-15));
            var v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(random.NextDouble()) < x * x / 2 + d - d * v + d * Math.Log(v))
                return boost * d * v / shape;
        }
    }
}
