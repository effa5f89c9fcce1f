using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.FacialExamination;

/// <summary>Whose examiners examine a list, when it is told, and what a second examiner is for: through HTTP.</summary>
public sealed class ExaminersTests
{
    private static readonly byte[] Probe = FakeImage.Picture("examiners", new FakeFace(1, Variation: 3, Size: 60));

    [Fact]
    public async Task The_owners_examiners_are_told_and_examine_their_own_galleries_candidates_and_nobody_elses()
    {
        await using var service = new TestService();
        await service.InitializeAsync();
        await GalleryAsync(service, "one", "bureau", "fusion-center");
        await GalleryAsync(service, "two", "county", "fusion-center");
        using var agent = service.As("agency", Role.Agent);
        using var supervisor = service.As("agency", Role.Supervisor);
        using var home = service.As("agency", Role.Examiner);
        using var bureau = service.As("bureau", Role.Examiner);
        using var county = service.As("county", Role.Examiner);
        var answer = await SearchAsync(agent, ["one", "two"], examine: true);
        var ids = answer.GetProperty("examinationIds").EnumerateArray().Select(id => id.GetString()!).ToList();
        Assert.Equal(2, ids.Count);

        foreach (var (examiner, gallery, organisation) in new[] { (bureau, "one", "bureau"), (county, "two", "county") })
        {
            Assert.Contains(
                (await examiner.GetAsync("/v1/notifications").Json()).EnumerateArray(),
                told => told.GetProperty("kind").GetString() == "examination-requested");
            var own = Assert.Single((await examiner.GetAsync("/v1/examinations").Json()).EnumerateArray());
            Assert.Equal(organisation, own.GetProperty("examiners").GetString());
            var id = own.GetProperty("id").GetString()!;
            var taken = await examiner.PostAsync($"/v1/examinations/{id}/take", null).Json();
            var candidates = taken.GetProperty("candidates").EnumerateArray().ToList();
            Assert.Equal(2, candidates.Count);
            Assert.All(candidates, candidate => Assert.Equal(gallery, candidate.GetProperty("gallery").GetString()));
            foreach (var rank in candidates.Select(candidate => candidate.GetProperty("rank").GetInt32()))
                Assert.Equal(200, (int)(await examiner.GetAsync($"/v1/examinations/{id}/candidates/{rank}/photo")).StatusCode);
            Assert.Equal(200, (int)(await examiner.GetAsync($"/v1/examinations/{id}/probe")).StatusCode);
            // Of the search they know nothing else.
            await examiner.GetAsync($"/v1/searches/{answer.GetProperty("searchId").GetString()}").Code(404);
            await examiner.GetAsync($"/v1/examinations/{ids.Single(other => other != id)}").Code(404);
        }
        Assert.Empty((await home.GetAsync("/v1/examinations").Json()).EnumerateArray());
        await home.PostAsync($"/v1/examinations/{ids[0]}/take", null).Code(404);
        Assert.Equal(2, (await supervisor.GetAsync("/v1/examinations").Json()).GetArrayLength());
    }

