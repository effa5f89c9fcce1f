using System.Diagnostics;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Sandbox;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Sandbox;

/// <summary>Each fault as a client meets it on the wire, told by its header and by the audit.</summary>
public sealed class FaultyAnswersTests(SwitchedService service) : IClassFixture<SwitchedService>
{
    /// <summary>What a faulty answer to a search is, beside the same one when it was well.</summary>
    private static readonly Dictionary<FaultKind, Action<JsonElement, JsonElement>> Lists = new()
    {
        [FaultKind.WrongOrder] = (well, faulty) =>
        {
            Assert.Equal(Subjects(well).Reverse(), Subjects(faulty));
            Assert.Equal(SwitchedService.People, Candidates(faulty)[0].GetProperty("rank").GetInt32());
        },
        [FaultKind.OneCandidate] = (well, faulty) => Assert.Equal(Subjects(well).Take(1), Subjects(faulty)),
        [FaultKind.Duplicates] = (well, faulty) =>
        {
            Assert.Equal([Subjects(well)[0], .. Subjects(well)], Subjects(faulty));
            Assert.Equal(
                Enumerable.Range(1, SwitchedService.People + 1), Candidates(faulty).Select(row => row.GetProperty("rank").GetInt32()));
        },
        [FaultKind.DisclaimerDropped] = (well, faulty) =>
        {
            Assert.NotEmpty(well.GetProperty("disclaimer").GetProperty("text").GetString()!);
            Assert.False(faulty.TryGetProperty("disclaimer", out _));
        },
        [FaultKind.DisclaimerAltered] = (well, faulty) =>
        {
            Assert.Equal(Of(well, "version"), Of(faulty, "version"));
            Assert.NotEqual(Of(well, "text"), Of(faulty, "text"));

            static string? Of(JsonElement answer, string name) => answer.GetProperty("disclaimer").GetProperty(name).GetString();
        },
        [FaultKind.ScoresMissing] = (_, faulty) =>
            Assert.All(Candidates(faulty), row => Assert.False(row.TryGetProperty("score", out _))),
        [FaultKind.ScoresRescaled] = (well, faulty) =>
            Assert.Equal(Scores(well).Select(score => Math.Round(50 * (score + 1), 2)), Scores(faulty)),
        [FaultKind.ScoresShifted] = (well, faulty) =>
            Assert.Equal(Scores(well).Select(score => Math.Min(1, Math.Round(score + 0.2, 4))), Scores(faulty)),
        [FaultKind.FloorIgnored] = (well, faulty) =>
        {
            var floor = faulty.GetProperty("scoreFloor").GetDouble();
            Assert.All(Scores(well), score => Assert.True(score >= floor));
            Assert.Equal(2, Scores(faulty).Count(score => score < floor));
            Assert.Equal(Subjects(faulty).Length, Subjects(faulty).Distinct().Count());
        },
        [FaultKind.ListTooLong] = (well, faulty) =>
        {
            Assert.Equal(well.GetProperty("listLength").GetInt32(), Subjects(well).Length);
            Assert.Equal(well.GetProperty("listLength").GetInt32() + 2, Subjects(faulty).Length);
            Assert.Equal(Subjects(well), Subjects(faulty).Take(Subjects(well).Length));
        },
        [FaultKind.StrangerFirst] = (well, faulty) =>
        {
            Assert.DoesNotContain(Subjects(faulty)[0], Subjects(well));
            Assert.Equal(Subjects(well), Subjects(faulty).Skip(1));
            Assert.True(Scores(faulty)[0] >= Scores(faulty)[1]);
        },
        [FaultKind.DeletedSubject] = (well, faulty) =>
        {
            Assert.DoesNotContain($"S{SwitchedService.People + 1}", Subjects(well));
            Assert.Equal($"S{SwitchedService.People + 1}", Subjects(faulty)[1]);
        },
        [FaultKind.LeakedField] = (well, faulty) =>
        {
            Assert.False(Candidates(well)[0].GetProperty("biographics").TryGetProperty("birth", out _));
            Assert.Equal("1970-01-01", Candidates(faulty)[0].GetProperty("biographics").GetProperty("birth").GetString());
        },
        [FaultKind.LateReceipt] = (_, faulty) => Assert.True(
            faulty.GetProperty("receipt").GetProperty("time").GetDateTimeOffset() > DateTimeOffset.UtcNow + TimeSpan.FromMinutes(50)),
        [FaultKind.OtherReceipt] = (well, faulty) =>
        {
            Assert.NotEqual(Of(well), Of(faulty));
            Assert.Matches("^[0-9a-f]{64}$", Of(faulty));

            static string Of(JsonElement answer) => answer.GetProperty("receipt").GetProperty("digest").GetString()!;
        },
        [FaultKind.ChangedModel] = (well, faulty) =>
            Assert.StartsWith(
                well.GetProperty("model").GetString() + "-", faulty.GetProperty("model").GetString(), StringComparison.Ordinal),
    };

