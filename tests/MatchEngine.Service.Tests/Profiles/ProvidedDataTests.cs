using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Profiles;

/// <summary>Partners enrol in another organisation's gallery, and what they enrol is theirs (PIA-054, Fusion centres; OBIM).</summary>
public sealed class ProvidedDataTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_fusion_centres_partners_enrol_and_look_after_their_own_data_and_no_other()
    {
        using var owner = await GalleryAsync("fusion", "fusion-center", "centre");
        using var partner = service.As("partner", Role.GalleryOwner);
        using var reader = service.As("reader", Role.GalleryOwner, Role.Agent);
        Assert.Equal("not_found", await EnrolAsync(partner, "fusion", "P", 2).Code(404));
        await owner.ShareAsync(service, "fusion", "partner", new { maySearch = false, mayEnrol = true });
        await owner.ShareAsync(service, "fusion", "reader");
        await EnrolAsync(reader, "fusion", "P", 2).Code(404);

        await EnrolAsync(partner, "fusion", "P", 2, new { metadata = new { name = "Theirs" } }).Json(201);

        // They look after it, and after nothing else; nobody adds to another's record.
        Assert.Equal(["P"], await SubjectsAsync(partner, "fusion"));
        Assert.Equal(["O", "P"], await SubjectsAsync(owner, "fusion"));
        Assert.Equal(
            "partner", (await owner.GetAsync("/v1/galleries/fusion/subjects/P").Json()).GetProperty("provider").GetString());
        await partner.GetAsync("/v1/galleries/fusion/subjects/O").Code(404);
        await partner.DeleteAsync("/v1/galleries/fusion/subjects/O").Code(404);
        Assert.Equal("other_provider", await EnrolAsync(partner, "fusion", "O", 3).Code(409));
        Assert.Equal("other_provider", await EnrolAsync(owner, "fusion", "P", 3).Code(409));
        await partner.PatchAsJsonAsync("/v1/galleries/fusion/subjects/P", new { set = new { name = "Right" } }).Json();
        await partner.PutAsJsonAsync("/v1/galleries/fusion/permissions/reader", new { }).Code(404);
        await partner.GetAsync("/v1/galleries/fusion/export").Code(404);
        // Where owners of data do not decide, it is found as the gallery is.
        Assert.Equal(["O", "P"], await FoundAsync(reader, "fusion"));
        using (var auditor = service.As("partner", Role.Auditor))
            Assert.Equal("partner", (await auditor.GetAsync("/v1/audit?kind=subject.enrolled&newestFirst=true").Json())
                .GetProperty("events")[0].GetProperty("payload").GetProperty("provider").GetString());

        // Who may enrol no more keeps what is there, until removing it.
        await owner.DeleteAsync("/v1/galleries/fusion/permissions/partner").Json(204);
        await EnrolAsync(partner, "fusion", "Q", 4).Code(404);
        Assert.Equal(["P"], await SubjectsAsync(partner, "fusion"));
        await partner.DeleteAsync("/v1/galleries/fusion/subjects/P").Json(204);
        Assert.Equal(["O"], await FoundAsync(reader, "fusion"));
        await partner.GetAsync("/v1/galleries/fusion/subjects").Code(404);
        // No other profile knows it.
        using var plain = await GalleryAsync("plain-fusion", "default", "centre");
        Assert.Equal("not_offered", await plain.PutAsJsonAsync(
            "/v1/galleries/plain-fusion/permissions/partner", new { mayEnrol = true }).Code(403));
    }

    [Fact]
    public async Task Of_what_providers_hold_in_one_gallery_each_finds_what_is_shared_with_it_and_nothing_else()
    {
        using var owner = await GalleryAsync("ident", "obim", "obim");
        using var first = service.As("first-owner", Role.GalleryOwner, Role.Agent);
        using var second = service.As("second-owner", Role.GalleryOwner, Role.Agent);
        using var third = service.As("third-owner", Role.Agent);
        foreach (var (name, enrols) in ((string, bool)[])[("first-owner", true), ("second-owner", true), ("third-owner", false)])
            await owner.ShareAsync(service, "ident", name, new { mayEnrol = enrols });
        // The same face everywhere: whoever is not listed is not found.
        await EnrolAsync(first, "ident", "F", 1).Json(201);
        var encounter = (await EnrolAsync(second, "ident", "S", 1).Json(201)).GetProperty("photos")[0]
            .GetProperty("encounterId").GetString();

        // Nor does an enrolment tell who else holds the photo.
        Assert.Equal(JsonValueKind.Null, (await second.EnrolAsync(
            "ident", "S", FakeImage.Picture("ident F", new FakeFace(1)))).GetProperty("photos")[0].GetProperty("code").ValueKind);

        async Task<string[][]> FoundByAllAsync() =>
        [
            await FoundAsync(owner, "ident"), await FoundAsync(first, "ident"), await FoundAsync(second, "ident"),
            await FoundAsync(third, "ident"),
        ];
        Assert.Equal([["O"], ["F", "O"], ["O", "S"], ["O"]], await FoundByAllAsync());
        // It is hidden on every way.
        Assert.Equal("not_found", await CompareAsync(third, "S").Code(404));
        Assert.Equal("not_found", await ByEncounterAsync(third, encounter).Code(404));

        await second.PutAsync("/v1/galleries/ident/provided-data/sharing/third-owner", null).Json(204);
        await second.PutAsync("/v1/galleries/ident/provided-data/sharing/nobody-here", null).Code(404);
        Assert.Equal([["O"], ["F", "O"], ["O", "S"], ["O", "S"]], await FoundByAllAsync());
        Assert.Equal(
            ["third-owner"], (await second.GetAsync("/v1/galleries/ident/provided-data/sharing").Json()).EnumerateArray()
                .Select(name => name.GetString()!));
        Assert.Empty((await first.GetAsync("/v1/galleries/ident/provided-data/sharing").Json()).EnumerateArray());
        await CompareAsync(third, "S").Json();
        await ByEncounterAsync(third, encounter).Json();
        var list = await SearchAsync(third, "ident").Json();
        var record = list.GetProperty("candidates").EnumerateArray().Single(row => row.GetProperty("subjectId").GetString() == "S")
            .GetProperty("record").GetString();
        await third.GetAsync(record).Json();

        // It ends at once, for lists that were made before too.
        await second.DeleteAsync("/v1/galleries/ident/provided-data/sharing/third-owner").Json(204);
        await second.DeleteAsync("/v1/galleries/ident/provided-data/sharing/third-owner").Code(404);
        Assert.Equal([["O"], ["F", "O"], ["O", "S"], ["O"]], await FoundByAllAsync());
        await third.GetAsync(record).Code(404);
        await third.GetAsync($"{record}/crop").Code(404);
        // Neither the owner of the gallery nor who has nothing there says anything of it.
        await owner.PutAsync("/v1/galleries/ident/provided-data/sharing/third-owner", null).Code(404);
        using var stranger = service.As("stranger", Role.GalleryOwner);
        await stranger.GetAsync("/v1/galleries/ident/provided-data/sharing").Code(404);
    }

    [Fact]
    public async Task An_archive_says_whose_data_it_is_and_shares_nothing_of_it()
    {
        using var owner = await GalleryAsync("moved", "obim", "mover");
        using var provider = service.As("moving-owner", Role.GalleryOwner, Role.Agent);
        await owner.ShareAsync(service, "moved", "moving-owner", new { mayEnrol = true });
        await EnrolAsync(provider, "moved", "P", 1).Json(201);
        await provider.PutAsync("/v1/galleries/moved/provided-data/sharing/mover", null).Json(204);
        Assert.Equal(["O", "P"], await FoundAsync(owner, "moved"));
        using var archive = await owner.GetAsync("/v1/galleries/moved/export");
        var bytes = await archive.Content.ReadAsByteArrayAsync();

        await owner.PostAsync("/v1/galleries/moved-again/restoration", new ByteArrayContent(bytes)
        {
            Headers = { ContentType = new("application/zip") },
        }).Json(201);

        Assert.Equal(["O"], await FoundAsync(owner, "moved-again"));
        Assert.Equal("moving-owner", (await owner.GetAsync("/v1/galleries/moved-again/subjects/P").Json())
            .GetProperty("provider").GetString());
    }

    [Fact]
    public async Task The_pages_let_a_partner_enrol_and_say_who_finds_it()
    {
        using var owner = await GalleryAsync("paged", "obim", "pager");
        using var keeper = await PageClient.SignedInAsync(service, "pager", Role.GalleryOwner);
        using var partner = await PageClient.SignedInAsync(service, "paged-partner", Role.GalleryOwner, Role.Supervisor);
        (await keeper.SendAsync(
            "/galleries/paged/permissions", ("organisation", "paged-partner"), ("maySearch", "on"), ("mayEnrol", "on"))).Dispose();
        (await partner.SendAsync("/galleries/paged/sharing", ("answer", "accept"))).Dispose();
        Assert.Contains("/galleries/paged/enrol", await partner.TextAsync("/galleries/paged"), StringComparison.Ordinal);
        var enrolled = await (await partner.SendAsync(
            "/galleries/paged/enrol", true,
            [("image", FakeImage.Picture("paged p", new FakeFace(5)), "P.ppm")])).Content.ReadAsStringAsync();
        Assert.Contains("Enrolled", enrolled, StringComparison.Ordinal);
        var subjects = await partner.TextAsync("/galleries/paged/subjects");
        Assert.Contains("P", subjects, StringComparison.Ordinal);
        Assert.DoesNotContain(">O<", subjects, StringComparison.Ordinal);
        using (var shared = await partner.SendAsync("/galleries/paged/provided-data", ("organisation", "pager")))
            Assert.Equal("/galleries/paged?done=provided-data-shared", shared.Headers.Location!.OriginalString);
        Assert.Contains("Shared with pager", await partner.TextAsync("/galleries/paged"), StringComparison.Ordinal);
        (await partner.SendAsync("/galleries/paged/provided-data", ("organisation", "pager"), ("end", "on"))).Dispose();
        Assert.DoesNotContain("Shared with pager", await partner.TextAsync("/galleries/paged"), StringComparison.Ordinal);
        Assert.DoesNotContain("data in it", await keeper.TextAsync("/galleries/paged"), StringComparison.Ordinal);
    }

    private async Task<HttpClient> GalleryAsync(string name, string profile, string organisation)
    {
        var owner = service.As(organisation, Role.GalleryOwner, Role.ServiceAdministrator, Role.Agent);
        await owner.CreateGalleryAsync(name, new { profile, approved = true });
        await EnrolAsync(owner, name, "O", 1).Json(201);
        return owner;
    }

    private static Task<HttpResponseMessage> EnrolAsync(
        HttpClient client, string gallery, string subject, int person, object? request = null) => client.PostAsync(
        $"/v1/galleries/{gallery}/subjects/{subject}/encounters",
        Requests.Form(request, ("image", FakeImage.Picture($"{gallery} {subject}", new FakeFace(person)), "p.ppm")));

    private static async Task<string[]> SubjectsAsync(HttpClient client, string gallery) =>
    [
        .. (await client.GetAsync($"/v1/galleries/{gallery}/subjects").Json()).GetProperty("subjects").EnumerateArray()
            .Select(subject => subject.GetProperty("id").GetString()!),
    ];

    private static Task<HttpResponseMessage> SearchAsync(HttpClient client, string gallery) => client.PostAsync(
        "/v1/searches", Requests.Form(
            new { galleries = new[] { gallery }, purpose = Requests.Purpose },
            ("image", FakeImage.Of(new FakeFace(1, Variation: 3)), "probe.jpg")));

    private static async Task<string[]> FoundAsync(HttpClient client, string gallery) =>
    [
        .. (await SearchAsync(client, gallery).Json()).GetProperty("candidates").EnumerateArray()
            .Select(row => row.GetProperty("subjectId").GetString()!).Order(StringComparer.Ordinal),
    ];

    private static Task<HttpResponseMessage> CompareAsync(HttpClient client, string subject) => client.PostAsync(
        $"/v1/galleries/ident/subjects/{subject}/comparisons",
        Requests.Form(new { purpose = Requests.Purpose }, ("first", FakeImage.Of(new FakeFace(1)), "p")));

    private static Task<HttpResponseMessage> ByEncounterAsync(HttpClient client, string? encounter) => client.PostAsJsonAsync(
        "/v1/searches",
        new { galleries = new[] { "ident" }, encounterId = encounter, includeOwnSubject = true, purpose = Requests.Purpose });
}
