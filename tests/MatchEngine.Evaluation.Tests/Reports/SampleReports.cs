using System.Globalization;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Reports;

/// <summary>Reports of simulated people, with something of everything in them.</summary>
internal static class SampleReports
{
    private static readonly string[] Races = ["x", "y <b>&amp;</b>", "z, \"w\""];

    public static readonly Protocol Plan = new()
    {
        Name = "test",
        Slices = [["sex"], ["race"], ["sex", "race"], ["nothing"]],
        Reference = new Dictionary<string, string> { ["sex"] = "M" },
        FalseMatchRates = [0.1, 0.01, 0.001, 1e-6],
        GlobalFmr = 0.01,
        MinimumSubjects = 20,
        Bootstrap = new BootstrapPlan { Replicates = 150 },
        Identification = new IdentificationPlan { GallerySizes = [20, 50], FalsePositiveRates = [0.1, 0.01] },
        Ageing = new AgeingPlan { YearBands = [0, 4], AgeBands = [0, 18, 40] },
    };

    public static EvaluationReport Verification(int[]? order = null) =>
        Make(order, (embeddings, images, faults) => (VerificationEvaluation.Run(embeddings, images, Plan, null, faults), null));

    public static EvaluationReport Identification(int[]? order = null) =>
        Make(order, (embeddings, images, faults) => (null, IdentificationEvaluation.Run(embeddings, images, Plan, faults)));

    public static int[] Shuffled()
    {
        var order = Enumerable.Range(0, 300).ToArray();
        new RandomStream(5, 5).Shuffle<int>(order);
        return order;
    }

    private static EvaluationReport Make(
        int[]? order, Func<EmbeddingSet, DataSet, InputFaults, (VerificationResult?, IdentificationResult?)> run)
    {
        var (people, images) = SyntheticFaces.Make(
            100,
            _ => 3,
            48,
            71,
            new Dictionary<string, Func<int, int, string>>
            {
                ["sex"] = (s, _) => s % 3 == 0 ? "F" : "M",
                ["race"] = (s, _) => Races[s % 7 % 3],
                ["age"] = (s, p) => (12 + s % 40 + 2 * p).ToString(CultureInfo.InvariantCulture),
                ["captured_on"] = (_, p) => (2000 + 3 * p).ToString(CultureInfo.InvariantCulture),
            },
            noise: (s, p) => 0.7 + 0.2 * p + (s % 3 == 0 ? 0.3 : 0));
        order ??= [.. Enumerable.Range(0, people.Count)];
        var embeddings = new EmbeddingSet(48) { ModelDigest = "0123" };
        foreach (var i in order)
        {
            // One photo fails, two are the same file.
            if (people.Images[i] == "s000050/p001.jpg")
                embeddings.AddFailure(people.Images[i], "no face");
            else
                embeddings.Add(
                    people.Images[i], people.Values(i),
                    people.Images[i] is "s000060/p000.jpg" or "s000061/p000.jpg" ? "same" : people.Digests[i], people.Values(i)[0]);
        }
        var set = new DataSet(
            "people",
            [.. order.Select(i => images.Images[i])],
            [.. order.Select(i => images.Subjects[images.SubjectOf[i]])],
            images.ColumnNames.ToDictionary(c => c, c => order.Select(i => images.Column(c)[i]).ToArray()),
            new Dictionary<string, string>
            {
                ["sex"] = "self-reported",
                ["race"] = "machine-estimated (a tool)",
                ["age"] = "recorded",
                ["captured_on"] = "recorded",
            })
        { Digest = "abcd", Citation = "nobody, 2026" };
        var faults = new InputFaults(strict: false);
        faults.Add("a/b/scores.csv", 7, "malformed line", "3 columns where 4 were expected");
        var (verification, identification) = run(embeddings, set, faults);
        var report = new EvaluationReport
        {
            Protocol = Plan,
            Faults = faults,
            DataSet = set,
            System = "simulated",
            ModelDigest = embeddings.ModelDigest,
            Verification = verification,
            Identification = identification,
        };
        if (identification is not null)
            report = report with
            {
                IndexCosts = [IndexCost.Of(identification.Searches, identification.Searches, 20, null, Plan.Bootstrap)],
            };
        return verification is null ? report : report with { Corrected = verification, CorrectionsSource = "the test" };
    }
}