    public static TheoryData<FaultKind> OfLists => [.. Enum.GetValues<FaultKind>().Where(kind => !kind.IsOfTransport())];

    [Theory]
    [MemberData(nameof(OfLists))]
    public async Task A_list_is_faulty_as_it_was_asked_for_says_so_and_the_audit_knows(FaultKind kind)
    {
        using var admin = service.Admin();
        using var auditor = service.As("searchers", Role.Auditor);
        var (agent, key) = service.Searcher();
        using var _ = agent;
        var name = kind.ToName();
        // Two of six, so that there are people to list beside them.
        object request = kind is FaultKind.ListTooLong or FaultKind.StrangerFirst ? new { listLength = 2 }
            : kind == FaultKind.FloorIgnored ? new { scoreFloor = 0.5 } : new { };

        using var well = await SwitchedService.SearchAsync(agent, request);
        Assert.False(well.Headers.Contains(FaultyAnswers.Header));
        await SwitchedService.PutAsync(admin, name, new { kind = name, key, by = 0.2, rows = 2 }).Json();
        using var faulty = await SwitchedService.SearchAsync(agent, request);
        await admin.DeleteAsync($"/v1/sandbox/faults/{name}").Json(204);
        using var wellAgain = await SwitchedService.SearchAsync(agent, request);

        Assert.Equal(name, Assert.Single(faulty.Headers.GetValues(FaultyAnswers.Header)));
        var (before, after) = (await ReadAsync(well), await ReadAsync(faulty));
        Lists[kind](before, after);
        Assert.False(wellAgain.Headers.Contains(FaultyAnswers.Header));
        Assert.Equal(Subjects(before), Subjects(await ReadAsync(wellAgain)));
        var told = (await auditor.GetAsync("/v1/audit?kind=sandbox.answer-faulted&newestFirst=true").Json()).GetProperty("events")[0]
            .GetProperty("payload");
        Assert.Equal(name, told.GetProperty("faults")[0].GetProperty("kind").GetString());
        Assert.Equal(after.GetProperty("searchId").GetString(), told.GetProperty("search").GetString());
    }

