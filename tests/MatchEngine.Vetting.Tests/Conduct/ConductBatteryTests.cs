using System.Security.Cryptography;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;
using MatchEngine.Vetting.Tests.MappedHttp;
using MatchEngine.Vetting.Tests.Rest;

namespace MatchEngine.Vetting.Tests.Conduct;

/// <summary>Target × check: who misbehaves is caught by the checks that should, and by no other.</summary>
public class ConductBatteryTests
{
    private const int People = 24, Strangers = 14;

    private static readonly ConductPhotos Photos = new(
        [.. Enumerable.Range(0, People).Select(person => new ConductPerson(FakeFace.Input(person), FakeFace.Input(person, 1)))],
        [.. Enumerable.Range(100, Strangers).Select(person => FakeFace.Input(person))]);

    private static readonly ConductOptions Options = new() { OversizedBytes = 5 << 20, SearchesUnderLoad = 16, Tag = "vet" };

    /// <summary>Over REST: each target with the checks that it fails.</summary>
    public static TheoryData<string, string[]> Matrix => new()
    {
        { nameof(FakeService), [] },
        // What it keeps makes what it says of strangers false too.
        { nameof(KeepsProbes), ["expected-strangers", "probe-not-kept", "same-probe-twice"] },
        { nameof(DropsTheDisclaimer), ["disclaimer"] },
        { nameof(RewordsTheDisclaimer), ["disclaimer"] },
        { nameof(IgnoresTheFloor), ["expected-strangers", "length-and-floor", "score-floor"] },
        { nameof(IgnoresTheLength), ["length-and-floor", "list-length"] },
        { nameof(ReturnsOneName), ["list-length", "no-single-candidate", "ties"] },
        { nameof(ReturnsTheOneAbove), ["no-single-candidate"] },
        { nameof(LeaksRecords), ["other-organisation"] },
        { nameof(SharesEverything), ["other-organisation"] },
        { nameof(RanksTheSecondFirst), ["scores-monotone"] },
        { nameof(AnswersBackwards), ["rank-order"] },
        { nameof(ListsTheFirstTwice), ["rank-order"] },
        { nameof(ChangesScores), ["scores-repeatable"] },
        { nameof(LosesAScore), ["scores-present"] },
        { nameof(BreaksTiesByChance), ["ties"] },
        { nameof(LiesAboutItsModel), ["model-and-version"] },
        { nameof(ChangesItsModel), ["model-and-version"] },
        { nameof(FindsTheRemoved), ["removed-subject", "removed-under-load"] },
        { nameof(RemovesLate), ["removed-subject", "removed-under-load"] },
        { nameof(AsksForNoPurpose), ["purpose-demanded"] },
        { nameof(RecordsNoPurpose), ["audit-record"] },
        { nameof(KeepsNoRecord), ["audit-record"] },
        { nameof(OpensToNobody), ["credential-demanded"] },
        { nameof(TakesAnyKey), ["wrong-credential"] },
        { nameof(ComparesByName), ["comparison-score-only"] },
        { nameof(SeesFacesEverywhere), ["no-face"] },
        { nameof(TakesOneOfSeveral), ["several-faces"] },
        { nameof(ReadsAnyRecord), ["tattoo-record"] },
        { nameof(BreaksOnDamage), ["answers-in-time", "hostile-file", "oversized-file", "tattoo-record", "truncated-photo"] },
        { nameof(GuessesAtDamage), ["hostile-file", "tattoo-record"] },
        { nameof(IgnoresOrientation), ["exif-orientation"] },
        { nameof(UnderstatesStrangers), ["expected-strangers"] },
        { nameof(SaysNothingOfStrangers), ["expected-strangers"] },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Who_misbehaves_is_caught_by_the_checks_that_should(string service, string[] failed)
    {
        await using var target = await RestTargetTests.OpenAsync(Make(service));
        var report = await ConductBattery.RunAsync(target, Photos, Options, null, TestContext.Current.CancellationToken);
        AssertFails(failed, report);
        Assert.Equal(ConductBattery.Requirements.Select(one => one.Check), report.Findings.Select(one => one.Check));
    }

    /// <summary>The same over the mapped dialect, for those that the requirement names.</summary>
    public static TheoryData<string, string[]> Mapped => new()
    {
        { nameof(FakeService), [] },
        // What it keeps makes what it says of strangers false too.
        { nameof(KeepsProbes), ["expected-strangers", "probe-not-kept", "same-probe-twice"] },
        { nameof(IgnoresTheFloor), ["expected-strangers", "length-and-floor", "score-floor"] },
        { nameof(RanksTheSecondFirst), ["scores-monotone"] },
        { nameof(LeaksRecords), ["other-organisation"] },
        { nameof(FindsTheRemoved), ["removed-subject", "removed-under-load"] },
    };

    [Theory]
    [MemberData(nameof(Mapped))]
    public async Task A_service_behind_a_mapping_is_caught_alike(string service, string[] failed)
    {
        await using var target = await MappedTargetTests.OpenAsync(Make(service));
        AssertFails(failed, await ConductBattery.RunAsync(target, Photos, Options, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_stalls_is_caught_and_the_check_that_it_hit_says_nothing_else()
    {
        var server = await FakeRestServer.StartAsync(new Stalls());
        await using var target = new WithServer(
            await Vetting.Rest.RestTarget.OpenAsync(
                server.Address, FakeHttpServer.Options with { Timeout = TimeSpan.FromSeconds(3) }, CancellationToken.None),
            server);
        var report = await ConductBattery.RunAsync(target, Photos, Options, null, TestContext.Current.CancellationToken);
        AssertFails(["answers-in-time"], report);
        Assert.Contains(report.Findings, one => one.Verdict == Verdict.NotTestable && one.Explanation.Contains("TimedOut"));
    }

    [Fact]
    public async Task The_well_behaved_passes_what_can_be_tested_within_one_machine()
    {
        await using var target = await RestTargetTests.OpenAsync(new FakeService());
        var told = new List<Finding>();
        var report = await ConductBattery.RunAsync(target, Photos, Options, new Told(told), TestContext.Current.CancellationToken);
        Assert.Equal(["transport"], report.Findings.Where(one => one.Verdict == Verdict.NotTestable).Select(one => one.Check));
        Assert.Equal(report.Findings, told);
        Assert.Equal(People, report.Enrolled);
        Assert.All(report.Findings.Where(one => one.Check is not ("transport" or "answers-in-time")), one => Assert.NotEmpty(one.Evidence));
    }

    [Fact]
    public async Task A_service_that_says_why_it_does_not_say_is_not_caught()
    {
        await using var target = await RestTargetTests.OpenAsync(new SaysWhyNotOfStrangers());
        var report = await ConductBattery.RunAsync(target, Photos, Options, null, TestContext.Current.CancellationToken);
        AssertFails([], report);
        var finding = report.Findings.Single(one => one.Check == "expected-strangers");
        Assert.Equal(Verdict.NotTestable, finding.Verdict);
        Assert.EndsWith("too-few-comparisons", finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_stays_behind()
    {
        var service = new FakeService();
        await using var target = new FakeTarget(service);
        await ConductBattery.RunAsync(target, Photos, Options, null, TestContext.Current.CancellationToken);
        Assert.Empty(service.Search(Caller.Examiner, new SearchQuery(FakeFace.Input(1))).Candidates);

        using var ended = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ConductBattery.RunAsync(
            target, Photos, Options, new Told([], after: 5, ended.Cancel), ended.Token));
        Assert.Empty(service.Search(Caller.Examiner, new SearchQuery(FakeFace.Input(1))).Candidates);
    }

    /// <summary>Ended at one search after the other: also at those that run side by side.</summary>
    [Fact]
    public async Task Whenever_it_is_ended_it_ends()
    {
        using var never = new CancellationTokenSource();
        await using var whole = new EndsWithin(new FakeTarget(), int.MaxValue, never);
        await ConductBattery.RunAsync(whole, Photos, Options, null, TestContext.Current.CancellationToken);
        Assert.True(whole.Calls > 50);
        // The last checks search as often as the load lets them: so far every run comes.
        for (var calls = 1; calls <= 50; calls += 3)
        {
            var service = new FakeService();
            using var ended = new CancellationTokenSource();
            await using var target = new EndsWithin(new FakeTarget(service), calls, ended);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                ConductBattery.RunAsync(target, Photos, Options, null, ended.Token)).WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Empty(service.Search(Caller.Examiner, new SearchQuery(FakeFace.Input(1)) { ScoreFloor = 0.5 }).Candidates);
        }
    }

    private sealed class EndsWithin(ISystemUnderTest inner, int calls, CancellationTokenSource ended) : DelegatingTarget(inner)
    {
        private int _calls;

        public int Calls => _calls;

        public override async Task<Exchange<SearchAnswer>> SearchAsync(
            SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _calls) >= calls)
                await ended.CancelAsync();
            return await base.SearchAsync(query, terms, cancellationToken);
        }
    }

    /// <summary>Each search is answered in the round after the one that it was first made in.</summary>
    [Fact]
    public async Task Where_answers_come_later_it_ends_when_they_are_there_and_asks_for_none_twice()
    {
        await using var target = new AnswersNextTime(new FakeTarget());
        await using var whole = new FakeTarget { Abilities = target.Abilities };
        var expected = await ConductBattery.RunAsync(whole, Photos, Options, null, TestContext.Current.CancellationToken);
        var rounds = 0;
        ConductReport? report = null;
        while (report is null)
        {
            try
            {
                report = await ConductBattery.RunAsync(target, Photos, Options, null, TestContext.Current.CancellationToken);
            }
            catch (AnswersPendingException pending)
            {
                Assert.Equal(target.NewOnes, pending.Pending);
                Assert.True(++rounds < 8, $"{pending.Pending} are still pending");
                target.NextRound();
            }
        }
        Assert.Equal(expected.Findings.Select(Told), report.Findings.Select(Told));

        static (string, Verdict) Told(Finding finding) => (finding.Check, finding.Verdict);
    }

    private sealed class AnswersNextTime(ISystemUnderTest inner) : DelegatingTarget(inner)
    {
        private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
        private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

        public int NewOnes => _asked.Count;

        public override TargetAbilities Abilities { get; } = TargetAbilities.AllBut(
            new Dictionary<Ability, string> { [Ability.Remove] = "it takes letters" }, ScoreScale.Cosine);

        public void NextRound()
        {
            _answered.UnionWith(_asked);
            _asked.Clear();
        }

        public override async Task<Exchange<SearchAnswer>> SearchAsync(
            SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
        {
            var photo = (PhotoInput)query.Probe;
            var name = $"{Convert.ToHexString(SHA256.HashData(photo.Bytes.Span))} {query.ListLength} {query.ScoreFloor} {query.Purpose} "
                + $"{terms.Caller}";
            if (_answered.Contains(name))
                return await base.SearchAsync(query, terms, cancellationToken);
            _asked.Add(name);
            return new Exchange<SearchAnswer>(
                new SentMessage("write", name, new Dictionary<string, string>(), null, 0), null,
                new CallTimes(DateTimeOffset.UnixEpoch, TimeSpan.Zero, TimeSpan.Zero),
                new TargetFailure(FailureKind.Pending, null, null));
        }
    }

    [Fact]
    public async Task What_cannot_be_tested_says_why()
    {
        await using var target = new FakeTarget
        {
            Abilities = TargetAbilities.AllBut(
                new Dictionary<Ability, string> { [Ability.Enrol] = "it lets nobody enrol", [Ability.ScoreFloor] = "it knows no floor" },
                ScoreScale.Cosine),
        };
        var report = await ConductBattery.RunAsync(target, Photos, Options, null, TestContext.Current.CancellationToken);
        Assert.Equal(
            "a search cannot name a floor: it knows no floor", report.Findings.Single(one => one.Check == "score-floor").Explanation);
        Assert.Equal(
            "nobody could be enrolled: it lets nobody enrol", report.Findings.Single(one => one.Check == "list-length").Explanation);
        Assert.DoesNotContain(report.Findings, one => one.Verdict == Verdict.Fail);
    }

    [Fact]
    public void Every_requirement_has_an_id_words_and_a_source()
    {
        Assert.Equal(ConductBattery.Requirements.Count, ConductBattery.Requirements.Select(one => one.Check).Distinct().Count());
        Assert.All(ConductBattery.Requirements, one =>
        {
            Assert.Matches("^[a-z-]+$", one.Check);
            Assert.EndsWith(".", one.Requirement, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(one.Source));
        });
    }

    [Fact]
    public void Every_check_but_that_of_the_transport_is_failed_by_somebody_in_the_table()
    {
        var caught = Matrix.SelectMany(row => row.Data.Item2).ToHashSet();
        Assert.Equal(["transport"], ConductBattery.Requirements.Select(one => one.Check).Where(check => !caught.Contains(check)));
    }

    private static FakeService Make(string service) =>
        (FakeService)Activator.CreateInstance(typeof(FakeService).Assembly.GetType($"{typeof(FakeService).Namespace}.{service}")!)!;

    private static void AssertFails(string[] failed, ConductReport report)
    {
        var found = report.Findings.Where(one => one.Verdict == Verdict.Fail).ToList();
        Assert.True(
            failed.SequenceEqual(found.Select(one => one.Check).Order(StringComparer.Ordinal)),
            $"expected {string.Join(", ", failed)}, found:\n" + string.Join('\n', found.Select(one => $"{one.Check}: {one.Explanation}"))
                + "\nnot testable:\n" + string.Join(
                    '\n', report.Findings.Where(one => one.Verdict == Verdict.NotTestable).Select(
                        one => $"{one.Check}: {one.Explanation}")));
    }

    private sealed class Told(List<Finding> told, int after = int.MaxValue, Action? then = null) : IProgress<Finding>
    {
        public void Report(Finding value)
        {
            told.Add(value);
            if (told.Count == after)
                then?.Invoke();
        }
    }
}
