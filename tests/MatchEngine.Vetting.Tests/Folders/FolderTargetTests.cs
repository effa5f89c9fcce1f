using MatchEngine.Interchange;
using MatchEngine.Interchange.Searches;
using MatchEngine.Vetting.Folders;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;

namespace MatchEngine.Vetting.Tests.Folders;

public sealed class FolderTargetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("folder-target-").FullName;

    private readonly FakeService _service = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(".json")]
    [InlineData(".csv")]
    [InlineData(".an2")]
    public async Task A_search_waits_for_its_answer_and_is_the_services_own_when_it_is_there(string extension)
    {
        var (target, query) = (Open(), new SearchQuery(FakeFace.Input(2, 1)) { ListLength = 3 });
        for (var person = 0; person < 5; person++)
            Assert.True((await target.EnrolAsync(
                new EnrolmentQuery($"p{person}", FakeFace.Input(person)), CallTerms.Usual, Token)).Value!.New);
        var pending = await target.SearchAsync(query, CallTerms.Usual, Token);
        Assert.Equal(FailureKind.Pending, pending.Failure!.Kind);
        Assert.Equal(("write", "submissions/000001.an2"), (pending.Sent.Verb, pending.Sent.Address));
        // Asked again before there is an answer: nothing new is written.
        Assert.Equal(FailureKind.Pending, (await target.SearchAsync(query, CallTerms.Usual, Token)).Failure!.Kind);
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "submissions")));

        var own = Answer("000001", extension);
        // By another process, as when a run is taken up again.
        var list = await Open().SearchAsync(query, CallTerms.Usual, Token);
        Assert.True(list.Answered(out var told), list.Failure?.Detail);
        Assert.Equal(
            own.Candidates.Select(one => (one.Rank, one.Subject, one.Score)),
            told.Candidates.Select(one => (one.Rank, one.Subject, one.Score)));
        if (extension != ".csv")
            Assert.Equal((own.Disclaimer, own.Model, own.SearchId), (told.Disclaimer, told.Model, told.SearchId));
        Assert.Equal(3, told.Candidates.Count);
    }

    [Fact]
    public async Task Another_search_has_another_number_and_the_same_one_its_own_for_ever()
    {
        var photo = FakeFace.Input(1);
        SearchQuery[] queries =
        [
            new(photo), new(photo) { ListLength = 2 }, new(photo) { ScoreFloor = 0.5 },
            new(photo) { Purpose = null }, new(FakeFace.Input(2)),
        ];
        foreach (var round in (int[])[1, 2])
            foreach (var (i, query) in queries.Index())
                Assert.Equal(
                    $"submissions/00000{i + 1}.an2",
                    (await Open().SearchAsync(query, CallTerms.Usual, Token)).Sent.Address);
        var terms = SearchTerms.Read(Transaction.Read(File.ReadAllBytes(Path.Combine(_folder, "submissions", "000003.an2"))))!;
        Assert.Equal((0.5, "VETTING"), (terms.Floor!.Value, terms.CaseNumber));
    }

    [Fact]
    public async Task Photos_are_handed_over_once_with_whose_they_are()
    {
        foreach (var (subject, isNew) in new[] { ("anna", true), ("anna", false), ("bert", true) })
            Assert.Equal(isNew, (await Open().EnrolAsync(
                new EnrolmentQuery(subject, FakeFace.Input(1)), CallTerms.Usual, Token)).Value!.New);
        Assert.Equal(
            ["image,subject", "000001.jpg,anna", "000002.jpg,bert"], File.ReadAllLines(Path.Combine(_folder, "gallery", "metadata.csv")));
        Assert.Equal(FakeFace.Photo(1), File.ReadAllBytes(Path.Combine(_folder, "gallery", "000002.jpg")));
        Assert.Empty(Directory.GetFiles(_folder, "*.partial", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(".json", "{}", FailureKind.BrokenAnswer, "neither 'candidates' nor 'error'")]
    [InlineData(".json", """{"candidates":[{"rank":1}]}""", FailureKind.BrokenAnswer, "subject")]
    [InlineData(".json", """{"candidates":[],"colour":1}""", FailureKind.BrokenAnswer, "colour")]
    [InlineData(".json", "[", FailureKind.BrokenAnswer, "answers/000001.json")]
    [InlineData(".json", """{"error":{"kind":"noFace","detail":"nobody"}}""", FailureKind.NoFace, "nobody")]
    [InlineData(".csv", "name,score\nanna,1\n", FailureKind.BrokenAnswer, "subject")]
    [InlineData(".csv", "subject;score\nanna;0.5\nbert;high\n", FailureKind.BrokenAnswer, "line 3: score 'high'")]
    [InlineData(".csv", "subject,rank\n,1\n", FailureKind.BrokenAnswer, "line 2: no subject")]
    [InlineData(".csv", "subject,rank\nanna,first\n", FailureKind.BrokenAnswer, "rank 'first'")]
    [InlineData(".csv", "subject\nan\"na\n\"x", FailureKind.BrokenAnswer, "answers/000001.csv")]
    [InlineData(".an2", "no transaction", FailureKind.BrokenAnswer, "answers/000001.an2")]
    public async Task An_answer_that_is_none_is_named_with_what_is_wrong(string extension, string text, FailureKind kind, string told)
    {
        var (target, query) = (Open(), new SearchQuery(FakeFace.Input(1)));
        await target.SearchAsync(query, CallTerms.Usual, Token);
        File.WriteAllText(Path.Combine(_folder, "answers", "000001" + extension), text);
        var failure = (await target.SearchAsync(query, CallTerms.Usual, Token)).Failure!;
        Assert.Equal(kind, failure.Kind);
        Assert.Contains(told, failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_submissions_answer_a_link_and_one_that_is_too_long_are_not_taken()
    {
        var query = new SearchQuery(FakeFace.Input(1));
        await Open().SearchAsync(query, CallTerms.Usual, Token);
        Answer("000001", ".an2", reference: "VETTING-000002");
        Assert.Contains("1.010", (await Open().SearchAsync(query, CallTerms.Usual, Token)).Failure!.Detail);
        File.Delete(Path.Combine(_folder, "answers", "000001.an2"));

        var secret = Path.Combine(_folder, "secret.json");
        File.WriteAllText(secret, """{"candidates":[]}""");
        File.CreateSymbolicLink(Path.Combine(_folder, "answers", "000001.json"), secret);
        Assert.Contains("link", (await Open().SearchAsync(query, CallTerms.Usual, Token)).Failure!.Detail);
        File.Delete(Path.Combine(_folder, "answers", "000001.json"));

        File.WriteAllText(Path.Combine(_folder, "answers", "000001.json"), new string(' ', 2000));
        var bounded = FolderTarget.Open(_folder, new TargetOptions { MaxAnswerBytes = 1000 });
        Assert.Equal(FailureKind.AnswerTooLarge, (await bounded.SearchAsync(query, CallTerms.Usual, Token)).Failure!.Kind);
    }

    [Fact]
    public async Task What_no_record_holds_is_not_submitted()
    {
        var refused = await Open().SearchAsync(new SearchQuery(new PhotoInput("no image"u8.ToArray())), CallTerms.Usual, Token);
        Assert.Equal((FailureKind.NotSupported, "none"), (refused.Failure!.Kind, refused.Sent.Verb));
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "submissions")));
    }

    [Fact]
    public async Task What_somebody_says_of_the_service_is_its_identity()
    {
        Assert.Null((await Open().IdentifyAsync(CallTerms.Usual, Token)).Value!.Model);
        File.WriteAllText(Path.Combine(_folder, "about.json"), """{"product":"P","version":"2","model":"M","settings":{"floor":"0.3"}}""");
        var told = (await Open().IdentifyAsync(CallTerms.Usual, Token)).Value!;
        Assert.Equal(("P", "2", "M", "0.3"), (told.Product, told.Version, told.Model, told.Settings["floor"]));
        File.WriteAllText(Path.Combine(_folder, "about.json"), "[");
        Assert.Equal(FailureKind.BrokenAnswer, (await Open().IdentifyAsync(CallTerms.Usual, Token)).Failure!.Kind);
    }

    [Fact]
    public async Task A_ledger_that_a_kill_cut_is_gone_on_with_and_a_file_that_is_none_is_refused()
    {
        await Open().SearchAsync(new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, Token);
        var ledger = Path.Combine(_folder, "submissions.csv");
        File.AppendAllText(ledger, "2,abc");
        Assert.Equal(
            "submissions/000002.an2", (await Open().SearchAsync(new SearchQuery(FakeFace.Input(2)), CallTerms.Usual, Token)).Sent.Address);
        Assert.Equal(
            "submissions/000001.an2", (await Open().SearchAsync(new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, Token)).Sent.Address);
        Assert.Equal(3, File.ReadAllLines(ledger).Length);
        File.WriteAllText(ledger, "something else\n");
        Assert.Contains("line 1", Assert.Throws<TargetUnusableException>(Open).Message);
    }

    private FolderTarget Open() => FolderTarget.Open(_folder, new TargetOptions());

    private SearchAnswer Answer(string number, string extension, string? reference = null) =>
        new FakeClerk(_folder, _service).Answer(number, extension, reference)!;
}
