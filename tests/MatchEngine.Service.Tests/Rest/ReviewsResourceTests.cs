using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>What becomes of a search that a supervisor finds improper, through HTTP.</summary>
public sealed class ReviewsResourceTests(TestService service) : IClassFixture<TestService>
{
    private static readonly byte[] Probe = FakeImage.Picture("improper", new FakeFace(1, Variation: 3, Size: 60));

    [Fact]
    public async Task An_improper_search_is_closed_to_who_made_it_its_examination_ends_and_all_are_told()
    {
        using var cast = await CastAsync(service, "improper", "fusion-center");
        var searched = await cast.SearchAsync(examine: true);
        var (search, examination) = (
            searched.GetProperty("searchId").GetString(), searched.GetProperty("examinationId").GetString());
        var details = (await cast.Agent.PostAsJsonAsync(
            "/v1/details-requests", new { searchId = search, rank = 1, reason = "r" }).Json(201)).GetProperty("id").GetString();
        await cast.Owner.PostAsJsonAsync($"/v1/details-requests/{details}/decision", new { granted = true, reason = "r" }).Json();
        await cast.Agent.GetAsync($"/v1/details-requests/{details}").Json();
        Assert.Equal(200, (int)(await cast.Agent.GetAsync($"/v1/searches/{search}/candidates/1/crop")).StatusCode);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(service.Data, "examinations"), examination + "*").Length);

        await cast.Supervisor.PutAsJsonAsync($"/v1/reviews/{search}", new { finding = "improper", note = "no case" }).Json();

        foreach (var client in (HttpClient[])[cast.Agent, cast.Examiner])
        {
            foreach (var path in (string[])["candidates/1", "candidates/1/crop"])
                Assert.Equal("forbidden", await client.GetAsync($"/v1/searches/{search}/{path}").Code(403));
            var record = await client.GetAsync($"/v1/searches/{search}").Json();
            Assert.Equal(
                ("improper", true, 0), (record.GetProperty("finding").GetString(), record.GetProperty("candidatesClosed").GetBoolean(),
                    record.GetProperty("audit").GetProperty("candidates").GetArrayLength()));
        }
        Assert.Equal("forbidden", await cast.Agent.GetAsync($"/v1/details-requests/{details}").Code(403));
        Assert.Equal("forbidden", await cast.Agent.PostAsJsonAsync(
            "/v1/details-requests", new { searchId = search, rank = 1, reason = "r" }).Code(403));
        Assert.Equal("forbidden", await cast.Agent.PostAsync(
            "/v1/examinations", Requests.Form(new { searchId = search }, ("image", Probe, "p"))).Code(403));
        Assert.Equal("withdrawn", (await cast.Agent.GetAsync($"/v1/examinations/{examination}").Json()).GetProperty("state").GetString());
        Assert.Empty(Directory.GetFiles(Path.Combine(service.Data, "examinations"), examination + "*"));
        var told = (await cast.Agent.GetAsync("/v1/notifications").Json()).EnumerateArray()
            .Single(row => row.GetProperty("kind").GetString() == "search-found-improper");
        Assert.Equal(search, told.GetProperty("searchId").GetString());
        // Who supervises goes on looking into it; so does who audits.
        await cast.Supervisor.GetAsync($"/v1/searches/{search}/candidates/1").Json();
        using var auditor = service.As("local", Role.Auditor);
        Assert.NotEqual(
            0, (await auditor.GetAsync($"/v1/searches/{search}").Json()).GetProperty("audit").GetProperty("candidates").GetArrayLength());

        // A finding that is taken back opens it again; nothing was deleted.
        await cast.Supervisor.PutAsJsonAsync($"/v1/reviews/{search}", new { finding = "proper" }).Json();
        await cast.Agent.GetAsync($"/v1/searches/{search}/candidates/1").Json();
    }

    [Fact]
    public async Task The_result_of_an_examination_is_closed_with_the_search()
    {
        using var cast = await CastAsync(service, "improper-result", "default");
        var searched = await cast.SearchAsync(examine: true);
        var examination = searched.GetProperty("examinationId").GetString();
        await cast.Examiner.PostAsync($"/v1/examinations/{examination}/take", null).Json();
        await cast.Examiner.PostAsJsonAsync($"/v1/examinations/{examination}/finish", new { setAsideRest = true }).Json();
        Assert.Equal(JsonValueKind.Object, (await cast.Agent.GetAsync($"/v1/examinations/{examination}").Json())
            .GetProperty("result").ValueKind);
        await cast.Supervisor.PutAsJsonAsync(
            $"/v1/reviews/{searched.GetProperty("searchId").GetString()}", new { finding = "improper" }).Json();
        Assert.Equal(JsonValueKind.Null, (await cast.Agent.GetAsync($"/v1/examinations/{examination}").Json())
            .GetProperty("result").ValueKind);
    }

    [Fact]
    public async Task A_profile_has_what_was_kept_deleted_unless_a_hold_stops_it()
    {
        await using var strict = new StrictService();
        await strict.InitializeAsync();
        using var cast = await CastAsync(strict, "strict", "default");
        using var other = await CastAsync(strict, "lenient", "fusion-center");
        foreach (var (one, deletes) in new[] { (cast, true), (other, false) })
        {
            var searched = await one.SearchAsync(examine: true);
            var (search, examination) = (
                searched.GetProperty("searchId").GetString(), searched.GetProperty("examinationId").GetString());
            await one.Supervisor.PutAsJsonAsync($"/v1/reviews/{search}", new { finding = "improper" }).Json();
            Assert.Equal(!deletes, Kept(strict, search) > 0);
            Assert.Equal(deletes ? 404 : 200, (int)(await one.Agent.GetAsync($"/v1/examinations/{examination}")).StatusCode);
            Assert.Empty(Directory.GetFiles(Path.Combine(strict.Data, "examinations"), examination + "*"));
            // That it was made, and what was thought of it, stays.
            Assert.Equal("improper", (await one.Agent.GetAsync($"/v1/searches/{search}").Json()).GetProperty("finding").GetString());
        }
        var held = (await cast.SearchAsync()).GetProperty("searchId").GetString();
        var id = (await cast.Supervisor.GetAsync("/v1/cases").Json()).GetProperty("cases")[0].GetProperty("id").GetString();
        await cast.Supervisor.PutAsJsonAsync($"/v1/cases/{id}/hold", new { reason = "a suit" }).Json();
        await cast.Supervisor.PutAsJsonAsync($"/v1/reviews/{held}", new { finding = "improper" }).Json();
        Assert.NotEqual(0, Kept(strict, held));
        await cast.Agent.GetAsync($"/v1/searches/{held}/candidates/1").Code(403);
        await cast.Supervisor.DeleteAsync($"/v1/cases/{id}/hold").Json();
        await cast.Supervisor.PutAsJsonAsync($"/v1/reviews/{held}", new { finding = "improper" }).Json();
        Assert.Equal(0, Kept(strict, held));
    }

    private static long Kept(TestService of, string? search)
    {
        using var book = new SqliteConnection($"Data Source={Path.Combine(of.Data, "service.db")};Pooling=False");
        return book.ExecuteScalar<long>(
            "SELECT (SELECT count(*) FROM search_candidate WHERE search = @search) + (SELECT count(*) FROM examination "
                + "WHERE search = @search) + (SELECT count(*) FROM search WHERE id = @search AND probe_digest IS NOT NULL)",
            new { search });
    }

    private static async Task<Cast> CastAsync(TestService service, string gallery, string profile)
    {
        var owner = service.As("local", Role.GalleryOwner, Role.ServiceAdministrator);
        await owner.CreateGalleryAsync(gallery, new { profile });
        foreach (var person in (int[])[1, 2])
            await owner.EnrolAsync(gallery, $"P{person}", FakeImage.Picture($"{gallery} {person}", new FakeFace(person, Size: 60)));
        return new Cast(
            gallery, owner, service.As("local", Role.Agent), service.As("local", Role.Examiner), service.As("local", Role.Supervisor));
    }

    private sealed record Cast(string Gallery, HttpClient Owner, HttpClient Agent, HttpClient Examiner, HttpClient Supervisor) : IDisposable
    {
        public Task<JsonElement> SearchAsync(bool examine = false) => Agent.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { Gallery }, purpose = Requests.Purpose, examine }, ("image", Probe, "p"))).Json();

        public void Dispose()
        {
            foreach (var client in (HttpClient[])[Owner, Agent, Examiner, Supervisor])
                client.Dispose();
        }
    }

    /// <summary>A service whose own profile has what was kept of improper searches deleted.</summary>
    private sealed class StrictService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            using var json = typeof(Profile).Assembly.GetManifestResourceStream("Profiles.default.json")!;
            var profile = JsonNode.Parse(json)!;
            (profile["name"], profile["rules"]!["deleteImproper"]!["value"]) = ("strict", true);
            settings.Profile = Folder.Sub("strict.json");
            File.WriteAllText(settings.Profile, profile.ToJsonString());
            return settings;
        }
    }
}
