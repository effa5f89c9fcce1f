using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

public class SearchBatchesResourceTests(TestService service) : IClassFixture<TestService>
{
    private static async Task<JsonElement> EndedAsync(HttpClient client, string operation)
    {
        while (true)
        {
            var found = await client.GetAsync($"/v1/operations/{operation}").Json();
            if (found.GetProperty("state").GetString() is not ("queued" or "running"))
                return found;
            await Task.Delay(20);
        }
    }

    private static async Task<List<JsonElement>> ResultsAsync(HttpClient client, string batch, int count = 1000)
    {
        var results = new List<JsonElement>();
        for (var after = 0;;)
        {
            var page = await client.GetAsync($"/v1/search-batches/{batch}/results?after={after}&count={count}").Json();
            results.AddRange(page.GetProperty("results").EnumerateArray());
            if (page.GetProperty("next").ValueKind != JsonValueKind.Number)
                return results;
            after = page.GetProperty("next").GetInt32();
        }
    }

    private static Task<HttpResponseMessage> LaterAsync(HttpClient client, HttpContent body, string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/searches") { Content = body };
        request.Headers.Add("Prefer", "respond-async, wait=10");
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        return client.SendAsync(request);
    }

    /// <summary>What an answer says but for its ids, its times and what the own subject's score adds to the strangers counted.</summary>
    private static string Said(JsonElement answer) => JsonSerializer.Serialize(new
    {
        candidates = answer.GetProperty("candidates").EnumerateArray().Select(candidate => new
        {
            rank = candidate.GetProperty("rank").GetInt32(),
            gallery = candidate.GetProperty("gallery").GetString(),
            subject = candidate.GetProperty("subjectId").GetString(),
            score = candidate.GetProperty("score").GetDouble(),
            encounter = candidate.GetProperty("encounter").GetProperty("id").GetString(),
            biographics = candidate.GetProperty("biographics").GetRawText(),
        }),
        disclaimer = answer.GetProperty("disclaimer").GetRawText(),
        floor = answer.GetProperty("scoreFloor").GetRawText(),
        faces = answer.GetProperty("faces").GetRawText(),
        probe = answer.GetProperty("probe").GetRawText(),
        quality = answer.GetProperty("quality").GetRawText(),
        notices = answer.GetProperty("notices").GetRawText(),
    });

    private async Task<(HttpClient Client, string Gallery, List<string> Encounters)> PeopleAsync(int people)
    {
        var gallery = "b" + Guid.NewGuid().ToString("N")[..8];
        using var admin = service.Admin();
        await admin.CreateGalleryAsync(gallery);
        var encounters = new List<string>();
        for (var i = 0; i < people; i++)
            encounters.Add((await admin.EnrolAsync(
                gallery, $"S{i}", FakeImage.Picture($"{gallery} {i}", new FakeFace(i)), new { metadata = new { name = $"N{i}" } }))
                .GetProperty("photos")[0].GetProperty("encounterId").GetString()!);
        return (service.As("local", Role.Agent), gallery, encounters);
    }

