using System.Net.Http.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Access;

/// <summary>
/// Role × endpoint × own or foreign organisation: whatever names a thing of an organisation finds it for who there may, and is 404 for
/// the same role of any other. A row that is missing fails the test.
/// </summary>
public class ForeignOrganisationTests(TestService service) : IClassFixture<TestService>
{
    private const string Home = "home";

    private static readonly byte[] Probe = FakeImage.Picture("probe", new FakeFace(1, Variation: 3));

    /// <summary>What is asked of a thing of the home organisation, and which of its roles gets it (' ': nobody is asked, for it would
    /// change something, or has a test of its own).</summary>
    private static readonly (string Endpoint, char Own, Func<Cast, HttpContent?>? Body)[] Rows =
    [
        ("GET /v1/galleries/{gallery}", 'A', null),
        ("PATCH /v1/galleries/{gallery}", 'G', _ => JsonContent.Create(new { retention = new { days = 30 } })),
        ("DELETE /v1/galleries/{gallery}", ' ', null),
        ("GET /v1/galleries/{gallery}/permissions", 'G', null),
        ("PUT /v1/galleries/{gallery}/permissions/{organisation}", 'G', _ => JsonContent.Create(new { maySearch = false })),
        ("DELETE /v1/galleries/{gallery}/permissions/{organisation}", ' ', null),
        // Of another organisation's gallery, where one has data: ProvidedDataTests.
        ("GET /v1/galleries/{gallery}/provided-data/sharing", ' ', null),
        ("PUT /v1/galleries/{gallery}/provided-data/sharing/{organisation}", ' ', null),
        ("DELETE /v1/galleries/{gallery}/provided-data/sharing/{organisation}", ' ', null),
        ("PUT /v1/shared-galleries/{gallery}", ' ', _ => JsonContent.Create(new { accepted = true })),
        ("GET /v1/galleries/{gallery}/export", 'G', null),
        ("GET /v1/galleries/{gallery}/subjects", 'G', null),
        ("GET /v1/galleries/{gallery}/subjects/{subject}", 'G', null),
        ("PATCH /v1/galleries/{gallery}/subjects/{subject}", 'G', _ => JsonContent.Create(new { set = new { name = "Right" } })),
        ("DELETE /v1/galleries/{gallery}/subjects/{subject}", ' ', null),
        ("POST /v1/galleries/{gallery}/subjects/query", 'G', _ => JsonContent.Create(new { id = "A" })),
        ("POST /v1/galleries/{gallery}/subjects/removal", ' ', _ => JsonContent.Create(new { subjects = new[] { "A" } })),
        ("POST /v1/galleries/{gallery}/subjects/export", 'G', _ => JsonContent.Create(new { subjects = new[] { "A" } })),
        ("GET /v1/galleries/{gallery}/quality", 'G', null),
        ("GET /v1/galleries/{gallery}/duplicates", 'G', null),
        ("POST /v1/galleries/{gallery}/duplicates/search", 'G', _ => JsonContent.Create(new { floor = 0.9 })),
        ("DELETE /v1/galleries/{gallery}/duplicates/search", ' ', null),
        ("POST /v1/galleries/{gallery}/duplicates/decisions", 'G',
            _ => JsonContent.Create(new { subject = "A", other = "B", decision = "keep-apart" })),
        ("GET /v1/galleries/{gallery}/duplicates/kept-apart", 'G', null),
        ("POST /v1/galleries/{gallery}/subjects/{subject}/encounters", 'G',
            _ => Requests.Form(null, ("image", FakeImage.Picture("another", new FakeFace(1, 9)), "p"))),
        ("GET /v1/galleries/{gallery}/subjects/{subject}/encounters/{encounter}", 'G', null),
        ("DELETE /v1/galleries/{gallery}/subjects/{subject}/encounters/{encounter}", ' ', null),
        ("GET /v1/galleries/{gallery}/subjects/{subject}/encounters/{encounter}/crop", 'G', null),
        ("GET /v1/galleries/{gallery}/subjects/{subject}/links", 'G', null),
        ("PUT /v1/galleries/{gallery}/subjects/{subject}/links/{other}", 'G', _ => JsonContent.Create(new { note = "kin" })),
        ("DELETE /v1/galleries/{gallery}/subjects/{subject}/links/{other}", ' ', null),
        ("POST /v1/galleries/{gallery}/imports", ' ', _ => JsonContent.Create(new { folder = "photos" })),
        ("POST /v1/searches", 'A', cast => Requests.Form(
            new { galleries = new[] { cast.Ids["gallery"] }, purpose = Requests.Purpose }, ("image", Probe, "p"))),
        ("GET /v1/searches/{search}", 'S', null),
        ("GET /v1/searches/{search}/candidates/{rank:int}", 'E', null),
        ("GET /v1/searches/{search}/candidates/{rank:int}/crop", 'E', null),
        ("POST /v1/galleries/{gallery}/subjects/{subject}/comparisons", 'A',
            _ => Requests.Form(new { purpose = Requests.Purpose }, ("first", Probe, "p"))),
        ("POST /v1/approvals", 'A', cast => JsonContent.Create(
            new { galleries = new[] { cast.Ids["gallery"] }, purpose = Requests.Purpose, reason = "r", use = "comparison" })),
        ("GET /v1/accounts/{account}", 'D', null),
        ("PATCH /v1/accounts/{account}", 'D', _ => JsonContent.Create(new { disabled = false })),
        ("DELETE /v1/accounts/{account}/sessions", 'D', null),
        ("DELETE /v1/accounts/{account}/second-factor", ' ', null),
        ("GET /v1/accounts/{account}/identities", 'D', null),
        ("POST /v1/accounts/{account}/identities", ' ',
            _ => JsonContent.Create(new { issuer = "https://id.example", subject = "s" })),
        ("DELETE /v1/accounts/{account}/identities/{identity}", ' ', null),
        // What is not on a list needs approval: one that was withdrawn would shut the others of this table out.
        ("DELETE /v1/vetting/{use}", ' ', null),
        ("PUT /v1/training/accounts/{account}/{course}", 'S', _ => JsonContent.Create(new { completed = "2026-01-01" })),
        ("DELETE /v1/training/accounts/{account}/{course}", ' ', null),
        ("GET /v1/approvals/{approval}", 'S', null),
        ("POST /v1/approvals/{approval}/decision", 'S', _ => JsonContent.Create(new { granted = true, reason = "r" })),
        ("PUT /v1/reviews/{search}", 'S', _ => JsonContent.Create(new { finding = "proper" })),
        ("GET /v1/cases/{case}", 'A', null),
        ("POST /v1/cases/{case}/notes", 'A', _ => JsonContent.Create(new { note = "n" })),
        ("PUT /v1/cases/{case}/hold", 'S', _ => JsonContent.Create(new { reason = "r" })),
        ("DELETE /v1/cases/{case}/hold", 'S', null),
        ("PUT /v1/cases/{case}/closure", 'A', null),
        ("DELETE /v1/cases/{case}/closure", 'S', null),
        ("DELETE /v1/cases/{case}", ' ', null),
        ("POST /v1/examinations", ' ', cast => Requests.Form(new { searchId = cast.Ids["search"] }, ("image", Probe, "p"))),
        ("GET /v1/examinations/{examination}", 'S', null),
        ("DELETE /v1/examinations/{examination}", ' ', null),
        ("POST /v1/examinations/{examination}/take", ' ', null),
        ("POST /v1/examinations/{examination}/release", ' ', null),
        ("POST /v1/examinations/{examination}/finish", ' ', _ => JsonContent.Create(new { })),
        ("POST /v1/examinations/{examination}/resolution", ' ', _ => JsonContent.Create(new { kept = new[] { 1 }, reason = "r" })),
        ("PUT /v1/examinations/{examination}/candidates/{rank:int}", 'E',
            _ => JsonContent.Create(new { kept = true, level = "support" })),
        ("GET /v1/examinations/{examination}/probe", 'E', null),
        ("GET /v1/examinations/{examination}/probe/crop", 'E', null),
        ("GET /v1/examinations/{examination}/candidates/{rank:int}/photo", 'E', null),
        ("GET /v1/examinations/{examination}/candidates/{rank:int}/crop", 'E', null),
        ("POST /v1/redress-requests", 'G', cast => JsonContent.Create(
            new { gallery = cast.Ids["gallery"], subjectId = "A", kind = "access", reference = "r" })),
        ("GET /v1/redress-requests/{redress}", 'G', null),
        ("POST /v1/redress-requests/{redress}/decision", 'G', _ => JsonContent.Create(new { granted = false, reason = "r" })),
        ("POST /v1/redress-requests/{redress}/answer", 'G', _ => JsonContent.Create(new { answer = "a" })),
        ("POST /v1/details-requests", 'A', cast => JsonContent.Create(
            new { searchId = cast.Ids["search"], rank = 1, reason = "r" })),
        ("GET /v1/details-requests/{request}", 'A', null),
        ("GET /v1/webhooks/{webhook}/deliveries", 'D', null),
        ("DELETE /v1/webhooks/{webhook}", ' ', null),
        ("POST /v1/details-requests/{request}/decision", 'G', _ => JsonContent.Create(new { granted = false, reason = "r" })),
    ];

