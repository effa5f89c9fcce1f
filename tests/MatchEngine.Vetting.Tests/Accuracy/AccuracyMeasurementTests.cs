using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Accuracy;

public sealed class AccuracyMeasurementTests : IDisposable
{
    private readonly SignFaces _faces = new(people: 60, photos: 4, seed: 3);
    private readonly string _journal = Path.Combine(Path.GetTempPath(), $"accuracy-{Guid.NewGuid():N}.jsonl");

    private static readonly Protocol Protocol = new()
    {
        Name = "test",
        Slices = [["group"]],
        MinimumSubjects = 10,
        Thresholds = [0.5],
        Bootstrap = new BootstrapPlan { Replicates = 100 },
        Identification = new IdentificationPlan { FalsePositiveRates = [0.3, 0.2], GallerySizes = [] },
    };

    public void Dispose()
    {
        _faces.Dispose();
        File.Delete(_journal);
    }

    private async Task<AccuracyResult> Measure(
        ISystemUnderTest target, int listLength = 50, CancellationToken? cancel = null, IProgress<RunProgress>? progress = null)
    {
        using var journal = RunJournal.Open(_journal, "test");
        return await AccuracyMeasurement.RunAsync(
            target, new AccuracyPlan
            {
                Folder = _faces.Folder, Images = _faces.Images, Protocol = Protocol, ListLength = listLength, MaxComparisons = 100,
            },
            journal, new InputFaults(strict: true), TimeProvider.System, progress, cancel ?? TestContext.Current.CancellationToken);
    }

    private JsonObject Expected() => ReportJson.Make(new EvaluationReport
    {
        Protocol = Protocol, Faults = new InputFaults(strict: true), DataSet = _faces.Images, System = "signs:",
        Identification = IdentificationEvaluation.Run(
            _faces.Embeddings, _faces.Images, Protocol, new InputFaults(strict: true),
            cancellationToken: TestContext.Current.CancellationToken),
    });

    [Fact]
    public async Task Through_the_port_the_report_is_that_of_eval_identify_on_the_same_split_to_the_last_byte()
    {
        await using var target = new SignTarget(_faces);
        var result = await Measure(target);
        var (expected, found) = (Expected(), ReportJson.Make(result.Identification));
        Assert.Equal(expected.ToJsonString(), found.ToJsonString());
        // The comparison above is of something.
        Assert.InRange(found["counts"]!["matedSearches"]!.GetValue<int>(), 60, 95);
        Assert.NotEmpty(found["identification"]!["thresholds"]!.AsArray());
        Assert.Equal(1, found["counts"]!["leftOut"]!.AsObject().Sum(reason => reason.Value!.GetValue<long>()));
        Assert.InRange(found["counts"]!["failedProbes"]!.GetValue<int>(), 1, 20);
    }

    [Fact]
    public async Task Comparisons_are_those_of_the_embeddings_and_go_to_the_same_evaluation()
    {
        await using var target = new SignTarget(_faces);
        var comparisons = (await Measure(target)).Verification!.Verification!.Comparisons;
        Assert.InRange(comparisons.MatedScores.Total, 40, 50);
        Assert.InRange(comparisons.ImpostorScores.Total, 40, 50);
        Assert.Equal(
            100, comparisons.MatedScores.Total + comparisons.ImpostorScores.Total + comparisons.FailedMated + comparisons.FailedImpostors);
    }

    [Fact]
    public async Task What_a_target_draws_out_is_bounded_so_that_the_run_can_be_gone_on_with()
    {
        await using var target = new DrawsOut(_faces);
        var first = await Measure(target);
        Assert.Equal(
            ReportJson.Make(first.Identification).ToJsonString(), ReportJson.Make((await Measure(target)).Identification).ToJsonString());
        Assert.All(File.ReadLines(_journal), line => Assert.InRange(line.Length, 1, RunJournal.LongestLine));
        // Who is enrolled under no id that could be kept is not enrolled.
        Assert.Contains("target: id too long", ReportJson.Make(first.Identification).ToJsonString(), StringComparison.Ordinal);
    }