    [Fact]
    public async Task A_profile_may_leave_the_examination_to_the_requesters_own()
    {
        await using var service = new RuledService(rules => rules["examiners"]!["value"] = "requester");
        await service.InitializeAsync();
        await GalleryAsync(service, "one", "bureau", "default");
        using var agent = service.As("agency", Role.Agent);
        using var home = service.As("agency", Role.Examiner);
        using var bureau = service.As("bureau", Role.Examiner);
        var id = (await SearchAsync(agent, ["one"], examine: true)).GetProperty("examinationId").GetString();
        Assert.Empty((await bureau.GetAsync("/v1/examinations").Json()).EnumerateArray());
        await bureau.PostAsync($"/v1/examinations/{id}/take", null).Code(404);
        await home.PostAsync($"/v1/examinations/{id}/take", null).Json();
        Assert.Equal(200, (int)(await home.GetAsync($"/v1/examinations/{id}/candidates/1/crop")).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_held_list_reaches_the_agent_after_the_examination_as_the_kept_candidates_or_as_no_match(bool keeps)
    {
        await using var service = new TestService();
        await service.InitializeAsync();
        await GalleryAsync(service, "preset", "bureau", "obim");
        await GalleryAsync(service, "open", "bureau", "fusion-center");
        using var agent = service.As("agency", Role.Agent);
        using var supervisor = service.As("agency", Role.Supervisor);
        using var examiner = service.As("bureau", Role.Examiner);
        // Without an examination the profile holds nothing.
        Assert.NotEqual(0, (await SearchAsync(agent, ["preset"], examine: false)).GetProperty("candidates").GetArrayLength());

        var answer = await SearchAsync(agent, ["preset", "open"], examine: true);

        var search = answer.GetProperty("searchId").GetString();
        Assert.All(
            answer.GetProperty("candidates").EnumerateArray(), row => Assert.Equal("open", row.GetProperty("gallery").GetString()));
        Assert.Contains(
            answer.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.Contains("'preset'", StringComparison.Ordinal));
        // No gap between the ranks tells that somebody is held back, and where.
        Assert.Equal(
            Enumerable.Range(1, answer.GetProperty("candidates").GetArrayLength()),
            answer.GetProperty("candidates").EnumerateArray().Select(row => row.GetProperty("rank").GetInt32()));
        var id = answer.GetProperty("examinationId").GetString();
        var ranks = (await examiner.PostAsync($"/v1/examinations/{id}/take", null).Json()).GetProperty("candidates").EnumerateArray()
            .Where(row => row.GetProperty("gallery").GetString() == "preset").Select(row => row.GetProperty("rank").GetInt32()).ToList();
        Assert.NotEmpty(ranks);
        await HiddenAsync(ranks);
        if (keeps)
            await examiner.PutAsJsonAsync($"/v1/examinations/{id}/candidates/{ranks[0]}", new { kept = true, level = "support" }).Json();
        await examiner.PostAsJsonAsync($"/v1/examinations/{id}/finish", new { setAsideRest = true }).Json();

        await HiddenAsync(ranks.Skip(keeps ? 1 : 0));
        var result = (await agent.GetAsync($"/v1/examinations/{id}").Json()).GetProperty("result");
        Assert.Equal(
            (keeps ? 1 : 0, JsonValueKind.Null),
            (result.GetProperty("candidates").GetArrayLength(), result.GetProperty("setAside").ValueKind));
        if (keeps)
            Assert.Equal(
                "preset", (await agent.GetAsync($"/v1/searches/{search}/candidates/{ranks[0]}").Json()).GetProperty("gallery").GetString());

        async Task HiddenAsync(IEnumerable<int> hidden)
        {
            foreach (var rank in hidden)
            {
                foreach (var client in (HttpClient[])[agent, supervisor])
                {
                    await client.GetAsync($"/v1/searches/{search}/candidates/{rank}").Code(404);
                    await client.GetAsync($"/v1/searches/{search}/candidates/{rank}/crop").Code(404);
                    Assert.DoesNotContain(
                        (await client.GetAsync($"/v1/searches/{search}").Json()).GetProperty("audit").GetProperty("candidates")
                            .EnumerateArray(), row => row.GetProperty("rank").GetInt32() == rank);
                }
                await agent.PostAsJsonAsync("/v1/details-requests", new { searchId = search, rank, reason = "r" }).Code(404);
            }
        }
    }

    [Fact]
    public async Task A_profile_may_have_every_list_examined_first()
    {
        await using var service = new RuledService(rules => rules["holdUntilExamined"]!["value"] = "always");
        await service.InitializeAsync();
        await GalleryAsync(service, "one", "bureau", "default");
        using var agent = service.As("agency", Role.Agent);
        var answer = await SearchAsync(agent, ["one"], examine: false);
        Assert.Equal(0, answer.GetProperty("candidates").GetArrayLength());
        Assert.Equal("sealed", answer.GetProperty("receipt").GetProperty("status").GetString());
        Assert.Equal(
            "open", (await agent.GetAsync($"/v1/examinations/{answer.GetProperty("examinationId").GetString()}").Json())
                .GetProperty("state").GetString());
        Assert.Equal("not_offered", await agent.PostAsJsonAsync(
            "/v1/searches", new { galleries = new[] { "one" }, encounterId = "e", purpose = Requests.Purpose }).Code(403));
    }

    [Fact]
    public async Task A_second_examiner_does_not_see_the_first_and_where_they_differ_a_supervisor_decides()
    {
        await using var service = new RuledService(rules => rules["secondExaminer"]!["value"] = true);
        await service.InitializeAsync();
        await GalleryAsync(service, "one", "bureau", "default", 3);
        using var agent = service.As("agency", Role.Agent);
        using var first = service.As("bureau", Role.Examiner);
        using var second = service.As("bureau", Role.Examiner);
        using var supervisor = service.As("bureau", Role.Supervisor);
        using var foreign = service.As("agency", Role.Supervisor);
        var id = (await SearchAsync(agent, ["one"], examine: true)).GetProperty("examinationId").GetString();

        await first.PostAsync($"/v1/examinations/{id}/take", null).Json();
        await AssessAsync(first, 1, new { kept = true, level = "support", comment = "first words" });
        // While the first one works, nobody who could be the second one sees what is said.
        Unsaid(await second.GetAsync($"/v1/examinations/{id}").Json());
        await AssessAsync(first, 2, new { kept = true, level = "limited-support" });
        await AssessAsync(first, 3, new { kept = false, level = "support-different" });
        Assert.Equal("open", (await FinishAsync(first)).GetProperty("state").GetString());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(service.Data, "examinations"), id + "*").Length);
        await first.PostAsync($"/v1/examinations/{id}/take", null).Code(403);

        var taken = await second.PostAsync($"/v1/examinations/{id}/take", null).Json();
        Unsaid(taken);
        Assert.DoesNotContain("first words", taken.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, taken.GetProperty("firstExaminer").ValueKind);
        await AssessAsync(second, 1, new { kept = true, level = "no-conclusion" });
        await AssessAsync(second, 2, new { kept = false });
        await AssessAsync(second, 3, new { kept = false, level = "limited-support-different" });
        Assert.Equal("disputed", (await FinishAsync(second)).GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, (await agent.GetAsync($"/v1/examinations/{id}").Json()).GetProperty("result").ValueKind);
        Assert.Contains(
            (await supervisor.GetAsync("/v1/notifications").Json()).EnumerateArray(),
            told => told.GetProperty("kind").GetString() == "examination-disputed");

        var seen = await supervisor.GetAsync($"/v1/examinations/{id}").Json();
        var dispute = Assert.Single(seen.GetProperty("disputes").EnumerateArray());
        Assert.Equal(
            (2, true, false), (dispute.GetProperty("first").GetProperty("rank").GetInt32(),
                dispute.GetProperty("first").GetProperty("kept")
                    .GetBoolean(), dispute.GetProperty("second").GetProperty("kept").GetBoolean()));
        await ResolveAsync(first, new { kept = new[] { 2 }, reason = "r" }).Code(403);
        await ResolveAsync(foreign, new { kept = new[] { 2 }, reason = "r" }).Code(403);
        await ResolveAsync(supervisor, new { kept = new[] { 1 }, reason = "r" }).Code(400);
        await ResolveAsync(supervisor, new { kept = new[] { 2 }, reason = "" }).Code(400);
        Assert.Equal("finished", (await ResolveAsync(supervisor, new { kept = new[] { 2 }, reason = "the ear" }).Json())
            .GetProperty("state").GetString());

        Assert.Empty(Directory.GetFiles(Path.Combine(service.Data, "examinations"), id + "*"));
        var result = (await agent.GetAsync($"/v1/examinations/{id}").Json()).GetProperty("result");
        // Of two levels the weaker one counts; of a dispute the side that was taken.
        Assert.Equal(
            ["1 no-conclusion", "2 limited-support"],
            result.GetProperty("candidates").EnumerateArray()
                .Select(row => $"{row.GetProperty("rank").GetInt32()} {row.GetProperty("level").GetString()}"));
        Assert.Equal("conflict", await ResolveAsync(supervisor, new { kept = new[] { 2 }, reason = "again" }).Code(409));

        Task AssessAsync(HttpClient examiner, int rank, object said) =>
            examiner.PutAsJsonAsync($"/v1/examinations/{id}/candidates/{rank}", said).Json();

        Task<JsonElement> FinishAsync(HttpClient examiner) =>
            examiner.PostAsJsonAsync($"/v1/examinations/{id}/finish", new { }).Json();

        Task<HttpResponseMessage> ResolveAsync(HttpClient by, object decision) =>
            by.PostAsJsonAsync($"/v1/examinations/{id}/resolution", decision);

        static void Unsaid(JsonElement examination) => Assert.All(
            examination.GetProperty("candidates").EnumerateArray(),
            row => Assert.Equal(JsonValueKind.Null, row.GetProperty("kept").ValueKind));
    }