    /// <summary>What names nothing of an organisation, or things of an account, which have tests of their own.</summary>
    private static readonly string[] Others =
    [
        "GET /openapi/{documentName}.json", "GET /assets/{digest}/{file}", "GET /docs/{digest}/scalar.js",
        "DELETE /v1/sessions/{session}", "DELETE /v1/keys/{key}",
        "GET /v1/keys/{key}/client-settings", "PUT /v1/keys/{key}/client-settings", "DELETE /v1/signing-credentials/{credential}",
        "GET /v1/operations/{operation}",
        "DELETE /v1/operations/{operation}",
        // CompreFaceDialectTests has them with the header that names the gallery.
        "PUT /api/v1/recognition/subjects/{subject}", "DELETE /api/v1/recognition/subjects/{subject}",
        "DELETE /api/v1/recognition/faces/{image_id}", "GET /api/v1/recognition/faces/{image_id}/img",
        "POST /api/v1/recognition/faces/{image_id}/verify",
        "GET /v1/operations/{operation}/result",
        "GET /v1/search-batches/{batch}/results",
        "PUT /v1/search-batches/{batch}/probes/{number:int}",
        // A name that is taken is taken for everybody: 409.
        "POST /v1/galleries/{gallery}/restoration",
    ];

    private static readonly Dictionary<char, string> Roles = new()
    {
        ['A'] = Role.Agent, ['S'] = Role.Supervisor, ['E'] = Role.Examiner, ['G'] = Role.GalleryOwner, ['D'] = Role.Administrator,
        ['T'] = Role.Vetter,
    };