    [Theory]
    [InlineData(FaultKind.RateLimited, 429, "rate_limited")]
    [InlineData(FaultKind.Unavailable, 503, "not_ready")]
    [InlineData(FaultKind.ServerError, 500, "internal")]
    public async Task A_refusal_comes_as_the_services_own_would_and_nothing_was_searched(FaultKind kind, int status, string code)
    {
        using var admin = service.Admin();
        var (agent, key) = service.Searcher();
        using var _ = agent;
        await SwitchedService.PutAsync(admin, kind.ToName(), new { kind = kind.ToName(), key, seconds = 7 }).Json();
        using var refused = await SwitchedService.SearchAsync(agent);
        Assert.Equal(status, (int)refused.StatusCode);
        Assert.Equal(kind.ToName(), Assert.Single(refused.Headers.GetValues(FaultyAnswers.Header)));
        Assert.Equal(kind == FaultKind.ServerError ? null : TimeSpan.FromSeconds(7), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(code, (await ReadAsync(refused)).GetProperty("code").GetString());
        // Not even the list of one's searches is answered; without the fault it is, and is empty.
        await agent.GetAsync("/v1/searches").Code(status);
        await admin.DeleteAsync($"/v1/sandbox/faults/{kind.ToName()}").Json(204);
        Assert.Empty((await agent.GetAsync("/v1/searches").Json()).GetProperty("searches").EnumerateArray());
    }

    [Fact]
    public async Task An_answer_that_is_late_comes_whole_in_the_end()
    {
        using var admin = service.Admin();
        var (agent, key) = service.Searcher();
        using var _ = agent;
        await SwitchedService.PutAsync(admin, "delay", new { kind = "delay", key, seconds = 0.6, script = "x" }).Json();
        var started = Stopwatch.GetTimestamp();
        using var answer = await SwitchedService.SearchAsync(agent);
        // No bound from above: a timer that rings early is what would be wrong.
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(0.55));
        Assert.Equal("delay", Assert.Single(answer.Headers.GetValues(FaultyAnswers.Header)));
        Assert.Equal(SwitchedService.People, Candidates(await ReadAsync(answer)).Length);
        await admin.DeleteAsync("/v1/sandbox/faults/delay").Json(204);
    }

    [Fact]
    public async Task A_body_in_drops_comes_in_as_many_as_it_was_let_out_in()
    {
        using var admin = service.Admin();
        var (agent, key) = service.Searcher();
        using var _ = agent;
        await SwitchedService.PutAsync(admin, "drops", new { kind = "slow-body", key, seconds = 2 }).Json();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/searches")
        {
            Content = Requests.Form(
                new { galleries = new[] { SwitchedService.Gallery }, purpose = Requests.Purpose }, ("image", SwitchedService.Probe, "p")),
        };
        using var answer = await agent.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("slow-body", Assert.Single(answer.Headers.GetValues(FaultyAnswers.Header)));
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (reads, text) = (0, new MemoryStream());
        for (var buffer = new byte[4096]; await body.ReadAsync(buffer) is > 0 and var read; reads++)
            text.Write(buffer, 0, read);
        Assert.True(reads > 1, $"{reads} reads of {text.Length} bytes");
        Assert.Equal(SwitchedService.People, JsonDocument.Parse(text.ToArray()).RootElement.GetProperty("candidates").GetArrayLength());
        await admin.DeleteAsync("/v1/sandbox/faults/drops").Json(204);
    }