    [Fact]
    public async Task Two_who_agree_make_a_result_and_levels_of_different_people_are_for_those_set_aside()
    {
        await using var service = new RuledService(rules => rules["secondExaminer"]!["value"] = true);
        await service.InitializeAsync();
        await GalleryAsync(service, "one", "bureau", "default");
        using var agent = service.As("agency", Role.Agent);
        using var first = service.As("bureau", Role.Examiner);
        using var second = service.As("bureau", Role.Examiner);
        var id = (await SearchAsync(agent, ["one"], examine: true)).GetProperty("examinationId").GetString();
        foreach (var examiner in (HttpClient[])[first, second])
        {
            await examiner.PostAsync($"/v1/examinations/{id}/take", null).Json();
            foreach (var odd in (object[])[
                new { kept = true, level = "support-different" }, new { kept = true, level = "limited-support-different" },
                new { kept = false, level = "support" }, new { kept = false, level = "no-conclusion" }])
                await examiner.PutAsJsonAsync($"/v1/examinations/{id}/candidates/1", odd).Code(400);
            await examiner.PutAsJsonAsync(
                $"/v1/examinations/{id}/candidates/1", new { kept = false, level = "support-different" }).Json();
            await examiner.PostAsJsonAsync($"/v1/examinations/{id}/finish", new { setAsideRest = true }).Json();
        }
        var seen = await second.GetAsync($"/v1/examinations/{id}").Json();
        Assert.Equal("finished", seen.GetProperty("state").GetString());
        Assert.Equal("support-different", seen.GetProperty("candidates")[0].GetProperty("level").GetString());
        Assert.Equal(
            0, (await agent.GetAsync($"/v1/examinations/{id}").Json()).GetProperty("result").GetProperty("candidates").GetArrayLength());
    }