    [Fact]
    public async Task A_batch_gives_each_probe_the_list_and_the_event_that_a_search_of_its_own_gives()
    {
        var (client, gallery, encounters) = await PeopleAsync(12);
        using (client)
        {
            byte[][] photos =
            [
                FakeImage.Picture("first\nquality 80", new FakeFace(3, Variation: 5)), FakeImage.Picture("none"),
                FakeImage.Picture("second", new FakeFace(7, Variation: 2)),
            ];
            var common = new
            {
                galleries = new[] { gallery }, listLength = 4, scoreFloor = -0.5, purpose = Requests.Purpose,
                encounters = encounters.Take(9).Select(id => new { encounterId = id }),
            };
            using var accepted = await client.PostAsync(
                "/v1/search-batches", Requests.Form(common, [.. photos.Select(photo => ("image", photo, "p"))]));
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            var id = accepted.Headers.Location!.ToString().Split('/')[^1];
            var ended = await EndedAsync(client, id);
            Assert.Equal(("search-batch", "done"), (ended.GetProperty("kind").GetString(), ended.GetProperty("state").GetString()));
            Assert.Equal("""{"total":12,"waiting":0,"done":11,"failed":1,"resend":0}""", ended.GetProperty("searches").GetRawText());

            var results = await ResultsAsync(client, id, count: 5);
            Assert.Equal(Enumerable.Range(1, 12), results.Select(result => result.GetProperty("number").GetInt32()));
            Assert.Equal("no_face", results[1].GetProperty("problem").GetProperty("code").GetString());
            foreach (var (number, photo) in ((int, byte[])[])[(0, photos[0]), (2, photos[2])])
            {
                var alone = await client.PostAsync("/v1/searches", Requests.Form(
                    new { galleries = new[] { gallery }, listLength = 4, scoreFloor = -0.5, purpose = Requests.Purpose },
                    ("image", photo, "p"))).Json();
                var together = results[number].GetProperty("answer");
                if (number == 0)
                    Assert.Equal(80, together.GetProperty("quality").GetProperty("overall").GetDouble());
                Assert.Equal(Said(alone), Said(together));
                Assert.Equal(
                    alone.GetProperty("strangersExpected").GetRawText(), together.GetProperty("strangersExpected").GetRawText());
                Assert.Equal(
                    alone.GetProperty("receipt").GetProperty("digest").GetString(),
                    together.GetProperty("receipt").GetProperty("digest").GetString());
            }
            for (var i = 0; i < 9; i++)
            {
                var alone = await client.PostAsJsonAsync("/v1/searches", new
                {
                    galleries = new[] { gallery }, listLength = 4, scoreFloor = -0.5,
                    purpose = Requests.Purpose, encounterId = encounters[i],
                }).Json();
                Assert.Equal(Said(alone), Said(results[3 + i].GetProperty("answer")));
            }
            using var auditor = service.As("local", Role.ServiceAuditor);
            var events = (await auditor.GetAsync($"/v1/audit?count=1000&kind=search&gallery={gallery}").Json())
                .GetProperty("events").EnumerateArray().Select(e => e.GetProperty("payload").GetProperty("searchId").GetString()).ToList();
            var ids = results.Where(result => result.GetProperty("answer").ValueKind == JsonValueKind.Object)
                .Select(result => result.GetProperty("answer").GetProperty("searchId").GetString()).ToList();
            Assert.Equal(11, ids.Distinct().Count());
            Assert.All(ids, search => Assert.Single(events, search));
            await client.GetAsync($"/v1/searches/{ids[0]}").Json();
            // What was fetched is gone.
            Assert.Empty(await ResultsAsync(client, id));
            Assert.True(service.Buffers.AllClear());
        }
    }

