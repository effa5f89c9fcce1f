using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Dossiers;
using MatchEngine.Vetting.Examinations;
using MatchEngine.Vetting.Load;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Accuracy;
using MatchEngine.Vetting.Tests.Dossiers;

namespace MatchEngine.Vetting.Tests.Examinations;

public sealed class ExaminationTests : IDisposable
{
    private readonly SignFaces _faces = new(people: 40, photos: 3, seed: 9);
    private readonly string _folder = Directory.CreateTempSubdirectory("examination-").FullName;

    public void Dispose()
    {
        _faces.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ExaminationPlan Plan(ConductExamination? conduct = null, int listLength = 50) => new()
    {
        Folder = _folder, Conduct = conduct,
        Accuracy = new AccuracyPlan
        {
            Folder = _faces.Folder, Images = _faces.Images, ListLength = listLength, MaxComparisons = 20,
            Protocol = new Protocol
            {
                Name = "test", Bootstrap = new BootstrapPlan { Replicates = 100 },
                Identification = new IdentificationPlan { FalsePositiveRates = [0.3], GallerySizes = [] },
            },
        },
        NotExamined = new Dictionary<string, string> { ["load"] = "it was left out of --parts." },
    };

    private static Task<Dossier> Run(
        ISystemUnderTest target, ExaminationPlan plan, CancellationToken? cancel = null, Action<RunProgress>? tell = null) =>
        Examination.RunAsync(
            target, plan, TimeProvider.System, new Told(tell ?? (_ => { })), cancel ?? TestContext.Current.CancellationToken);

    // Everything but when it was.
    private static string Timeless(Dossier dossier)
    {
        var json = DossierJson.Make(dossier);
        foreach (var key in new[] { "startedAt", "endedAt" })
            json.Remove(key);
        return json.ToJsonString();
    }

    [Fact]
    public async Task A_run_killed_in_the_middle_and_resumed_gives_the_same_dossier_but_for_the_times()
    {
        ConductExamination conduct = (photos, _, _) => Task.FromResult(SampleDossier.Findings($"{photos.Pairs.Count} pairs"));
        await using var whole = new SignTarget(_faces);
        var expected = Timeless(await Run(whole, Plan(conduct)));
        File.Delete(Path.Combine(_folder, "run.jsonl"));

        await using var target = new SignTarget(_faces);
        foreach (var (step, after) in new[] { ("Enrolling", 7), ("Searching", 31), ("Comparing", 5) })
        {
            using var cancel = new CancellationTokenSource();
            var told = 0;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(target, Plan(conduct), cancel.Token, p =>
            {
                if (p.Step == step && ++told == after)
                    cancel.Cancel();
            }));
            // A kill in the middle of a line.
            using var journal = File.Open(Path.Combine(_folder, "run.jsonl"), FileMode.Append);
            journal.Write("{\"step\":\"Searching\",\"na"u8);
        }
        Assert.Equal(expected, Timeless(await Run(target, Plan(conduct))));
        // What was asked again is what was asked at the start of each run: who it is.
        Assert.Equal(whole.Calls, target.Calls);
    }

    [Fact]
    public async Task A_finished_run_gives_its_dossier_again_without_asking_anything_but_who_it_is()
    {
        await using var target = new SignTarget(_faces);
        ConductExamination conduct = (_, _, _) => Task.FromResult(SampleDossier.Findings("x"));
        var first = await Run(target, Plan(conduct));
        var calls = target.Calls;
        var again = await Run(target, Plan(conduct));
        Assert.Equal(Timeless(first), Timeless(again));
        Assert.Equal(first.StartedAt, again.StartedAt);
        Assert.Equal(calls + 1, target.Calls);
    }

    [Fact]
    public async Task What_was_measured_under_load_comes_out_of_the_journal_as_it_went_in()
    {
        var load = SampleDossier.Of().Load!;
        var file = Path.Combine(_folder, "load.jsonl");
        using (var journal = RunJournal.Open(file, "load"))
            await journal.OnceAsync<LoadReport>("Load", "", () => Task.FromResult<LoadReport?>(load));
        using var reopened = RunJournal.Open(file, "load");
        var read = SampleDossier.Of() with { Load = reopened.Known<LoadReport>("Load", "") };
        Assert.Equal(DossierJson.Make(SampleDossier.Of()).ToJsonString(), DossierJson.Make(read).ToJsonString());
    }

