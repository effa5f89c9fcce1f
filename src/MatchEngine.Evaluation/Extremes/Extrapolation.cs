using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Extremes;

/// <summary>A threshold, and what it would cost, beyond what was measured.</summary>
/// <param name="Rate">FMR, or FPIR in a gallery of <paramref name="GallerySize"/>.</param>
/// <param name="GallerySize">Enrolled subjects; null for comparisons.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="ThresholdRange">Its 95 % interval by drawing subjects.</param>
/// <param name="Misses">FNMR or FNIR at it, measured on the mated comparisons or searches at hand.</param>
/// <param name="MissesRange">Its 95 % interval; each draw has its own threshold.</param>
public sealed record ExtrapolatedPoint(
    double Rate, int? GallerySize, double Threshold, Interval ThresholdRange, double Misses, Interval MissesRange);

/// <summary>
/// Rates beyond the data: a generalised Pareto tail fitted to the highest scores of different people, by which thresholds for rarer errors
/// and larger galleries are extrapolated (ISO/IEC 5152:2024 describes such estimates). They rest on the assumption that the tail goes on as
/// it began, and a few wrong labels among the highest scores bend it; they are never to be taken for measurements.
/// </summary>
/// <param name="From">The score where the tail begins.</param>
/// <param name="Exceedances">How many scores it was fitted to.</param>
/// <param name="Shape">ξ.</param>
/// <param name="ShapeRange">Its 95 % interval by drawing subjects.</param>
/// <param name="Points">What was extrapolated.</param>
public sealed record Extrapolation(
    double From, int Exceedances, double Shape, Interval ShapeRange, IReadOnlyList<ExtrapolatedPoint> Points)
{
    /// <summary>How many scores make the tail at the most; more would reach into the midst of the scores.</summary>
    public const int MostExceedances = 1000;

    /// <summary>With fewer no shape can be told.</summary>
    public const int LeastExceedances = 100;

    /// <summary>The share of the scores that make the tail at the most.</summary>
    public const double TailShare = 0.05;

    /// <summary>By what factor below the rarest supported rate estimates go at the most.</summary>
    public const double Furthest = 100;

    // Each draw is a fit of its own.
    private const int MostReplicates = 300;

    /// <summary>Fits the tail and extrapolates.</summary>
    /// <param name="scores">The highest scores of different people with the one or two subjects that each belongs to (twice the same for
    /// one), in any order; at least those that the tail is made of.</param>
    /// <param name="trials">How many scores there are in all.</param>
    /// <param name="wanted">The rates, each with a gallery size or null, and the rate that it means among the scores at hand.</param>
    /// <param name="exceeding">From the threshold of the tail to the rate of scores at or above it, by subject.</param>
    /// <param name="mated">Mated scores with the subject of each; NaN for a miss at any threshold.</param>
    /// <param name="bootstrap">Draws the subjects.</param>
    /// <returns>Null where there are too few scores, or nothing is wanted.</returns>
    internal static Extrapolation? Of(
        IReadOnlyList<(double Score, int First, int Second)> scores,
        long trials,
        IReadOnlyList<(double Rate, int? GallerySize, double Here)> wanted,
        Func<double, SubjectRate> exceeding,
        IReadOnlyList<(double Score, int Subject)> mated,
        SubjectBootstrap bootstrap)
    {
        var count = (int)Math.Min(Math.Min(MostExceedances, trials * TailShare), scores.Count - 1);
        if (count < LeastExceedances || wanted.Count == 0 || mated.Count == 0)
            return null;
        var tail = scores.OrderByDescending(s => s.Score).ThenBy(s => s.First).ThenBy(s => s.Second).Take(count + 1).ToArray();
        var from = tail[^1].Score;
        tail = [.. tail.Where(s => s.Score > from)];
        if (tail.Length < LeastExceedances)
            return null;
        var excesses = tail.Select(s => s.Score - from).ToArray();
        var rate = exceeding(Math.BitIncrement(from));
        var fit = ParetoFit.Of(excesses);
        var points = wanted.Where(w => w.Here < rate.Rate && w.Here >= 10.0 / trials / Furthest).ToArray();
        if (points.Length == 0)
            return null;
        var sorted = mated.Select(m => double.IsNaN(m.Score) ? double.NegativeInfinity : m.Score).ToArray();
        var owners = mated.Select(m => m.Subject).ToArray();
        Array.Sort(sorted, owners);
        var everybody = new int[bootstrap.Subjects];
        Array.Fill(everybody, 1);

        var replicates = Math.Min(MostReplicates, bootstrap.Replicates);
        var (shapes, thresholds, misses, there) = (
            new double[replicates], new double[points.Length][], new double[points.Length][], new double[points.Length][]);
        for (var p = 0; p < points.Length; p++)
            (thresholds[p], misses[p], there[p]) = (new double[replicates], new double[replicates], new double[replicates]);
        var found = Array.ConvertAll(points, point => At(fit, rate.Rate, point.Here));
        Parallel.For(0, replicates, r =>
        {
            var weights = new int[bootstrap.Subjects];
            bootstrap.Draw(r, weights);
            var own = tail.Select(s => (double)weights[s.First] * (s.First == s.Second ? 1 : weights[s.Second])).ToArray();
            var share = rate.Replicate(weights);
            if (own.All(w => w == 0) || !(share > 0))
            {
                shapes[r] = double.NaN;
                for (var p = 0; p < points.Length; p++)
                    thresholds[p][r] = misses[p][r] = there[p][r] = double.NaN;
                return;
            }
            var drawn = ParetoFit.Of(excesses, own);
            shapes[r] = drawn.Shape;
            for (var p = 0; p < points.Length; p++)
            {
                thresholds[p][r] = At(drawn, share, points[p].Here);
                misses[p][r] = MissesAt(thresholds[p][r], weights);
                there[p][r] = MissesAt(found[p], weights);
            }
        });
        // The people behind the tail are fewer than its scores: Student's t with as many degrees of freedom as they are worth.
        var people = OneWayRate.Kish([.. tail.SelectMany(t => t.First == t.Second ? [t.First] : new[] { t.First, t.Second })
            .CountBy(subject => subject).Select(own => (long)own.Value)]);
        var widened = BootstrapResult.Widening(people - 1);
        // A tail that goes on as it began has the same rates ahead wherever it is taken to begin: what a fit to its upper half says
        // otherwise is added five times to either side, as the simulation of eval/README.md needs it.
        var middle = tail[tail.Length / 2].Score;
        var upper = Array.FindAll(excesses, e => e > middle - from);
        ParetoFit? half = upper.Length > 1 && upper.Max() > middle - from
            ? ParetoFit.Of(Array.ConvertAll(upper, e => e - (middle - from)))
            : null;
        var upperRate = rate.Rate * upper.Length / excesses.Length;
        return new Extrapolation(from, tail.Length, fit.Shape, Range(shapes), [.. points.Select((point, p) =>
        {
            var (threshold, missed) = (found[p], MissesAt(found[p], everybody));
            var (range, drawn, own) = (
                Around(threshold, thresholds[p], widened, Otherwise(threshold, point.Here)), Range(misses[p]), Range(there[p]));
            // Misses rise with the threshold: what it may be off by and what they are off by at any threshold add up as errors do.
            return new ExtrapolatedPoint(
                point.Rate, point.GallerySize, threshold, range, missed,
                new Interval(
                    Math.Max(0, Math.Min(drawn.Low, missed - Both(missed - MissesAt(range.Low, everybody), missed - own.Low))),
                    Math.Min(1, Math.Max(drawn.High, missed + Both(MissesAt(range.High, everybody) - missed, own.High - missed)))));
        })]);

        static double Both(double first, double second) => Math.Sqrt(first * first + second * second);

        double Otherwise(double threshold, double wantedRate) => half is { } fitted && wantedRate < upperRate
            ? Math.Abs(middle + fitted.Quantile(wantedRate / upperRate) - threshold)
            : 0;

        double At(ParetoFit tailFit, double share, double wantedRate) => from + tailFit.Quantile(Math.Min(1, wantedRate / share));

        double MissesAt(double threshold, int[] weights)
        {
            var (below, all) = (0L, 0L);
            for (var i = 0; i < sorted.Length; i++)
            {
                all += weights[owners[i]];
                below += sorted[i] < threshold ? weights[owners[i]] : 0;
            }
            return all == 0 ? double.NaN : (double)below / all;
        }
    }

    // A tail that is fitted anew leans to one side of the first fit; the truth may as well lie on the other.
    private static Interval Around(double value, double[] draws, double widened, double otherwise)
    {
        var range = Range(draws);
        var reach = widened * Math.Max(value - range.Low, range.High - value) + 5 * otherwise;
        return new Interval(value - reach, value + reach);
    }

    private static Interval Range(double[] draws)
    {
        var known = Array.FindAll(draws, d => !double.IsNaN(d));
        Array.Sort(known);
        const double Tail = (1 - Interval.Confidence) / 2;
        return known.Length == 0
            ? new Interval(double.NaN, double.NaN)
            : new Interval(known[(int)(Tail * (known.Length - 1))], known[(int)Math.Ceiling((1 - Tail) * (known.Length - 1))]);
    }
}
