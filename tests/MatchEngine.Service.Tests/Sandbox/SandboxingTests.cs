using System.Net;
using System.Net.Http.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Sandbox;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.AspNetCore.Routing;

namespace MatchEngine.Service.Tests.Sandbox;

/// <summary>What the switches put into a service, and what is not there without them.</summary>
public sealed class SandboxingTests(TestService plain, FaultyService faulty, SwitchedService sandbox)
    : IClassFixture<TestService>, IClassFixture<FaultyService>, IClassFixture<SwitchedService>
{
    /// <summary>Method and path of everything of a sandbox, and which roles of the service get past the door.</summary>
    private static readonly Dictionary<string, string> Table = new()
    {
        ["GET /v1/sandbox/faults"] = "W",
        ["GET /v1/sandbox/faults/{fault}"] = "W",
        ["PUT /v1/sandbox/faults/{fault}"] = "W",
        ["DELETE /v1/sandbox/faults/{fault}"] = "W",
        ["GET /v1/sandbox/clock"] = "*",
        ["POST /v1/sandbox/clock"] = "W",
        ["PUT /v1/sandbox/clock"] = "W",
        ["GET /v1/sandbox/conformity"] = "*",
        ["POST /v1/sandbox/reset"] = "W",
    };

    public static TheoryData<FaultKind> Kinds => [.. Enum.GetValues<FaultKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Without_its_switch_no_fault_can_be_had(FaultKind kind)
    {
        var name = kind.ToName();
        using var admin = plain.Admin();
        Assert.Equal("not_found", await SwitchedService.PutAsync(admin, name, new { kind = name }).Code(404));
        using var half = faulty.Admin();
        var (agent, key) = faulty.Searcher();
        using var _ = agent;
        if (kind.Reveals())
        {
            Assert.Equal("forbidden", await SwitchedService.PutAsync(half, name, new { kind = name, key }).Code(403));
            using var well = await SwitchedService.SearchAsync(agent, new { listLength = 2 });
            Assert.Equal(HttpStatusCode.OK, well.StatusCode);
            Assert.False(well.Headers.Contains(FaultyAnswers.Header));
            return;
        }
        await SwitchedService.PutAsync(half, name, new { kind = name, key, seconds = 0.01 }).Json();
        if (kind == FaultKind.CutBody)
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => SwitchedService.SearchAsync(agent));
        }
        else
        {
            using var struck = await SwitchedService.SearchAsync(agent);
            Assert.Equal(name, Assert.Single(struck.Headers.GetValues(FaultyAnswers.Header)));
        }
        await half.DeleteAsync($"/v1/sandbox/faults/{name}").Json(204);
    }

    [Fact]
    public void Without_a_switch_nothing_of_it_is_there()
    {
        Assert.Empty(Routes(plain));
        Assert.Null(plain.App.Services.GetService(typeof(Faults)));
        Assert.Null(plain.App.Services.GetService(typeof(ClientConduct)));
        Assert.Same(TimeProvider.System, plain.Get<TimeProvider>());
    }

    [Fact]
    public void The_switch_for_faults_brings_faults_alone()
    {
        Assert.Equal(Table.Keys.Where(name => name.Contains("/faults", StringComparison.Ordinal)).Order(), Routes(faulty).Order());
        Assert.Same(TimeProvider.System, faulty.Get<TimeProvider>());
        Assert.Null(faulty.App.Services.GetService(typeof(ClientConduct)));
    }

    [Fact]
    public async Task Each_role_gets_past_the_doors_that_the_table_names_and_no_others()
    {
        Assert.Equal(Table.Keys.Order(), Routes(sandbox).Order());
        using var anonymous = sandbox.Client(null);
        foreach (var name in Table.Keys)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(anonymous, name));
        foreach (var role in Role.All)
        {
            using var client = sandbox.As("matrix", role);
            foreach (var (name, who) in Table)
            {
                var status = await StatusAsync(client, name);
                Assert.True(
                    (status == HttpStatusCode.Forbidden) != (who == "*" || role == Role.ServiceAdministrator),
                    $"{name} as {role}: {status}");
            }
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string name)
    {
        var (method, path) = (name.Split(' ')[0], name.Split(' ')[1].Replace("{fault}", "none", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST" or "PUT")
            request.Content = JsonContent.Create(Array.Empty<int>());
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static IEnumerable<string> Routes(TestService service) => service.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/sandbox", StringComparison.Ordinal))
        .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(
            method => $"{method} {endpoint.RoutePattern.RawText}"));
}
