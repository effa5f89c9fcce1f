using System.Net;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Service.Pages;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace MatchEngine.Service.Tests.Pages;

public class WebPagesTests(TestService service) : IClassFixture<TestService>
{
    private const string Everyone = "ASEUVGDWT";

    /// <summary>Page × role, as in PoliciesTests. Written by hand; a page that is mapped and is not in it fails the test.</summary>
    private static readonly Dictionary<string, string> Table = new()
    {
        ["GET /"] = Everyone,
        ["GET /sign-in"] = "*",
        ["POST /sign-in"] = "*",
        ["GET /sign-in/external"] = "*",
        ["GET /sign-in/external/done"] = "*",
        ["GET /sign-out/external"] = "*",
        ["POST /sign-out"] = Everyone,
        ["GET /search"] = "AS",
        ["POST /search"] = "AS",
        ["POST /search/probe"] = "ASE",
        ["GET /searches"] = "AS",
        ["GET /searches/{search}"] = "ASEUV",
        ["GET /searches/{search}/candidates/{rank:int}"] = "ASE",
        ["GET /compare"] = "ASE",
        ["POST /compare"] = "ASE",
        ["POST /compare/subject"] = "ASE",
        ["GET /galleries"] = Everyone,
        ["POST /galleries"] = "GDW",
        ["GET /galleries/{gallery}"] = Everyone,
        ["POST /galleries/{gallery}"] = "GDW",
        ["POST /galleries/{gallery}/permissions"] = "GDW",
        ["POST /galleries/{gallery}/permissions/revocation"] = "GDW",
        ["POST /galleries/{gallery}/provided-data"] = "G",
        ["POST /galleries/{gallery}/sharing"] = "SGDW",
        ["POST /galleries/{gallery}/deletion"] = "GDW",
        ["GET /galleries/{gallery}/subjects"] = "G",
        ["POST /galleries/{gallery}/subjects/search"] = "G",
        ["GET /galleries/{gallery}/subjects/record"] = "G",
        ["GET /galleries/{gallery}/subjects/quality"] = "G",
        ["POST /galleries/{gallery}/subjects/selection"] = "G",
        ["POST /galleries/{gallery}/subjects/removal"] = "G",
        ["POST /galleries/{gallery}/subjects/links"] = "G",
        ["GET /galleries/{gallery}/duplicates"] = "G",
        ["POST /galleries/{gallery}/duplicates"] = "G",
        ["POST /galleries/{gallery}/duplicates/decisions"] = "G",
        ["POST /galleries/{gallery}/subjects/correction"] = "G",
        ["POST /galleries/{gallery}/encounters/removal"] = "G",
        ["GET /galleries/{gallery}/imports"] = "G",
        ["POST /galleries/{gallery}/imports"] = "G",
        ["POST /galleries/{gallery}/imports/{operation}/cancellation"] = "G",
        ["POST /restorations"] = "GDW",
        ["GET /galleries/{gallery}/enrol"] = "G",
        ["POST /galleries/{gallery}/enrol"] = "G",
        ["GET /approvals"] = "ASE",
        ["GET /approvals/new"] = "ASE",
        ["POST /approvals"] = "ASE",
        ["POST /approvals/{approval}"] = "S",
        ["GET /oversight"] = "S",
        ["GET /oversight/expiring"] = "S",
        ["POST /oversight/{search}"] = "S",
        ["GET /cases"] = "AS",
        ["GET /cases/{case}"] = "AS",
        ["POST /cases/{case}/notes"] = "AS",
        ["POST /cases/{case}/closure"] = "AS",
        ["POST /cases/{case}/reopening"] = "S",
        ["POST /cases/{case}/hold"] = "S",
        ["POST /cases/{case}/release"] = "S",
        ["POST /cases/{case}/deletion"] = "S",
        ["GET /details"] = "ASG",
        ["POST /details"] = "AS",
        ["GET /details/{request}"] = "ASG",
        ["POST /details/{request}"] = "G",
        ["GET /redress"] = "SG",
        ["POST /redress"] = "G",
        ["POST /redress/{redress}/decision"] = "SG",
        ["POST /redress/{redress}/answer"] = "G",
        ["GET /notifications"] = Everyone,
        ["POST /notifications"] = Everyone,
        ["GET /audit"] = "UV",
        ["POST /audit"] = "UV",
        ["GET /audit/export"] = "UV",
        ["GET /keys"] = Everyone,
        ["POST /keys"] = Everyone,
        ["POST /keys/{key}/revocation"] = Everyone,
        ["GET /account"] = Everyone,
        ["POST /account/password"] = Everyone,
        ["POST /account/second-factor"] = Everyone,
        ["POST /account/second-factor/confirmation"] = Everyone,
        ["POST /account/second-factor/removal"] = Everyone,
        ["POST /account/sessions/{session}/end"] = Everyone,
        ["POST /account/sign-out"] = Everyone,
        ["GET /accounts"] = "DW",
        ["POST /accounts"] = "DW",
        ["POST /accounts/{account}"] = "DW",
        ["POST /accounts/{account}/sign-out"] = "DW",
        ["POST /accounts/{account}/identities"] = "DW",
        ["POST /accounts/{account}/identities/{identity}/removal"] = "DW",
        ["POST /accounts/{account}/second-factor/removal"] = "DW",
        ["POST /organisations"] = "W",
        ["GET /vetting"] = "ASEUT",
        ["POST /vetting"] = "T",
        ["POST /vetting/{use}/withdrawal"] = "T",
        ["GET /training"] = Everyone,
        ["POST /training/{account}"] = "SDW",
        ["POST /training/{account}/{course}/withdrawal"] = "SDW",
        ["GET /terms"] = Everyone,
        ["POST /terms"] = Everyone,
        ["GET /bench"] = "ASE",
        ["GET /examinations"] = "ASE",
        ["POST /examinations"] = "AS",
        ["GET /examinations/{examination}"] = "ASE",
        ["POST /examinations/{examination}/take"] = "E",
        ["POST /examinations/{examination}/release"] = "E",
        ["GET /searches/{search}/sheet"] = "ASE",
        ["GET /examinations/{examination}/sheet"] = "ASE",
        ["GET /examinations/{examination}/eyes"] = "E",
        ["GET /examinations/{examination}/candidates/{number:int}/picture"] = "E",
        ["POST /examinations/{examination}/candidates/{number:int}"] = "E",
        ["POST /examinations/{examination}/candidates/{number:int}/draft"] = "E",
        ["POST /examinations/{examination}/finish"] = "E",
        ["POST /examinations/{examination}/resolution"] = "S",
        ["POST /examinations/{examination}/withdrawal"] = "AS",
        ["GET /reports"] = Everyone,
        ["GET /reports/{report}"] = Everyone,
        ["GET /reports/{report}/page"] = Everyone,
        ["GET /reports/{report}/{table}"] = Everyone,
    };

