using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Sandbox;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Sandbox;

/// <summary>What a client's requests show of the rules for clients.</summary>
public sealed class ConformityResourceTests(SwitchedService service) : IClassFixture<SwitchedService>
{
    [Fact]
    public async Task Of_a_client_that_did_nothing_nothing_was_seen_and_each_rule_has_its_source()
    {
        var (agent, key) = service.Searcher();
        using var _ = agent;
        var seen = await agent.GetAsync("/v1/sandbox/conformity").Json();
        Assert.Equal((key, 0), (seen.GetProperty("key").GetString(), seen.GetProperty("requests").GetInt32()));
        Assert.All(seen.GetProperty("rules").EnumerateArray(), rule =>
        {
            Assert.Equal("not-seen", rule.GetProperty("state").GetString());
            Assert.Matches("^(PIA-054, [A-Z]|RFC [0-9]|none$)", rule.GetProperty("source").GetString()!);
        });
    }

    [Fact]
    public async Task A_client_that_does_as_it_should_is_seen_to()
    {
        var (agent, _) = service.Searcher();
        using var _ = agent;
        await SwitchedService.SearchAsync(agent, new { listLength = 20 }).Json();
        foreach (var rule in (string[])["purpose", "permitted-purpose", "requester", "one-face", "list-length"])
            Assert.Equal("observed", await StateAsync(agent, rule));
        Assert.Equal("not-seen", await StateAsync(agent, "retry-after"));
        // What cannot be seen is never said to be kept.
        Assert.Equal("not-seen", await StateAsync(agent, "disclaimer"));
        Assert.Equal("not-seen", await StateAsync(agent, "purpose", "ngi-ips"));
    }

