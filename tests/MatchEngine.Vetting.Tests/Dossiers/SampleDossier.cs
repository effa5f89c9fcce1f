using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Vectors.Measurement;
using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Dossiers;
using MatchEngine.Vetting.Load;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Accuracy;

namespace MatchEngine.Vetting.Tests.Dossiers;

/// <summary>A dossier in which everything stands that can stand in one, with texts of a target that wants to be more than text.</summary>
internal static class SampleDossier
{
    public const string Hostile = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>{{body}}";

    private static readonly Lazy<AccuracyResult> Measured = new(Accuracy);

    public static Dossier Of(string told = "Fake", string version = "1.0", IReadOnlyList<Finding>? conduct = null, bool isSame = true) =>
        new()
        {
            Target = new ExaminedTarget(
                "fake:", "https://localhost:5001/", Identity(told, version),
                isSame ? Identity(told, version) : Identity(told, version + ".1"),
                new Dictionary<Ability, string> { [Ability.SearchTemplate] = $"it takes photos {told}" }),
            StartedAt = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
            EndedAt = new DateTimeOffset(2026, 11, 30, 12, 30, 0, TimeSpan.Zero),
            Agreement = new OwnerAgreement("A. Owner", new DateOnly(2026, 11, 29)),
            Conduct = conduct ?? Findings(told),
            Accuracy = Measured.Value,
            Load = new LoadReport(
                [new LoadMeasurement(LoadOperation.Search, 30, Run(null, 12), Run(null, 14), Curve())],
                [new LoadGrowth(LoadOperation.Search, new GrowthFit(0.01, 0.9, 0.02, 3))], [$"Enrolments were not measured: {told}."]),
            Photos = [new PhotoQualities("overall", "gallery", 30, 29, [20, 40, 50, 60, 80])],
            Expires = new DateOnly(2027, 11, 30),
            Provenance = new DossierProvenance(
                "MatchEngine 0.1.0", "signs", new string('a', 64), new string('b', 64), "test", new string('c', 64), 1, new string('d', 64),
                "an operating system, 2 cores"),
        };

    public static IReadOnlyList<Finding> Findings(string told, Verdict disclaimer = Verdict.Fail) =>
    [
        new(
            "disclaimer", "Every answer carries the disclaimer, word for word.", "PIA-054, Return",
            disclaimer, $"2 of 7 answers lack it: {told}",
            [Evidence.Of($"a search {told}", new Exchange<SearchAnswer>(
                new SentMessage(
                    "POST", $"https://localhost:5001/{told}", new Dictionary<string, string> { ["x"] = told }, new string('e', 64), 12),
                new ReceivedMessage(200, new Dictionary<string, string> { ["y"] = told }, new string('f', 64), 34, told),
                new CallTimes(DateTimeOffset.UnixEpoch, TimeSpan.Zero, TimeSpan.FromMilliseconds(12)), new SearchAnswer([])))]),
        new("list-length", "A list is as long as was asked for.", "PIA-054, Similarity scores", Verdict.Pass, "20 of 20", []),
        new("tls", "The connection is encrypted.", "none", Verdict.NotTestable, "it is reached in clear on this machine",
            [Evidence.Of("a search", new Exchange<SearchAnswer>(
                SentMessage.Nothing, null, new CallTimes(DateTimeOffset.UnixEpoch, TimeSpan.Zero, TimeSpan.Zero),
                new TargetFailure(FailureKind.TimedOut, told, told) { RetryAfter = TimeSpan.FromSeconds(3) }))]),
    ];

    private static TargetIdentity Identity(string told, string version) =>
        new(told, version, $"model {told}", new Dictionary<string, string> { [$"floor {told}"] = "0.35" });

    private static LatencySummary Latency(double p50) => new(5000, p50, p50, p50 * 1.5, p50 * 3, p50 * 5, p50 * 9);

    private static LoadRun Run(double? rate, double p50, string? bottleneck = null) => new()
    {
        Loop = rate is null ? LoadLoop.Closed : LoadLoop.Open, OfferedRate = rate, Workers = rate is null ? 4 : null,
        Duration = TimeSpan.FromSeconds(10), Requests = 5000, Answered = 4990, Errors = new Dictionary<string, long> { ["timed-out"] = 10 },
        Unsent = new Dictionary<string, long>(), Throughput = rate ?? 80, Latency = Latency(p50), ServiceTime = Latency(p50),
        WarmUp = new WarmUpRun(10, 0, Latency(p50)), Generator = new GeneratorUse(Latency(0.1), 0.1, bottleneck),
        Target = new ProcessUse(12, 1.2, 300 << 20, false, false),
    };

    private static LoadCurve Curve() => new(
        new LoadObjective(TimeSpan.FromMilliseconds(200), 0.01),
        [new LoadStep(Run(20, 12), null), new LoadStep(Run(40, 20), null), new LoadStep(
            Run(80, 300), "p99 is 900.0 ms; allowed are 200.0 ms.")],
        LoadEnd.ObjectiveBroken);

    private static AccuracyResult Accuracy()
    {
        using var faces = new SignFaces(60, 4, 3);
        var protocol = new Protocol
        {
            Name = "test", Slices = [["group"]], MinimumSubjects = 10, Thresholds = [0.5],
            Bootstrap = new BootstrapPlan { Replicates = 100 },
            Identification = new IdentificationPlan { FalsePositiveRates = [0.3, 0.2], GallerySizes = [] },
        };
        var faults = new InputFaults(strict: true);
        var result = IdentificationEvaluation.Run(faces.Embeddings, faces.Images, protocol, faults);
        return new AccuracyResult
        {
            Power = PowerStatement.Of(SearchSplit.Of(faces.Images, protocol), protocol),
            Identification = new EvaluationReport
            {
                Protocol = protocol, Faults = faults, DataSet = faces.Images, System = "fake:", Identification = result,
            },
            WithoutVerification = "the service has no such call",
            Transfer = TransferredThreshold.Of(result.Searches, protocol, CancellationToken.None),
            Enrolled = [],
            PhotosDigest = new string('b', 64),
        };
    }
}
