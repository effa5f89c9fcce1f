using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Access;

/// <summary>
/// No change without its event, and no event without its change that is not followed by one that says so: the service is killed before the
/// event, between event and commit, and between commit and answer.
/// </summary>
public sealed class AuditTrailTests
{
    private static readonly ChangeStep[] Steps = Enum.GetValues<ChangeStep>();

    [Fact]
    public Task Killed_at_each_step_of_a_change_the_service_knows_afterwards_whether_it_was_made() => KillAsync(
        [("subject.removed", ChangeStep.Begun), ("subject.enrolled", ChangeStep.Written), ("key.revoked",
            ChangeStep.Written), ("gallery.deleted", ChangeStep.Written), ("subject.corrected", ChangeStep.Made),
            ("session.signed-in", ChangeStep.Written), ("session.all-ended", ChangeStep.Written),
            ("account.password-changed", ChangeStep.Written), ("case.deleted", ChangeStep.Written), ("case.deleted", ChangeStep.Made),
            ("redress.decided", ChangeStep.Written), ("credential.revoked", ChangeStep.Written),
            ("subject.announcement-withdrawn", ChangeStep.Made), ("search.submitted", ChangeStep.Written),
            ("search.withdrawn", ChangeStep.Made), ("webhook.added", ChangeStep.Written), ("webhook.removed", ChangeStep.Made)]);

    [Fact(Explicit = true)]
    public Task Killed_at_every_step_of_every_kind_of_change_the_service_knows_afterwards_whether_it_was_made() =>
        KillAsync([.. new Kinds().All.Keys.SelectMany(_ => Steps, (kind, step) => (kind, step))]);