    [Fact]
    public async Task A_result_names_the_subjects_that_were_removed_meanwhile_and_they_hold_up_nobody()
    {
        await using var service = new TestService();
        await service.InitializeAsync();
        await GalleryAsync(service, "one", "bureau", "fusion-center", 3);
        using var owner = service.As("bureau", Role.GalleryOwner);
        using var agent = service.As("agency", Role.Agent);
        using var examiner = service.As("bureau", Role.Examiner);
        var answer = await SearchAsync(agent, ["one"], examine: true);
        var id = answer.GetProperty("examinationId").GetString();
        await examiner.PostAsync($"/v1/examinations/{id}/take", null).Json();
        foreach (var rank in (int[])[1, 3])
            await examiner.PutAsJsonAsync($"/v1/examinations/{id}/candidates/{rank}", new { kept = true, level = "support" }).Json();
        foreach (var place in (int[])[0, 1])
            await owner.DeleteAsync(
                $"/v1/galleries/one/subjects/{answer.GetProperty("candidates")[place].GetProperty("subjectId").GetString()}").Json(204);

        var finished = await examiner.PostAsJsonAsync($"/v1/examinations/{id}/finish", new { }).Json();

        foreach (var seen in new[] { finished, await agent.GetAsync($"/v1/examinations/{id}").Json() })
            Assert.Equal([1, 2], seen.GetProperty("result").GetProperty("removed").EnumerateArray()
                .Select(row => row.GetProperty("rank").GetInt32()));
        Assert.Equal(2, finished.GetProperty("result").GetProperty("candidates").GetArrayLength());
    }

    private static async Task GalleryAsync(TestService service, string name, string owner, string profile, int people = 2)
    {
        using var keeper = service.As(owner, Role.GalleryOwner, Role.ServiceAdministrator);
        await keeper.CreateGalleryAsync(name, new { profile });
        for (var person = 1; person <= people; person++)
            await keeper.EnrolAsync(
                name, $"P{person}", FakeImage.Picture($"{name} {person}", new FakeFace(profile == "obim" ? 1 : person, person, Size: 60)));
        await keeper.ShareAsync(service, name, "agency");
    }

    private static Task<JsonElement> SearchAsync(HttpClient agent, string[] galleries, bool examine) => agent.PostAsync(
        "/v1/searches", Requests.Form(new { galleries, purpose = Requests.Purpose, examine }, ("image", Probe, "p"))).Json();

    /// <summary>A service whose own profile has another rule.</summary>
    private sealed class RuledService(Action<JsonNode> change) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            using var json = typeof(Profile).Assembly.GetManifestResourceStream("Profiles.default.json")!;
            var profile = JsonNode.Parse(json)!;
            profile["name"] = "ruled";
            change(profile["rules"]!);
            settings.Profile = Folder.Sub("ruled.json");
            File.WriteAllText(settings.Profile, profile.ToJsonString());
            return settings;
        }
    }
}
