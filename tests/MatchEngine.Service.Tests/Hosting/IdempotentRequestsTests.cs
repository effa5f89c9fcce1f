using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Idempotency;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

public class IdempotentRequestsTests(TestService service) : IClassFixture<TestService>
{
    private static readonly byte[] Probe = FakeImage.Picture("idempotent", new FakeFace(1, Variation: 2));

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string key, Func<HttpContent?> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body() };
        request.Headers.Add(IdempotentRequests.Header, key);
        return client.SendAsync(request);
    }

    private static MultipartFormDataContent Search(string gallery, byte[]? probe = null, int length = 5) => Requests.Form(
        new { galleries = new[] { gallery }, purpose = Requests.Purpose, listLength = length }, ("image", probe ?? Probe, "p"));

    private async Task<(HttpClient Client, string Gallery)> PreparedAsync()
    {
        var gallery = "g" + Guid.NewGuid().ToString("N")[..8];
        using var admin = service.Admin();
        await admin.CreateGalleryAsync(gallery);
        await admin.EnrolAsync(gallery, "A", FakeImage.Picture(gallery, new FakeFace(1)));
        return (service.As("local", Role.Agent), gallery);
    }

    private async Task<int> EventsAsync(string kind, string gallery)
    {
        using var auditor = service.As("local", Role.ServiceAuditor);
        var page = await auditor.GetAsync($"/v1/audit?count=1000&kind={kind}&gallery={gallery}").Json();
        return page.GetProperty("events").GetArrayLength();
    }

    [Fact]
    public async Task The_same_request_under_the_same_key_gets_the_first_answer_and_makes_no_second_event()
    {
        var (client, gallery) = await PreparedAsync();
        using (client)
        {
            // Two bodies of one content: an HTTP client draws a boundary of its own for each.
            using var first = await PostAsync(client, "/v1/searches", "k-1", () => Search(gallery));
            using var second = await PostAsync(client, "/v1/searches", "k-1", () => Search(gallery));
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
            Assert.NotEqual(first.RequestMessage!.Content!.Headers.ContentType, second.RequestMessage!.Content!.Headers.ContentType);
            Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
            Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
            Assert.False(first.Headers.Contains(IdempotentRequests.ReplayedHeader));
            Assert.Equal(["true"], second.Headers.GetValues(IdempotentRequests.ReplayedHeader));
            Assert.Equal(1, await EventsAsync("search", gallery));
            using var third = await PostAsync(client, "/v1/searches", "k-2", () => Search(gallery));
            Assert.Equal(2, await EventsAsync("search", gallery));
        }
    }

    [Fact]
    public async Task Another_body_path_or_kind_under_the_same_key_is_refused_and_does_nothing()
    {
        var (client, gallery) = await PreparedAsync();
        using (client)
        {
            await PostAsync(client, "/v1/searches", "k", () => Search(gallery)).Json();
            Assert.Equal(
                "idempotency_mismatch", await PostAsync(client, "/v1/searches", "k", () => Search(gallery, length: 6)).Code(422));
            Assert.Equal(
                "idempotency_mismatch",
                await PostAsync(client, "/v1/searches", "k", () => Search(gallery, FakeImage.Picture("x", new FakeFace(1)))).Code(422));
            Assert.Equal("idempotency_mismatch", await PostAsync(client, "/v1/quality", "k", () => Search(gallery)).Code(422));
            Assert.Equal("idempotency_mismatch", await PostAsync(client, "/v1/searches", "k", () => JsonContent.Create(new { })).Code(422));
            Assert.Equal(1, await EventsAsync("search", gallery));
        }
    }

    [Fact]
    public async Task A_key_is_its_accounts_and_bounded_in_length_and_number()
    {
        var (client, gallery) = await PreparedAsync();
        using (client)
        using (var another = service.As("local", Role.Agent))
        {
            await PostAsync(client, "/v1/searches", "mine", () => Search(gallery)).Json();
            using var answer = await PostAsync(another, "/v1/searches", "mine", () => Search(gallery));
            Assert.False(answer.Headers.Contains(IdempotentRequests.ReplayedHeader));
            Assert.Equal(2, await EventsAsync("search", gallery));
            Assert.Equal(
                "bad_value",
                await PostAsync(client, "/v1/searches", new string('k', AnsweringOnce.MaxKey + 1), () => Search(gallery)).Code(400));
        }
        await using var small = new SmallService();
        await small.ReadyAsync();
        using var admin = small.Admin();
        for (var n = 0; n < SmallService.Keys; n++)
            await PostAsync(admin, "/v1/organisations", $"k{n}", () => JsonContent.Create(new { id = $"o{n}", name = "O" })).Json(201);
        Assert.Equal(
            "idempotency_keys_full",
            await PostAsync(admin, "/v1/organisations", "more", () => JsonContent.Create(new { id = "more", name = "O" })).Code(429));
        await PostAsync(admin, "/v1/organisations", "k0", () => JsonContent.Create(new { id = "o0", name = "O" })).Json(201);
    }

    [Fact]
    public async Task What_is_made_under_a_key_is_made_once_and_a_refusal_is_an_answer_too()
    {
        using var admin = service.Admin();
        HttpContent Organisation() => JsonContent.Create(new { id = "once", name = "Once" });
        using var first = await PostAsync(admin, "/v1/organisations", "o", Organisation);
        using var second = await PostAsync(admin, "/v1/organisations", "o", Organisation);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(first.Headers.Location, second.Headers.Location);

        using var refused = await PostAsync(admin, "/v1/organisations", "again", Organisation);
        using var replayed = await PostAsync(admin, "/v1/organisations", "again", Organisation);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (refused.StatusCode, replayed.StatusCode));
        Assert.Equal(await refused.Content.ReadAsStringAsync(), await replayed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_secret_that_is_shown_once_is_kept_nowhere_and_not_made_twice()
    {
        using var admin = service.Admin();
        var before = (await admin.GetAsync("/v1/keys").Json()).GetArrayLength();
        var made = await PostAsync(admin, "/v1/keys", "secret", () => JsonContent.Create(new { name = "n" })).Json(201);
        Assert.Equal(
            "idempotency_no_answer", await PostAsync(admin, "/v1/keys", "secret", () => JsonContent.Create(new { name = "n" })).Code(409));
        Assert.Equal(before + 1, (await admin.GetAsync("/v1/keys").Json()).GetArrayLength());
        Assert.StartsWith("me_", made.GetProperty("key").GetString());
    }

    [Fact]
    public async Task Answers_lie_sealed_and_probes_nowhere_and_every_buffer_is_cleared()
    {
        await using var own = new TestService();
        await own.ReadyAsync();
        using var admin = own.Admin();
        await admin.CreateGalleryAsync("g");
        await admin.EnrolAsync("g", "A", FakeImage.Picture("photo", new FakeFace(1)), new { metadata = new { name = "Zacharias Zz" } });
        var probe = FakeImage.Salted(MixedLoad.Marker + new string('x', 50_000), new FakeFace(1));
        var answer = await PostAsync(admin, "/v1/searches", "sealed-key", () => Search("g", probe)).Json();
        Assert.Contains("Zacharias Zz", answer.GetRawText(), StringComparison.Ordinal);
        await PostAsync(admin, "/v1/searches", "sealed-key", () => Search("g", probe)).Json();
        Assert.True(own.Buffers.AllClear());
        Assert.False(FolderBytes.Contain(own.Data, Encoding.UTF8.GetBytes(MixedLoad.Marker)));
        Assert.False(FolderBytes.Contain(own.Data, Encoding.UTF8.GetBytes("sealed-key")));
        // In the gallery, which is not encrypted here, and nowhere else.
        var book = Directory.CreateDirectory(own.Folder.Sub("book")).FullName;
        foreach (var file in Directory.GetFiles(own.Data, "service.db*"))
            File.Copy(file, Path.Combine(book, Path.GetFileName(file)));
        Assert.NotEmpty(Directory.GetFiles(book));
        Assert.False(FolderBytes.Contain(book, Encoding.UTF8.GetBytes("Zacharias Zz")));
    }

    [Fact]
    public async Task An_answer_expires_with_the_galleries_retention_and_after_its_hours_in_any_case()
    {
        var clock = new MovableClock();
        await using var own = new KeepingService(clock);
        await own.ReadyAsync();
        using var admin = own.Admin();
        await admin.CreateGalleryAsync("day", new { retention = new { days = 1 } });
        await admin.CreateGalleryAsync("longer", new { retention = new { days = 30 } });
        foreach (var gallery in (string[])["day", "longer"])
            await admin.EnrolAsync(gallery, "A", FakeImage.Picture(gallery, new FakeFace(1)));
        var (day, longer) = (await IdAsync("day"), await IdAsync("longer"));
        clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal((day, longer), (await IdAsync("day"), await IdAsync("longer")));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.NotEqual(day, await IdAsync("day"));
        Assert.Equal(longer, await IdAsync("longer"));
        clock.Advance(TimeSpan.FromHours(KeepingService.Hours - 24));
        Assert.NotEqual(longer, await IdAsync("longer"));

        async Task<string> IdAsync(string gallery) =>
            (await PostAsync(admin, "/v1/searches", gallery, () => Search(gallery)).Json()).GetProperty("searchId").GetString()!;
    }

    [Fact]
    public async Task While_the_first_is_under_way_a_second_one_is_told_to_wait_and_a_client_that_left_finds_the_answer()
    {
        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        await using var own = new TestService
        {
            Extractor = new FakeExtractor("fake", FakeCalibrations.Set)
            {
                Before = text =>
                {
                    if (!text.Contains("idempotent", StringComparison.Ordinal))
                        return;
                    entered.Release();
                    release.Wait();
                },
            },
        };
        await own.ReadyAsync();
        using var admin = own.Admin();
        await admin.CreateGalleryAsync("g");
        await admin.EnrolAsync("g", "A", FakeImage.Picture("photo", new FakeFace(1)));
        using var leaving = new CancellationTokenSource();
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/searches") { Content = Search("g") };
        request.Headers.Add(IdempotentRequests.Header, "k");
        var first = admin.SendAsync(request, leaving.Token);
        Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(30)));
        using (var second = await PostAsync(admin, "/v1/searches", "k", () => Search("g")))
        {
            Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
            Assert.NotNull(second.Headers.RetryAfter);
        }
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        release.Release();
        JsonElement found = default;
        for (var waiting = 0; found.ValueKind != JsonValueKind.Object && waiting < 500; waiting++)
        {
            using var answer = await PostAsync(admin, "/v1/searches", "k", () => Search("g"));
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Assert.True(answer.Headers.Contains(IdempotentRequests.ReplayedHeader));
                found = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            }
            else
            {
                Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
                await Task.Delay(20);
            }
        }
        Assert.Equal("A", found.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
    }

    [Fact]
    public async Task Killed_between_acceptance_and_answer_the_work_is_not_done_again_unseen()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Sub("data");
        string key;
        using (var killed = await ServiceProcess.StartAsync(data, killAt: ("organisation.added", ChangeStep.Made)))
        {
            using var admin = killed.Client(key = killed.FirstKey!);
            await Assert.ThrowsAnyAsync<Exception>(() => PostAsync(
                admin, "/v1/organisations", "k", () => JsonContent.Create(new { id = "new", name = "N" })));
            await killed.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        using (var again = await ServiceProcess.StartAsync(data))
        using (var admin = again.Client(key))
        {
            Assert.Equal(
                "idempotency_no_answer",
                await PostAsync(admin, "/v1/organisations", "k", () => JsonContent.Create(new { id = "new", name = "N" })).Code(409));
            Assert.Equal(
                "idempotency_mismatch",
                await PostAsync(admin, "/v1/organisations", "k", () => JsonContent.Create(new { id = "other", name = "N" })).Code(422));
            // What was done is there, once.
            Assert.Single(
                (await admin.GetAsync("/v1/organisations").Json()).EnumerateArray(), one => one.GetProperty("id").GetString() == "new");
        }
    }

    /// <summary>A service that keeps answers for longer than a gallery may keep its people.</summary>
    private sealed class KeepingService(TimeProvider clock) : ClockedService(clock)
    {
        public const int Hours = 72;

        internal override Settings.ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.Limits.AnswerHours = Hours;
            return settings;
        }
    }

    private sealed class SmallService : TestService
    {
        public const int Keys = 3;

        internal override Settings.ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.Limits.IdempotencyKeys = Keys;
            return settings;
        }
    }
}