    [Fact]
    public async Task A_change_whose_commit_fails_is_followed_at_once_by_an_event_that_says_so()
    {
        await using var service = new FailingService();
        await service.ReadyAsync();
        using var admin = service.Admin();
        using var auditor = service.As("local", Role.ServiceAuditor);
        await admin.CreateGalleryAsync("g");
        await admin.EnrolAsync("g", "A", FakeImage.Picture("", new FakeFace(1)));

        service.Fault.FailingKind = "subject.removed";
        await admin.DeleteAsync("/v1/galleries/g/subjects/A").Code(500);
        await admin.GetAsync("/v1/galleries/g/subjects/A").Json();
        service.Fault.FailingKind = "organisation.added";
        await admin.PostAsJsonAsync("/v1/organisations", new { id = "lost", name = "Lost" }).Code(500);
        Assert.DoesNotContain(service.Get<IOrganisations>().List(), organisation => organisation.Id == "lost");
        service.Fault.FailingKind = null;
        await admin.DeleteAsync("/v1/galleries/g/subjects/A").Json(204);

        var events = (await EventsAsync(auditor, 0))
            .Where(e => e.Kind is "subject.removed" or "organisation.added" or AuditKinds.NotMade).ToList();
        Assert.Equal(
            ["subject.removed", AuditKinds.NotMade, "organisation.added", AuditKinds.NotMade, "subject.removed"],
            events.Select(e => e.Kind));
        Assert.Equal(
            [events[0].Sequence, events[2].Sequence],
            events.Where(e => e.Kind == AuditKinds.NotMade).Select(e => e.Payload.GetProperty("event").GetInt64()));
        Assert.Equal("g", Assert.Single(events[1].Payload.GetProperty("galleries").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task A_change_that_is_refused_leaves_no_event()
    {
        await using var service = new TestService();
        await service.ReadyAsync();
        using var admin = service.Admin();
        using var auditor = service.As("local", Role.ServiceAuditor);
        await admin.CreateGalleryAsync("g");
        var head = (await EventsAsync(auditor, 0))[^1].Sequence;
        await admin.DeleteAsync("/v1/galleries/g/subjects/nobody").Code(404);
        await admin.PatchAsJsonAsync("/v1/galleries/g/subjects/nobody", new { set = new { name = "N" } }).Code(404);
        await admin.DeleteAsync("/v1/galleries/g/permissions/local").Code(404);
        await admin.DeleteAsync("/v1/keys/0000000000000000").Code(404);
        await admin.PostAsJsonAsync("/v1/organisations", new { id = "local", name = "Again" }).Code(409);
        await admin.PostAsJsonAsync("/v1/galleries", new { name = "g" }).Code(409);
        Assert.Empty(await EventsAsync(auditor, head));
    }

    [Fact]
    public async Task The_first_key_has_its_event()
    {
        await using var service = new TestService();
        await service.ReadyAsync();
        using var auditor = service.As("local", Role.ServiceAuditor);
        var first = (await EventsAsync(auditor, 0))[0];
        Assert.Equal(
            ("administrator.admitted", service.FirstKey.Split('_')[1]), (first.Kind, first.Payload.GetProperty("key").GetString()));
    }

    /// <summary>Makes changes of these kinds one after the other, is killed in each, and looks after the next start.</summary>
    private static async Task KillAsync(IReadOnlyList<(string Kind, ChangeStep Step)> kills)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Sub("data");
        var kinds = new Kinds();
        string key, auditorKey;
        using (var service = await ServiceProcess.StartAsync(data))
        using (var admin = service.Client(key = service.FirstKey!))
        {
            auditorKey = await ServiceProcess.KeyOfAsync(admin, Role.ServiceAuditor);
            Directory.CreateDirectory(Path.Combine(data, "imports", "local", "photos"));
            for (var n = 0; n < kills.Count; n++)
                await kinds.PrepareAsync(service, admin, kills[n].Kind, n);
            // As abrupt as the others: what was acknowledged is there.
            await service.KillAsync();
        }
        for (var n = 0; n <= kills.Count; n++)
        {
            using var service = await ServiceProcess.StartAsync(data, killAt: n < kills.Count ? kills[n] : null);
            using var admin = service.Client(key);
            using var auditor = service.Client(auditorKey);
            if (n > 0)
                await CheckAsync(n - 1, service, admin, auditor);
            if (n == kills.Count)
            {
                Assert.True((await auditor.GetAsync("/v1/audit/verification").Json()).GetProperty("intact").GetBoolean());
                return;
            }
            kinds.Before[n] = (await EventsAsync(auditor, 0))[^1].Sequence;
            // A connection that ends while the client is making it ends the request without being wrapped.
            var ended = await Record.ExceptionAsync(() => kinds.All[kills[n].Kind].Make(service, admin, n));
            Assert.True(ended is HttpRequestException or SocketException, $"{kills[n]}: {ended}");
            await service.Process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token);
        }

        async Task CheckAsync(int n, ServiceProcess service, HttpClient admin, HttpClient auditor)
        {
            var (kind, step) = kills[n];
            var what = $"{kind} killed at {step}";
            var seen = await kinds.All[kind].IsSeen(admin, n);
            var events = await EventsAsync(auditor, kinds.Before[n]);
            var own = events.Where(e => e.Kind == kind).ToList();
            Assert.True(own.Count == (step == ChangeStep.Begun ? 0 : 1), $"{what}: {own.Count} events");
            Assert.True(seen == (step == ChangeStep.Made), $"{what}: the change is {(seen ? "" : "not ")}there");
            var denied = events.Where(e => e.Kind == AuditKinds.NotMade).Select(e => e.Payload.GetProperty("event").GetInt64()).ToList();
            Assert.Equal(own.Where(_ => step == ChangeStep.Written).Select(e => e.Sequence), denied);
            Assert.DoesNotContain(events, e => e.Kind == AuditKinds.Unknown);
            // Nothing of the first attempt is in the way of a second one; where the next kill is of this kind too,
            // it would end this process.
            if (seen || n + 1 < kills.Count && kills[n + 1].Kind == kind)
                return;
            using var again = await kinds.All[kind].Make(service, admin, n);
            Assert.True(again.IsSuccessStatusCode, $"{what}: again gives {again.StatusCode}");
            Assert.True(await kinds.All[kind].IsSeen(admin, n), $"{what}: the second attempt is not there");
        }
    }

    private static async Task<List<(long Sequence, string Kind, JsonElement Payload)>> EventsAsync(HttpClient auditor, long after)
    {
        var events = new List<(long, string, JsonElement)>();
        while (true)
        {
            var page = await auditor.GetAsync($"/v1/audit?count=1000&after={after}").Json();
            // A look at the log is an event too, and none of a change.
            events.AddRange(page.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("kind").GetString() != "audit.read")
                .Select(e => (e.GetProperty("sequence").GetInt64(), e.GetProperty("kind").GetString()!, e.GetProperty("payload"))));
            if (page.GetProperty("next").ValueKind != JsonValueKind.Number)
                return events;
            after = page.GetProperty("next").GetInt64();
        }
    }

    /// <summary>Every kind of change that one request makes, on things of its own for each number.</summary>
    private sealed class Kinds
    {
        private readonly ConcurrentDictionary<string, string> _ids = new();

        public Dictionary<int, long> Before { get; } = [];

        public Dictionary<string, (Func<ServiceProcess, HttpClient, int, Task<HttpResponseMessage>> Make,
            Func<HttpClient, int, Task<bool>> IsSeen)> All { get; }