    [Fact]
    public void Every_endpoint_that_names_something_is_in_the_table() => Assert.Equal(
        PoliciesTests.Table.Keys.Where(name => name.Contains('{', StringComparison.Ordinal)).Except(Others).Order(),
        Rows.Select(row => row.Endpoint).Where(name => name.Contains('{', StringComparison.Ordinal)).Order());

    [Fact]
    public async Task The_same_role_of_another_organisation_finds_none_of_it()
    {
        using var cast = await CastAsync("foreign");
        foreach (var (letter, role) in Roles)
        {
            using var stranger = service.As("elsewhere", role);
            foreach (var (endpoint, _, body) in Rows.Where(row => PoliciesTests.Table[row.Endpoint].Contains(letter)))
            {
                var status = await StatusAsync(stranger, endpoint, cast, body);
                Assert.True(status == 404, $"{endpoint} as {role} of another organisation: {status}");
            }
        }
    }

    [Fact]
    public async Task Who_may_in_the_own_organisation_finds_it()
    {
        using var cast = await CastAsync("own");
        foreach (var (endpoint, own, body) in Rows.Where(row => row.Own != ' '))
        {
            var status = await StatusAsync(cast.Clients[own], endpoint, cast, body);
            Assert.True(status is >= 200 and < 300, $"{endpoint} as {Roles[own]} of the own organisation: {status}");
        }
    }

