using System.Net;
using System.Text;
using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;
using MatchEngine.Service.Pages;
using MatchEngine.Service.Rekognition;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace MatchEngine.Service.Tests.Access;

/// <summary>
/// Role × endpoint: who gets past the door. The table is written by hand; what is mapped and is not in it fails the test.
/// </summary>
public class PoliciesTests(TestService service) : IClassFixture<TestService>
{
    private const string Everyone = "ASEUVGDWT";

    /// <summary>
    /// A: agent, S: supervisor, E: examiner, U: auditor, V: auditor of the service, G: gallery-owner, D: administrator, W: administrator of
    /// the service; '*': without
    /// signing in.
    /// </summary>
    internal static readonly Dictionary<string, string> Table = new()
    {
        ["GET /health"] = "*",
        ["GET /ready"] = "*",
        ["GET /openapi/{documentName}.json"] = "*",
        ["GET /assets/{digest}/{file}"] = "*",
        ["GET /docs"] = "*",
        ["GET /docs/{digest}/scalar.js"] = "*",
        ["POST /v1/session"] = "*",
        ["GET /v1/session"] = Everyone,
        ["DELETE /v1/session"] = Everyone,
        ["PUT /v1/session/password"] = Everyone,
        ["GET /v1/sessions"] = Everyone,
        ["DELETE /v1/sessions"] = Everyone,
        ["DELETE /v1/sessions/{session}"] = Everyone,
        ["POST /v1/second-factor"] = Everyone,
        ["POST /v1/second-factor/confirmation"] = Everyone,
        ["POST /v1/second-factor/removal"] = Everyone,
        ["DELETE /v1/accounts/{account}/second-factor"] = "DW",
        ["GET /v1/accounts/{account}/identities"] = "DW",
        ["POST /v1/accounts/{account}/identities"] = "DW",
        ["DELETE /v1/accounts/{account}/identities/{identity}"] = "DW",
        ["GET /v1/organisations"] = Everyone,
        ["POST /v1/organisations"] = "W",
        ["GET /v1/accounts"] = "DW",
        ["POST /v1/accounts"] = "DW",
        ["GET /v1/accounts/{account}"] = "DW",
        ["PATCH /v1/accounts/{account}"] = "DW",
        ["DELETE /v1/accounts/{account}/sessions"] = "DW",
        ["GET /v1/keys"] = Everyone,
        ["POST /v1/keys"] = Everyone,
        ["DELETE /v1/keys/{key}"] = Everyone,
        ["GET /v1/keys/{key}/client-settings"] = Everyone,
        ["PUT /v1/keys/{key}/client-settings"] = Everyone,
        ["GET /v1/signing-credentials"] = Everyone,
        ["POST /v1/signing-credentials"] = Everyone,
        ["DELETE /v1/signing-credentials/{credential}"] = Everyone,
        ["GET /api/v1/recognition/subjects"] = "G",
        ["POST /api/v1/recognition/subjects"] = "G",
        ["DELETE /api/v1/recognition/subjects"] = "G",
        ["PUT /api/v1/recognition/subjects/{subject}"] = "G",
        ["DELETE /api/v1/recognition/subjects/{subject}"] = "G",
        ["GET /api/v1/recognition/faces"] = "G",
        ["POST /api/v1/recognition/faces"] = "G",
        ["DELETE /api/v1/recognition/faces"] = "G",
        ["POST /api/v1/recognition/faces/delete"] = "G",
        ["DELETE /api/v1/recognition/faces/{image_id}"] = "G",
        ["GET /api/v1/recognition/faces/{image_id}/img"] = "G",
        ["POST /api/v1/recognition/faces/{image_id}/verify"] = "ASE",
        ["POST /api/v1/recognition/recognize"] = "AS",
        ["POST /api/v1/verification/verify"] = "ASE",
        ["POST /api/v1/detection/detect"] = "ASE",
        ["GET /v1/vetting"] = "ASEUT",
        ["POST /v1/vetting"] = "T",
        ["DELETE /v1/vetting/{use}"] = "T",
        ["GET /v1/training"] = Everyone,
        ["GET /v1/training/accounts"] = "SDW",
        ["PUT /v1/training/accounts/{account}/{course}"] = "SDW",
        ["DELETE /v1/training/accounts/{account}/{course}"] = "SDW",
        ["GET /v1/terms"] = Everyone,
        ["POST /v1/terms/acceptance"] = Everyone,
        ["GET /v1/galleries"] = Everyone,
        ["POST /v1/galleries"] = "GDW",
        ["GET /v1/galleries/{gallery}"] = Everyone,
        ["PATCH /v1/galleries/{gallery}"] = "GDW",
        ["DELETE /v1/galleries/{gallery}"] = "GDW",
        ["GET /v1/galleries/{gallery}/permissions"] = "GDW",
        ["PUT /v1/galleries/{gallery}/permissions/{organisation}"] = "GDW",
        ["DELETE /v1/galleries/{gallery}/permissions/{organisation}"] = "GDW",
        ["GET /v1/galleries/{gallery}/provided-data/sharing"] = "G",
        ["PUT /v1/galleries/{gallery}/provided-data/sharing/{organisation}"] = "G",
        ["DELETE /v1/galleries/{gallery}/provided-data/sharing/{organisation}"] = "G",
        ["GET /v1/shared-galleries"] = "SGDW",
        ["PUT /v1/shared-galleries/{gallery}"] = "SGDW",
        ["GET /v1/galleries/{gallery}/export"] = "G",
        ["POST /v1/galleries/{gallery}/restoration"] = "GDW",
        ["GET /v1/galleries/{gallery}/subjects"] = "G",
        ["GET /v1/galleries/{gallery}/subjects/{subject}"] = "G",
        ["PATCH /v1/galleries/{gallery}/subjects/{subject}"] = "G",
        ["DELETE /v1/galleries/{gallery}/subjects/{subject}"] = "G",
        ["POST /v1/galleries/{gallery}/subjects/{subject}/encounters"] = "G",
        ["GET /v1/galleries/{gallery}/subjects/{subject}/encounters/{encounter}"] = "G",
        ["DELETE /v1/galleries/{gallery}/subjects/{subject}/encounters/{encounter}"] = "G",
        ["GET /v1/galleries/{gallery}/subjects/{subject}/encounters/{encounter}/crop"] = "G",
        ["GET /v1/galleries/{gallery}/subjects/{subject}/links"] = "G",
        ["PUT /v1/galleries/{gallery}/subjects/{subject}/links/{other}"] = "G",
        ["DELETE /v1/galleries/{gallery}/subjects/{subject}/links/{other}"] = "G",
        ["POST /v1/galleries/{gallery}/imports"] = "G",
        ["POST /v1/galleries/{gallery}/subjects/query"] = "G",
        ["POST /v1/galleries/{gallery}/subjects/removal"] = "G",
        ["POST /v1/galleries/{gallery}/subjects/export"] = "G",
        ["GET /v1/galleries/{gallery}/quality"] = "G",
        ["GET /v1/galleries/{gallery}/duplicates"] = "G",
        ["POST /v1/galleries/{gallery}/duplicates/search"] = "G",
        ["DELETE /v1/galleries/{gallery}/duplicates/search"] = "G",
        ["POST /v1/galleries/{gallery}/duplicates/decisions"] = "G",
        ["GET /v1/galleries/{gallery}/duplicates/kept-apart"] = "G",
        ["GET /v1/operations"] = "ASG",
        ["GET /v1/operations/{operation}"] = "ASG",
        ["GET /v1/operations/{operation}/result"] = "AS",
        ["DELETE /v1/operations/{operation}"] = "ASG",
        ["POST /v1/search-batches"] = "AS",
        ["GET /v1/search-batches/{batch}/results"] = "AS",
        ["PUT /v1/search-batches/{batch}/probes/{number:int}"] = "AS",
        ["POST /v1/searches"] = "AS",
        ["GET /v1/searches"] = "AS",
        ["GET /v1/searches/{search}"] = "ASEUV",
        ["GET /v1/searches/{search}/candidates/{rank:int}"] = "ASE",
        ["GET /v1/searches/{search}/candidates/{rank:int}/crop"] = "ASE",
        ["POST /v1/comparisons"] = "ASE",
        ["POST /v1/galleries/{gallery}/subjects/{subject}/comparisons"] = "ASE",
        ["POST /v1/quality"] = "ASE",
        ["GET /v1/approvals"] = "ASE",
        ["POST /v1/approvals"] = "ASE",
        ["GET /v1/approvals/{approval}"] = "ASE",
        ["POST /v1/approvals/{approval}/decision"] = "S",
        ["GET /v1/reviews"] = "S",
        ["PUT /v1/reviews/{search}"] = "S",
        ["GET /v1/expiring"] = "S",
        ["GET /v1/cases"] = "AS",
        ["GET /v1/cases/{case}"] = "AS",
        ["DELETE /v1/cases/{case}"] = "S",
        ["POST /v1/cases/{case}/notes"] = "AS",
        ["PUT /v1/cases/{case}/closure"] = "AS",
        ["DELETE /v1/cases/{case}/closure"] = "S",
        ["PUT /v1/cases/{case}/hold"] = "S",
        ["DELETE /v1/cases/{case}/hold"] = "S",
        ["GET /v1/examinations"] = "ASE",
        ["POST /v1/examinations"] = "AS",
        ["GET /v1/examinations/{examination}"] = "ASE",
        ["DELETE /v1/examinations/{examination}"] = "AS",
        ["POST /v1/examinations/{examination}/take"] = "E",
        ["POST /v1/examinations/{examination}/release"] = "E",
        ["POST /v1/examinations/{examination}/finish"] = "E",
        ["POST /v1/examinations/{examination}/resolution"] = "S",
        ["PUT /v1/examinations/{examination}/candidates/{rank:int}"] = "E",
        ["GET /v1/examinations/{examination}/probe"] = "E",
        ["GET /v1/examinations/{examination}/probe/crop"] = "E",
        ["GET /v1/examinations/{examination}/candidates/{rank:int}/photo"] = "E",
        ["GET /v1/examinations/{examination}/candidates/{rank:int}/crop"] = "E",
        ["GET /v1/details-requests"] = "ASG",
        ["POST /v1/details-requests"] = "AS",
        ["GET /v1/details-requests/{request}"] = "ASG",
        ["POST /v1/details-requests/{request}/decision"] = "G",
        ["GET /v1/redress-requests"] = "SG",
        ["POST /v1/redress-requests"] = "G",
        ["GET /v1/redress-requests/{redress}"] = "SG",
        ["POST /v1/redress-requests/{redress}/decision"] = "SG",
        ["POST /v1/redress-requests/{redress}/answer"] = "G",
        ["GET /v1/notifications"] = Everyone,
        ["POST /v1/notifications/read"] = Everyone,
        ["GET /v1/webhooks"] = "DW",
        ["POST /v1/webhooks"] = "DW",
        ["GET /v1/webhooks/{webhook}/deliveries"] = "DW",
        ["DELETE /v1/webhooks/{webhook}"] = "DW",
        ["GET /v1/audit"] = "UV",
        ["GET /v1/audit/verification"] = "UV",
        ["GET /v1/audit/export"] = "UV",
        ["GET /v1/audit/state"] = "UV",
    };