    [Fact]
    public async Task A_body_that_is_cut_never_comes_whole()
    {
        using var admin = service.Admin();
        var (agent, key) = service.Searcher();
        using var _ = agent;
        await SwitchedService.PutAsync(admin, "cut", new { kind = "cut-body", key, route = "POST /v1/searches" }).Json();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SwitchedService.SearchAsync(agent));
        // Another route is none of the fault's; and the search was made.
        var made = (await agent.GetAsync("/v1/searches").Json()).GetProperty("searches").EnumerateArray().ToList();
        Assert.Single(made);
        await admin.DeleteAsync("/v1/sandbox/faults/cut").Json(204);
    }

    [Fact]
    public async Task The_third_search_fails_and_then_all_is_well()
    {
        using var admin = service.Admin();
        var (agent, key) = service.Searcher();
        using var _ = agent;
        await SwitchedService.PutAsync(
            admin, "third", new { kind = "unavailable", key, route = "POST /v1/searches", script = "..x" }).Json();
        var answers = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            using var answer = await SwitchedService.SearchAsync(agent);
            answers.Add((int)answer.StatusCode);
            await agent.GetAsync("/v1/notifications").Json();
        }
        Assert.Equal([200, 200, 503, 200, 200], answers);
        var fault = await admin.GetAsync("/v1/sandbox/faults/third").Json();
        Assert.Equal((5, 1), (fault.GetProperty("seen").GetInt32(), fault.GetProperty("struck").GetInt32()));
        await admin.DeleteAsync("/v1/sandbox/faults/third").Json(204);
    }

    [Fact]
    public async Task A_fault_keeps_to_its_key_its_header_and_its_gallery()
    {
        using var admin = service.Admin();
        using var owner = service.As("owners", Role.GalleryOwner);
        var ((agent, key), (other, _)) = (service.Searcher(), service.Searcher());
        using var first = agent;
        using var second = other;
        await SwitchedService.PutAsync(admin, "scoped", new
        {
            kind = "server-error", key, gallery = SwitchedService.Gallery, header = new { name = "x-try", value = "1" },
        }).Json();
        await SwitchedService.SearchAsync(other).Json();
        await SwitchedService.SearchAsync(agent).Json();
        agent.DefaultRequestHeaders.Add("x-try", "1");
        await SwitchedService.SearchAsync(agent).Code(500);
        // What names another gallery, or none, is not concerned.
        await agent.GetAsync("/v1/notifications").Json();
        await agent.GetAsync($"/v1/galleries/{SwitchedService.Gallery}").Code(500);
        await admin.CreateGalleryAsync("elsewhere", new { owner = "searchers", approved = true });
        await agent.GetAsync("/v1/galleries/elsewhere").Json();
        await SwitchedService.SearchAsync(agent, gallery: "elsewhere").Json();
        await admin.DeleteAsync("/v1/sandbox/faults/scoped").Json(204);
        await SwitchedService.SearchAsync(agent).Json();
    }

    [Fact]
    public async Task What_cannot_come_to_pass_changes_nothing_and_claims_nothing()
    {
        using var admin = service.Admin();
        var (agent, key) = service.Searcher();
        using var _ = agent;
        foreach (var kind in (FaultKind[])[FaultKind.WrongOrder, FaultKind.OneCandidate, FaultKind.FloorIgnored])
            await SwitchedService.PutAsync(admin, $"idle-{kind.ToName()}", new { kind = kind.ToName(), key }).Json();
        using var answer = await SwitchedService.SearchAsync(agent, new { listLength = 1 });
        Assert.False(answer.Headers.Contains(FaultyAnswers.Header));
        Assert.Single(Candidates(await ReadAsync(answer)));
        foreach (var fault in (await admin.GetAsync("/v1/sandbox/faults").Json()).EnumerateArray())
        {
            Assert.Equal(0, fault.GetProperty("struck").GetInt32());
            await admin.DeleteAsync($"/v1/sandbox/faults/{fault.GetProperty("name").GetString()}").Json(204);
        }
    }

    [Fact]
    public async Task A_file_in_place_of_JSON_keeps_what_it_says()
    {
        using var admin = service.Admin();
        var (agent, key) = service.Searcher();
        using var _ = agent;
        await SwitchedService.PutAsync(admin, "of-json", new { kind = "changed-model", key }).Json();
        agent.DefaultRequestHeaders.Add("Accept", "application/x-ansi-nist-itl");
        using var file = await SwitchedService.SearchAsync(agent);
        Assert.Equal("application/x-ansi-nist-itl", file.Content.Headers.ContentType?.MediaType);
        Assert.False(file.Headers.Contains(FaultyAnswers.Header));
        Assert.NotEmpty(await file.Content.ReadAsByteArrayAsync());
        await admin.DeleteAsync("/v1/sandbox/faults/of-json").Json(204);
    }

    [Fact]
    public async Task Whoever_is_locked_out_by_a_fault_can_take_it_away_and_ask_whether_the_service_lives()
    {
        using var admin = service.Admin();
        await SwitchedService.PutAsync(admin, "all", new { kind = "unavailable" }).Json();
        using var anybody = service.Client(null);
        await anybody.GetAsync("/health").Json();
        await admin.GetAsync("/v1/galleries").Code(503);
        await admin.DeleteAsync("/v1/sandbox/faults/all").Json(204);
        await admin.GetAsync("/v1/galleries").Json();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

    private static JsonElement[] Candidates(JsonElement answer) => [.. answer.GetProperty("candidates").EnumerateArray()];

    private static string[] Subjects(JsonElement answer) =>
        [.. Candidates(answer).Select(row => row.GetProperty("subjectId").GetString()!)];

    private static double[] Scores(JsonElement answer) => [.. Candidates(answer).Select(row => row.GetProperty("score").GetDouble())];
}