    [Fact]
    public async Task With_another_setting_it_is_another_run()
    {
        await using var target = new SignTarget(_faces);
        await Run(target, Plan());
        await Assert.ThrowsAsync<VettingException>(() => Run(target, Plan(listLength: 20)));
    }

    [Fact]
    public async Task What_else_was_set_makes_it_another_run_too()
    {
        await using var target = new SignTarget(_faces);
        ExaminationPlan With(string? gallery) => Plan() with { Settings = new Dictionary<string, string?> { ["gallery"] = gallery } };
        await Run(target, With("one"));
        await Run(target, With("one"));
        await Assert.ThrowsAsync<VettingException>(() => Run(target, With("two")));
    }

    [Fact]
    public async Task A_photo_that_was_changed_meanwhile_is_not_taken_for_the_one_that_was_shown()
    {
        await using var target = new SignTarget(_faces);
        var first = await Run(target, Plan());
        var photo = Path.Combine(_faces.Folder, "003/1.jpg");
        var bytes = await File.ReadAllBytesAsync(photo, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(photo, [.. bytes, 1], TestContext.Current.CancellationToken);
        Assert.Contains(
            "were changed", (await Assert.ThrowsAsync<VettingException>(() => Run(target, Plan()))).Message, StringComparison.Ordinal);
        File.Delete(photo);
        await Assert.ThrowsAsync<VettingException>(() => Run(target, Plan()));
        await File.WriteAllBytesAsync(photo, bytes, TestContext.Current.CancellationToken);
        Assert.Equal(Timeless(first), Timeless(await Run(target, Plan())));
    }

    [Fact]
    public async Task No_load_is_put_on_a_target_that_answers_some_time()
    {
        await using var target = new Slow(_faces);
        var load = new LoadPlan
        {
            Rising = new RisingRatesPlan { Objective = new LoadObjective(TimeSpan.FromSeconds(1), 0.01), MaxRate = 10 },
        };
        var dossier = await Run(target, Plan() with { Load = load, NotExamined = new Dictionary<string, string>() });
        Assert.Null(dossier.Load);
        Assert.Equal("letters take days: how long it takes cannot be told.", dossier.NotExamined["load"]);
        Assert.Equal(Standing.NotExamined, VerdictTable.Of(dossier).Single(row => row.Subject == "Load").Standing);
    }

    private sealed class Slow(SignFaces faces) : SignTarget(faces)
    {
        public override TargetAbilities Abilities { get; } = TargetAbilities.AllBut(
            new Dictionary<Ability, string>
            {
                [Ability.PromptAnswers] = "letters take days", [Ability.Remove] = "letters ask nothing else",
            },
            ScoreScale.Cosine);
    }

    [Fact]
    public async Task Who_is_still_there_is_told_and_tried_again_by_the_same_run()
    {
        await using var target = new KeepsPeople(_faces);
        var dossier = await Run(target, Plan());
        Assert.Equal("20 of 20 people, whose removal was not carried out", dossier.LeftBehind);
        Assert.Contains(dossier.LeftBehind!, DossierJson.Make(dossier)["conditions"]!.ToJsonString(), StringComparison.Ordinal);
        target.IsMended = true;
        Assert.Null((await Run(target, Plan())).LeftBehind);
        await using var never = new Slow(_faces);
        File.Delete(Path.Combine(_folder, "run.jsonl"));
        Assert.Equal("20 people, for letters ask nothing else", (await Run(never, Plan())).LeftBehind);
    }

    private sealed class KeepsPeople(SignFaces faces) : SignTarget(faces)
    {
        public bool IsMended { get; set; }

        public override Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken) =>
            IsMended ? base.RemoveAsync(subject, terms, cancellationToken) : Fail<RemovalAnswer>(FailureKind.TargetFault);
    }

    [Fact]
    public async Task A_target_that_says_nothing_at_the_end_did_not_keep_silent_at_the_start()
    {
        await using var target = new Falling(_faces);
        var row = VerdictTable.Of(await Run(target, Plan()))[0];
        Assert.Equal(Standing.CannotBeSaid, row.Standing);
        Assert.Contains("It said Signs, version 1, model signs-64 and 0 settings at the start and nothing at the end.", row.NotConcluded);
    }

