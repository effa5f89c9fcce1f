using MathNet.Numerics.Distributions;
using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Intervals;

/// <summary>
/// Whole evaluations of simulated people of whom the truth is known in closed form: how often does each sentence with an interval hold it?
/// Mated scores are normal with mean 3, impostor scores with mean 0, both with variance 1, of which each person has a share of its own:
/// some people are hard to recognise, some are alike with everybody. Half of the people belong to a group whose mated scores are lower and
/// whose impostor scores are higher.
/// </summary>
/// <param name="People">Number of people.</param>
/// <param name="PersonShare">Share of the variance of mated scores, and of impostor scores, that belongs to the people.</param>
/// <param name="IsUneven">Whether photos are as uneven as in LFW (Pareto, index 1.5, 1 … 12) and not three for everybody.</param>
internal sealed partial record SentenceCoverage(int People, double PersonShare, bool IsUneven)
{
    /// <summary>FMR at which the threshold is set.</summary>
    public const double Fmr = 0.01;

    /// <summary>FPIR at which the threshold is set.</summary>
    public const double Fpir = 0.1;

    private const double MatedShift = -0.3;
    private const double ImpostorShift = 0.25;
    private const double MatedMean = 3;

    /// <summary>
    /// A design in which people differ little: 100 people with three photos each, a tenth of the variance between them.
    /// </summary>
    public static SentenceCoverage Mild { get; } = new(100, 0.1, false);

    /// <summary>A design in which a few people make most errors and have most photos: 100 people, a third of the variance between
    /// them.</summary>
    public static SentenceCoverage Hard { get; } = new(100, 1.0 / 3, true);

    private double TrueFmr(double t) => 0.25 * Above(t) + 0.5 * Above(t) + 0.25 * Above(t - ImpostorShift);

    private static double Above(double t) => Normal.CDF(0, 1, -t);

    private static double TrueFnmr(double t, bool inGroup) => Normal.CDF(0, 1, t - MatedMean - (inGroup ? MatedShift : 0));

    private static double TrueFnmr(double t) => (TrueFnmr(t, false) + TrueFnmr(t, true)) / 2;

