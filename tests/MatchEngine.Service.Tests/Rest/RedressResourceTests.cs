using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>Persons' requests for access, correction or deletion, through HTTP (PIA-054, Principles).</summary>
public sealed class RedressResourceTests(TestService service) : IClassFixture<TestService>
{
    private static readonly byte[] Probe = FakeImage.Picture("redress", new FakeFace(1, Variation: 3, Size: 60));

    [Fact]
    public async Task A_correction_is_recorded_decided_by_another_carried_out_answered_and_told_to_who_received_the_record()
    {
        using var cast = await CastAsync(service, "corrected");
        using var received = service.As("agency", Role.Agent);
        using var spared = service.As("agency", Role.Agent);
        using var auditor = service.As("bureau", Role.Auditor);
        var search = (await SearchAsync(received, "corrected").Json()).GetProperty("searchId").GetString();
        // Whose list did not go down to the record is told nothing.
        var other = await SearchAsync(spared, "corrected", floor: 0.9999).Json();
        Assert.Equal(0, other.GetProperty("candidates").GetArrayLength());

        var recorded = await cast.Recorder.PostAsJsonAsync("/v1/redress-requests", new
        {
            gallery = "corrected", subjectId = "P1", kind = "correction", reference = "letter 17", statement = "my name is Ruth, not Wrong",
        }).Json(201);
        var id = recorded.GetProperty("id").GetString();
        Assert.Equal(
            30, (recorded.GetProperty("due").GetDateTimeOffset() - recorded.GetProperty("recorded").GetDateTimeOffset()).TotalDays);
        Assert.Contains("redress-recorded", Kinds(await cast.Decider.GetAsync("/v1/notifications").Json()));
        await AnswerAsync(cast.Recorder, id, new { answer = "early", set = new { name = "Ruth" } }).Code(409);
        await DecideAsync(cast.Recorder, id, true).Code(403);
        await DecideAsync(cast.Supervisor, id, true).Code(403);
        Assert.Equal("granted", (await DecideAsync(cast.Decider, id, true).Json()).GetProperty("state").GetString());
        await DecideAsync(cast.Decider, id, false).Code(409);
        Assert.Contains("redress-decided", Kinds(await cast.Recorder.GetAsync("/v1/notifications").Json()));
        await AnswerAsync(cast.Recorder, id, new { answer = "nothing is corrected" }).Code(400);
        await AnswerAsync(cast.Supervisor, id, new { answer = "not mine", set = new { name = "Ruth" } }).Code(403);

        var answered = await AnswerAsync(
            cast.Recorder, id, new { answer = "we corrected it", set = new { name = "Ruth" }, remove = new[] { "born" } }).Json();

        Assert.Equal(("answered", 1), (answered.GetProperty("state").GetString(), answered.GetProperty("told").GetInt32()));
        Assert.Equal(
            """{"name":"Ruth"}""",
            (await cast.Recorder.GetAsync("/v1/galleries/corrected/subjects/P1").Json()).GetProperty("biographics").GetRawText());
        var told = (await received.GetAsync("/v1/notifications").Json()).EnumerateArray()
            .Single(row => row.GetProperty("kind").GetString() == "record-corrected");
        Assert.Equal(search, told.GetProperty("searchId").GetString());
        Assert.Equal(JsonValueKind.Null, told.GetProperty("subjectId").ValueKind);
        Assert.DoesNotContain("Ruth", told.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("record-corrected", Kinds(await spared.GetAsync("/v1/notifications").Json()));
        await AnswerAsync(cast.Recorder, id, new { answer = "again", set = new { name = "Ruth" } }).Code(409);
        // Every step is an event, and what was said of the person stands in none.
        var events = (await auditor.GetAsync("/v1/audit?count=1000").Json()).GetProperty("events").EnumerateArray()
            .Where(row => row.GetProperty("payload").TryGetProperty("redress", out var of) && of.GetString() == id).ToList();
        Assert.Equal(
            ["redress.recorded", "redress.decided", "redress.answered"], events.Select(row => row.GetProperty("kind").GetString()));
        Assert.DoesNotContain("Ruth", string.Concat(events.Select(row => row.GetRawText())), StringComparison.Ordinal);
        Assert.DoesNotContain("Ruth", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_removes_the_subject_and_a_refusal_and_an_access_change_nothing()
    {
        using var cast = await CastAsync(service, "deleted");
        using var received = service.As("agency", Role.Agent);
        var search = (await SearchAsync(received, "deleted").Json()).GetProperty("searchId").GetString();
        var (refused, deletion, access) = (
            await RecordAsync(cast, new { gallery = "deleted", subjectId = "P1", kind = "deletion", reference = "a" }),
            await RecordAsync(cast, new { gallery = "deleted", subjectId = "P1", kind = "deletion", reference = "b" }),
            await RecordAsync(cast, new { gallery = "deleted", kind = "access", reference = "c" }));
        await DecideAsync(cast.Decider, refused, false).Json();
        await DecideAsync(cast.Decider, deletion, true).Json();
        await DecideAsync(cast.Decider, access, true).Json();
        Assert.Equal(0, (await AnswerAsync(cast.Recorder, refused, new { answer = "no" }).Json()).GetProperty("told").GetInt32());
        Assert.Equal(0, (await AnswerAsync(cast.Recorder, access, new { answer = "this is kept" }).Json()).GetProperty("told").GetInt32());
        await AnswerAsync(cast.Recorder, deletion, new { answer = "x", set = new { name = "N" } }).Code(400);
        await cast.Recorder.GetAsync("/v1/galleries/deleted/subjects/P1").Json();
        Assert.DoesNotContain("record-deleted", Kinds(await received.GetAsync("/v1/notifications").Json()));

        Assert.Equal(1, (await AnswerAsync(cast.Recorder, deletion, new { answer = "gone" }).Json()).GetProperty("told").GetInt32());

        await cast.Recorder.GetAsync("/v1/galleries/deleted/subjects/P1").Code(404);
        var told = (await received.GetAsync("/v1/notifications").Json()).EnumerateArray()
            .Single(row => row.GetProperty("kind").GetString() == "record-deleted");
        Assert.Equal(search, told.GetProperty("searchId").GetString());
        Assert.Equal(
            [deletion, refused], (await cast.Supervisor.GetAsync("/v1/redress-requests?state=answered").Json()).EnumerateArray()
                .Where(row => row.GetProperty("kind").GetString() == "deletion" && row.GetProperty("gallery").GetString() == "deleted")
                .Select(row => row.GetProperty("id").GetString()!).OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_a_request_is_refused_and_another_organisations_is_not_there()
    {
        using var cast = await CastAsync(service, "refused-redress");
        using var foreign = service.As("agency", Role.GalleryOwner, Role.Supervisor);
        foreach (var (odd, status) in ((object, int)[])[
            (new { gallery = "refused-redress", kind = "deletion", reference = "a" }, 400),
            (new { gallery = "refused-redress", subjectId = "P1", kind = "deletion", reference = " " }, 400),
            (new { gallery = "refused-redress", subjectId = "P1", kind = "deletion", reference = new string('x', 201) }, 400),
            (new { gallery = "refused-redress", subjectId = "P1", kind = "oblivion", reference = "a" }, 400),
            (new { gallery = "refused-redress", subjectId = "nobody", kind = "correction", reference = "a" }, 404)])
            await cast.Recorder.PostAsJsonAsync("/v1/redress-requests", odd).Code(status);
        await foreign.PostAsJsonAsync(
            "/v1/redress-requests", new { gallery = "refused-redress", subjectId = "P1", kind = "deletion", reference = "a" }).Code(404);
        var id = await RecordAsync(cast, new { gallery = "refused-redress", subjectId = "P1", kind = "deletion", reference = "a" });
        await foreign.GetAsync($"/v1/redress-requests/{id}").Code(404);
        await DecideAsync(foreign, id, true).Code(404);
        await AnswerAsync(foreign, id, new { answer = "a" }).Code(404);
        Assert.Empty((await foreign.GetAsync("/v1/redress-requests").Json()).EnumerateArray());
    }

    [Fact]
    public async Task A_profile_may_have_supervisors_decide_in_a_time_of_its_own()
    {
        await using var own = new SupervisedService();
        await own.InitializeAsync();
        using var cast = await CastAsync(own, "supervised", "default");
        var recorded = await cast.Recorder.PostAsJsonAsync("/v1/redress-requests", new
        {
            gallery = "supervised", subjectId = "P1", kind = "deletion", reference = "a",
        }).Json(201);
        var id = recorded.GetProperty("id").GetString();
        Assert.Equal(
            7, (recorded.GetProperty("due").GetDateTimeOffset() - recorded.GetProperty("recorded").GetDateTimeOffset()).TotalDays);
        Assert.Contains("redress-recorded", Kinds(await cast.Supervisor.GetAsync("/v1/notifications").Json()));
        await DecideAsync(cast.Decider, id, true).Code(403);
        await DecideAsync(cast.Supervisor, id, true).Json();
    }

    [Fact]
    public async Task Whose_list_was_held_and_never_told_is_told_nothing()
    {
        using var cast = await CastAsync(service, "held-redress", "obim");
        using var agent = service.As("agency", Role.Agent);
        await agent.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "held-redress" }, purpose = Requests.Purpose, examine = true }, ("image", Probe, "p"))).Json();
        var id = await RecordAsync(cast, new { gallery = "held-redress", subjectId = "P1", kind = "deletion", reference = "a" });
        await DecideAsync(cast.Decider, id, true).Json();
        Assert.Equal(0, (await AnswerAsync(cast.Recorder, id, new { answer = "gone" }).Json()).GetProperty("told").GetInt32());
    }

    private static IEnumerable<string?> Kinds(JsonElement notifications) =>
        notifications.EnumerateArray().Select(row => row.GetProperty("kind").GetString());

    private static async Task<string> RecordAsync(Cast cast, object asked) =>
        (await cast.Recorder.PostAsJsonAsync("/v1/redress-requests", asked).Json(201)).GetProperty("id").GetString()!;

    private static Task<HttpResponseMessage> DecideAsync(HttpClient by, string? id, bool granted) =>
        by.PostAsJsonAsync($"/v1/redress-requests/{id}/decision", new { granted, reason = "a reason" });

    private static Task<HttpResponseMessage> AnswerAsync(HttpClient by, string? id, object answer) =>
        by.PostAsJsonAsync($"/v1/redress-requests/{id}/answer", answer);

    private static Task<HttpResponseMessage> SearchAsync(HttpClient agent, string gallery, double? floor = null) => agent.PostAsync(
        "/v1/searches", Requests.Form(
            new { galleries = new[] { gallery }, purpose = Requests.Purpose, scoreFloor = floor }, ("image", Probe, "p")));

    private static async Task<Cast> CastAsync(TestService service, string gallery, string profile = "fusion-center")
    {
        var recorder = service.As("bureau", Role.GalleryOwner);
        using var maker = service.As("bureau", Role.GalleryOwner, Role.ServiceAdministrator);
        await maker.CreateGalleryAsync(gallery, new { profile });
        foreach (var person in (int[])[1, 2])
            await maker.EnrolAsync(
                gallery, $"P{person}", FakeImage.Picture($"{gallery} {person}", new FakeFace(person, Size: 60)),
                new { metadata = new { name = "Wrong", born = "1970" } });
        await maker.ShareAsync(service, gallery, "agency");
        return new Cast(recorder, service.As("bureau", Role.GalleryOwner), service.As("bureau", Role.Supervisor));
    }

    /// <summary>The gallery's owner: who writes down and answers, another gallery owner, a supervisor.</summary>
    private sealed record Cast(HttpClient Recorder, HttpClient Decider, HttpClient Supervisor) : IDisposable
    {
        public void Dispose()
        {
            Recorder.Dispose();
            Decider.Dispose();
            Supervisor.Dispose();
        }
    }

    private sealed class SupervisedService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            using var json = typeof(Profile).Assembly.GetManifestResourceStream("Profiles.default.json")!;
            var profile = JsonNode.Parse(json)!;
            profile["name"] = "supervised";
            (profile["rules"]!["redressDecidedBy"]!["value"], profile["rules"]!["redressDays"]!["value"]) = ("supervisor", 7);
            settings.Profile = Folder.Sub("supervised.json");
            File.WriteAllText(settings.Profile, profile.ToJsonString());
            return settings;
        }
    }
}