    private sealed class DrawsOut(SignFaces faces) : SignTarget(faces)
    {
        private int _searches, _enrolments;

        public override async Task<Exchange<EnrolmentAnswer>> EnrolAsync(
            EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken)
        {
            var enrolled = await base.EnrolAsync(query, terms, cancellationToken);
            return enrolled.Answered(out var answer) && Interlocked.Increment(ref _enrolments) == 3
                ? await Answer(answer with { Subject = new string('x', 5 << 20) })
                : enrolled;
        }

        public override async Task<Exchange<SearchAnswer>> SearchAsync(
            SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
        {
            var list = await base.SearchAsync(query, terms, cancellationToken);
            return list.Answered(out var answer) && Interlocked.Increment(ref _searches) == 2
                ? await Answer(new SearchAnswer(
                [
                    .. answer.Candidates,
                    .. Enumerable.Range(60, 20_000).Select(i => new CandidateAnswer(i, $"{i}{new string('y', 300)}", -1)),
                ]))
                : list;
        }
    }

    [Fact]
    public async Task Where_nothing_could_be_made_of_it_nobody_is_enrolled()
    {
        await using var target = new SignTarget(_faces);
        using var journal = RunJournal.Open(_journal, "one photo");
        await Assert.ThrowsAsync<EvaluationException>(() => AccuracyMeasurement.RunAsync(
            target, new AccuracyPlan
            {
                Folder = _faces.Folder, Images = new DataSet("one", ["001/1.jpg"], ["a"]), Protocol = Protocol with { Slices = [] },
            },
            journal, new InputFaults(strict: true), TimeProvider.System, null, TestContext.Current.CancellationToken));
        Assert.Equal(0, target.Calls);
    }

