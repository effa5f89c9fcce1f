using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;

namespace MatchEngine.Cli.Tests.Vetting;

/// <summary>Targets of three kinds, each examined by the command from beginning to end.</summary>
public sealed class VetTargetsTests : IDisposable
{
    private const int People = 24, Enrolled = People / 2;

    private readonly Matchengine _cli = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_json_service_is_examined_through_its_mapping_and_what_it_does_wrong_stands_in_the_dossier()
    {
        await using var good = await FakeJsonServer.StartAsync(new FakeService());
        await using var bad = await FakeJsonServer.StartAsync(new DropsTheDisclaimer());
        foreach (var (name, server) in new[] { ("good", good), ("bad", bad) })
            await RunAsync(
                0, name, "http:" + Mapping(name, server), "--parts", "accuracy,conduct,load", "--load-seconds", "0.2",
                "--load-minutes", "0.02", "--max-rate", "20", "--credential", Key(), "--other-credential", Key(FakeHttpServer.OtherKey));
        var dossier = Dossier("good");
        AssertAccurate(dossier);
        // Within one machine there is no TLS, and so few strangers are too few to count.
        Assert.Equal(["transport", "expected-strangers"], Checks(dossier, "not-testable"));
        Assert.Empty(Checks(dossier, "fail"));
        Assert.Equal(["disclaimer"], Checks(Dossier("bad"), "fail"));
        Assert.Equal("fake-colours", (string?)dossier["target"]!["atEnd"]!["model"]);
        Assert.NotEmpty(dossier["load"]!["measurements"]!.AsArray());
        var diff = _cli.Run("vet", "diff", _cli.File("good"), _cli.File("bad"), "--replicates", "100", "--json").Expect(0).Json;
        Assert.Equal(
            ["disclaimer"], diff.GetProperty("conduct").EnumerateArray().Select(row => row.GetProperty("subject").GetString()));
        foreach (var name in new[] { "good", "bad" })
            _cli.Run("vet", "check", _cli.File(name)).Expect(0);
    }

    [Fact]
    public async Task A_program_is_examined()
    {
        await using var server = new FakeProgramServer(new FakeService());
        var words = string.Join(' ', server.Command.Select(word => $"\"{word}\""));
        await RunAsync(0, "out", "command:" + words, "--parts", "accuracy", "--comparisons", "6");
        var dossier = Dossier("out");
        AssertAccurate(dossier);
        Assert.Equal("measured", (string?)dossier["verdicts"]![2]!["standing"]);
        var compared = dossier["accuracy"]!["verification"]!["counts"]!;
        Assert.Equal((3, 3), ((int)compared["mated"]!, (int)compared["impostors"]!));
    }