    [Fact]
    public async Task What_a_client_breaks_names_the_request_and_is_not_made_good_by_the_next_one()
    {
        using var admin = service.Admin();
        var (agent, key) = service.Searcher();
        using var _ = agent;
        await agent.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { SwitchedService.Gallery } }, ("image", SwitchedService.Probe, "p"))).Code(400);
        await agent.PostAsync("/v1/searches", Requests.Form(
            new
            {
                galleries = new[] { SwitchedService.Gallery },
                purpose = new { caseNumber = "C", basis = "civil immigration enforcement" },
            },
            ("image", SwitchedService.Probe, "p"))).AnyCode();
        await agent.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { SwitchedService.Gallery }, purpose = Requests.Purpose },
            ("image", FakeImage.Of(new FakeFace(1), new FakeFace(2, X: 120, Size: 99)), "p"))).Code(422);
        await SwitchedService.SearchAsync(
            agent, new { listLength = 100, purpose = new { caseNumber = "C-1", basis = "18 USC 1956" } }).Json();
        await SwitchedService.SearchAsync(agent).Json();
        foreach (var rule in (string[])["purpose", "permitted-purpose", "one-face", "list-length", "requester"])
            Assert.Equal("violated", await StateAsync(agent, rule));
        // An administrator of the service reads what any key did.
        var seen = (await admin.GetAsync($"/v1/sandbox/conformity?key={key}").Json()).GetProperty("rules").EnumerateArray()
            .Single(rule => rule.GetProperty("rule").GetString() == "requester");
        Assert.Equal((1, 1), (seen.GetProperty("kept").GetInt32(), seen.GetProperty("broken").GetInt32()));
        Assert.NotEmpty(seen.GetProperty("lastBroken").GetString()!);
    }

    [Fact]
    public async Task A_probe_that_was_measured_first_breaks_nothing()
    {
        var (agent, _) = service.Searcher();
        using var _ = agent;
        await agent.PostAsync("/v1/quality", Requests.Form(
            null, ("image", FakeImage.Of(new FakeFace(1), new FakeFace(2, X: 120, Size: 99)), "p"))).Code(422);
        Assert.Equal("not-seen", await StateAsync(agent, "one-face"));
    }

    [Theory]
    [InlineData(0.01, "observed")]
    [InlineData(60, "violated")]
    public async Task Whether_it_waits_as_long_as_it_was_asked_to_is_seen(double seconds, string state)
    {
        using var admin = service.Admin();
        var (agent, key) = service.Searcher();
        using var _ = agent;
        await SwitchedService.PutAsync(
            admin, $"busy-{key}", new { kind = "unavailable", key, seconds, script = "x", route = "POST /v1/searches" }).Json();
        await SwitchedService.SearchAsync(agent).Code(503);
        // Another endpoint may be asked meanwhile.
        await agent.GetAsync("/v1/notifications").Json();
        Assert.Equal("not-seen", await StateAsync(agent, "retry-after"));
        if (state == "observed")
            // Retry-After is in whole seconds, at least one.
            await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        await SwitchedService.SearchAsync(agent).Json();
        Assert.Equal(state, await StateAsync(agent, "retry-after"));
    }

    [Fact]
    public async Task A_profile_that_is_none_and_another_clients_key_are_refused()
    {
        var (agent, _) = service.Searcher();
        using var _ = agent;
        Assert.Equal("bad_value", await agent.GetAsync("/v1/sandbox/conformity?profile=none-such").Code(400));
        Assert.Equal("forbidden", await agent.GetAsync("/v1/sandbox/conformity?key=0000000000000000").Code(403));
    }

    [Fact]
    public async Task Approvals_terms_and_training_show_where_they_are_asked_for()
    {
        using var admin = service.Admin();
        using var owner = service.As("searchers", Role.GalleryOwner);
        await admin.CreateGalleryAsync("guarded", new { profile = "ccd", owner = "searchers", approved = true });
        await admin.CreateGalleryAsync("unapproved", new { owner = "searchers", approved = false });
        await owner.EnrolAsync("guarded", "S1", FakeImage.Picture("", new FakeFace(1)));
        var (agent, _) = service.Searcher();
        using var _ = agent;
        await SwitchedService.SearchAsync(agent, gallery: "guarded").Code(403);
        await SwitchedService.SearchAsync(agent, gallery: "unapproved").Code(403);
        Assert.Equal("violated", await StateAsync(agent, "terms", "ccd"));
        Assert.Equal("violated", await StateAsync(agent, "approval"));
        var (certified, _) = service.Searcher();
        using var trained = certified;
        await service.PrepareAsync(trained);
        await SwitchedService.SearchAsync(trained, gallery: "guarded").Json();
        Assert.Equal("observed", await StateAsync(trained, "terms", "ccd"));
        Assert.Equal("observed", await StateAsync(trained, "training", "ccd"));
        Assert.DoesNotContain(
            (await trained.GetAsync("/v1/sandbox/conformity").Json()).GetProperty("rules").EnumerateArray(),
            rule => rule.GetProperty("rule").GetString() == "training");
    }

    [Fact]
    public void Of_more_keys_than_it_keeps_count_of_nothing_is_kept()
    {
        var conduct = new ClientConduct();
        for (var i = 0; i <= ClientConduct.MostKeys; i++)
            conduct.Note($"k{i}", "GET /", "r", DateTimeOffset.UtcNow, null);
        Assert.Equal(1, conduct.Requests("k0"));
        Assert.Equal(0, conduct.Requests($"k{ClientConduct.MostKeys}"));
        conduct.Note("k0", "GET /", "r", DateTimeOffset.UtcNow, null);
        Assert.Equal(2, conduct.Requests("k0"));
    }

    private static async Task<string> StateAsync(HttpClient client, string rule, string? profile = null) =>
        (await client.GetAsync("/v1/sandbox/conformity" + (profile is null ? "" : $"?profile={profile}")).Json())
            .GetProperty("rules").EnumerateArray().Single(row => row.GetProperty("rule").GetString() == rule)
            .GetProperty("state").GetString()!;
}
