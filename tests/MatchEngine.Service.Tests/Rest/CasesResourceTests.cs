using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>Cases through HTTP: opened by searches, closed, held, deleted (PIA-054, Principles).</summary>
public sealed class CasesResourceTests : IAsyncLifetime
{
    private static readonly byte[] Probe = FakeImage.Picture("case-probe-31c7", new FakeFace(1, Variation: 2, Size: 60));

    private readonly MovableClock _clock = new();
    private readonly ClockedService _service;

    public CasesResourceTests() => _service = new ClockedService(_clock);

    public async ValueTask InitializeAsync()
    {
        await _service.InitializeAsync();
        using var admin = _service.Admin();
        await admin.CreateGalleryAsync("g");
        await admin.EnrolAsync("g", "S", FakeImage.Picture("S", new FakeFace(1, Size: 60)));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_case_number_opens_a_case_that_is_closed_held_and_deleted_with_all_that_is_in_it()
    {
        using var agent = _service.As("local", Role.Agent);
        using var supervisor = _service.As("local", Role.Supervisor);
        using var auditor = _service.As("local", Role.Auditor);
        var first = (await SearchAsync(agent, "C-7").Json()).GetProperty("searchId").GetString();
        var second = await SearchAsync(agent, "C-7", examine: true).Json();
        var (search, examination) = (
            second.GetProperty("searchId").GetString(), second.GetProperty("examinationId").GetString());
        await SearchAsync(agent, "C-8").Json();
        await agent.PostAsJsonAsync("/v1/details-requests", new { searchId = search, rank = 1, reason = "r" });

        var id = await IdAsync(agent, "C-7");
        var read = await agent.GetAsync($"/v1/cases/{id}").Json();
        Assert.Equal(
            ("open", 2, JsonValueKind.Null), (read.GetProperty("case").GetProperty("state").GetString(),
                read.GetProperty("case").GetProperty("searches").GetInt32(), read.GetProperty("case").GetProperty("expires").ValueKind));
        Assert.Equal([search, first], read.GetProperty("searches").EnumerateArray().Select(row => row.GetProperty("searchId").GetString()));
        Assert.Equal("conflict", await supervisor.DeleteAsync($"/v1/cases/{id}").Code(409));

        await agent.PostAsJsonAsync($"/v1/cases/{id}/notes", new { note = " " }).Code(400);
        var noted = await agent.PostAsJsonAsync($"/v1/cases/{id}/notes", new { note = "looks like <his> brother" }).Json();
        Assert.Equal("looks like <his> brother", noted.GetProperty("notes")[0].GetProperty("note").GetString());
        var closed = await agent.PutAsync($"/v1/cases/{id}/closure", null).Json();
        Assert.Equal("conflict", await agent.PostAsJsonAsync($"/v1/cases/{id}/notes", new { note = "late" }).Code(409));
        Assert.Equal(
            ("closed", _clock.GetUtcNow().AddYears(20)),
            (closed.GetProperty("state").GetString(), closed.GetProperty("expires").GetDateTimeOffset()));
        Assert.Equal("conflict", await agent.PutAsync($"/v1/cases/{id}/closure", null).Code(409));
        Assert.Equal("conflict", await SearchAsync(agent, "C-7").Code(409));
        Assert.Equal("conflict", await agent.PostAsync("/v1/comparisons", Requests.Form(
            new { purpose = Purpose("C-7") }, ("first", Probe, "a"), ("second", Probe, "b"))).Code(409));

        await supervisor.PutAsJsonAsync($"/v1/cases/{id}/hold", new { reason = " " }).Code(400);
        var held = await supervisor.PutAsJsonAsync($"/v1/cases/{id}/hold", new { reason = "a suit" }).Json();
        Assert.Equal("a suit", held.GetProperty("hold").GetProperty("reason").GetString());
        Assert.Equal("conflict", await supervisor.DeleteAsync($"/v1/cases/{id}").Code(409));
        Assert.Equal(["C-7"], Numbers(await supervisor.GetAsync("/v1/cases?onHold=true&state=closed").Json()));
        await supervisor.DeleteAsync($"/v1/cases/{id}/hold").Json();

        Assert.Equal(2, Directory.GetFiles(Path.Combine(_service.Data, "examinations"), examination + "*").Length);
        await supervisor.DeleteAsync($"/v1/cases/{id}").Json(204);

        Assert.Empty(Directory.GetFiles(Path.Combine(_service.Data, "examinations"), examination + "*"));
        foreach (var path in new[] { $"/v1/cases/{id}", $"/v1/searches/{search}", $"/v1/searches/{search}/candidates/1",
            $"/v1/searches/{first}", $"/v1/examinations/{examination}" })
            await agent.GetAsync(path).Code(404);
        Assert.Empty((await agent.GetAsync("/v1/details-requests").Json()).EnumerateArray());
        Assert.Equal(["C-8"], Numbers(await agent.GetAsync("/v1/cases").Json()));
        using (var book = new SqliteConnection($"Data Source={Path.Combine(_service.Data, "service.db")};Pooling=False"))
            Assert.Equal(0, book.ExecuteScalar<long>(
                "SELECT (SELECT count(*) FROM search_candidate WHERE search IN (@first, @search)) "
                    + "+ (SELECT count(*) FROM examined_candidate WHERE examination = @examination)", new { first, search, examination }));
        // What was done stands in the audit, with who did it.
        var events = (await auditor.GetAsync("/v1/audit?count=1000").Json()).GetProperty("events").EnumerateArray()
            .Where(row => row.GetProperty("kind").GetString()!.StartsWith("case.", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["case.noted", "case.closed", "case.held", "case.released", "case.deleted"],
            events.Select(row => row.GetProperty("kind").GetString()));
        Assert.DoesNotContain("brother", events[0].GetRawText(), StringComparison.Ordinal);
        var payload = events[^1].GetProperty("payload");
        Assert.Equal((id, 2, 1), (payload.GetProperty("case").GetString(),
            payload.GetProperty("searches").GetInt32(), payload.GetProperty("examinations").GetInt32()));
        // The number is free for another case.
        await SearchAsync(agent, "C-7").Json();
        Assert.NotEqual(id, await IdAsync(agent, "C-7"));
    }

    [Fact]
    public async Task An_agent_knows_of_the_cases_with_a_search_of_his_own_and_a_supervisor_of_the_organisations()
    {
        using var agent = _service.As("local", Role.Agent);
        using var other = _service.As("local", Role.Agent);
        using var supervisor = _service.As("local", Role.Supervisor);
        using var foreign = _service.As("elsewhere", Role.Agent, Role.Supervisor);
        await SearchAsync(agent, "C-1").Json();
        var shared = (await SearchAsync(agent, "C-2").Json()).GetProperty("searchId").GetString();
        var others = (await SearchAsync(other, "C-2").Json()).GetProperty("searchId").GetString();
        Assert.Equal(["C-2"], Numbers(await other.GetAsync("/v1/cases").Json()));
        Assert.Equal(["C-1", "C-2"], Numbers(await supervisor.GetAsync("/v1/cases").Json()));
        Assert.Empty(Numbers(await foreign.GetAsync("/v1/cases").Json()));
        var (one, two) = (await IdAsync(agent, "C-1"), await IdAsync(agent, "C-2"));
        Assert.Equal([others], Searches(await other.GetAsync($"/v1/cases/{two}").Json()));
        Assert.Equal([others, shared], Searches(await supervisor.GetAsync($"/v1/cases/{two}").Json()));
        await other.GetAsync($"/v1/cases/{one}").Code(404);
        await other.PutAsync($"/v1/cases/{one}/closure", null).Code(404);
        await foreign.GetAsync($"/v1/cases/{one}").Code(404);
        // Who may close may not open again, hold or delete.
        await agent.PutAsync($"/v1/cases/{one}/closure", null).Json();
        await agent.DeleteAsync($"/v1/cases/{one}/closure").Code(403);
        await agent.DeleteAsync($"/v1/cases/{one}").Code(403);
        Assert.Equal("open", (await supervisor.DeleteAsync($"/v1/cases/{one}/closure").Json()).GetProperty("state").GetString());
        await SearchAsync(agent, "C-1").Json();
    }

    [Fact]
    public async Task Retention_runs_from_the_closing_and_deletes_what_is_not_held()
    {
        using var agent = _service.As("local", Role.Agent);
        using var supervisor = _service.As("local", Role.Supervisor);
        var runner = ActivatorUtilities.CreateInstance<RetentionRunner>(_service.App.Services);
        var made = new Dictionary<string, string>();
        foreach (var number in (string[])["open", "closed", "held"])
        {
            made[number] = (await SearchAsync(agent, number).Json()).GetProperty("searchId").GetString()!;
            var id = await IdAsync(agent, number);
            if (number != "open")
                await agent.PutAsync($"/v1/cases/{id}/closure", null).Json();
            if (number == "held")
                await supervisor.PutAsJsonAsync($"/v1/cases/{id}/hold", new { reason = "a suit" }).Json();
        }
        _clock.Advance(TimeSpan.FromDays(19 * 365));
        runner.Purge(CancellationToken.None);
        using var late = _service.As("local", Role.Supervisor);
        // Longer than the audit's seven years: the case file is what is kept for twenty.
        foreach (var search in made.Values)
            await late.GetAsync($"/v1/searches/{search}").Json();

        _clock.Advance(TimeSpan.FromDays(2 * 365));
        runner.Purge(CancellationToken.None);

        using var later = _service.As("local", Role.Supervisor);
        Assert.Equal(["held", "open"], Numbers(await later.GetAsync("/v1/cases").Json()));
        await later.GetAsync($"/v1/searches/{made["closed"]}").Code(404);
        await later.GetAsync($"/v1/searches/{made["held"]}").Json();
        await later.GetAsync($"/v1/searches/{made["open"]}").Json();
    }

    private static object Purpose(string number) => new { caseNumber = number, basis = "18 USC 1956" };

    private static Task<HttpResponseMessage> SearchAsync(HttpClient agent, string number, bool examine = false) =>
        agent.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "g" }, purpose = Purpose(number), examine }, ("image", Probe, "p")));

    private static async Task<string> IdAsync(HttpClient client, string number) =>
        Assert.Single((await client.GetAsync($"/v1/cases?number={number}").Json()).GetProperty("cases").EnumerateArray())
            .GetProperty("id").GetString()!;

    private static IEnumerable<string?> Numbers(JsonElement page) =>
        page.GetProperty("cases").EnumerateArray().Select(row => row.GetProperty("number").GetString()).Order(StringComparer.Ordinal);

    private static IEnumerable<string?> Searches(JsonElement read) =>
        read.GetProperty("searches").EnumerateArray().Select(row => row.GetProperty("searchId").GetString());
}