    private static readonly Dictionary<char, string> Roles = new()
    {
        ['A'] = Role.Agent, ['S'] = Role.Supervisor, ['E'] = Role.Examiner, ['U'] = Role.Auditor, ['V'] = Role.ServiceAuditor,
        ['G'] = Role.GalleryOwner, ['D'] = Role.Administrator, ['W'] = Role.ServiceAdministrator, ['T'] = Role.Vetter,
    };

    private IEnumerable<(string Name, RouteEndpoint Endpoint)> Mapped() =>
        service.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageMarker>() is not null)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(
                method => ($"{method} {endpoint.RoutePattern.RawText}", endpoint)));

    [Fact]
    public void The_table_names_every_page_and_each_has_a_policy()
    {
        Assert.Equal(Table.Keys.Order(), Mapped().Select(mapped => mapped.Name).Order());
        foreach (var (name, endpoint) in Mapped())
            Assert.True(
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                    || endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy is not null), name);
    }

    [Fact]
    public async Task Each_role_opens_the_pages_that_the_table_names_and_no_others()
    {
        foreach (var (letter, role) in Roles)
        {
            using var client = await PageClient.SignedInAsync(service, "matrix", role);
            foreach (var (name, roles) in Table.Where(row => row.Value != "*" && row.Key != "POST /sign-out"))
            {
                using var answer = await client.SendAsync(Request(name));
                // A form without its token gets past the door and no further: the refusal is another one.
                var shut = answer.StatusCode == HttpStatusCode.Forbidden
                    && (await answer.Content.ReadAsStringAsync()).Contains("data-problem=\"forbidden\"", StringComparison.Ordinal);
                Assert.True(shut != roles.Contains(letter), $"{name} as {role}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_led_to_the_sign_in_and_back()
    {
        using var client = new PageClient(service);
        foreach (var (name, roles) in Table.Where(row => row.Value != "*"))
        {
            using var answer = await client.SendAsync(Request(name));
            Assert.True(
                answer.StatusCode == HttpStatusCode.Redirect
                    && answer.Headers.Location!.OriginalString.StartsWith("/sign-in?return=%2F", StringComparison.Ordinal),
                $"{name}: {answer.StatusCode}");
        }
        service.Get<IOrganisations>().Add(BookChange.None, "back", "back");
        service.Get<IAccounts>().Add(BookChange.None, "Back", "back", [Role.Auditor], PageClient.Password);
        using var back = await client.SendAsync(
            "/sign-in", ("name", "back"), ("password", PageClient.Password), ("return", "/audit?kind=search"));
        Assert.Equal("/audit?kind=search", back.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("evil")]
    [InlineData("/sign-in")]
    [InlineData("/a\r\nb")]
    public void Nobody_is_led_to_another_site(string path) => Assert.Equal("/", SessionPages.Local(path));

    [Fact]
    public async Task Nothing_is_cached_and_only_our_own_script_runs()
    {
        using var client = await PageClient.SignedInAsync(service, "headers", Role.All.ToArray());
        foreach (var path in new[] { "/search", "/galleries", "/audit", "/keys", "/nowhere", "/v1/galleries", "/openapi/v1.json" })
        {
            using var answer = await client.GetAsync(path);
            Assert.True(answer.Headers.CacheControl?.NoStore, path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
        foreach (var path in new[]
        {
            "/search", "/galleries", "/compare", "/training", "/vetting", "/audit", "/keys", "/accounts", "/bench",
            "/reports", "/terms", "/approvals",
            "/searches", "/approvals/new", "/oversight", "/cases", "/redress", "/details", "/notifications", "/examinations",
        })
        {
            var page = await client.TextAsync(path);
            Assert.DoesNotMatch("<script(?![^>]* src=)|\\son[a-z]+=|<style|\\sstyle=", page);
            Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
            // Every form carries its token.
            Assert.Equal(page.Split("method=\"post\"").Length - 1, page.Split("name=\"token\"").Length - 1);
        }
    }

    [Fact]
    public async Task Style_and_script_are_kept_by_the_browser_under_the_digest_of_their_content()
    {
        using var client = new PageClient(service);
        foreach (var (address, type) in new[]
        {
            (PageAssets.Style, "text/css"), (PageAssets.Script, "text/javascript"),
            // A module asks for its neighbours by their names.
            (PageAssets.Script.Replace("app.js", "bench.js", StringComparison.Ordinal), "text/javascript"),
            (PageAssets.Icon, "image/svg+xml"),
        })
        {
            using var answer = await client.GetAsync(address);
            Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
        using var stale = await client.GetAsync("/assets/0000000000000000/app.css");
        Assert.Equal(HttpStatusCode.NotFound, stale.StatusCode);
    }

    [Fact]
    public async Task An_address_that_is_not_served_is_told_in_the_language_of_who_asks()
    {
        using var client = await PageClient.SignedInAsync(service, "lost", Role.Agent);
        using var person = new HttpRequestMessage(HttpMethod.Get, "/nowhere") { Headers = { { "Accept", "text/html" } } };
        using var page = await client.SendAsync(person);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        using var program = await client.GetAsync("/nowhere");
        Assert.Equal("application/problem+json", program.Content.Headers.ContentType?.MediaType);
        // Who is not signed in learns nothing of what there is.
        using var stranger = new PageClient(service);
        using var nothing = await stranger.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.Unauthorized, nothing.StatusCode);
    }

    private static HttpRequestMessage Request(string name)
    {
        var (method, path) = (name.Split(' ')[0], name.Split(' ')[1].Replace("{rank:int}", "1", StringComparison.Ordinal)
            .Replace("{number:int}", "1", StringComparison.Ordinal).Replace("{", "x", StringComparison.Ordinal)
            .Replace("}", "", StringComparison.Ordinal));
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
            request.Content = new FormUrlEncodedContent([]);
        return request;
    }
}
