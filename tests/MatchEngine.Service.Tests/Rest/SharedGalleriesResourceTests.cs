using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

public class SharedGalleriesResourceTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_permission_takes_effect_when_the_organisation_accepts_and_ends_when_it_withdraws()
    {
        using var owner = service.As("lender", Role.GalleryOwner, Role.ServiceAdministrator);
        using var agent = service.As("borrower", Role.Agent);
        using var supervisor = service.As("borrower", Role.Supervisor);
        await MakeAsync(owner, "lent");

        await OfferAsync(owner, "lent", "borrower");
        await agent.SearchCodeAsync("lent", 404);
        await agent.GetAsync("/v1/galleries/lent").Code(404);
        Assert.Equal("offered", await StateAsync(owner, "lent"));
        var offer = Assert.Single((await supervisor.GetAsync("/v1/shared-galleries").Json()).EnumerateArray());
        Assert.Equal(
            ("lent", "lender", "offered", true),
            (offer.GetProperty("name").GetString(), offer.GetProperty("owner").GetString(), offer.GetProperty("state").GetString(),
                offer.GetProperty("maySearch").GetBoolean()));
        Assert.Contains("sharing-offered", await ToldAsync(supervisor));

        await AnswerAsync(supervisor, "lent", true);
        Assert.Single((await agent.SearchAsync(FakeImage.Of(new FakeFace(1)), "lent")).GetProperty("candidates").EnumerateArray());
        Assert.Contains("sharing-answered", await ToldAsync(owner));
        // What was accepted is the sharing: the owner goes on saying what is seen.
        await OfferAsync(owner, "lent", "borrower");
        await agent.SearchAsync(FakeImage.Of(new FakeFace(1)), "lent");

        await AnswerAsync(supervisor, "lent", false);
        await agent.SearchCodeAsync("lent", 404);
        Assert.Equal("declined", await StateAsync(owner, "lent"));
        await OfferAsync(owner, "lent", "borrower");
        Assert.Equal("offered", await StateAsync(owner, "lent"));
        await agent.SearchCodeAsync("lent", 404);

        await owner.DeleteAsync("/v1/galleries/lent/permissions/borrower").Json(204);
        Assert.Contains("sharing-ended", await ToldAsync(supervisor));
        await supervisor.PutAsJsonAsync("/v1/shared-galleries/lent", new { accepted = true }).Code(404);
    }

    [Fact]
    public async Task Nobody_accepts_for_another_organisation_or_what_is_not_offered()
    {
        using var owner = service.As("first", Role.GalleryOwner, Role.ServiceAdministrator, Role.Supervisor);
        await MakeAsync(owner, "theirs");
        await OfferAsync(owner, "theirs", "second", create: true);
        using var agent = service.As("second", Role.Agent);
        using var third = service.As("third", Role.Supervisor, Role.ServiceAdministrator, Role.GalleryOwner);

        // An administrator who sees every gallery answers for no organisation but his own.
        foreach (var stranger in (HttpClient[])[owner, third])
        {
            await stranger.PutAsJsonAsync("/v1/shared-galleries/theirs", new { accepted = true }).Code(404);
            Assert.DoesNotContain(
                "theirs", (await stranger.GetAsync("/v1/shared-galleries").Json()).GetRawText(), StringComparison.Ordinal);
        }
        await agent.PutAsJsonAsync("/v1/shared-galleries/theirs", new { accepted = true }).Code(403);
        await agent.SearchCodeAsync("theirs", 404);
    }

    [Fact]
    public async Task What_an_organisation_says_is_in_the_audit_once()
    {
        using var owner = service.As("owning", Role.GalleryOwner, Role.ServiceAdministrator);
        await MakeAsync(owner, "audited");
        await OfferAsync(owner, "audited", "asked", create: true);
        using var supervisor = service.As("asked", Role.Supervisor);
        foreach (var accepted in (bool[])[true, true, false, false])
            await AnswerAsync(supervisor, "audited", accepted);

        var events = service.Get<AuditLog>().Read(new AuditFilter { Gallery = "audited" })
            .Where(written => written.Kind is "permission.accepted" or "permission.declined").ToList();
        Assert.Equal(["permission.accepted", "permission.declined"], events.Select(written => written.Kind));
        Assert.All(
            events, written => Assert.Equal("asked", JsonElement.Parse(written.Payload).GetProperty("organisation").GetString()));
    }

    [Fact]
    public async Task An_archives_permissions_come_back_only_when_an_administrator_says_so_and_as_offers()
    {
        using var owner = service.As("archivist", Role.GalleryOwner);
        using var admin = service.As("archivist", Role.GalleryOwner, Role.ServiceAdministrator);
        await MakeAsync(admin, "kept");
        await admin.ShareAsync(service, "kept", "visitor");
        var archive = await admin.GetByteArrayAsync("/v1/galleries/kept/export");
        using var agent = service.As("visitor", Role.Agent);

        await RestoreAsync(owner, "without").Json(201);
        await RestoreAsync(admin, "without-too").Json(201);
        Assert.Equal("forbidden", await RestoreAsync(owner, "refused?permissions=true").Code(403));
        await RestoreAsync(admin, "with?permissions=true").Json(201);

        Assert.Empty((await owner.GetAsync("/v1/galleries/without/permissions").Json()).EnumerateArray());
        Assert.Empty((await owner.GetAsync("/v1/galleries/without-too/permissions").Json()).EnumerateArray());
        await owner.GetAsync("/v1/galleries/refused").Code(404);
        Assert.Equal("offered", await StateAsync(owner, "with"));
        await agent.SearchCodeAsync("with", 404);

        Task<HttpResponseMessage> RestoreAsync(HttpClient client, string name) => client.PostAsync(
            $"/v1/galleries/{name.Replace("?", "/restoration?", StringComparison.Ordinal)}"
                + (name.Contains('?', StringComparison.Ordinal) ? "" : "/restoration"),
            new ByteArrayContent(archive) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } });
    }

    private static async Task MakeAsync(HttpClient owner, string gallery)
    {
        await owner.CreateGalleryAsync(gallery);
        await owner.EnrolAsync(gallery, "A", FakeImage.Picture(gallery, new FakeFace(1)));
    }

    private async Task OfferAsync(HttpClient owner, string gallery, string organisation, bool create = false)
    {
        if (create)
            service.As(organisation).Dispose();
        await owner.PutAsJsonAsync($"/v1/galleries/{gallery}/permissions/{organisation}", new { }).Json();
    }

    private static Task<JsonElement> AnswerAsync(HttpClient client, string gallery, bool accepted) =>
        client.PutAsJsonAsync($"/v1/shared-galleries/{gallery}", new { accepted }).Json();

    private static async Task<string?> StateAsync(HttpClient owner, string gallery) => Assert.Single(
        (await owner.GetAsync($"/v1/galleries/{gallery}/permissions").Json()).EnumerateArray()).GetProperty("state").GetString();

    private static async Task<IEnumerable<string?>> ToldAsync(HttpClient client) =>
        (await client.GetAsync("/v1/notifications").Json()).EnumerateArray().Select(told => told.GetProperty("kind").GetString());
}
