using System.Diagnostics;
using System.Globalization;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Programs;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;
using MatchEngine.Vetting.Tests.Targets;

namespace MatchEngine.Vetting.Tests.Programs;

public sealed class ProgramTargetContractTests : TargetContract
{
    internal override async Task<ISystemUnderTest> OpenAsync(FakeService service)
    {
        var server = new FakeProgramServer(service);
        return new Ended(
            await ProgramTarget.OpenAsync(server.Command, new TargetOptions { Timeout = TimeSpan.FromSeconds(60) }, CancellationToken.None),
            server);
    }

    private sealed class Ended(ISystemUnderTest target, FakeProgramServer server) : DelegatingTarget(target)
    {
        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}

public sealed class ProgramTargetTests : IDisposable
{
    private const string Description = """{"can":["search"],"scores":{"better":"bigger"}}""";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("{\"candidates\":[", FailureKind.BrokenAnswer)]
    [InlineData("", FailureKind.BrokenAnswer)]
    [InlineData("null", FailureKind.BrokenAnswer)]
    [InlineData("{\"candidates\":[{\"score\":1}]}", FailureKind.BrokenAnswer)]
    [InlineData("{\"candidates\":[null]}", FailureKind.BrokenAnswer)]
    [InlineData("{}", FailureKind.BrokenAnswer)]
    [InlineData("{\"failure\":{\"kind\":\"angry\"}}", FailureKind.BrokenAnswer)]
    [InlineData("{\"failure\":{\"kind\":\"noFace\",\"detail\":\"no\\nbody\"}}", FailureKind.NoFace)]
    public async Task What_a_program_prints_is_an_outcome(string printed, FailureKind kind)
    {
        var exchange = await SearchAsync(new TargetOptions(), "print", printed);
        Assert.Equal(kind, exchange.Failure?.Kind);
        Assert.Equal(("run", 0), (exchange.Sent.Verb, exchange.Received!.Status));
        Assert.DoesNotContain('\n', exchange.Failure!.Detail!);
    }

    [Fact]
    public async Task A_program_that_fails_tells_its_exit_code_and_complaint()
    {
        var exchange = await SearchAsync(new TargetOptions(), "fail", "3");
        Assert.Equal((FailureKind.TargetFault, "exit code 3"), (exchange.Failure!.Kind, exchange.Failure.Code));
        Assert.StartsWith("cannot go on", exchange.Failure.Detail, StringComparison.Ordinal);
        Assert.Equal(3, exchange.Received!.Status);
    }

    [Fact]
    public async Task A_program_that_prints_without_end_is_killed() => Assert.Equal(
        FailureKind.AnswerTooLarge, (await SearchAsync(new TargetOptions { MaxAnswerBytes = 1 << 20 }, "flood")).Failure?.Kind);

    [Fact]
    public async Task A_program_that_hangs_is_killed_with_its_children()
    {
        var exchange = await SearchAsync(new TargetOptions { Timeout = TimeSpan.FromSeconds(3) }, "hang-with-child", _file);
        Assert.Equal(FailureKind.TimedOut, exchange.Failure?.Kind);
        var ids = (await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken)).Split(' ').Select(int.Parse).ToList();
        Assert.Equal(2, ids.Count);
        Assert.All(ids, id => Assert.True(IsGone(id), $"process {id} lives"));
    }

    [Fact]
    public async Task A_program_whose_child_holds_its_output_open_is_given_up_in_time()
    {
        var exchange = await SearchAsync(new TargetOptions { Timeout = TimeSpan.FromSeconds(3) }, "leave-child", _file);
        Assert.Equal(FailureKind.TimedOut, exchange.Failure?.Kind);
        // Whoever made itself independent is the test's own to end.
        using var child = Process.GetProcessById(
            int.Parse(await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture));
        child.Kill();
    }

    [Fact]
    public async Task A_program_has_none_of_the_examiners_keys()
    {
        Environment.SetEnvironmentVariable("MATCHENGINE_TEST_KEY", "secret");
        var exchange = await SearchAsync(new TargetOptions(), "environment");
        Assert.True(exchange.Answered(out var answer), exchange.Failure?.Detail);
        Assert.Contains("PATH", answer.SearchId, StringComparison.Ordinal);
        Assert.DoesNotContain("MATCHENGINE", answer.SearchId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("print", "{}")]
    [InlineData("print", """{"can":["search"],"scores":{"better":"higher"}}""")]
    [InlineData("fail", "1")]
    public async Task Who_does_not_say_what_it_can_is_not_vetted(string how, string what) =>
        await Assert.ThrowsAsync<TargetUnusableException>(
            () => ProgramTarget.OpenAsync(FakeProgram.Command(how, what), new TargetOptions(), CancellationToken.None));

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<TargetUnusableException>(() =>
            ProgramTarget.OpenAsync(["/no/such/program"], new TargetOptions(), CancellationToken.None));
        Assert.Contains("/no/such/program", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Explicit: it starts some seventy processes.</summary>
    [Fact(Explicit = true)]
    public async Task A_program_is_vetted_like_a_service()
    {
        await using var server = new FakeProgramServer(new FakeService());
        var target = await ProgramTarget.OpenAsync(server.Command, new TargetOptions(), CancellationToken.None);
        var photos = new ConductPhotos(
            [.. Enumerable.Range(0, 6).Select(person => new ConductPerson(FakeFace.Input(person), FakeFace.Input(person, 1)))],
            [FakeFace.Input(100)]);
        var report = await ConductBattery.RunAsync(
            target, photos, new ConductOptions { OversizedBytes = 5 << 20, SearchesUnderLoad = 8 }, null,
            TestContext.Current.CancellationToken);
        Assert.DoesNotContain(report.Findings, one => one.Verdict == Verdict.Fail);
        Assert.Equal(
            ["transport", "credential-demanded", "wrong-credential", "audit-record", "other-organisation", "expected-strangers"],
            report.Findings.Where(one => one.Verdict == Verdict.NotTestable).Select(one => one.Check));
    }

    [Fact]
    public async Task What_it_cannot_do_is_not_asked()
    {
        var target = await ProgramTarget.OpenAsync(FakeProgram.Command("print", Description), new TargetOptions(), CancellationToken.None);
        Assert.Equal(Enum.GetValues<Ability>().Where(one => one != Ability.Search), target.Abilities.Missing.Keys.Order());
    }

    // The program that is searched says of itself only what it is told to; so it is opened by one that describes itself.
    private static async Task<Exchange<SearchAnswer>> SearchAsync(TargetOptions options, params string[] arguments)
    {
        var described = await ProgramTarget.OpenAsync(FakeProgram.Command("print", Description), options, CancellationToken.None);
        var target = described.With(FakeProgram.Command(arguments));
        return await target.SearchAsync(new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, CancellationToken.None);
    }

    private static bool IsGone(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.WaitForExit(5000);
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