        public Kinds() => All = new()
        {
            ["organisation.added"] = ((_, admin, n) => admin.PostAsJsonAsync("/v1/organisations", new { id = $"new{n}", name = "N" }),
                (admin, n) => Any(admin, "/v1/organisations", "id", $"new{n}")),
            ["account.added"] = (
                (_, admin, n) =>
                    admin.PostAsJsonAsync("/v1/accounts", new { name = $"new{n}", organisation = "local", roles = Array.Empty<string>() }),
                (admin, n) => Any(admin, "/v1/accounts", "name", $"new{n}")),
            ["account.changed"] = (
                (_, admin, n) => admin.PatchAsJsonAsync($"/v1/accounts/{_ids[$"account{n}"]}", new { disabled = true }),
                async (admin, n) =>
                    (await admin.GetAsync($"/v1/accounts/{_ids[$"account{n}"]}").Json()).GetProperty("disabled").GetBoolean()),
            ["session.signed-in"] = (
                async (service, _, n) =>
                {
                    using var browser = service.Client(null);
                    return await browser.PostAsJsonAsync("/v1/session", new { name = $"person{n}", password = PageClient.Password });
                },
                (admin, n) => SignedIn(admin, n)),
            ["session.all-ended"] = (
                (_, admin, n) => admin.DeleteAsync($"/v1/accounts/{_ids[$"account{n}"]}/sessions"),
                async (admin, n) => !await SignedIn(admin, n)),
            ["account.password-changed"] = (
                async (service, _, n) =>
                {
                    using var own = service.Client(_ids[$"own{n}"]);
                    return await own.PutAsJsonAsync(
                        "/v1/session/password", new { present = PageClient.Password, password = "four blue chairs outside" });
                },
                async (admin, n) =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/session")
                    {
                        Content = JsonContent.Create(new { name = $"person{n}", password = "four blue chairs outside" }),
                    };
                    using var answer = await admin.SendAsync(request);
                    return answer.IsSuccessStatusCode;
                }),
            ["identity.linked"] = (
                (_, admin, n) => admin.PostAsJsonAsync(
                    $"/v1/accounts/{_ids[$"account{n}"]}/identities", new { issuer = "https://id.example.org", subject = $"s{n}" }),
                (admin, n) => Any(admin, $"/v1/accounts/{_ids[$"account{n}"]}/identities", "subject", $"s{n}")),
            ["key.added"] = ((_, admin, n) => admin.PostAsJsonAsync("/v1/keys", new { name = $"new{n}" }), (admin, n) =>
                Any(admin, "/v1/keys", "name", $"new{n}")),
            ["key.revoked"] = (
                (_, admin, n) => admin.DeleteAsync($"/v1/keys/{_ids[$"key{n}"]}"),
                async (admin, n) => (await admin.GetAsync("/v1/keys").Json()).EnumerateArray().Single(key =>
                    key.GetProperty("id").GetString() == _ids[$"key{n}"]).GetProperty("revoked").ValueKind != JsonValueKind.Null),
            ["key.settings-changed"] = (
                (_, admin, n) => admin.PutAsJsonAsync($"/v1/keys/{_ids[$"key{n}"]}/client-settings", new { gallery = "g" }),
                async (admin, n) => (await admin.GetAsync($"/v1/keys/{_ids[$"key{n}"]}/client-settings").Json())
                    .GetProperty("gallery").ValueKind == JsonValueKind.String),
            ["subject.announced"] = (
                (_, admin, n) => CompreFaceAsync(admin, n, HttpMethod.Post, "", new { subject = "new" }),
                (admin, n) => AnnouncedAsync(admin, n, "new")),
            ["subject.announcement-withdrawn"] = (
                (_, admin, n) => CompreFaceAsync(admin, n, HttpMethod.Delete, "/old", null),
                async (admin, n) => !await AnnouncedAsync(admin, n, "old")),
            ["credential.added"] = (
                (_, admin, n) => admin.PostAsJsonAsync("/v1/signing-credentials", new { name = $"new{n}" }),
                (admin, n) => Any(admin, "/v1/signing-credentials", "name", $"new{n}")),
            ["credential.revoked"] = (
                (_, admin, n) => admin.DeleteAsync($"/v1/signing-credentials/{_ids[$"credential{n}"]}"),
                async (admin, n) => (await admin.GetAsync("/v1/signing-credentials").Json()).EnumerateArray().Single(credential =>
                    credential.GetProperty("accessKeyId").GetString() == _ids[$"credential{n}"]).GetProperty("revoked").ValueKind
                        != JsonValueKind.Null),
            ["gallery.created"] = ((_, admin, n) => admin.PostAsJsonAsync("/v1/galleries", new { name = $"new{n}" }), (admin, n) =>
                Any(admin, "/v1/galleries", "name", $"new{n}")),
            ["gallery.changed"] = (
                (_, admin, n) => admin.PatchAsJsonAsync($"/v1/galleries/g{n}", new { retention = new { days = 77, basis = "enrolled" } }),
                async (admin, n) =>
                    (await admin.GetAsync($"/v1/galleries/g{n}").Json()).GetProperty("retention").ValueKind == JsonValueKind.Object),
            ["gallery.deleted"] = ((_, admin, n) => admin.DeleteAsync($"/v1/galleries/g{n}"), async (admin, n) =>
                !await Any(admin, "/v1/galleries", "name", $"g{n}")),
            ["gallery.restored"] = (
                (_, admin, n) => admin.PostAsync(
                    $"/v1/galleries/new{n}/restoration", new ByteArrayContent(Convert.FromBase64String(_ids[$"archive{n}"]))
                    {
                        Headers = { { "Content-Type", "application/zip" } },
                    }),
                (admin, n) => Any(admin, "/v1/galleries", "name", $"new{n}")),
            ["permission.granted"] = ((_, admin, n) => admin.PutAsJsonAsync($"/v1/galleries/g{n}/permissions/neighbour", new { }),
                (admin, n) => Any(admin, $"/v1/galleries/g{n}/permissions", "organisation", "neighbour")),
            ["permission.revoked"] = ((_, admin, n) => admin.DeleteAsync($"/v1/galleries/g{n}/permissions/friend"), async (admin, n) =>
                !await Any(admin, $"/v1/galleries/g{n}/permissions", "organisation", "friend")),
            ["permission.accepted"] = (
                (service, _, n) => AnswerAsync(service, n, true), async (admin, n) => await StateAsync(admin, n) == "accepted"),
            ["permission.declined"] = (
                (service, _, n) => AnswerAsync(service, n, false), async (admin, n) => await StateAsync(admin, n) == "declined"),
            ["subject.enrolled"] = (
                (_, admin, n) => admin.PostAsync($"/v1/galleries/g{n}/subjects/C/encounters", Requests.Form(
                    null, ("image", FakeImage.Picture("C", new FakeFace(3)), "c.ppm"))),
                    (admin, n) => Found(admin, $"/v1/galleries/g{n}/subjects/C")),
            ["subject.corrected"] = (
                (_, admin, n) => admin.PatchAsJsonAsync($"/v1/galleries/g{n}/subjects/A", new { set = new { name = "Right" } }),
                async (admin, n) => (await admin.GetAsync($"/v1/galleries/g{n}/subjects/A").Json()).GetProperty("biographics")
                    .TryGetProperty("name", out var name) && name.GetString() == "Right"),
            ["subject.removed"] = ((_, admin, n) => admin.DeleteAsync($"/v1/galleries/g{n}/subjects/A"), async (admin, n) =>
                !await Found(admin, $"/v1/galleries/g{n}/subjects/A")),
            ["encounter.removed"] = (
                (_, admin, n) => admin.DeleteAsync($"/v1/galleries/g{n}/subjects/A/encounters/{_ids[$"encounter{n}"]}"), async (admin, n) =>
                    !await Found(admin, $"/v1/galleries/g{n}/subjects/A/encounters/{_ids[$"encounter{n}"]}")),
            ["link.entered"] = ((_, admin, n) => admin.PutAsJsonAsync($"/v1/galleries/g{n}/subjects/B/links/A", new { note = "kin" }),
                async (admin, n) => await Linked(admin, n)),
            ["link.removed"] = (
                (_, admin, n) => admin.DeleteAsync($"/v1/galleries/g{n}/subjects/A/links/B"), async (admin, n) => !await Linked(admin, n)),
            ["subject.merged"] = (
                (_, admin, n) => admin.PostAsJsonAsync(
                    $"/v1/galleries/g{n}/duplicates/decisions", new { subject = "B", other = "A", decision = "merge" }),
                async (admin, n) => !await Found(admin, $"/v1/galleries/g{n}/subjects/B")),
            ["duplicates.kept-apart"] = (
                (_, admin, n) => admin.PostAsJsonAsync(
                    $"/v1/galleries/g{n}/duplicates/decisions", new { subject = "A", other = "B", decision = "keep-apart" }),
                (admin, n) => Any(admin, $"/v1/galleries/g{n}/duplicates/kept-apart", "other", "B")),
            ["import.started"] = ((_, admin, n) => admin.PostAsJsonAsync($"/v1/galleries/g{n}/imports", new { folder = "photos" }),
                (admin, n) => Any(admin, "/v1/operations", "gallery", $"g{n}")),
            ["search.submitted"] = (
                (_, admin, n) => admin.PostAsJsonAsync("/v1/search-batches", Batch(n, probes: 100 + n)),
                async (admin, n) => (await admin.GetAsync("/v1/operations").Json()).EnumerateArray().Any(operation =>
                    operation.GetProperty("searches") is { ValueKind: JsonValueKind.Object } searches
                    && searches.GetProperty("total").GetInt32() == 100 + n)),
            ["search.withdrawn"] = (
                (_, admin, n) => admin.DeleteAsync($"/v1/operations/{_ids[$"batch{n}"]}"),
                async (admin, n) => (await admin.GetAsync($"/v1/operations/{_ids[$"batch{n}"]}").Json())
                    .GetProperty("state").GetString() == "cancelled"),
            ["webhook.added"] = (
                (_, admin, n) => admin.PostAsJsonAsync("/v1/webhooks", new { url = $"http://localhost:9/new{n}" }),
                (admin, n) => Any(admin, "/v1/webhooks", "url", $"http://localhost:9/new{n}")),
            ["webhook.removed"] = (
                (_, admin, n) => admin.DeleteAsync($"/v1/webhooks/{_ids[$"webhook{n}"]}"),
                async (admin, n) => !await Any(admin, "/v1/webhooks", "id", _ids[$"webhook{n}"])),
            ["approval.requested"] = (
                (_, admin, n) => admin.PostAsJsonAsync(
                    "/v1/approvals", new { galleries = new[] { $"g{n}" }, purpose = Requests.Purpose, reason = $"reason {n}" }),
                    (admin, n) => Any(admin, "/v1/approvals", "reason", $"reason {n}")),
            ["approval.decided"] = (
                async (service, _, n) =>
                {
                    using var supervisor = service.Client(_ids["supervisor"]);
                    return await supervisor.PostAsJsonAsync(
                        $"/v1/approvals/{_ids[$"approval{n}"]}/decision", new { granted = true, reason = "good" });
                },
                async (admin, n) =>
                    (await admin.GetAsync($"/v1/approvals/{_ids[$"approval{n}"]}").Json()).GetProperty("state").GetString() == "approved"),
            ["approval.used"] = (
                (_, admin, n) => admin.PostAsync(
                    $"/v1/galleries/g{n}/subjects/A/comparisons",
                    Requests.Form(new { purpose = Requests.Purpose, approvalId = _ids[$"approval{n}"] }, ("first", Probe(n), "p"))),
                async (admin, n) =>
                    (await admin.GetAsync($"/v1/approvals/{_ids[$"approval{n}"]}").Json()).GetProperty("state").GetString() == "used"),
            ["examination.requested"] = (
                (_, admin, n) =>
                    admin.PostAsync("/v1/examinations", Requests.Form(new { searchId = _ids[$"search{n}"] }, ("image", Probe(n), "p"))),
                    (admin, n) => Any(admin, "/v1/examinations", "searchId", _ids[$"search{n}"])),
            ["examination.withdrawn"] = (
                (_, admin, n) => admin.DeleteAsync($"/v1/examinations/{_ids[$"examination{n}"]}"),
                async (admin, n) => (await admin.GetAsync($"/v1/examinations/{_ids[$"examination{n}"]}").Json())
                    .GetProperty("state").GetString() == "withdrawn"),
            ["case.noted"] = (
                (_, admin, n) => admin.PostAsJsonAsync($"/v1/cases/{_ids[$"case{n}"]}/notes", new { note = "seen" }),
                async (admin, n) => (await admin.GetAsync($"/v1/cases/{_ids[$"case{n}"]}").Json())
                    .GetProperty("notes").GetArrayLength() == 1),
            ["case.closed"] = (
                (_, admin, n) => admin.PutAsync($"/v1/cases/{_ids[$"case{n}"]}/closure", null),
                async (admin, n) => (await CaseAsync(admin, n)).GetProperty("state").GetString() == "closed"),
            ["case.reopened"] = (
                (service, _, n) => SupervisedAsync(service, supervisor => supervisor.DeleteAsync($"/v1/cases/{_ids[$"case{n}"]}/closure")),
                async (admin, n) => (await CaseAsync(admin, n)).GetProperty("state").GetString() == "open"),
            ["case.held"] = (
                (service, _, n) => SupervisedAsync(
                    service, supervisor => supervisor.PutAsJsonAsync($"/v1/cases/{_ids[$"case{n}"]}/hold", new { reason = "a suit" })),
                async (admin, n) => (await CaseAsync(admin, n)).GetProperty("hold").ValueKind == JsonValueKind.Object),
            ["case.released"] = (
                (service, _, n) => SupervisedAsync(service, supervisor => supervisor.DeleteAsync($"/v1/cases/{_ids[$"case{n}"]}/hold")),
                async (admin, n) => (await CaseAsync(admin, n)).GetProperty("hold").ValueKind == JsonValueKind.Null),
            ["case.deleted"] = (
                (service, _, n) => SupervisedAsync(service, supervisor => supervisor.DeleteAsync($"/v1/cases/{_ids[$"case{n}"]}")),
                async (admin, n) => !await Found(admin, $"/v1/cases/{_ids[$"case{n}"]}")),
            ["redress.recorded"] = (
                (_, admin, n) => admin.PostAsJsonAsync(
                    "/v1/redress-requests", new { gallery = $"g{n}", subjectId = "A", kind = "deletion", reference = $"new{n}" }),
                (admin, n) => Any(admin, "/v1/redress-requests", "reference", $"new{n}")),
            ["redress.decided"] = (
                async (service, _, n) =>
                {
                    using var owner = service.Client(_ids["owner"]);
                    return await owner.PostAsJsonAsync(
                        $"/v1/redress-requests/{_ids[$"redress{n}"]}/decision", new { granted = true, reason = "good" });
                },
                async (admin, n) => await RedressAsync(admin, n) == "granted"),
            ["redress.answered"] = (
                (_, admin, n) => admin.PostAsJsonAsync($"/v1/redress-requests/{_ids[$"redress{n}"]}/answer", new { answer = "done" }),
                async (admin, n) => await RedressAsync(admin, n) == "answered"),
            ["search.reviewed"] = (
                async (service, _, n) =>
                {
                    using var supervisor = service.Client(_ids["supervisor"]);
                    return await supervisor.PutAsJsonAsync($"/v1/reviews/{_ids[$"search{n}"]}", new { finding = "proper" });
                },
                async (admin, n) => (await admin.GetAsync($"/v1/searches/{_ids[$"search{n}"]}").Json()).GetProperty("finding").ValueKind
                    == JsonValueKind.String),
        };