    [Fact]
    public async Task Rules_approvals_and_minimum_lists_hold_for_each_probe_of_a_batch()
    {
        var (client, gallery, encounters) = await PeopleAsync(3);
        using (client)
        using (var admin = service.Admin())
        {
            Assert.Equal("not_found", await client.PostAsJsonAsync("/v1/search-batches", new
            {
                galleries = new[] { "unknown" }, purpose = Requests.Purpose, encounters = new[] { new { encounterId = encounters[0] } },
            }).Code(404));
            Assert.Equal("bad_value", await client.PostAsJsonAsync("/v1/search-batches", new
            {
                galleries = new[] { gallery }, purpose = Requests.Purpose,
            }).Code(400));
            Assert.Equal("bad_request", await client.PostAsJsonAsync("/v1/search-batches", new { examine = true }).Code(400));

            // One of three finds two others, fewer than the five that this profile demands.
            await admin.CreateGalleryAsync("minimum" + gallery, new { profile = "ngi-ips" });
            var few = (await admin.EnrolAsync("minimum" + gallery, "A", FakeImage.Picture("m" + gallery, new FakeFace(1))))
                .GetProperty("photos")[0].GetProperty("encounterId").GetString();
            await admin.EnrolAsync("minimum" + gallery, "B", FakeImage.Picture("n" + gallery, new FakeFace(2)));
            await service.PrepareAsync(client);
            async Task<JsonElement> OneAsync(object request)
            {
                var own = (await client.PostAsJsonAsync("/v1/search-batches", request).Json(202)).GetProperty("id").GetString()!;
                await EndedAsync(client, own);
                return (await ResultsAsync(client, own))[0];
            }

            var withheld = await OneAsync(new
            {
                galleries = new[] { "minimum" + gallery }, purpose = Requests.Purpose,
                encounters = new[] { new { encounterId = few } },
            });
            Assert.Empty(withheld.GetProperty("answer").GetProperty("candidates").EnumerateArray());
            Assert.Equal(1, withheld.GetProperty("answer").GetProperty("withheld").GetInt32());

            await admin.CreateGalleryAsync("approved" + gallery, new { approved = false });
            var needs = (await admin.EnrolAsync("approved" + gallery, "A", FakeImage.Picture("a" + gallery, new FakeFace(1))))
                .GetProperty("photos")[0].GetProperty("encounterId").GetString();
            await admin.EnrolAsync("approved" + gallery, "B", FakeImage.Picture("o" + gallery, new FakeFace(2)));
            object Request(string? approval) => new
            {
                galleries = new[] { "approved" + gallery }, purpose = Requests.Purpose,
                encounters = new[]
                {
                    new { encounterId = needs, approvalId = approval }, new { encounterId = needs, approvalId = approval },
                },
            };
            Assert.Equal("approval_required", await client.PostAsJsonAsync("/v1/search-batches", Request(null)).Code(403));
            var approval = (await client.PostAsJsonAsync("/v1/approvals", new
            {
                galleries = new[] { "approved" + gallery }, purpose = Requests.Purpose, reason = "r",
            }).Json(201)).GetProperty("id").GetString()!;
            using (var supervisor = service.As("local", Role.Supervisor))
                await supervisor.PostAsJsonAsync($"/v1/approvals/{approval}/decision", new { granted = true, reason = "r" }).Json();
            var batch = (await client.PostAsJsonAsync("/v1/search-batches", Request(approval)).Json(202)).GetProperty("id").GetString()!;
            await EndedAsync(client, batch);
            // Good for one.
            Assert.Equal(
                ["failed", "done"],
                (await ResultsAsync(client, batch)).Select(result => result.GetProperty("state").GetString()).OrderDescending());
        }
    }

    [Fact]
    public async Task A_search_that_is_answered_later_gives_what_it_would_have_given_at_once_until_it_was_fetched()
    {
        var (client, gallery, encounters) = await PeopleAsync(3);
        using (client)
        {
            var probe = FakeImage.Picture("later" + gallery, new FakeFace(1, Variation: 3));
            HttpContent Body() => Requests.Form(
                new { galleries = new[] { gallery }, purpose = Requests.Purpose, listLength = 2 }, ("image", probe, "p"));
            using var accepted = await LaterAsync(client, Body());
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            Assert.Equal(["respond-async"], accepted.Headers.GetValues("Preference-Applied"));
            var address = accepted.Headers.Location!.ToString();
            var ended = await EndedAsync(client, address.Split('/')[^1]);
            Assert.Equal(("search", "done"), (ended.GetProperty("kind").GetString(), ended.GetProperty("state").GetString()));
            using (var another = service.As("local", Role.Agent))
            {
                await another.GetAsync(address).Code(404);
                await another.GetAsync(ended.GetProperty("result").GetString()).Code(404);
                await another.DeleteAsync(address).Code(404);
            }
            using (var head = new HttpRequestMessage(HttpMethod.Head, ended.GetProperty("result").GetString()))
            using (var looked = await client.SendAsync(head))
                Assert.Equal(HttpStatusCode.OK, looked.StatusCode);
            var later = await client.GetAsync(ended.GetProperty("result").GetString()).Json();
            Assert.Equal(Said(await client.PostAsync("/v1/searches", Body()).Json()), Said(later));
            Assert.Equal("deleted", later.GetProperty("receipt").GetProperty("status").GetString());
            for (var waiting = 0; waiting < 100; waiting++)
            {
                using var again = await client.GetAsync(ended.GetProperty("result").GetString());
                if (again.StatusCode == HttpStatusCode.NotFound)
                    break;
                await Task.Delay(20);
            }
            Assert.Equal("not_found", await client.GetAsync(ended.GetProperty("result").GetString()).Code(404));

            using var encounter = await LaterAsync(client, JsonContent.Create(new
            {
                galleries = new[] { gallery }, purpose = Requests.Purpose, encounterId = encounters[0],
            }), "application/x-ansi-nist-itl");
            var file = await EndedAsync(client, encounter.Headers.Location!.ToString().Split('/')[^1]);
            using var answer = await client.GetAsync(file.GetProperty("result").GetString());
            Assert.Equal("application/x-ansi-nist-itl", answer.Content.Headers.ContentType!.MediaType);
            Assert.NotEmpty(answer.Headers.GetValues("x-search-id"));
            Assert.StartsWith("1.001:", await answer.Content.ReadAsStringAsync());

            using var refused = await LaterAsync(client, Requests.Form(
                new { galleries = new[] { gallery }, purpose = Requests.Purpose }, ("image", FakeImage.Picture("nobody"), "p")));
            var failed = await EndedAsync(client, refused.Headers.Location!.ToString().Split('/')[^1]);
            Assert.Equal("failed", failed.GetProperty("state").GetString());
            using var problem = await client.GetAsync(failed.GetProperty("result").GetString());
            Assert.Equal((HttpStatusCode)422, problem.StatusCode);
            Assert.Equal("application/problem+json", problem.Content.Headers.ContentType!.MediaType);
            Assert.True(service.Buffers.AllClear());
        }
    }