    private static readonly Dictionary<char, string> Roles = new()
    {
        ['A'] = Role.Agent, ['S'] = Role.Supervisor, ['E'] = Role.Examiner, ['U'] = Role.Auditor, ['V'] = Role.ServiceAuditor,
        ['G'] = Role.GalleryOwner, ['D'] = Role.Administrator, ['W'] = Role.ServiceAdministrator, ['T'] = Role.Vetter,
    };

    // The pages have a table of their own: WebPagesTests; the one address of Rekognition has one by operation: RekognitionDialectTests.
    private IEnumerable<(string Name, RouteEndpoint Endpoint)> Mapped() =>
        service.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageMarker>() is null
                && endpoint.Metadata.GetMetadata<SignedInBy>()?.Scheme != SignatureAuthentication.SchemeName)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(
                method => ($"{method} {endpoint.RoutePattern.RawText}", endpoint)));

    [Fact]
    public void The_table_names_every_endpoint_and_nothing_else() =>
        Assert.Equal(Table.Keys.Order(), Mapped().Select(mapped => mapped.Name).Order());

    [Fact]
    public void Every_endpoint_has_a_policy_or_is_open_by_name()
    {
        foreach (var (name, endpoint) in Mapped())
            Assert.True(
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                    || endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy is not null), name);
    }

    [Fact]
    public async Task Each_role_gets_past_the_doors_that_the_table_names_and_no_others()
    {
        using var anonymous = service.Client(null);
        foreach (var (name, roles) in Table)
        {
            var status = await StatusAsync(anonymous, name);
            Assert.True(
                (status == HttpStatusCode.Unauthorized) == (roles != "*") || name == "POST /v1/session",
                $"{name} without signing in: {status}");
        }
        foreach (var (letter, role) in Roles)
        {
            using var client = service.As("matrix", role);
            foreach (var (name, roles) in Table.Where(row => row.Value != "*" && row.Key != "DELETE /v1/session"))
            {
                var status = await StatusAsync(client, name);
                Assert.True((status == HttpStatusCode.Forbidden) != roles.Contains(letter), $"{name} as {role}: {status}");
            }
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string name)
    {
        var (method, path) = (name.Split(' ')[0], name.Split(' ')[1].Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{rank:int}", "1", StringComparison.Ordinal).Replace("{number:int}", "1", StringComparison.Ordinal)
            .Replace("{", "x", StringComparison.Ordinal)
            .Replace("}", "", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST" or "PUT" or "PATCH")
            // Never a body that would do something: only the door is tried.
            request.Content = new StringContent("[]", Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