        private object Batch(int n, int probes) => new
        {
            galleries = new[] { $"g{n}" }, purpose = Requests.Purpose,
            encounters = Enumerable.Repeat(new { encounterId = _ids[$"A{n}"] }, probes),
        };

        public async Task PrepareAsync(ServiceProcess service, HttpClient admin, string kind, int n)
        {
            if (!_ids.TryGetValue("supervisor", out var supervisorKey))
            {
                _ids["supervisor"] = supervisorKey = await ServiceProcess.KeyOfAsync(admin, Role.Supervisor);
                foreach (var organisation in (string[])["friend", "neighbour"])
                    await admin.PostAsJsonAsync("/v1/organisations", new { id = organisation, name = organisation }).Json(201);
                _ids["friend"] = await ServiceProcess.KeyInAsync(admin, "friend", Role.Supervisor);
                _ids["owner"] = await ServiceProcess.KeyOfAsync(admin, Role.GalleryOwner);
            }
            await admin.CreateGalleryAsync($"g{n}", new { profile = "fusion-center" });
            foreach (var (subject, person) in ((string, int)[])[("A", 1), ("B", 2)])
                _ids[$"{subject}{n}"] = (await admin.EnrolAsync(
                    $"g{n}", subject,
                    FakeImage.Picture(subject, new FakeFace(person)))).GetProperty("photos")[0].GetProperty("encounterId").GetString()!;
            switch (kind)
            {
                case "search.withdrawn":
                    _ids[$"batch{n}"] = (await admin.PostAsJsonAsync("/v1/search-batches", Batch(n, probes: 1)).Json(202))
                        .GetProperty("id").GetString()!;
                    break;
                case "webhook.removed":
                    _ids[$"webhook{n}"] =
                        (await admin.PostAsJsonAsync("/v1/webhooks", new { url = $"http://localhost:9/old{n}" }).Json(201))
                            .GetProperty("details").GetProperty("id").GetString()!;
                    break;
                case "account.changed" or "identity.linked":
                    _ids[$"account{n}"] = (await admin.PostAsJsonAsync("/v1/accounts", new
                    {
                        name = $"old{n}",
                        organisation = "local",
                        roles = Array.Empty<string>(),
                    }).Json(201)).GetProperty("id").GetString()!;
                    break;
                case "session.signed-in" or "session.all-ended" or "account.password-changed":
                    var person = (await admin.PostAsJsonAsync("/v1/accounts", new
                    {
                        name = $"person{n}",
                        organisation = "local",
                        roles = new[] { Role.Agent },
                        password = PageClient.Password,
                    }).Json(201)).GetProperty("id").GetString()!;
                    _ids[$"account{n}"] = person;
                    // People's keys are their own to make; the session stays where it is to be ended.
                    using (var browser = new HttpClient { BaseAddress = admin.BaseAddress })
                    {
                        await browser.PostAsJsonAsync(
                            "/v1/session", new { name = $"person{n}", password = PageClient.Password }).Json();
                        _ids[$"own{n}"] = (await browser.PostAsJsonAsync("/v1/keys", new { name = "own" }).Json(201))
                            .GetProperty("key").GetString()!;
                        if (kind != "session.all-ended")
                            await browser.DeleteAsync("/v1/session").Json(204);
                    }
                    break;
                case "credential.revoked":
                    _ids[$"credential{n}"] = (await admin.PostAsJsonAsync("/v1/signing-credentials", new { name = $"old{n}" })
                        .Json(201)).GetProperty("details").GetProperty("accessKeyId").GetString()!;
                    break;
                case "subject.announcement-withdrawn":
                    (await CompreFaceAsync(admin, n, HttpMethod.Post, "", new { subject = "old" })).EnsureSuccessStatusCode().Dispose();
                    break;
                case "key.settings-changed":
                case "key.revoked":
                    _ids[$"key{n}"] = (await admin.PostAsJsonAsync("/v1/keys", new { name = $"old{n}" })
                        .Json(201)).GetProperty("details").GetProperty("id").GetString()!;
                    break;
                case "gallery.restored":
                    _ids[$"archive{n}"] = Convert.ToBase64String(await admin.GetByteArrayAsync($"/v1/galleries/g{n}/export"));
                    break;
                case "permission.revoked" or "permission.accepted" or "permission.declined":
                    await admin.PutAsJsonAsync($"/v1/galleries/g{n}/permissions/friend", new { }).Json();
                    break;
                case "encounter.removed":
                    _ids[$"encounter{n}"] = (await admin.EnrolAsync($"g{n}", "A", FakeImage.Picture("A2", new FakeFace(1, 2)))).GetProperty(
                        "photos")[0].GetProperty("encounterId").GetString()!;
                    break;
                case "link.removed":
                    await admin.PutAsJsonAsync($"/v1/galleries/g{n}/subjects/A/links/B", new { note = "kin" }).Json(204);
                    break;
                case "approval.decided":
                    _ids[$"approval{n}"] = (await admin.PostAsJsonAsync("/v1/approvals", new
                    {
                        galleries = new[] { $"g{n}" },
                        purpose = Requests.Purpose,
                        reason = "r",
                    }).Json(201)).GetProperty("id").GetString()!;
                    break;
                case "approval.used":
                    await admin.PatchAsJsonAsync($"/v1/galleries/g{n}", new { approved = false }).Json();
                    _ids[$"approval{n}"] = (await admin.PostAsJsonAsync("/v1/approvals", new
                    {
                        use = "comparison",
                        galleries = new[] { $"g{n}" },
                        purpose = Requests.Purpose,
                        reason = "r",
                    }).Json(201)).GetProperty("id").GetString()!;
                    using (var supervisor = service.Client(supervisorKey))
                        await supervisor.PostAsJsonAsync(
                            $"/v1/approvals/{_ids[$"approval{n}"]}/decision", new { granted = true, reason = "good" }).Json();
                    break;
                case "case.noted" or "case.closed" or "case.reopened" or "case.held" or "case.released" or "case.deleted":
                    await admin.PostAsync("/v1/searches", Requests.Form(
                        new { galleries = new[] { $"g{n}" }, purpose = new { caseNumber = $"K-{n}", basis = "b" }, examine = true },
                        ("image", Probe(n), "p"))).Json();
                    _ids[$"case{n}"] = (await admin.GetAsync($"/v1/cases?number=K-{n}").Json())
                        .GetProperty("cases")[0].GetProperty("id").GetString()!;
                    if (kind is "case.reopened" or "case.deleted")
                        await admin.PutAsync($"/v1/cases/{_ids[$"case{n}"]}/closure", null).Json();
                    if (kind == "case.released")
                        await SupervisedAsync(service, supervisor => supervisor.PutAsJsonAsync(
                            $"/v1/cases/{_ids[$"case{n}"]}/hold", new { reason = "a suit" })).Json();
                    break;
                case "redress.decided" or "redress.answered":
                    _ids[$"redress{n}"] = (await admin.PostAsJsonAsync("/v1/redress-requests", new
                    {
                        gallery = $"g{n}",
                        subjectId = "A",
                        kind = "access",
                        reference = "r",
                    }).Json(201)).GetProperty("id").GetString()!;
                    if (kind == "redress.answered")
                    {
                        using var owner = service.Client(_ids["owner"]);
                        await owner.PostAsJsonAsync(
                            $"/v1/redress-requests/{_ids[$"redress{n}"]}/decision", new { granted = true, reason = "good" }).Json();
                    }
                    break;
                case "examination.requested" or "search.reviewed":
                    _ids[$"search{n}"] = (await admin.PostAsync("/v1/searches", Requests.Form(
                        new { galleries = new[] { $"g{n}" }, purpose = Requests.Purpose },
                        ("image", Probe(n), "p"))).Json()).GetProperty("searchId").GetString()!;
                    break;
                case "examination.withdrawn":
                    _ids[$"examination{n}"] = (await admin.PostAsync("/v1/searches", Requests.Form(
                        new { galleries = new[] { $"g{n}" }, purpose = Requests.Purpose, examine = true },
                        ("image", Probe(n), "p"))).Json()).GetProperty("examinationId").GetString()!;
                    break;
            }
        }

