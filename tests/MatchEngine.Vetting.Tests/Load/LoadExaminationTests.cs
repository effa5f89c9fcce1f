using MatchEngine.Vetting.Load;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;

namespace MatchEngine.Vetting.Tests.Load;

public class LoadExaminationTests
{
    private static readonly LoadPlan Plan = new()
    {
        Rising = new RisingRatesPlan
        {
            Objective = new LoadObjective(TimeSpan.FromSeconds(20), 0.5),
            StepDuration = TimeSpan.FromMilliseconds(50), WarmUp = TimeSpan.Zero,
            MaxRate = 2000, MaxDuration = TimeSpan.FromSeconds(1), Refinements = 0,
        },
        ClosedDuration = TimeSpan.FromMilliseconds(60), Workers = 2,
    };

    private static Task<LoadReport> Run(ISystemUnderTest target, LoadPlan plan, int size = 10) => LoadExamination.RunAsync(
        target, plan, [FakeFace.Input(0, 1), FakeFace.Input(1, 1)], size, null, null, TestContext.Current.CancellationToken);

    private static async Task<FakeTarget> Filled(TargetAbilities? abilities = null)
    {
        var target = abilities is null ? new FakeTarget() : new FakeTarget { Abilities = abilities };
        for (var person = 0; person < 10; person++)
            await target.EnrolAsync(new EnrolmentQuery($"p{person}", FakeFace.Input(person)), CallTerms.Usual, CancellationToken.None);
        return target;
    }

    [Fact]
    public async Task Searches_and_enrolments_are_measured_and_nobody_stays_behind()
    {
        await using var target = await Filled();
        var report = await Run(target, Plan);
        Assert.Equal([LoadOperation.Search, LoadOperation.Enrol], report.Measurements.Select(m => m.Operation));
        Assert.All(report.Measurements, m => Assert.True(m.Alone.Answered > 0 && m.Closed.Answered > 0));
        var found = await target.SearchAsync(
            new SearchQuery(FakeFace.Input(0)) { ListLength = 50 }, CallTerms.Usual, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 10).Select(p => $"p{p}"), found.Value!.Candidates.Select(c => c.Subject).Order());
    }

    [Fact]
    public async Task Where_templates_are_taken_the_gallery_is_filled_and_the_growth_told()
    {
        await using var target = await Filled();
        // FakeFace's templates have 48 dimensions and those that fill up 64: compared as far as the shorter one goes.
        var report = await Run(target, Plan with { GallerySizes = [40, 160], TemplateDimension = 64 });
        Assert.Equal([10, 40, 160], report.Measurements.Where(m => m.Operation == LoadOperation.SearchTemplate).Select(m => m.GallerySize));
        Assert.Contains(report.Growth, g => g.Operation == LoadOperation.Search && g.Fit.Sizes == 3);
        var found = await target.SearchAsync(
            new SearchQuery(FakeFace.Input(0)) { ListLength = 50 }, CallTerms.Usual, TestContext.Current.CancellationToken);
        Assert.Equal(10, found.Value!.Candidates.Count);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_said_with_its_reason()
    {
        await using var target = await Filled(TargetAbilities.AllBut(
            new Dictionary<Ability, string>
            {
                [Ability.EnrolTemplate] = "it takes photos", [Ability.SearchTemplate] = "it takes photos",
                [Ability.Remove] = "it forgets nobody",
            },
            ScoreScale.Cosine));
        var report = await Run(target, Plan with { GallerySizes = [40] });
        Assert.Equal([LoadOperation.Search], report.Measurements.Select(m => m.Operation));
        Assert.Equal(3, report.Skipped.Count);
        Assert.Contains(report.Skipped, s => s == "No gallery of 40 was made: it takes photos.");
        Assert.Contains(report.Skipped, s => s.EndsWith("could be removed again: it forgets nobody.", StringComparison.Ordinal));
        var found = await target.SearchAsync(
            new SearchQuery(FakeFace.Input(0)) { ListLength = 50 }, CallTerms.Usual, TestContext.Current.CancellationToken);
        Assert.Equal(10, found.Value!.Candidates.Count);
    }

    [Fact]
    public async Task Failures_of_the_target_are_errors_by_kind_and_a_photo_without_face_is_an_answer()
    {
        await using var target = await Filled();
        await using var closed = new Refusing(target);
        var report = await LoadExamination.RunAsync(
            closed, Plan, [FakeFace.Input(0, 1)], 10, null, null, TestContext.Current.CancellationToken);
        Assert.Equal(["timed-out (too slow)"], report.Measurements[0].Alone.Errors.Keys);
        Assert.Equal(0, report.Measurements[0].Alone.Answered);
        Assert.Null(report.Measurements[0].Open.AtObjective);
        closed.Kind = FailureKind.NoFace;
        report = await LoadExamination.RunAsync(
            closed, Plan, [FakeFace.Input(0, 1)], 10, null, null, TestContext.Current.CancellationToken);
        Assert.Empty(report.Measurements[0].Alone.Errors);
    }

    private sealed class Refusing(ISystemUnderTest inner) : DelegatingTarget(inner)
    {
        public FailureKind Kind { get; set; } = FailureKind.TimedOut;

        public override async Task<Exchange<SearchAnswer>> SearchAsync(
            SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
        {
            // Soon, and not at once: an error costs a moment too.
            await Task.Delay(1, cancellationToken);
            return new Exchange<SearchAnswer>(
                SentMessage.Nothing, null, new CallTimes(DateTimeOffset.UnixEpoch, TimeSpan.Zero, TimeSpan.Zero),
                new TargetFailure(Kind, "too slow", null));
        }
    }
}
