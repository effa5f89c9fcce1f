using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Examining;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.FacialExamination;

/// <summary>Safeguard 6: examination of a candidate list, through HTTP.</summary>
public sealed class ExaminationTests(TestService service) : IClassFixture<TestService>
{
    private const string Marker = "examined-marker-5a90";

    private static byte[] Probe(string salt = "") => FakeImage.Picture(Marker + salt, new FakeFace(1, Variation: 3, Size: 60));

    [Fact]
    public async Task A_list_goes_to_an_examiner_and_comes_back_narrowed_with_levels_notes_and_the_disclaimer()
    {
        using var cast = await CastAsync("whole");
        var answer = await cast.SearchAsync(new { examine = true, examinationNote = "the left one" });
        var id = answer.GetProperty("examinationId").GetString()!;
        Assert.Equal("sealed", answer.GetProperty("receipt").GetProperty("status").GetString());
        Assert.True(service.Buffers.AllClear());

        // The requester sees that it waits, and nothing of the work.
        var waiting = await cast.Agent.GetAsync($"/v1/examinations/{id}").Json();
        Assert.Equal(("open", JsonValueKind.Null, JsonValueKind.Null), (waiting.GetProperty("state").GetString(),
            waiting.GetProperty("candidates").ValueKind, waiting.GetProperty("receipt").ValueKind));
        Assert.Contains(
            (await cast.Examiner.GetAsync("/v1/examinations?state=open").Json()).EnumerateArray(),
            row => row.GetProperty("id").GetString() == id);

        await cast.Examiner.GetAsync($"/v1/examinations/{id}/probe").Code(409);
        var taken = await Post(cast.Examiner, id, "take").Json();
        Assert.Equal(("taken", "the left one", 3), (taken.GetProperty("state").GetString(), taken.GetProperty("note").GetString(),
            taken.GetProperty("candidates").GetArrayLength()));

        foreach (var picture in (string[])[
            "probe", "probe/crop", "probe/crop?size=900&margin=2.5", "candidates/1/photo", "candidates/1/crop?size=900"])
        {
            using var photo = await cast.Examiner.GetAsync($"/v1/examinations/{id}/{picture}");
            Assert.Equal(
                (200, "image/jpeg", true),
                ((int)photo.StatusCode, photo.Content.Headers.ContentType?.MediaType, photo.Headers.CacheControl?.NoStore));
            Assert.Equal([0xFF, 0xD8, 0xFF], (await photo.Content.ReadAsByteArrayAsync())[..3]);
        }
        Assert.True(service.Buffers.AllClear());

        await Assess(cast.Examiner, id, 1, new
        {
            kept = true,
            level = "limited-support",
            comment = "both are poor",
            features = new Dictionary<string, string> { ["ears"] = "lobes attached", ["scars"] = "one above the left eyebrow" },
        }).Json();
        await Assess(cast.Examiner, id, 2, new { kept = false }).Json();
        Assert.Contains("3", await Detail(Post(cast.Examiner, id, "finish", new { })));
        await Assess(cast.Examiner, id, 3, new { kept = false, comment = "another nose" }).Json();
        var finished = await Post(cast.Examiner, id, "finish", new { comment = "done" }).Json();

        foreach (var seen in new[] { finished, await cast.Agent.GetAsync($"/v1/examinations/{id}").Json() })
        {
            Assert.Equal("finished", seen.GetProperty("state").GetString());
            var result = seen.GetProperty("result");
            var kept = Assert.Single(result.GetProperty("candidates").EnumerateArray());
            Assert.Equal((1, "limited-support", "lobes attached"), (kept.GetProperty("rank").GetInt32(),
                kept.GetProperty("level").GetString(), kept.GetProperty("features").GetProperty("ears").GetString()));
            Assert.Equal(2, result.GetProperty("setAside").GetInt32());
            Assert.Contains("One candidate was kept", result.GetProperty("notice").GetString(), StringComparison.Ordinal);
            Assert.Contains("no positive identification", result.GetProperty("notice").GetString(), StringComparison.Ordinal);
            Assert.Contains(
                "not a positive identification",
                result.GetProperty("disclaimer").GetProperty("text").GetString(), StringComparison.Ordinal);
            var receipt = seen.GetProperty("receipt");
            Assert.Equal(
                ("deleted", answer.GetProperty("receipt").GetProperty("digest").GetString()),
                (receipt.GetProperty("status").GetString(), receipt.GetProperty("digest").GetString()));
        }
        await cast.Examiner.GetAsync($"/v1/examinations/{id}/probe").Code(409);
        Assert.Empty(Files(id));
        Assert.Contains(
            (await cast.Agent.GetAsync("/v1/notifications?unread=true").Json()).EnumerateArray(),
            told => told.GetProperty("kind").GetString() == "examination-finished");
    }

