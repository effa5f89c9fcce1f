using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Profiles;

/// <summary>
/// Certificates that expire and terms that are renewed, before images are taken (ICE's reply to Senator Wyden: ATS-P and CCD).
/// </summary>
public sealed class TrainingAndTermsTests(OwnProfilesService service) : IClassFixture<OwnProfilesService>
{
    private const string Course = "law-enforcement-systems";

    [Theory]
    [InlineData("ccd")]
    [InlineData("ats-p")]
    public async Task Images_are_taken_from_whoever_has_a_certificate_that_has_not_expired(string profile)
    {
        var gallery = $"trained-{profile}";
        await GalleryAsync(gallery, profile);
        var (account, key) = service.KeyOf("local", Role.Agent);
        using var agent = service.Client(key);
        using var supervisor = service.As("local", Role.Supervisor);
        using var stranger = service.As("elsewhere", Role.Supervisor);
        await AcceptAsync(agent, profile);

        Assert.Equal("training_required", await SearchAsync(agent, gallery).Code(403));
        var wanted = (await agent.GetAsync("/v1/training").Json()).EnumerateArray()
            .Single(course => course.GetProperty("profile").GetString() == profile);
        Assert.Equal((Course, false), (wanted.GetProperty("course").GetString(), wanted.GetProperty("good").GetBoolean()));
        var path = $"/v1/training/accounts/{account}/{Course}";
        var today = DateOnly.FromDateTime(service.Clock.GetUtcNow().UtcDateTime);
        // Neither oneself, nor another organisation, nor before it was.
        Assert.Equal("forbidden", await agent.PutAsJsonAsync(path, new { completed = today }).Code(403));
        Assert.Equal("not_found", await stranger.PutAsJsonAsync(path, new { completed = today }).Code(404));
        Assert.Equal("bad_value", await supervisor.PutAsJsonAsync(path, new { completed = today.AddDays(1) }).Code(400));
        await supervisor.PutAsJsonAsync(path, new { completed = today.AddMonths(-12) }).Json();
        Assert.Equal("training_required", await SearchAsync(agent, gallery).Code(403));
        await supervisor.PutAsJsonAsync(path, new { completed = today.AddMonths(-12).AddDays(1) }).Json();
        await SearchAsync(agent, gallery).Json();
        service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("training_required", await SearchAsync(agent, gallery).Code(403));
        await supervisor.PutAsJsonAsync(path, new { completed = today }).Json();
        await SearchAsync(agent, gallery).Json();
        await supervisor.DeleteAsync(path).Json(204);
        Assert.Equal("training_required", await SearchAsync(agent, gallery).Code(403));
        await supervisor.DeleteAsync(path).Code(404);
        using var auditor = service.As("local", Role.Auditor);
        var written = (await auditor.GetAsync("/v1/audit?newestFirst=true&kind=training.certified").Json()).GetProperty("events")[0];
        Assert.Equal(account, written.GetProperty("payload").GetProperty("account").GetString());
    }

    [Fact]
    public async Task Nobody_certifies_oneself_and_a_page_offers_the_same()
    {
        var (account, key) = service.KeyOf("local", Role.Supervisor, Role.Agent);
        using var supervisor = service.Client(key);
        var today = DateOnly.FromDateTime(service.Clock.GetUtcNow().UtcDateTime);
        Assert.Equal(
            "forbidden", await supervisor.PutAsJsonAsync($"/v1/training/accounts/{account}/{Course}", new { completed = today }).Code(403));
        using var pages = await PageClient.SignedInAsync(service, "local", Role.Supervisor);
        Assert.Contains($"action=\"/training/{account}\"", await pages.TextAsync("/training"), StringComparison.Ordinal);
        using var done = await pages.SendAsync($"/training/{account}", ("course", Course), ("completed", $"{today:yyyy-MM-dd}"));
        Assert.Equal("/training?done=training-certified", done.Headers.Location!.OriginalString);
        var held = Assert.Single((await supervisor.GetAsync("/v1/training/accounts").Json()).EnumerateArray(),
            row => row.GetProperty("account").GetString() == account);
        Assert.Equal(Course, held.GetProperty("certificates")[0].GetProperty("course").GetString());
        Assert.Contains($"completed on {today:yyyy-MM-dd}", await pages.TextAsync("/training"), StringComparison.Ordinal);
        using var back = await pages.SendAsync($"/training/{account}/{Course}/withdrawal");
        Assert.Equal("/training?done=training-withdrawn", back.Headers.Location!.OriginalString);
        Assert.DoesNotContain($"completed on {today:yyyy-MM-dd}", await pages.TextAsync("/training"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terms_are_accepted_anew_after_ninety_days()
    {
        await GalleryAsync("renewed", "ccd");
        var (account, key) = service.KeyOf("local", Role.Agent);
        using var agent = service.Client(key);
        using var supervisor = service.As("local", Role.Supervisor);
        await supervisor.PutAsJsonAsync(
            $"/v1/training/accounts/{account}/{Course}",
            new { completed = DateOnly.FromDateTime(service.Clock.GetUtcNow().UtcDateTime) }).Json();
        Assert.Equal("terms_not_accepted", await SearchAsync(agent, "renewed").Code(403));
        await AcceptAsync(agent, "ccd");
        await SearchAsync(agent, "renewed").Json();
        service.Clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        await SearchAsync(agent, "renewed").Json();
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("terms_not_accepted", await SearchAsync(agent, "renewed").Code(403));
        Assert.Equal(JsonValueKind.Null, (await TermsAsync(agent, "ccd")).GetProperty("accepted").ValueKind);
        await AcceptAsync(agent, "ccd");
        var terms = await TermsAsync(agent, "ccd");
        Assert.Equal(90, terms.GetProperty("renewDays").GetInt32());
        Assert.Equal(service.Clock.GetUtcNow().AddDays(90), terms.GetProperty("until").GetDateTimeOffset());
        await SearchAsync(agent, "renewed").Json();
    }

    private async Task GalleryAsync(string name, string profile)
    {
        using var owner = service.As("local", Role.GalleryOwner, Role.ServiceAdministrator);
        await owner.CreateGalleryAsync(name, new { profile, approved = true });
        await owner.EnrolAsync(name, "P1", FakeImage.Picture(name, new FakeFace(1)));
    }

    private static Task<HttpResponseMessage> SearchAsync(HttpClient client, string gallery) => client.PostAsync(
        "/v1/searches", Requests.Form(
            new { galleries = new[] { gallery }, purpose = Requests.Purpose }, ("image", FakeImage.Of(new FakeFace(1)), "probe.jpg")));

    private static async Task AcceptAsync(HttpClient client, string profile) => await client.PostAsJsonAsync(
        "/v1/terms/acceptance",
        new { profile, version = (await TermsAsync(client, profile)).GetProperty("version").GetString() }).Json();

    private static async Task<JsonElement> TermsAsync(HttpClient client, string profile) =>
        (await client.GetAsync("/v1/terms").Json()).EnumerateArray().Single(row => row.GetProperty("profile").GetString() == profile);
}