    [Fact]
    public async Task An_operation_that_is_ended_keeps_nothing()
    {
        var (client, gallery, encounters) = await PeopleAsync(3);
        using (client)
        {
            var batch = (await client.PostAsJsonAsync("/v1/search-batches", new
            {
                galleries = new[] { gallery }, purpose = Requests.Purpose, encounters = encounters.Select(id => new { encounterId = id }),
            }).Json(202)).GetProperty("id").GetString()!;
            await EndedAsync(client, batch);
            Assert.Equal(
                "cancelled", (await client.DeleteAsync($"/v1/operations/{batch}").Json()).GetProperty("state").GetString());
            Assert.Empty(await ResultsAsync(client, batch));
            Assert.Equal("conflict", await client.DeleteAsync($"/v1/operations/{batch}").Code(409));
        }
    }

    [Fact]
    public async Task Killed_in_a_batch_the_service_goes_on_where_it_was_and_has_lost_photos_sent_again()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Sub("data");
        const int People = 20, Probes = 2500;
        string key, auditorKey, batch, photos, single;
        List<string> before;
        List<string> encounters = [];
        byte[] Slow(int n) => FakeImage.Salted($"{ServiceProcess.SlowImage} {MixedLoad.Marker} {n}", new FakeFace(n));
        using (var killed = await ServiceProcess.StartAsync(data))
        using (var admin = killed.Client(key = killed.FirstKey!))
        {
            auditorKey = await ServiceProcess.KeyOfAsync(admin, Role.ServiceAuditor);
            await admin.CreateGalleryAsync("g");
            for (var i = 0; i < People; i++)
                encounters.Add((await admin.EnrolAsync("g", $"S{i}", FakeImage.Picture($"{i}", new FakeFace(i))))
                    .GetProperty("photos")[0].GetProperty("encounterId").GetString()!);
            object Request(int probes) => new
            {
                galleries = new[] { "g" }, purpose = Requests.Purpose, listLength = 3,
                encounters = Enumerable.Range(0, probes).Select(i => new { encounterId = encounters[i % People] }),
            };
            batch = (await admin.PostAsJsonAsync("/v1/search-batches", Request(Probes)).Json(202)).GetProperty("id").GetString()!;
            while ((await admin.GetAsync($"/v1/operations/{batch}").Json()).GetProperty("searches").GetProperty("done").GetInt32() == 0)
                await Task.Delay(1);
            before = [.. (await admin.GetAsync($"/v1/search-batches/{batch}/results?count=1000").Json()).GetProperty("results")
                .EnumerateArray().Select(result => result.GetProperty("answer").GetProperty("searchId").GetString()!)];
            photos = (await admin.PostAsync("/v1/search-batches", Requests.Form(
                Request(0), [.. Enumerable.Range(0, 6).Select(i => ("image", Slow(i), "p"))])).Json(202)).GetProperty("id").GetString()!;
            single = (await LaterAsync(admin, Requests.Form(
                new { galleries = new[] { "g" }, purpose = Requests.Purpose }, ("image", Slow(9), "p"))).Json(202))
                .GetProperty("id").GetString()!;
            var done = (await admin.GetAsync($"/v1/operations/{batch}").Json()).GetProperty("searches").GetProperty("done").GetInt32();
            await killed.KillAsync();
            Assert.InRange(done, 1, Probes - 1);
            Assert.DoesNotContain(MixedLoad.Marker, killed.Printed, StringComparison.Ordinal);
        }
        Assert.NotEmpty(before);
        Assert.False(FolderBytes.Contain(data, Encoding.UTF8.GetBytes(MixedLoad.Marker)));
        using (var again = await ServiceProcess.StartAsync(data))
        using (var admin = again.Client(key))
        using (var auditor = again.Client(auditorKey))
        {
            var ended = await EndedAsync(admin, batch);
            Assert.Equal(("done", Probes), (
                ended.GetProperty("state").GetString(), ended.GetProperty("searches").GetProperty("done").GetInt32()));
            var results = await ResultsAsync(admin, batch);
            Assert.Equal(Enumerable.Range(1, Probes), results.Select(result => result.GetProperty("number").GetInt32()));
            var searches = results.Select(result => result.GetProperty("answer").GetProperty("searchId").GetString()!).ToList();
            // What had its answer before is not searched again, and each answer has its search in the book and its event.
            Assert.Equal(before, searches.Take(before.Count));
            Assert.Equal(Probes, searches.Distinct().Count());
            var events = new List<string>();
            for (var after = 0L;;)
            {
                var page = await auditor.GetAsync($"/v1/audit?count=1000&after={after}&kind=search").Json();
                events.AddRange(page.GetProperty("events").EnumerateArray().Select(
                    e => e.GetProperty("payload").GetProperty("searchId").GetString()!));
                if (page.GetProperty("next").ValueKind != JsonValueKind.Number)
                    break;
                after = page.GetProperty("next").GetInt64();
            }
            Assert.Empty(searches.Except(events));
            // At most what was in flight was searched twice.
            Assert.InRange(events.Count - Probes, 0, 64 + 6);
            Assert.True((await auditor.GetAsync("/v1/audit/verification").Json()).GetProperty("intact").GetBoolean());

            var waiting = (await EndedAsync(admin, photos)).GetProperty("searches");
            var (taken, lost) = (waiting.GetProperty("done").GetInt32(), waiting.GetProperty("resend").GetInt32());
            Assert.Equal(6, taken + lost);
            Assert.NotEqual(0, lost);
            Assert.Equal("resend", await admin.GetAsync($"/v1/operations/{single}/result").Code(409));
            Assert.Equal(
                "failed", (await admin.GetAsync($"/v1/operations/{single}").Json()).GetProperty("state").GetString());
            for (var number = taken + 1; number <= 6; number++)
                await admin.PutAsync(
                    $"/v1/search-batches/{photos}/probes/{number}", Requests.Form(null, ("image", Slow(number - 1), "p"))).Json(202);
            await EndedAsync(admin, photos);
            Assert.Equal(
                "conflict",
                await admin.PutAsync($"/v1/search-batches/{photos}/probes/1", Requests.Form(null, ("image", Slow(0), "p"))).Code(409));
            Assert.Equal(
                Enumerable.Range(0, 6).Select(i => $"S{i}"),
                (await ResultsAsync(admin, photos)).Select(result => result.GetProperty("answer").GetProperty("candidates")[0]
                    .GetProperty("subjectId").GetString()));
        }
    }
}