    private static double Solve(Func<double, double> falling, double value)
    {
        var (low, high) = (-10.0, 10.0);
        for (var step = 0; step < 100; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = falling(middle) > value ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }

    /// <summary>Share of the simulated sets in which each sentence holds the truth.</summary>
    /// <param name="sets">How many sets.</param>
    /// <param name="replicates">Draws in each.</param>
    /// <param name="part">The part that is wanted; null for all.</param>
    public IReadOnlyDictionary<string, double> Run(int sets, int replicates, string? part = null)
    {
        (string Name, Func<int, int, IEnumerable<(string Sentence, bool Holds)>> Of)[] parts =
            [("comparisons", Set),
                ("searches", Searches), ("systems", Systems), ("discards", Discards), ("index", IndexCosts), ("tails", Tails)];
        var held = new SortedDictionary<string, (int Held, int Of)>(StringComparer.Ordinal);
        Parallel.For(0, sets, set =>
        {
            foreach (var (sentence, holds) in parts.Where(p => part is null || p.Name == part).SelectMany(p => p.Of(set, replicates)))
            {
                lock (held)
                    held[sentence] = held.GetValueOrDefault(sentence) is var (h, n) ? (h + (holds ? 1 : 0), n + 1) : default;
            }
        });
        return held.ToDictionary(h => h.Key, h => (double)h.Value.Held / h.Value.Of);
    }

    /// <summary>"FNMR at FMR f" alone, and the same sentence with the interval of a threshold that was there before the data.</summary>
    public (double SetAnew, double Fixed) AtFmr(int sets, int replicates)
    {
        var (anew, before) = (0, 0);
        Parallel.For(0, sets, set =>
        {
            var (comparisons, _) = Simulate(set);
            var result = VerificationEvaluation.Run(comparisons, Plan(replicates, []));
            var truth = TrueFnmr(Solve(TrueFmr, Fmr));
            var point = result.OperatingPoints[0];
            var old = VerificationEvaluation.Run(comparisons, Plan(replicates, [point.Threshold!.Value])).Thresholds[0];
            if (point.Fnmr!.Range.Contains(truth))
                Interlocked.Increment(ref anew);
            if (old.Fnmr!.Range.Contains(truth))
                Interlocked.Increment(ref before);
        });
        return ((double)anew / sets, (double)before / sets);
    }

    private static Protocol Plan(int replicates, double[] thresholds) => new()
    {
        Name = "simulation",
        FalseMatchRates = [Fmr],
        GlobalFmr = Fmr,
        Thresholds = thresholds,
        Slices = [["group"]],
        Reference = new Dictionary<string, string> { ["group"] = "x" },
        MinimumSubjects = 10,
        Bootstrap = new BootstrapPlan { Replicates = replicates },
        Identification = new IdentificationPlan { FalsePositiveRates = [Fpir], Ranks = [1], GallerySizes = [] },
    };

    private (Comparisons Comparisons, bool[] InGroup) Simulate(int set)
    {
        var random = new RandomStream(20261130, (ulong)set);
        var (photos, names, subjects, groups) = (new List<int>(), new List<string>(), new List<string>(), new List<string>());
        var (hard, alike, inGroup) = (new double[People], new double[People], new bool[People]);
        for (var s = 0; s < People; s++)
        {
            hard[s] = Deviate(ref random);
            alike[s] = Deviate(ref random);
            inGroup[s] = random.NextDouble() < 0.5;
            for (var p = Photos(ref random); p > 0; p--)
            {
                photos.Add(s);
                names.Add($"{s:D4}/{photos.Count:D6}");
                subjects.Add($"{s:D4}");
                groups.Add(inGroup[s] ? "y" : "x");
            }
        }
        var images = Grouped(names, subjects, groups);
        var (mated, impostors) = (new PairList(), new PairList());
        var (own, rest) = (Math.Sqrt(PersonShare), Math.Sqrt(1 - PersonShare));
        for (var i = 0; i < photos.Count; i++)
        {
            for (var j = i + 1; j < photos.Count; j++)
            {
                var (a, b) = (photos[i], photos[j]);
                if (a == b)
                    mated.Add(i, j, MatedMean + (inGroup[a] ? MatedShift : 0) - own * hard[a] + rest * Deviate(ref random));
                else
                    impostors.Add(
                        i, j, (inGroup[a] && inGroup[b] ? ImpostorShift : 0) + own * (alike[a] + alike[b]) / Math.Sqrt(2)
                            + rest * Deviate(ref random));
            }
        }
        return (new Comparisons(images, mated, impostors), inGroup);
    }

    private IEnumerable<(string Sentence, bool Holds)> Set(int set, int replicates)
    {
        var threshold = Solve(TrueFmr, Fmr);
        // Thresholds at which the truth is just above what "0 of n" says: how often is there no error then?
        var pairs = People * (People - 1) / 2;
        var noMiss = Solve(t => -TrueFnmr(t), -3.03 / People);
        var noFalseMatch = Solve(TrueFmr, 4.04 / pairs);
        var (comparisons, _) = Simulate(set);
        var result = VerificationEvaluation.Run(comparisons, Plan(replicates, [threshold, noMiss, noFalseMatch]));
        var (at, given) = (result.OperatingPoints[0], result.Thresholds);
        var fnmr = TrueFnmr(threshold);
        yield return ("FNMR at FMR f", at.Fnmr!.Range.Contains(fnmr));
        yield return ("FNMR at FMR f, by subject", at.FnmrBySubjectRange!.Value.Contains(fnmr));
        yield return ("FMR at the threshold that was set", at.Fmr!.Range.Contains(TrueFmr(at.Threshold!.Value)));
        yield return ("FNMR at a given threshold", given[0].Fnmr!.Range.Contains(fnmr));
        yield return ("FMR at a given threshold", given[0].Fmr!.Range.Contains(Fmr));
        yield return ("FNMR, 0 of n", given[1].Fnmr!.Range.Contains(TrueFnmr(noMiss)));
        yield return ("FMR, 0 of n", given[2].Fmr!.Range.Contains(TrueFmr(noFalseMatch)));
        var (x, y) = (result.Slicings[0].Slices.Single(s => s.Value == "x"), result.Slicings[0].Slices.Single(s => s.Value == "y"));
        yield return ("FNMR of a group", y.Fnmr.Range.Contains(TrueFnmr(threshold, true)));
        yield return ("FNMR of a group, by subject", y.FnmrBySubjectRange!.Value.Contains(TrueFnmr(threshold, true)));
        yield return ("FMR of a group", y.Fmr.Range.Contains(Above(threshold - ImpostorShift)));
        yield return ("FNMR of a group over that of another", Holds(y.FnmrRatio!.Range, TrueFnmr(threshold, true) / TrueFnmr(threshold,
            false)));
        yield return ("FMR of a group over that of another", Holds(y.FmrRatio!.Range, Above(threshold - ImpostorShift) / Above(threshold)));
        var bare = VerificationEvaluation.Run(Independent(set), Plan(0, []) with { Slices = [] }).OperatingPoints[0];
        yield return ("FNMR at FMR f, scores without subjects", bare.Fnmr!.Range.Contains(TrueFnmr(Solve(Above, Fmr), false)));
    }

    // Independent scores: what a file without subjects must be taken for.
    private Comparisons Independent(int set)
    {
        var random = new RandomStream(20261131, (ulong)set);
        var (mated, impostors) = (new PairList(), new PairList());
        for (var i = 0; i < 6 * People; i++)
            mated.Add(-1, -1, MatedMean + Deviate(ref random));
        for (var i = 0; i < 20 * People; i++)
            impostors.Add(-1, -1, Deviate(ref random));
        return new Comparisons(null, mated, impostors);
    }

    // Searches of half of the people who are enrolled and of half who are not; some photos are refused.
    private IEnumerable<(string Sentence, bool Holds)> Searches(int set, int replicates)
    {
        var random = new RandomStream(20261132, (ulong)set);
        var (own, rest) = (Math.Sqrt(PersonShare), Math.Sqrt(1 - PersonShare));
        var (names, subjects, groups, searches, refused) = (
            new List<string>(), new List<string>(), new List<string>(), new List<Search>(), new List<AcquisitionFault>());
        const double Refused = 1.5;
        for (var s = 0; s < 3 * People; s++)
        {
            var (hard, alike, awkward) = (Deviate(ref random), Deviate(ref random), Deviate(ref random));
            var inGroup = random.NextDouble() < 0.5;
            for (var p = Photos(ref random); p > 0; p--)
            {
                var photo = names.Count;
                names.Add($"{s:D4}/{photo:D6}");
                subjects.Add($"{s:D4}");
                groups.Add(inGroup ? "y" : "x");
                var mate = MatedMean + (inGroup ? MatedShift : 0) - own * hard + rest * Deviate(ref random);
                var other = own * alike + rest * Deviate(ref random);
                if (own * awkward + rest * Deviate(ref random) > Refused + (inGroup ? MatedShift : 0))
                    refused.Add(new AcquisitionFault(names[photo], "no_face"));
                searches.Add(new Search
                {
                    Probe = names[photo],
                    Photo = photo,
                    Subject = s,
                    IsMated = s % 2 == 0,
                    MateRank = s % 2 == 0 ? mate > other ? 1 : 2 : null,
                    MateScore = s % 2 == 0 ? mate : null,
                    HighestNonMate = other,
                    Candidates = [new SearchCandidate("other", other, false)],
                });
            }
        }
        var images = Grouped(names, subjects, groups);
        var threshold = Solve(Above, Fpir);
        var result = IdentificationEvaluation.Run(
            [new SearchSet(50, searches) { Images = images, Tried = [.. Enumerable.Range(0, names.Count)], AcquisitionFaults = refused }],
            Plan(replicates, [threshold]));
        var fnir = TrueFnmr(threshold);
        yield return ("FNIR at FPIR f", result.Points[0].Fnir!.Range.Contains(fnir));
        yield return ("FNIR at a given threshold", result.Thresholds[0].Fnir!.Range.Contains(fnir));
        yield return ("FPIR at a given threshold", result.Thresholds[0].Fpir!.Range.Contains(Fpir));
        var miss = (Normal.CDF(0, 1, -MatedMean / Math.Sqrt(2)) + Normal.CDF(0, 1, -(MatedMean + MatedShift) / Math.Sqrt(2))) / 2;
        yield return ("FNIR at rank 1", result.Ranks[0].Fnir.Range.Contains(miss));
        var y = result.Slices.Single(s => s.Value == "y");
        yield return ("FNIR of a group over that of another", Holds(y.FnirRatio!.Range, TrueFnmr(threshold, true) / TrueFnmr(threshold,
            false)));
        yield return ("FPIR of a group over that of another", Holds(y.FpirRatio!.Range, 1));
        var (often, seldom) = (Above(Refused + MatedShift), Above(Refused));
        yield return ("refused photos", result.Refusals[0].Rows[0].Rate.Range.Contains((often + seldom) / 2));
        yield return (
            "refused photos of a group over those of another",
            Holds(result.Refusals[1].Rows.Single(r => r is { Value: "y", Reason: RefusalSlicing.AnyReason }).Ratio!.Range, often / seldom));
    }

    private static bool Holds(Interval? range, double truth) =>
        range is { } r && truth >= r.Low && (!double.IsFinite(r.High) || truth <= r.High);

    private static DataSet Grouped(IReadOnlyList<string> names, IReadOnlyList<string> subjects, IEnumerable<string> groups) => new(
        "simulated", names, subjects, new Dictionary<string, string[]> { ["group"] = [.. groups] },
        new Dictionary<string, string> { ["group"] = "recorded" }) { Digest = "simulated" };

    private int Photos(ref RandomStream random) =>
        IsUneven ? (int)Math.Min(12, 1.5 * Math.Pow(1 - random.NextDouble(), -1 / 1.5)) : 3;

    private static double Deviate(ref RandomStream random) =>
        NormalDeviate.Of(Math.Clamp(random.NextDouble(), 1e-15, 1 - 1e-15));
}