    private sealed class Falling(SignFaces faces) : SignTarget(faces)
    {
        private bool _isAsked;

        public override Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken)
        {
            var again = _isAsked;
            _isAsked = true;
            return again ? Fail<TargetIdentity>(FailureKind.Unreachable) : base.IdentifyAsync(terms, cancellationToken);
        }
    }

    [Fact]
    public async Task Who_was_enrolled_is_removed_in_the_end()
    {
        await using var target = new SignTarget(_faces);
        await Run(target, Plan());
        var left = await target.SearchAsync(
            new SearchQuery(new PhotoInput(await File.ReadAllBytesAsync(
                Path.Combine(_faces.Folder, "001/1.jpg"),
                TestContext.Current.CancellationToken))), CallTerms.Usual, CancellationToken.None);
        Assert.Empty(left.Value!.Candidates);
    }

    [Fact]
    public async Task The_photos_for_conduct_are_of_people_who_are_in_no_gallery_and_are_cleared_afterwards()
    {
        ExaminationPhotos? shown = null;
        byte[][] copies = [];
        await using var target = new SignTarget(_faces);
        await Run(target, Plan((photos, _, _) =>
        {
            shown = photos;
            copies = [.. photos.Strangers.Concat(photos.Pairs.SelectMany(p => new[] { p.First, p.Second })).Select(p => p.Bytes.ToArray())];
            return Task.FromResult<IReadOnlyList<Finding>>([]);
        }));
        Assert.InRange(shown!.Pairs.Count, 5, 12);
        Assert.InRange(shown.Strangers.Count, 5, 12);
        Assert.Equal(copies.Length, copies.Select(Convert.ToHexString).Distinct().Count());
        Assert.All(shown.Strangers, photo => Assert.All(photo.Bytes.ToArray(), b => Assert.Equal(0, b)));
        Assert.All(copies, photo => Assert.Contains(photo, b => b != 0));
    }

    /// <summary>Where only some photos are searched with, as smiling ones are, the others of a stranger serve the conduct.</summary>
    [Fact]
    public async Task A_protocol_that_searches_with_one_photo_of_each_leaves_two_for_the_conduct()
    {
        ExaminationPhotos? shown = null;
        await using var target = new SignTarget(_faces);
        var plan = Plan((photos, _, _) =>
        {
            shown = photos;
            return Task.FromResult<IReadOnlyList<Finding>>([]);
        });
        var images = new DataSet(
            "signs", _faces.Images.Images, _faces.Images.SubjectOf.Select(subject => _faces.Images.Subjects[subject]).ToList(),
            new Dictionary<string, string[]> { ["photo"] = [.. _faces.Images.Images.Select(name => name[^5..^4])] },
            new Dictionary<string, string> { ["photo"] = "recorded" });
        var protocol = plan.Accuracy.Protocol;
        await Run(target, plan with
        {
            Accuracy = plan.Accuracy with
            {
                Images = images,
                Protocol = protocol with
                {
                    Identification = protocol.Identification with
                    {
                        Gallery = new Dictionary<string, IReadOnlyList<string>> { ["photo"] = ["0"] },
                        Probes = new Dictionary<string, IReadOnlyList<string>> { ["photo"] = ["1"] },
                    },
                },
            },
        });
        Assert.InRange(shown!.Pairs.Count, 5, 12);
        Assert.InRange(shown.Strangers.Count, 5, 12);
    }

    [Fact]
    public async Task A_target_that_becomes_another_meanwhile_is_told()
    {
        await using var target = new Changing(_faces);
        var dossier = await Run(target, Plan());
        Assert.False(dossier.Target.IsSame);
        Assert.Equal(("one", "two"), (dossier.Target.AtStart!.Model, dossier.Target.AtEnd!.Model));
    }

    private sealed class Changing(SignFaces faces) : SignTarget(faces)
    {
        private bool _isAsked;

        public override Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken)
        {
            var model = _isAsked ? "two" : "one";
            _isAsked = true;
            return Answer(new TargetIdentity("Signs", "1", model, new Dictionary<string, string>()));
        }
    }

    private sealed class Told(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell(value);
    }
}