    [Fact]
    public async Task A_mate_beyond_the_list_is_missed_and_the_report_says_how_long_lists_are()
    {
        await using var target = new SignTarget(_faces);
        var report = ReportJson.Make((await Measure(target, listLength: 2)).Identification);
        Assert.Equal(2, report["identification"]!["listLength"]!.GetValue<int>());
        var ranks = report["identification"]!["ranks"]!.AsArray();
        var expected = Expected()["identification"]!["ranks"]!.AsArray();
        Assert.Equal(expected[0]!["fnir"]!.ToJsonString(), ranks[0]!["fnir"]!.ToJsonString());
        Assert.True(ranks[1]!["misses"]!.GetValue<long>() > expected[1]!["misses"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_run_that_is_interrupted_and_resumed_asks_nothing_twice_and_finds_the_same()
    {
        await using var whole = new SignTarget(_faces);
        var expected = ReportJson.Make((await Measure(whole)).Identification).ToJsonString();
        File.Delete(_journal);

        await using var target = new SignTarget(_faces);
        using var cancel = new CancellationTokenSource();
        var told = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Measure(target, cancel: cancel.Token, progress: new Told(p =>
        {
            if (p.Step == "Searching" && ++told == 40)
                cancel.Cancel();
        })));
        Assert.InRange(target.Calls, 60, whole.Calls - 80);
        var resumed = await Measure(target);
        Assert.Equal(expected, ReportJson.Make(resumed.Identification).ToJsonString());
        Assert.Equal(whole.Calls, target.Calls);
    }

    [Fact]
    public async Task Candidates_whom_nobody_enrolled_here_are_strangers_and_the_report_says_so()
    {
        await using var target = new WithForeigners(_faces);
        var result = await Measure(target);
        var set = result.Identification.Identification!.Searches;
        Assert.All(set.Searches.Where(s => !s.HasFailed), s => Assert.Equal(0.99, s.HighestNonMate));
        Assert.All(set.Mated.Where(s => s.MateRank is not null), s => Assert.True(s.MateRank > 1));
        Assert.Contains(
            result.Identification.Identification!.Notes,
            note => note.Contains("nobody whom this examination enrolled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_scores_ranks_are_evaluated_and_no_threshold_is_set()
    {
        await using var target = new WithoutScores(_faces);
        var result = await Measure(target);
        var report = ReportJson.Make(result.Identification);
        Assert.Empty(report["identification"]!["points"]!.AsArray());
        Assert.Empty(report["identification"]!["thresholds"]!.AsArray());
        Assert.Empty(result.Transfer);
        var miss = report["identification"]!["ranks"]![0]!["misses"]!.GetValue<long>();
        // Ties are broken by the target: some mates that stand last among equals here stand first there.
        Assert.InRange(miss, 1, Expected()["identification"]!["ranks"]![0]!["misses"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_target_that_refuses_the_examiner_ends_the_run_and_not_as_a_thousand_misses()
    {
        await using var target = new Refusing(_faces, FailureKind.Unauthorised);
        var refused = await Assert.ThrowsAsync<VettingException>(() => Measure(target));
        Assert.Contains("refuses the examiner", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_that_come_later_are_waited_for_and_the_run_goes_on()
    {
        await using var later = new Refusing(_faces, FailureKind.Pending);
        var pending = await Assert.ThrowsAsync<AnswersPendingException>(() => Measure(later));
        Assert.True(pending.Pending > 60);
        later.Kind = null;
        var result = await Measure(later);
        Assert.Equal(Expected().ToJsonString(), ReportJson.Make(result.Identification).ToJsonString());
    }

    [Fact]
    public async Task A_photo_outside_the_data_sets_folder_is_sent_to_nobody()
    {
        var secret = Path.Combine(Path.GetTempPath(), $"secret-{Guid.NewGuid():N}.jpg");
        await File.WriteAllTextAsync(secret, "secret", TestContext.Current.CancellationToken);
        try
        {
            await using var target = new SignTarget(_faces);
            using var journal = RunJournal.Open(_journal, "test");
            var images = new DataSet("x", ["../" + Path.GetFileName(secret), "001/1.jpg"], ["a", "b"]);
            var refused = await Assert.ThrowsAsync<VettingException>(() => AccuracyMeasurement.RunAsync(
                target, new AccuracyPlan { Folder = _faces.Folder, Images = images, Protocol = Protocol with { Slices = [] } }, journal,
                new InputFaults(strict: true), TimeProvider.System, null, TestContext.Current.CancellationToken));
            Assert.Contains("sent to nobody", refused.Message, StringComparison.Ordinal);
            Assert.Equal(0, target.Calls);
        }
        finally
        {
            File.Delete(secret);
        }
    }

    private sealed class Told(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell(value);
    }

    private sealed class WithForeigners(SignFaces faces) : SignTarget(faces)
    {
        public override async Task<Exchange<SearchAnswer>> SearchAsync(
            SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
        {
            var exchange = await base.SearchAsync(query, terms, cancellationToken);
            return exchange.Answered(out var answer)
                ? new Exchange<SearchAnswer>(exchange.Sent, null, exchange.Times, new SearchAnswer(
                    [new CandidateAnswer(1, "who is this", 0.99), .. answer.Candidates]))
                : exchange;
        }
    }

    private sealed class WithoutScores(SignFaces faces) : SignTarget(faces)
    {
        public override TargetAbilities Abilities { get; } = TargetAbilities.AllBut(
            new Dictionary<Ability, string> { [Ability.CandidateScore] = "it tells none" }, ScoreScale.Unknown);

        public override async Task<Exchange<SearchAnswer>> SearchAsync(
            SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
        {
            var exchange = await base.SearchAsync(query, terms, cancellationToken);
            return exchange.Answered(out var answer)
                ? new Exchange<SearchAnswer>(exchange.Sent, null, exchange.Times, new SearchAnswer(
                    [.. answer.Candidates.Select(c => c with { Score = null })]))
                : exchange;
        }
    }

    private sealed class Refusing(SignFaces faces, FailureKind kind) : SignTarget(faces)
    {
        public FailureKind? Kind { get; set; } = kind;

        public override Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken) =>
            Kind is { } refusal ? Fail<SearchAnswer>(refusal) : base.SearchAsync(query, terms, cancellationToken);
    }
}