    [Fact]
    public async Task A_probe_that_comes_later_is_taken_when_it_is_the_searches_own_and_refused_when_it_is_not()
    {
        using var cast = await CastAsync("later");
        var search = (await cast.SearchAsync(new { })).GetProperty("searchId").GetString();
        Assert.Equal("other_probe", await Ask(cast.Agent, search, Probe(" another")).Code(409));
        await Ask(cast.Supervisor, search, Probe()).Code(404);
        var asked = await Ask(cast.Agent, search, Probe()).Json(201);
        Assert.Equal("open", asked.GetProperty("state").GetString());
        Assert.Equal("conflict", await Ask(cast.Agent, search, Probe()).Code(409));
        Assert.Single(
            Directory.GetFiles(Path.Combine(service.Data, "examinations"), "*.key"),
            file => file.Contains(asked.GetProperty("id").GetString()!, StringComparison.Ordinal));
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task Nothing_of_a_probe_under_examination_is_readable_on_the_disk_and_its_key_is_needed()
    {
        using var cast = await CastAsync("sealed");
        var id = (await cast.SearchAsync(new { examine = true })).GetProperty("examinationId").GetString()!;
        Assert.Equal(2, Files(id).Length);
        Assert.False(FolderBytes.Contain(service.Data, Encoding.UTF8.GetBytes(Marker)));
        foreach (var file in OperatingSystem.IsWindows() ? [] : Files(id))
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
        var probes = service.Get<SealedProbes>();
        using (var open = probes.Open(id, null))
            Assert.True(open!.Memory.Span.SequenceEqual(Probe()));
        // A sealed file in another's place, and one that was changed, do not open.
        var sealedFile = Files(id).Single(file => file.EndsWith(".probe", StringComparison.Ordinal));
        var keyFile = Files(id).Single(file => file.EndsWith(".key", StringComparison.Ordinal));
        var bytes = File.ReadAllBytes(sealedFile);
        bytes[40] ^= 1;
        File.WriteAllBytes(sealedFile, bytes);
        Assert.Throws<MatchEngine.Galleries.Errors.StoreException>(() => probes.Open(id, null));
        bytes[40] ^= 1;
        File.WriteAllBytes(sealedFile, bytes);
        var key = File.ReadAllBytes(keyFile);
        Assert.Throws<AuthenticationTagMismatchException>(() => Unwrap(key, SHA256.HashData("a guess"u8), id));
        probes.Erase(id);
        Assert.Null(probes.Open(id, null));
        probes.Erase(id);
    }

    [Fact]
    public async Task Nothing_is_written_back_to_the_gallery()
    {
        using var cast = await CastAsync("untouched", profile: "obim");
        var before = await cast.Admin.GetAsync("/v1/galleries/untouched/subjects").Json();
        var database = GalleryBytes("untouched");
        var searched = await cast.SearchAsync(new { });
        var id = (await cast.SearchAsync(new { examine = true })).GetProperty("examinationId").GetString()!;
        await Post(cast.Examiner, id, "take").Json();
        await Assess(cast.Examiner, id, 1, new { kept = true, level = "support" }).Json();
        await Post(cast.Examiner, id, "finish", new { setAsideRest = true }).Json();
        Assert.Equal(before.GetRawText(), (await cast.Admin.GetAsync("/v1/galleries/untouched/subjects").Json()).GetRawText());
        Assert.Equal(database, GalleryBytes("untouched"));
        // And the same search finds what it found before.
        Assert.Equal(
            searched.GetProperty("candidates").EnumerateArray().Select(found => found.GetProperty("subjectId").GetString()),
            (await cast.SearchAsync(new { })).GetProperty("candidates").EnumerateArray()
                .Select(found => found.GetProperty("subjectId").GetString()));
    }

    [Fact]
    public async Task A_profile_without_examiners_refuses_before_it_searches()
    {
        using var cast = await CastAsync("visas", profile: "ccd");
        await service.PrepareAsync(cast.Agent);
        var auditor = service.As("local", Role.ServiceAuditor);
        async Task<int> Searches() =>
            (await auditor.GetAsync("/v1/audit?kind=search&gallery=visas").Json()).GetProperty("events").GetArrayLength();
        Assert.Equal("not_offered", await cast.PostSearch(new { examine = true }).Code(403));
        Assert.Equal(0, await Searches());
        var search = (await cast.SearchAsync(new { })).GetProperty("searchId").GetString();
        Assert.Equal("not_offered", await Ask(cast.Agent, search, Probe()).Code(403));
    }

    [Fact]
    public async Task An_empty_list_and_a_search_by_encounter_have_nothing_to_examine()
    {
        using var cast = await CastAsync("empty");
        var none = await cast.SearchAsync(new { examine = true, scoreFloor = 0.9999 });
        Assert.Equal(
            ("deleted", JsonValueKind.Null),
            (none.GetProperty("receipt").GetProperty("status").GetString(), none.GetProperty("examinationId").ValueKind));
        Assert.Equal("conflict", await Ask(cast.Agent, none.GetProperty("searchId").GetString(), Probe()).Code(409));
        var list = await cast.SearchAsync(new { });
        var encounter = list.GetProperty("candidates")[0].GetProperty("encounter").GetProperty("id").GetString();
        var request = new { galleries = new[] { "empty" }, encounterId = encounter, purpose = Requests.Purpose, examine = true };
        Assert.Equal("bad_value", await cast.Agent.PostAsJsonAsync("/v1/searches", request).Code(400));
        var by = await cast.Agent.PostAsJsonAsync(
            "/v1/searches", new { galleries = new[] { "empty" }, encounterId = encounter, purpose = Requests.Purpose }).Json();
        Assert.Equal("conflict", await Ask(cast.Agent, by.GetProperty("searchId").GetString(), Probe()).Code(409));
    }

    [Fact]
    public async Task Values_that_an_assessment_cannot_have_are_refused_and_named()
    {
        using var cast = await CastAsync("values");
        var id = (await cast.SearchAsync(new { examine = true })).GetProperty("examinationId").GetString()!;
        await Post(cast.Examiner, id, "take").Json();
        foreach (var odd in (object[])[
            new { kept = true }, new { kept = false, level = "support" }, new { kept = true, level = "certain" },
            new { kept = true, level = "support", features = new { aura = "blue" } },
            new { kept = true, level = "support", features = new { nose = " " } },
            new { kept = true, level = "support", comment = new string('x', 2001) }])
            await Assess(cast.Examiner, id, 1, odd).Code(400);
        await Assess(cast.Examiner, id, 9, new { kept = false }).Code(404);
        foreach (var picture in (string[])["probe/crop?size=5", "probe/crop?margin=0", "candidates/1/crop?size=9999"])
            await cast.Examiner.GetAsync($"/v1/examinations/{id}/{picture}").Code(400);
        await cast.Examiner.GetAsync($"/v1/examinations/{id}/candidates/9/crop").Code(404);
        Assert.Equal(19, FacialFeatures.All.Count);
    }

    [Fact]
    public async Task Each_state_allows_its_own_steps_and_no_others()
    {
        using var cast = await CastAsync("states");
        using var second = service.As("local", Role.Examiner);
        string[] steps = ["take", "release", "assess", "finish", "withdraw", "probe"];
        // Which steps of the examiner who holds it (withdraw: of the requester) go through in which state.
        var allowed = new Dictionary<string, string[]>
        {
            ["open"] = ["take", "withdraw"],
            ["taken"] = ["release", "assess", "finish", "withdraw", "probe"],
            ["finished"] = [],
            ["withdrawn"] = [],
        };
        foreach (var (state, steady) in allowed)
        {
            foreach (var step in steps)
            {
                var id = await Reach(state);
                using var answer = await Do(cast.Examiner, step, id);
                Assert.True(
                    (int)answer.StatusCode == (steady.Contains(step) ? 200 : 409), $"{step} when {state}: {(int)answer.StatusCode}");
                var now = (await cast.Agent.GetAsync($"/v1/examinations/{id}").Json()).GetProperty("state").GetString();
                Assert.Equal(!steady.Contains(step) ? state : step switch
                {
                    "take" => "taken",
                    "release" => "open",
                    "finish" => "finished",
                    "withdraw" => "withdrawn",
                    _ => "taken",
                }, now);
                // The probe is there exactly as long as it is open or taken.
                Assert.Equal(now is "open" or "taken" ? 2 : 0, Files(id).Length);
                if (now is "open" or "taken")
                    await cast.Agent.DeleteAsync($"/v1/examinations/{id}").Json();
            }
        }
        // Another examiner has no hand in it.
        var held = await Reach("taken");
        foreach (var step in (string[])["release", "assess", "finish", "probe"])
            Assert.Equal(403, (int)(await Do(second, step, held)).StatusCode);
        Assert.Equal(409, (int)(await Do(second, "take", held)).StatusCode);
        // What one examiner said is not there for the next.
        await Assess(cast.Examiner, held, 1, new { kept = true, level = "support", comment = "mine" }).Json();
        await Post(cast.Examiner, held, "release").Json();
        var again = await Post(second, held, "take").Json();
        Assert.All(again.GetProperty("candidates").EnumerateArray(), candidate =>
            Assert.Equal(JsonValueKind.Null, candidate.GetProperty("kept").ValueKind));

        async Task<string> Reach(string state)
        {
            var id = (await cast.SearchAsync(new { examine = true })).GetProperty("examinationId").GetString()!;
            if (state is "taken" or "finished")
                await Post(cast.Examiner, id, "take").Json();
            if (state == "finished")
                await Post(cast.Examiner, id, "finish", new { setAsideRest = true }).Json();
            if (state == "withdrawn")
                await cast.Agent.DeleteAsync($"/v1/examinations/{id}").Json();
            return id;
        }

        Task<HttpResponseMessage> Do(HttpClient examiner, string step, string id) => step switch
        {
            "assess" => Assess(examiner, id, 1, new { kept = true, level = "support" }),
            "finish" => Post(examiner, id, "finish", new { setAsideRest = true }),
            "withdraw" => cast.Agent.DeleteAsync($"/v1/examinations/{id}"),
            "probe" => examiner.GetAsync($"/v1/examinations/{id}/probe"),
            _ => Post(examiner, id, step),
        };
    }

    [Fact]
    public async Task Nobody_examines_a_search_of_ones_own_and_another_organisation_sees_nothing()
    {
        using var cast = await CastAsync("own");
        var (_, key) = service.KeyOf("local", Role.Agent, Role.Examiner);
        using var both = service.Client(key);
        var own = (await cast.SearchAsync(new { examine = true }, both)).GetProperty("examinationId").GetString()!;
        await Post(both, own, "take").Code(403);
        Assert.Equal(JsonValueKind.Null, (await both.GetAsync($"/v1/examinations/{own}").Json()).GetProperty("candidates").ValueKind);
        using var foreign = service.As("elsewhere", Role.Examiner, Role.Supervisor, Role.Agent);
        Assert.Empty((await foreign.GetAsync("/v1/examinations").Json()).EnumerateArray());
        await foreign.GetAsync($"/v1/examinations/{own}").Code(404);
        await Post(foreign, own, "take").Code(404);
        using var otherAgent = service.As("local", Role.Agent);
        await otherAgent.GetAsync($"/v1/examinations/{own}").Code(404);
        await otherAgent.DeleteAsync($"/v1/examinations/{own}").Code(404);
        await cast.Supervisor.DeleteAsync($"/v1/examinations/{own}").Code(403);
    }

    [Fact]
    public async Task Two_examiners_at_once_get_one_examination()
    {
        using var cast = await CastAsync("race");
        var id = (await cast.SearchAsync(new { examine = true })).GetProperty("examinationId").GetString()!;
        var examiners = Enumerable.Range(0, 8).Select(_ => service.As("local", Role.Examiner)).ToList();
        var answers = await Task.WhenAll(examiners.Select(examiner => Post(examiner, id, "take")));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.All(answers.Where(answer => !answer.IsSuccessStatusCode), answer => Assert.Equal(409, (int)answer.StatusCode));
        examiners.ForEach(examiner => examiner.Dispose());
    }

    [Fact]
    public async Task Every_step_is_an_event_and_none_holds_a_note()
    {
        using var cast = await CastAsync("audited");
        using var auditor = service.As("local", Role.ServiceAuditor);
        var id =
            (await cast.SearchAsync(new { examine = true, examinationNote = "a private note" })).GetProperty("examinationId").GetString()!;
        await Post(cast.Examiner, id, "take").Json();
        using (await cast.Examiner.GetAsync($"/v1/examinations/{id}/probe"))
        using (await cast.Examiner.GetAsync($"/v1/examinations/{id}/candidates/2/crop"))
            await Assess(
                cast.Examiner, id, 1,
                new { kept = true, level = "support", comment = "a private remark", features = new { nose = "a private nose" } }).Json();
        await Post(cast.Examiner, id, "release").Json();
        await Post(cast.Examiner, id, "take").Json();
        await Post(cast.Examiner, id, "finish", new { setAsideRest = true }).Json();
        var events = (await auditor.GetAsync("/v1/audit?count=1000").Json()).GetProperty("events").EnumerateArray()
            .Where(e => e.GetProperty("payload").TryGetProperty("examination", out var of) && of.GetString() == id)
            .Select(e => e.GetProperty("kind").GetString()).ToList();
        Assert.Equal(
            [
                "examination.requested", "examination.taken", "examination.probe-opened", "examination.candidate-opened",
                "examination.assessed", "examination.released", "examination.taken", "examination.finished", "examination.probe-deleted"],
            events);
        Assert.DoesNotContain("private", (await auditor.GetAsync("/v1/audit?count=1000").Json()).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("private", service.Log.Text, StringComparison.Ordinal);
        Assert.True((await auditor.GetAsync("/v1/audit/verification").Json()).GetProperty("intact").GetBoolean());
    }

    private static byte[] Unwrap(byte[] wrapped, byte[] key, string id)
    {
        var plain = new byte[wrapped.Length - 28];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(
            wrapped.AsSpan(0, 12), wrapped.AsSpan(12, plain.Length), wrapped.AsSpan(12 + plain.Length), plain,
            Encoding.UTF8.GetBytes($"examination\n{id}"));
        return plain;
    }

    private string[] Files(string id) => Directory.GetFiles(Path.Combine(service.Data, "examinations"), id + "*");

    private string GalleryBytes(string gallery) => string.Join(
        ' ',
        Directory.EnumerateFiles(Path.Combine(service.Data, "galleries", gallery), "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(file =>
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                return $"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(stream))}";
            }));

    private static Task<HttpResponseMessage> Post(HttpClient client, string id, string step, object? body = null) =>
        client.PostAsync($"/v1/examinations/{id}/{step}", body is null ? null : JsonContent.Create(body));

    private static Task<HttpResponseMessage> Assess(HttpClient client, string id, int rank, object body) =>
        client.PutAsJsonAsync($"/v1/examinations/{id}/candidates/{rank}", body);

    private static Task<HttpResponseMessage> Ask(HttpClient client, string? search, byte[] probe) =>
        client.PostAsync("/v1/examinations", Requests.Form(new { searchId = search }, ("image", probe, "probe.ppm")));

    private static async Task<string> Detail(Task<HttpResponseMessage> answer) =>
        (await answer.Json(409)).GetProperty("detail").GetString()!;

    private async Task<Cast> CastAsync(string gallery, string profile = "default")
    {
        var admin = service.Admin();
        await admin.CreateGalleryAsync(gallery, new { profile });
        for (var person = 1; person <= 3; person++)
            await admin.EnrolAsync(gallery, $"P{person}", FakeImage.Picture($"{gallery} {person}", new FakeFace(person, Size: 60)));
        return new Cast(
            gallery, admin, service.As("local", Role.Agent), service.As("local", Role.Examiner), service.As("local", Role.Supervisor));
    }

    /// <summary>Who takes part.</summary>
    private sealed record Cast(string Gallery, HttpClient Admin, HttpClient Agent, HttpClient Examiner, HttpClient Supervisor) : IDisposable
    {
        public Task<JsonElement> SearchAsync(object more, HttpClient? client = null) => PostSearch(more, client).Json();

        public Task<HttpResponseMessage> PostSearch(object more, HttpClient? client = null)
        {
            var request = JsonSerializer.SerializeToNode(more)!.AsObject();
            request["galleries"] = new JsonArray(Gallery);
            request["purpose"] = JsonSerializer.SerializeToNode(Requests.Purpose);
            return (client ?? Agent).PostAsync("/v1/searches", Requests.Form(request, ("image", Probe(), "probe.ppm")));
        }

        public void Dispose()
        {
            Admin.Dispose();
            Agent.Dispose();
            Examiner.Dispose();
            Supervisor.Dispose();
        }
    }
}