        private async Task<HttpResponseMessage> AnswerAsync(ServiceProcess service, int n, bool accepted)
        {
            using var friend = service.Client(_ids["friend"]);
            return await friend.PutAsJsonAsync($"/v1/shared-galleries/g{n}", new { accepted });
        }

        private static async Task<string?> StateAsync(HttpClient admin, int n) =>
            (await admin.GetAsync($"/v1/galleries/g{n}/permissions").Json())[0].GetProperty("state").GetString();

        private async Task<HttpResponseMessage> SupervisedAsync(
            ServiceProcess service, Func<HttpClient, Task<HttpResponseMessage>> work)
        {
            using var supervisor = service.Client(_ids["supervisor"]);
            return await work(supervisor);
        }

        private async Task<JsonElement> CaseAsync(HttpClient admin, int n) =>
            (await admin.GetAsync($"/v1/cases/{_ids[$"case{n}"]}").Json()).GetProperty("case");

        private async Task<string?> RedressAsync(HttpClient admin, int n) =>
            (await admin.GetAsync($"/v1/redress-requests/{_ids[$"redress{n}"]}").Json()).GetProperty("state").GetString();

        private static byte[] Probe(int n) => FakeImage.Salted($"probe {n}", new FakeFace(1));

        private async Task<bool> SignedIn(HttpClient admin, int n)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sessions");
            request.Headers.Authorization = new("Bearer", _ids[$"own{n}"]);
            using var own = new HttpClient { BaseAddress = admin.BaseAddress };
            return (await own.SendAsync(request).Json()).GetArrayLength() > 0;
        }

        private static async Task<bool> Linked(HttpClient admin, int n) =>
            (await admin.GetAsync($"/v1/galleries/g{n}/subjects/A/links").Json()).GetArrayLength() > 0;

        private static async Task<bool> Found(HttpClient admin, string path)
        {
            using var answer = await admin.GetAsync(path);
            return answer.IsSuccessStatusCode;
        }

        private static async Task<HttpResponseMessage> CompreFaceAsync(
            HttpClient admin, int n, HttpMethod method, string path, object? body)
        {
            using var request = new HttpRequestMessage(method, "/api/v1/recognition/subjects" + path)
            {
                Content = body is null ? null : JsonContent.Create(body),
            };
            request.Headers.Add("x-matchengine-gallery", $"g{n}");
            return await admin.SendAsync(request);
        }

        private static async Task<bool> AnnouncedAsync(HttpClient admin, int n, string name) =>
            (await CompreFaceAsync(admin, n, HttpMethod.Get, "", null).Json())
                .GetProperty("subjects").EnumerateArray().Any(subject => subject.GetString() == name);

        private static async Task<bool> Any(HttpClient admin, string path, string member, string value) =>
            (await admin.GetAsync(path).Json()).EnumerateArray().Any(row => row.GetProperty(member).GetString() == value);
    }

    /// <summary>A service whose commits fail, as on a disk that is full, after the event of a kind was written.</summary>
    private sealed class FailingService : TestService
    {
        public Failing Fault { get; } = new();

        internal override void Replace(IServiceCollection services)
        {
            base.Replace(services);
            services.AddSingleton<IChangeObserver>(Fault);
        }
    }

    private sealed class Failing : IChangeObserver
    {
        public string? FailingKind { get; set; }

        public void Reached(ChangeStep step, string kind)
        {
            if (step == ChangeStep.Written && kind == FailingKind)
                throw new IOException("no space left on device");
        }
    }
}
