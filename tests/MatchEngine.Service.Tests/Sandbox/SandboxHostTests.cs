using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Sandbox;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Service.Tests.Rekognition;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MatchEngine.Service.Tests.Sandbox;

/// <summary>A sandbox as <c>--sandbox</c> makes it: real networks, real photos, invented people.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    internal TemporaryFolder Folder { get; } = new();

    internal SandboxHost Sandbox { get; private set; } = null!;

    internal SandboxRecord Record => Sandbox.Record;

    private SandboxFolder _folder = null!;

    public async ValueTask InitializeAsync()
    {
        NewFiles.BelongToTheirOwnerAlone();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        _folder.Dispose();
        Folder.Dispose();
    }

    /// <summary>Ends the process's sandbox and starts it on the same folder.</summary>
    internal async Task RestartAsync()
    {
        await Sandbox.DisposeAsync();
        await StartAsync();
    }

    internal HttpClient As(string organisation, string role) => Client(Record.Accounts.Single(
        account => account.Organisation == organisation && account.Role == role).Key);

    internal HttpClient Admin() => As("local", Role.ServiceAdministrator);

    internal byte[] Photo(string person) => File.ReadAllBytes(Path.Combine(_folder.Photos, $"{person}.jpg"));

    internal string RecordFile => _folder.RecordFile;

    /// <summary>A client that signs with a credential of the record.</summary>
    internal SigningClient Signing(string role)
    {
        var address = new Uri(Sandbox.Listener.Urls.First());
        var credential = Record.SigningCredentials.Single(one => one.Role == role);
        return new SigningClient(
            new HttpClient { BaseAddress = address }, address.Authority, TimeProvider.System, credential.AccessKeyId,
            credential.SecretAccessKey);
    }

    private HttpClient Client(string key)
    {
        var client = new HttpClient { BaseAddress = new Uri(Sandbox.Listener.Urls.First()), Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private async Task StartAsync()
    {
        _folder = SandboxFolder.Take(Folder.Sub("sandbox"));
        var settings = SandboxSettings.Of(new ServiceSettings { Sandbox = true, Urls = "http://127.0.0.1:0" });
        Sandbox = await SandboxHost.StartAsync(
            settings, _folder, new SandboxParts(ServiceHost.Listener, (own, replace) => ServiceHost.Build(own, services =>
            {
                replace(services);
                services.RemoveAll<ILoggerProvider>();
            })), CancellationToken.None);
    }
}

public sealed class SandboxHostTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Each_organisation_has_an_account_a_role_whose_key_lets_in_and_the_file_is_its_owners_alone()
    {
        var record = JsonSerializer.Deserialize<SandboxRecord>(
            await File.ReadAllBytesAsync(fixture.RecordFile), JsonSerializerOptions.Web)!;
        Assert.Equal(
            [("local", Role.ServiceAdministrator), ("local", Role.ServiceAuditor), .. SandboxSeed.Organisations.SelectMany(
                organisation => SandboxSeed.Roles, (organisation, role) => (organisation.Id, role))],
            record.Accounts.Select(account => (account.Organisation, account.Role)));
        foreach (var account in record.Accounts)
        {
            using var client = fixture.As(account.Organisation, account.Role);
            var session = await client.GetAsync("/v1/session").Json();
            Assert.Equal(account.Account, session.GetProperty("account").GetString());
            Assert.Contains(account.Role, session.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        }
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(fixture.RecordFile));
    }

    [Fact]
    public async Task Each_profile_has_a_gallery_in_which_a_person_is_found_by_a_photo()
    {
        Assert.Equal(Profile.Names, fixture.Record.Galleries.Select(gallery => gallery.Profile));
        using var agent = fixture.As("investigations", Role.Agent);
        using var supervisor = fixture.As("investigations", Role.Supervisor);
        var found = new List<string>();
        foreach (var gallery in fixture.Record.Galleries)
        {
            Assert.True(gallery.Subjects >= fixture.Record.People.Count - 1, gallery.Name);
            var rules = Profile.Named(gallery.Profile).Rules;
            if (rules.ComparisonOnly.Value)
            {
                var compared = await agent.PostAsync(
                    $"/v1/galleries/{gallery.Name}/subjects/bravo/comparisons",
                    Requests.Form(new { face = "largest" }, ("first", fixture.Photo("bravo"), "p"))).Json();
                Assert.InRange(compared.GetProperty("score").GetDouble(), 0.98, 1);
                continue;
            }
            var approval = gallery.Name == "fusion-center" ? await ApprovedAsync(agent, supervisor, gallery.Name) : null;
            var answer = await SearchAsync(agent, gallery.Name, "bravo", approval).Json();
            var held = answer.GetProperty("candidates").GetArrayLength() == 0;
            Assert.Equal(rules.HoldUntilExamined.Value == HoldRule.Always, held);
            if (held)
                continue;
            var first = answer.GetProperty("candidates")[0];
            Assert.Equal("bravo", first.GetProperty("subjectId").GetString());
            found.Add(gallery.Name);
            if (first.GetProperty("biographics").TryGetProperty("name", out var name))
                Assert.Equal("Bravo Invented", name.GetString());
            // Who was removed is listed nowhere.
            Assert.DoesNotContain(
                fixture.Record.People[^1],
                answer.GetProperty("candidates").EnumerateArray().Select(row => row.GetProperty("subjectId").GetString()));
        }
        Assert.True(found.Count >= 6, string.Join(", ", found));
    }

    [Fact]
    public async Task There_is_something_to_decide_a_finished_examination_and_a_closed_case()
    {
        using var agent = fixture.As("investigations", Role.Agent);
        using var supervisor = fixture.As("investigations", Role.Supervisor);
        var items = fixture.Record.Items;
        foreach (var (item, state) in ((string, string)[])
            [("pendingApproval",
                "pending"), ("exigentApproval", "pending"), ("grantedApproval", "approved"), ("refusedApproval", "refused")])
            Assert.Equal(state, (await supervisor.GetAsync($"/v1/approvals/{items[item]}").Json()).GetProperty("state").GetString());
        Assert.Equal("finished", (await agent.GetAsync($"/v1/examinations/{items["finishedExamination"]}").Json())
            .GetProperty("state").GetString());
        Assert.Equal(
            "open", (await agent.GetAsync($"/v1/examinations/{items["openExamination"]}").Json()).GetProperty("state").GetString());
        Assert.Equal("closed", (await agent.GetAsync($"/v1/cases/{items["closedCase"]}").Json())
            .GetProperty("case").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_client_that_signs_finds_a_person_and_makes_a_collection_with_the_credentials_of_the_record()
    {
        using var agent = fixture.Signing(Role.Agent);
        agent.Headers.Clear();
        var found = await agent.CallAsync("SearchFacesByImage", new
        {
            CollectionId = "ngi-ips", Image = new { Bytes = Convert.ToBase64String(fixture.Photo("bravo")) }, FaceMatchThreshold = 0,
        });
        Assert.NotEqual(0, found.GetProperty("FaceMatches").GetArrayLength());
        using var admin = fixture.Signing(Role.ServiceAdministrator);
        await admin.CallAsync("CreateCollection", new { CollectionId = "of-a-client" });
        await admin.CallAsync("DeleteCollection", new { CollectionId = "of-a-client" });
    }

    [Fact]
    public async Task The_audit_tells_of_everything_that_was_put_there_and_is_intact()
    {
        using var auditor = fixture.As("local", Role.ServiceAuditor);
        Assert.True((await auditor.GetAsync("/v1/audit/verification").Json()).GetProperty("intact").GetBoolean());
        foreach (var (kind, count) in ((string, int)[])
            [
                ("account.added", fixture.Record.Accounts.Count - 1), ("key.added", fixture.Record.Accounts.Count - 1),
                ("gallery.created", fixture.Record.Galleries.Count), ("subject.removed", fixture.Record.Galleries.Count),
                ("examination.finished", 1), ("case.closed", 1),
            ])
            Assert.Equal(count, (await auditor.GetAsync($"/v1/audit?kind={kind}&count=500").Json()).GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task A_partner_that_accepted_nothing_is_refused_and_sees_names_alone()
    {
        using var partner = fixture.As("partner", Role.Agent);
        Assert.Equal("terms_not_accepted", await SearchAsync(partner, "state-lea", "bravo").Code(403));
        var shown = (await SearchAsync(partner, "ngi-ips", "bravo").Json()).GetProperty("candidates")[0].GetProperty("biographics");
        Assert.Equal(["name"], shown.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task One_call_brings_everything_back_keys_time_and_faults_included()
    {
        using var admin = fixture.Admin();
        using var agent = fixture.As("investigations", Role.Agent);
        using var auditor = fixture.As("local", Role.ServiceAuditor);
        var people = await CountAsync();
        await admin.DeleteAsync("/v1/galleries/ngi-ips").Json(204);
        await SearchAsync(agent, "state-lea", "bravo").Json();
        await admin.PostAsJsonAsync("/v1/organisations", new { id = "later", name = "Later" }).Json(201);
        await SwitchedService.PutAsync(admin, "f", new { kind = "server-error", route = "POST /v1/searches" }).Json();
        await admin.PostAsJsonAsync("/v1/sandbox/clock", new { advance = "P30Y" }).Json();
        // Thirty years on, the keys are good.
        await agent.GetAsync($"/v1/cases/{fixture.Record.Items["closedCase"]}").Code(404);
        Assert.NotEqual(0, (await agent.GetAsync("/v1/sandbox/conformity").Json()).GetProperty("requests").GetInt32());

        await admin.PostAsync("/v1/sandbox/reset", null).Json(204);

        Assert.Equal(people, await CountAsync());
        Assert.Equal("bravo", (await SearchAsync(agent, "ngi-ips", "bravo").Json()).GetProperty("candidates")[0]
            .GetProperty("subjectId").GetString());
        await agent.GetAsync($"/v1/cases/{fixture.Record.Items["closedCase"]}").Json();
        Assert.DoesNotContain(
            "later", (await admin.GetAsync("/v1/organisations").Json()).EnumerateArray().Select(row => row.GetProperty("id").GetString()));
        Assert.Empty((await admin.GetAsync("/v1/sandbox/faults").Json()).EnumerateArray());
        Assert.Equal("PT0S", (await admin.GetAsync("/v1/sandbox/clock").Json()).GetProperty("ahead").GetString());
        Assert.True((await auditor.GetAsync("/v1/audit/verification").Json()).GetProperty("intact").GetBoolean());

        async Task<int> CountAsync() => (await admin.GetAsync("/v1/galleries/ngi-ips").Json()).GetProperty("subjects").GetInt32();
    }

    [Fact]
    public async Task Requests_that_come_during_a_reset_wait_and_one_that_takes_too_long_is_ended()
    {
        using var admin = fixture.Admin();
        using var agent = fixture.As("investigations", Role.Agent);
        await SwitchedService.PutAsync(
            admin, "late", new { kind = "delay", seconds = 250, header = new { name = "x-late", value = "1" } }).Json();
        using var late = fixture.As("investigations", Role.Agent);
        late.DefaultRequestHeaders.Add("x-late", "1");
        var waiting = late.GetAsync("/v1/notifications");
        while ((await admin.GetAsync("/v1/sandbox/faults/late").Json()).GetProperty("struck").GetInt32() == 0)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        var reset = admin.PostAsync("/v1/sandbox/reset", null).Json(204);
        var during = Enumerable.Range(0, 20).Select(_ => agent.GetAsync("/v1/galleries").Json()).ToList();
        await reset;
        await Task.WhenAll(during);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => waiting);
    }

    [Fact]
    public async Task Started_again_on_its_folder_it_has_the_same_keys_and_is_as_it_was_at_first()
    {
        using (var admin = fixture.Admin())
            await admin.DeleteAsync("/v1/galleries/vendor").Json(204);
        var accounts = fixture.Record.Accounts;
        await fixture.RestartAsync();
        Assert.Equal(accounts, fixture.Record.Accounts);
        using var again = fixture.Admin();
        await again.GetAsync("/v1/galleries/vendor").Json();
    }

    private static async Task<string?> ApprovedAsync(HttpClient agent, HttpClient supervisor, string gallery)
    {
        var id = (await agent.PostAsJsonAsync("/v1/approvals", new
        {
            galleries = new[] { gallery }, purpose = Requests.Purpose, reason = "a test",
        }).Json(201)).GetProperty("id").GetString();
        await supervisor.PostAsJsonAsync($"/v1/approvals/{id}/decision", new { granted = true, reason = "yes" }).Json();
        return id;
    }

    private Task<HttpResponseMessage> SearchAsync(HttpClient client, string gallery, string person, string? approvalId = null) =>
        client.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { gallery }, face = "largest", purpose = Requests.Purpose, approvalId },
            ("image", fixture.Photo(person), "probe.jpg")));
}