    private static async Task<int> StatusAsync(HttpClient client, string endpoint, Cast cast, Func<Cast, HttpContent?>? body)
    {
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        foreach (var (name, id) in cast.Ids)
            path = path.Replace($"{{{name}}}", id, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body?.Invoke(cast) };
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>One of each: a gallery with two linked subjects, a search, an approval, an examination, a second request.</summary>
    private async Task<Cast> CastAsync(string gallery)
    {
        var clients = Roles.ToDictionary(role => role.Key, role => service.As(Home, role.Value));
        var cast = new Cast(clients, new Dictionary<string, string>
        {
            ["gallery"] = gallery, ["subject"] = "A", ["other"] = "B", ["organisation"] = "friend", ["rank:int"] = "1",
        });
        (cast.Ids["account"], cast.Ids["course"]) = (service.KeyOf(Home, Role.Agent).Account, "course");
        (cast.Ids["identity"], cast.Ids["use"]) = ("none", "none");
        service.As("friend").Dispose();
        using var admin = service.As(Home, Role.ServiceAdministrator, Role.GalleryOwner);
        await admin.CreateGalleryAsync(gallery, new { profile = "fusion-center" });
        foreach (var (subject, person) in ((string, int)[])[("A", 1), ("B", 2)])
            cast.Ids[$"encounter of {subject}"] = (await admin.EnrolAsync(
                gallery, subject, FakeImage.Picture($"{gallery} {subject}", new FakeFace(person))))
                .GetProperty("photos")[0].GetProperty("encounterId").GetString()!;
        cast.Ids["encounter"] = cast.Ids["encounter of A"];
        await admin.PutAsJsonAsync($"/v1/galleries/{gallery}/permissions/friend", new { }).Json();
        var search = await clients['A'].PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { gallery }, purpose = Requests.Purpose, examine = true }, ("image", Probe, "p"))).Json();
        cast.Ids["case"] = (await clients['S'].GetAsync("/v1/cases").Json()).GetProperty("cases")[0].GetProperty("id").GetString()!;
        cast.Ids["search"] = search.GetProperty("searchId").GetString()!;
        cast.Ids["examination"] = search.GetProperty("examinationId").GetString()!;
        await clients['E'].PostAsync($"/v1/examinations/{cast.Ids["examination"]}/take", null).Json();
        cast.Ids["approval"] = await IdAsync(clients['A'].PostAsJsonAsync(
            "/v1/approvals", new { galleries = new[] { gallery }, purpose = Requests.Purpose, reason = "r" }));
        cast.Ids["redress"] = await IdAsync(admin.PostAsJsonAsync(
            "/v1/redress-requests", new { gallery, subjectId = "B", kind = "access", reference = "r" }));
        cast.Ids["request"] = await IdAsync(clients['A'].PostAsJsonAsync(
            "/v1/details-requests", new { searchId = cast.Ids["search"], rank = 1, reason = "r" }));
        cast.Ids["webhook"] = (await clients['D'].PostAsJsonAsync("/v1/webhooks", new { url = "http://localhost:9/" }).Json(201))
            .GetProperty("details").GetProperty("id").GetString()!;
        return cast;

        static async Task<string> IdAsync(Task<HttpResponseMessage> made) => (await made.Json(201)).GetProperty("id").GetString()!;
    }

    /// <summary>Accounts of the home organisation by role, and the ids of what is theirs by the parameter of the path.</summary>
    private sealed record Cast(Dictionary<char, HttpClient> Clients, Dictionary<string, string> Ids) : IDisposable
    {
        public void Dispose()
        {
            foreach (var client in Clients.Values)
                client.Dispose();
        }
    }
}
