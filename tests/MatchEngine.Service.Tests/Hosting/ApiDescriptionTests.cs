using System.Text.Json;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.AspNetCore.Routing;

namespace MatchEngine.Service.Tests.Hosting;

public class ApiDescriptionTests(TestService service) : IClassFixture<TestService>
{
    private async Task<JsonElement> DocumentAsync()
    {
        using var client = service.Client(null);
        return await client.GetAsync("/openapi/v1.json").Json();
    }

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select (path.Name, method.Name, method.Value);

    [Fact]
    public async Task Every_route_is_described_with_a_success_and_its_problems()
    {
        var document = await DocumentAsync();
        var described = Operations(document).ToDictionary(operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}");
        var mapped = service.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(
                method => $"{method} {endpoint.RoutePattern.RawText!.Replace(":int", "", StringComparison.Ordinal)}"));
        foreach (var name in mapped)
        {
            Assert.True(described.TryGetValue(name, out var operation), $"{name} is not described");
            var responses = operation.Operation.GetProperty("responses").EnumerateObject().ToList();
            Assert.Contains(responses, response => response.Name.StartsWith('2'));
            Assert.Contains(responses, response => response.Name == "401");
            foreach (var problem in responses.Where(response => response.Name[0] is '4' or '5'))
                Assert.True(
                    problem.Value.GetProperty("content").TryGetProperty("application/problem+json", out _), $"{name} {problem.Name}");
            Assert.False(string.IsNullOrEmpty(operation.Operation.GetProperty("operationId").GetString()), name);
            Assert.False(string.IsNullOrEmpty(operation.Operation.GetProperty("summary").GetString()), name);
        }
    }

    [Fact]
    public async Task A_search_is_described_in_both_forms()
    {
        var document = await DocumentAsync();
        var content = document.GetProperty("paths").GetProperty("/v1/searches").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content");
        var multipart = content.GetProperty("multipart/form-data").GetProperty("schema").GetProperty("properties");
        Assert.Equal("binary", multipart.GetProperty("image").GetProperty("format").GetString());
        Assert.True(multipart.TryGetProperty("request", out _));
        var json = content.GetProperty("application/json").GetProperty("schema").GetProperty("properties");
        Assert.Equal("byte", json.GetProperty("image").GetProperty("format").GetString());
        foreach (var member in (string[])[
            "galleries", "listLength", "scoreFloor", "scoreFloorStrangers", "purpose", "face", "encounterId", "approvalId"])
            Assert.True(json.TryGetProperty(member, out _), member);
    }

    [Fact]
    public async Task The_ways_to_sign_in_are_described_and_asked_for()
    {
        var document = await DocumentAsync();
        var schemes = document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name);
        Assert.Equal(["apiKey", "bearer", "cookie"], schemes.Order());
        foreach (var (path, method, operation) in Operations(document))
        {
            var open = path is "/health" or "/ready" || (path == "/v1/session" && method == "post");
            Assert.True(operation.TryGetProperty("security", out _) != open, $"{method} {path}");
        }
    }
}
