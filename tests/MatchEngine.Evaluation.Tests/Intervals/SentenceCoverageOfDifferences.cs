using System.Globalization;
using System.Text;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.PairedReports;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Intervals;

/// <summary>Differences of two rates on the same people, and what is extrapolated.</summary>
internal sealed partial record SentenceCoverage
{
    // How much the second system's mates score above the first's.
    private const double Better = 0.25;

    // How much of a photo's or person's noise both systems see alike.
    private const double Alike = 0.7;

    private IEnumerable<(string Sentence, bool Holds)> Systems(int set, int replicates)
    {
        var random = new RandomStream(20261133, (ulong)set);
        var (photos, names, subjects, groups) = (new List<int>(), new List<string>(), new List<string>(), new List<string>());
        var (hard, alike) = (new double[2, People], new double[2, People]);
        var inGroup = new bool[People];
        for (var s = 0; s < People; s++)
        {
            (hard[0, s], hard[1, s]) = Both(ref random);
            (alike[0, s], alike[1, s]) = Both(ref random);
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
        var (mated, impostors) = (new PairList[] { new(), new() }, new PairList[] { new(), new() });
        var (own, rest) = (Math.Sqrt(PersonShare), Math.Sqrt(1 - PersonShare));
        for (var i = 0; i < photos.Count; i++)
        {
            for (var j = i + 1; j < photos.Count; j++)
            {
                var (a, b) = (photos[i], photos[j]);
                var noise = Both(ref random);
                for (var system = 0; system < 2; system++)
                {
                    var own2 = system == 0 ? noise.First : noise.Second;
                    if (a == b)
                        mated[system].Add(
                            i, j, MatedMean + system * Better + (inGroup[a] ? MatedShift : 0) - own * hard[system, a] + rest * own2);
                    else
                        impostors[system].Add(i, j, own * (alike[system, a] + alike[system, b]) / Math.Sqrt(2) + rest * own2);
                }
            }
        }
        var plan = Plan(0, []);
        var results = mated.Zip(impostors).Select(
            lists => VerificationEvaluation.Run(new Comparisons(images, lists.First, lists.Second), plan)).ToArray();
        var threshold = Solve(Above, Fmr);
        double Difference(bool group) => TrueFnmr(threshold - Better, group) - TrueFnmr(threshold, group);
        var comparison = ReportComparison.Of(
            File(plan, images, results[0], null), File(plan, images, results[1], null), replicates, (ulong)set + 1);
        yield return (
            "compare: FNMR of one system less that of another",
                Holds(comparison.Rates[0].Range, (Difference(true) + Difference(false)) / 2));
        yield return ("compare: the same of a group", Holds(comparison.Rates.Single(r => r.Value == "y").Range, Difference(true)));
        // The same people under other names: whoever compares reports of different people.
        var others = new DataSet(
            "others", names, [.. subjects.Select(s => s + "'")], new Dictionary<string, string[]>(), new Dictionary<string, string>())
        {
            Digest = "others",
        };
        var strangers = Strangers(set);
        var apart = ReportComparison.Of(
            File(plan, images, results[0], null),
            File(plan, others, VerificationEvaluation.Run(new Comparisons(others, strangers.Mated, strangers.Impostors), plan), null),
            replicates, (ulong)set + 1);
        yield return (
            "compare: FNMR of one system less that of another on other people",
            Holds(apart.Rates[0].Range, (Difference(true) + Difference(false)) / 2));

        // As many photos of each as in the first set, so that names fit; all people drawn anew.
        (PairList Mated, PairList Impostors) Strangers(int number)
        {
            var stream = new RandomStream(20261134, (ulong)number);
            var (m, n) = (new PairList(), new PairList());
            var effects = Enumerable.Range(0, People).Select(_ => (
                Hard: Deviate(ref stream), Alike: Deviate(ref stream), Group: stream.NextDouble() < 0.5)).ToArray();
            for (var i = 0; i < photos.Count; i++)
            {
                for (var j = i + 1; j < photos.Count; j++)
                {
                    var (a, b) = (photos[i], photos[j]);
                    if (a == b)
                        m.Add(
                            i, j,
                            MatedMean + Better + (effects[a].Group ? MatedShift : 0) - own * effects[a].Hard + rest * Deviate(ref stream));
                    else
                        n.Add(i, j, own * (effects[a].Alike + effects[b].Alike) / Math.Sqrt(2) + rest * Deviate(ref stream));
                }
            }
            return (m, n);
        }
    }

    // The report of one system as another evaluation reads it, with its tables beside it.
    private static ReportFile File(Protocol plan, DataSet images, VerificationResult? verification, IdentificationResult? identification)
    {
        var report = new EvaluationReport
        {
            Protocol = plan, Faults = new InputFaults(strict: true), DataSet = images, System = "s", Verification = verification,
            Identification = identification,
        };
        var folder = Directory.CreateTempSubdirectory("matchengine-coverage-").FullName;
        try
        {
            var file = Path.Combine(folder, "report.json");
            System.IO.File.WriteAllText(file, ReportJson.Write(report));
            foreach (var (name, table) in SubjectTables.Of(report))
                System.IO.File.WriteAllText(Path.Combine(folder, name + ".csv"), table, Encoding.UTF8);
            return ReportFile.Read(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double First, double Second) Both(ref RandomStream random)
    {
        var common = Math.Sqrt(Alike) * Deviate(ref random);
        return (common + Math.Sqrt(1 - Alike) * Deviate(ref random), common + Math.Sqrt(1 - Alike) * Deviate(ref random));
    }

    // What quality measures foretell: a score falls with the worse of what ails the two photos.
    private const double Ailing = 0.5;

    private IEnumerable<(string Sentence, bool Holds)> Discards(int set, int replicates)
    {
        var random = new RandomStream(20261135, (ulong)set);
        var (names, subjects, photos, qualities) = (new List<string>(), new List<string>(), new List<int>(), new List<double>());
        var hard = new double[People];
        for (var s = 0; s < People; s++)
        {
            hard[s] = Deviate(ref random);
            for (var p = Photos(ref random); p > 0; p--)
            {
                photos.Add(s);
                names.Add($"{s:D4}/{photos.Count:D6}");
                subjects.Add($"{s:D4}");
                qualities.Add(Deviate(ref random));
            }
        }
        var images = new DataSet("simulated", names, subjects);
        var mated = new PairList();
        for (var i = 0; i < photos.Count; i++)
        {
            for (var j = i + 1; j < photos.Count && photos[j] == photos[i]; j++)
                mated.Add(i, j, DiscardScore(hard[photos[i]], qualities[i], qualities[j], Deviate(ref random)));
        }
        var impostors = new PairList();
        for (var i = 1; i < photos.Count; i++)
        {
            if (photos[i] != photos[0])
                impostors.Add(0, i, Deviate(ref random));
        }
        // The second measure sees half of what the first one sees.
        var blurred = qualities.Select(q => Math.Sqrt(0.5) * q + Math.Sqrt(0.5) * Deviate(ref random)).ToArray();
        PhotoQuality Measure(string name, IReadOnlyList<double> values) =>
            new(name, names.Select((n, i) => (n, values[i])).ToDictionary(v => v.n, v => v.Item2));
        var result = VerificationEvaluation.Run(
            new Comparisons(images, mated, impostors),
            Plan(replicates, [DiscardThreshold]) with { Slices = [], FalseMatchRates = [0.1] },
            [Measure("sharp", qualities), Measure("blurred", blurred)]);
        var truth = DiscardTruth.Value;
        var sharp = result.PhotoDiscards.Single(d => d is { Measure: "sharp", Discarded: 0.1 });
        var other = result.PhotoDiscards.Single(d => d is { Measure: "blurred", Discarded: 0.1 });
        yield return ("reduction by refusing photos", Holds(sharp.Reduction.Range, truth.All - truth.Sharp));
        yield return ("reduction by refusing photos, by subject", Holds(sharp.ReductionBySubject.Range, truth.All - truth.Sharp));
        yield return ("FNMR beyond what the first measure leaves", Holds(other.BeyondFirst!.Value.Range, truth.Sharp - truth.Blurred));
        yield return (
            "FNMR beyond what the first measure leaves, by subject",
                Holds(other.BeyondFirstBySubject!.Value.Range, truth.Sharp - truth.Blurred));
    }

    private const double DiscardThreshold = 1.3;

    private double DiscardScore(double hard, double first, double second, double noise) =>
        MatedMean - Math.Sqrt(PersonShare) * hard + Ailing * (first + second) / Math.Sqrt(2) + Math.Sqrt(1 - PersonShare) * noise;

    // Refusing a tenth of the photos refuses what lies below the tenth percentile. Both noises are normal: one integral over two qualities.
    private Lazy<(double All, double Sharp, double Blurred)> DiscardTruth { get; } = new(() =>
    {
        var lowest = Normal(0.1);
        var (all, sharp, blurred) = (0.0, (Errors: 0.0, Left: 0.0), (Errors: 0.0, Left: 0.0));
        const int Steps = 400;
        var (weights, sum) = (new double[Steps], 0.0);
        double At(int step) => -5 + 10 * (step + 0.5) / Steps;
        for (var i = 0; i < Steps; i++)
            sum += weights[i] = Math.Exp(-At(i) * At(i) / 2);
        for (var i = 0; i < Steps; i++)
        {
            for (var j = 0; j < Steps; j++)
            {
                var weight = weights[i] * weights[j] / (sum * sum);
                var miss = 1 - Above(DiscardThreshold - MatedMean - Ailing * (At(i) + At(j)) / Math.Sqrt(2));
                all += weight * miss;
                if (At(i) > lowest && At(j) > lowest)
                    sharp = (sharp.Errors + weight * miss, sharp.Left + weight);
                var left = Above(
                    (lowest - Math.Sqrt(0.5) * At(i)) / Math.Sqrt(0.5)) * Above((lowest - Math.Sqrt(0.5) * At(j)) / Math.Sqrt(0.5));
                blurred = (blurred.Errors + weight * left * miss, blurred.Left + weight * left);
            }
        }
        return (all, sharp.Errors / sharp.Left, blurred.Errors / blurred.Left);

        static double Normal(double share) => NormalDeviate.Of(share);
    });

    // An index that loses some mates, more often those of some people.
    private IEnumerable<(string Sentence, bool Holds)> IndexCosts(int set, int replicates)
    {
        foreach (var (sentence, loss) in new[] { ("indexCost", 0.03), ("indexCost, no mate lost", 3.03 / (1.5 * People)) })
        {
            var random = new RandomStream(20261136, (ulong)set);
            var (names, subjects, exact, index) = (new List<string>(), new List<string>(), new List<Search>(), new List<Search>());
            var (own, rest) = (Math.Sqrt(PersonShare), Math.Sqrt(1 - PersonShare));
            // What was drawn alike for all photos of a person makes the misses of the index cluster as errors do.
            var cut = NormalDeviate.Of(1 - loss);
            for (var s = 0; s < (int)(1.5 * People); s++)
            {
                var awkward = Deviate(ref random);
                for (var p = Photos(ref random); p > 0; p--)
                {
                    var photo = names.Count;
                    names.Add($"{s:D4}/{photo:D6}");
                    subjects.Add($"{s:D4}");
                    var lost = own * awkward + rest * Deviate(ref random) > cut;
                    var found = random.NextDouble() < 0.95;
                    Search Made(bool isFound) => new()
                    {
                        Probe = names[photo], Photo = photo, Subject = s, IsMated = true, MateRank = isFound ? 1 : null,
                        MateScore = isFound ? 1 : null,
                    };
                    exact.Add(Made(found));
                    index.Add(Made(found && !lost));
                }
            }
            var images = new DataSet("simulated", names, subjects);
            var cost = IndexCost.Of(
                new SearchSet(50, exact) { Images = images }, new SearchSet(50, index) { Images = images }, 1, null,
                new BootstrapPlan { Replicates = replicates });
            yield return (sentence, Holds(cost.Range, 0.95 * loss));
        }
    }

    // Thresholds of rates that the data do not support.
    private IEnumerable<(string Sentence, bool Holds)> Tails(int set, int replicates)
    {
        var (comparisons, _) = Simulate(set);
        var supported = comparisons.ImpostorScores.Total;
        // Ten are supported: a tenth, and near a hundredth, of the rarest supported rate.
        var rates = new[] { 1.0, 0.101 }.Select(part => part / supported).ToArray();
        var found = VerificationEvaluation.Run(
            comparisons, Plan(replicates, []) with { Slices = [], FalseMatchRates = [Fmr, .. rates] }).Extrapolation!;
        foreach (var (rate, name) in rates.Zip(new[] { "a tenth", "a hundredth" }))
        {
            var point = found.Points.Single(p => p.Rate == rate);
            var truth = Solve(TrueFmr, rate);
            yield return ($"extrapolated threshold for {name} of the rarest FMR", Holds(point.ThresholdRange, truth));
            yield return ($"extrapolated FNMR at {name} of the rarest FMR", Holds(point.MissesRange, TrueFnmr(truth)));
        }
        var (searches, images) = NonMated(set);
        var plan = Plan(replicates, []);
        var tail = IdentificationEvaluation.Run([new SearchSet(50, searches) { Images = images }], plan).Extrapolation!;
        foreach (var times in new[] { 10, 100 })
        {
            var point = tail.Points.Single(p => p.Rate == Fpir && p.GallerySize == 50 * times);
            var truth = Solve(Above, 1 - Math.Pow(1 - Fpir, 1.0 / times));
            yield return ($"extrapolated threshold for a gallery {times} times as large", Holds(point.ThresholdRange, truth));
            yield return ($"extrapolated FNIR in a gallery {times} times as large", Holds(point.MissesRange, TrueFnmr(truth)));
        }
    }

    private (List<Search> Searches, DataSet Images) NonMated(int set)
    {
        var random = new RandomStream(20261137, (ulong)set);
        var (own, rest) = (Math.Sqrt(PersonShare), Math.Sqrt(1 - PersonShare));
        var (names, subjects, searches) = (new List<string>(), new List<string>(), new List<Search>());
        for (var s = 0; s < 12 * People; s++)
        {
            var (hard, alike, inGroup) = (Deviate(ref random), Deviate(ref random), random.NextDouble() < 0.5);
            for (var p = Photos(ref random); p > 0; p--)
            {
                var photo = names.Count;
                names.Add(string.Create(CultureInfo.InvariantCulture, $"{s:D4}/{photo:D6}"));
                subjects.Add($"{s:D4}");
                var mated = s % 6 == 0;
                searches.Add(new Search
                {
                    Probe = names[photo], Photo = photo, Subject = s, IsMated = mated,
                    MateScore = mated ? MatedMean + (inGroup ? MatedShift : 0) - own * hard + rest * Deviate(ref random) : null,
                    MateRank = mated ? 1 : null,
                    HighestNonMate = own * alike + rest * Deviate(ref random),
                });
            }
        }
        return (searches, Grouped(names, subjects, subjects.Select(_ => "x")));
    }
}