    [Fact]
    public async Task A_service_that_answers_by_files_is_examined_when_its_answers_are_there_and_asked_nothing_twice()
    {
        var folder = _cli.File("exchange");
        string[] options = ["folder:" + folder, "--parts", "accuracy,conduct,load"];
        var clerk = new FakeClerk(folder, new FakeService());
        var pending = await RunAsync(1, "out", options);
        Assert.Contains("36 answers are not there yet; run the same command again", pending.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_cli.File("out"), "dossier.json")));
        Assert.Equal(Enrolled, Directory.GetFiles(Path.Combine(folder, "gallery"), "*.jpg").Length);
        // Half of them, in the forms that hold a disclaimer, and the rest another day.
        string[] forms = [".json", ".an2"];
        foreach (var (i, number) in clerk.Unanswered.Index().Take(18))
            clerk.Answer(number, forms[i % 2]);
        Assert.Contains("18 answers are not there yet", (await RunAsync(1, "out", options)).Error, StringComparison.Ordinal);
        var rounds = 0;
        Matchengine.Outcome last;
        do
        {
            foreach (var number in clerk.Unanswered)
                clerk.Answer(number, ".json");
            last = await RunAsync(null, "out", options);
            Assert.True(rounds++ < 12, last.Error);
        }
        while (last.ExitCode == 1);
        last.Expect(0);
        var dossier = Dossier("out");
        AssertAccurate(dossier);
        Assert.Empty(Checks(dossier, "fail"));
        Assert.Contains("disclaimer", Checks(dossier, "pass"));
        Assert.Contains("answers-in-time", Checks(dossier, "not-testable"));
        Assert.Null(dossier["load"]);
        Assert.Contains("how long it takes cannot be told", (string?)dossier["notExamined"]!["load"], StringComparison.Ordinal);
        // Each photo was handed over once, and what was asked before is not asked again.
        Assert.Empty(clerk.Unanswered);
        var submitted = Directory.GetFiles(Path.Combine(folder, "submissions")).Length;
        await RunAsync(0, "out", options);
        Assert.Equal(submitted, Directory.GetFiles(Path.Combine(folder, "submissions")).Length);
        _cli.Run("vet", "check", _cli.File("out")).Expect(0);
    }

    [Fact]
    public async Task Killed_in_the_middle_and_gone_on_with_the_dossier_is_that_of_an_undisturbed_run()
    {
        var service = new Counting();
        await using var server = await FakeJsonServer.StartAsync(service);
        string[] options =
        [
            "http:" + Mapping("it", server), "--parts", "accuracy,conduct", "--comparisons", "10", "--at-a-time", "1",
            "--credential", Key(),
        ];
        await RunAsync(0, "whole", options);
        // In turns while it enrols, while it searches, while it compares, and while it tries the conduct.
        foreach (var calls in new[] { 6, 20, 28, 60 })
        {
            var end = service.Calls + calls;
            using var run = _cli.Start(Arguments("killed", options));
            var printed = Task.WhenAll(run.StandardOutput.ReadToEndAsync(Token), run.StandardError.ReadToEndAsync(Token));
            while (service.Calls < end && !run.HasExited)
                await Task.Delay(1, Token);
            Assert.False(run.HasExited, string.Concat(run.HasExited ? await printed : []));
            run.Kill();
            await run.WaitForExitAsync(Token);
        }
        await RunAsync(0, "killed", options);
        Assert.Equal(Timeless(Dossier("whole")), Timeless(Dossier("killed")));
        Assert.Empty(service.Left);
        _cli.Run("vet", "check", _cli.File("killed")).Expect(0);
    }

    /// <summary>
    /// Everything but when it was: exchanges hold times and ids of searches. Of conduct the verdicts: how many searches ran while somebody
    /// was removed is a matter of time, and whom a killed run left enrolled is one more on a list until the check that enrolled them comes.
    /// </summary>
    private static string Timeless(JsonObject dossier)
    {
        foreach (var key in new[] { "startedAt", "endedAt" })
            dossier.Remove(key);
        foreach (var finding in dossier["conduct"]!.AsArray())
        {
            finding!.AsObject().Remove("evidence");
            finding.AsObject().Remove("explanation");
        }
        return dossier.ToJsonString();
    }

    /// <summary>Twelve people enrolled, twelve strangers, and each mate first.</summary>
    private static void AssertAccurate(JsonObject dossier)
    {
        var report = dossier["accuracy"]!["identification"]!;
        Assert.Equal(
            (Enrolled, Enrolled, 2 * (People - Enrolled)),
            ((int)report["counts"]!["gallerySubjects"]!, (int)report["counts"]!["matedSearches"]!,
                (int)report["counts"]!["nonMatedSearches"]!));
        var first = report["identification"]!["ranks"]![0]!;
        Assert.Equal(1, (int)first["rank"]!);
        Assert.StartsWith($"0 of {Enrolled} ", (string?)first["fnirText"], StringComparison.Ordinal);
    }

    private static string[] Checks(JsonObject dossier, string verdict) =>
        [.. dossier["conduct"]!.AsArray().Where(f => (string?)f!["verdict"] == verdict).Select(f => (string)f!["check"]!)];

    private JsonObject Dossier(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_cli.File(name), "dossier.json")))!.AsObject();

    private string Mapping(string name, FakeHttpServer server)
    {
        var file = _cli.File(name + "-mapping.json");
        File.WriteAllText(file, FakeJsonServer.Mapping(server.Address));
        return file;
    }

    private string Key(string key = FakeHttpServer.ExaminerKey)
    {
        var file = _cli.File(key);
        File.WriteAllText(file, key + "\n");
        return file;
    }

    private string[] Arguments(string name, params string[] options) =>
        ["vet", "--target", .. options, "--data-set", Photos(), "--timeout", "60", "--no-pdf", "--out", _cli.File(name)];

    // Off the test's thread, on which nothing else of its servers may wait.
    private async Task<Matchengine.Outcome> RunAsync(int? exitCode, string name, params string[] options)
    {
        var run = await Task.Run(() => _cli.Run(Arguments(name, options)), Token);
        return exitCode is { } code ? run.Expect(code) : run;
    }

    private string Photos()
    {
        var folder = _cli.File("photos");
        if (Directory.Exists(folder))
            return folder;
        Directory.CreateDirectory(folder);
        var rows = new List<string> { "image,subject" };
        for (var person = 0; person < People; person++)
            for (var capture = 0; capture < 2; capture++)
            {
                rows.Add($"p{person:00}-{capture}.jpg,p{person:00}");
                File.WriteAllBytes(Path.Combine(folder, $"p{person:00}-{capture}.jpg"), FakeFace.Photo(person, capture));
            }
        File.WriteAllLines(Path.Combine(folder, "metadata.csv"), rows);
        File.WriteAllText(Path.Combine(folder, "dataset.json"), JsonSerializer.Serialize(new { name = "coloured fields" }));
        return folder;
    }

    /// <summary>Counts what it is asked, and knows who was left behind.</summary>
    private sealed class Counting : FakeService
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public IEnumerable<string> Left => Gallery(Caller.Examiner).Keys;

        public override EnrolmentAnswer Enrol(Caller caller, EnrolmentQuery query)
        {
            Interlocked.Increment(ref _calls);
            return base.Enrol(caller, query);
        }

        public override SearchAnswer Search(Caller caller, SearchQuery query)
        {
            Interlocked.Increment(ref _calls);
            return base.Search(caller, query);
        }

        public override ComparisonAnswer Compare(Caller caller, ComparisonQuery query)
        {
            Interlocked.Increment(ref _calls);
            return base.Compare(caller, query);
        }
    }
}
