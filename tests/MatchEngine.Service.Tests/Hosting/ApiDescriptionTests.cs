using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Service.Rest;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;
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

    /// <summary>
    /// The document that is committed, of which clients are made. After a change of the routes:
    /// <c>MATCHENGINE_REWRITE=1</c> in the environment of this test writes it anew.
    /// </summary>
    [Theory]
    [InlineData("v1"), InlineData("v1-files")]
    public async Task The_committed_document_is_what_the_service_serves(string name)
    {
        using var client = service.Client(null);
        var served = (await client.GetStringAsync($"/openapi/{name}.json", TestContext.Current.CancellationToken)).TrimEnd() + "\n";
        var file = Path.Combine(TestData.Repository, "openapi", $"{name}.json");
        if (Environment.GetEnvironmentVariable("MATCHENGINE_REWRITE") == "1")
            await File.WriteAllTextAsync(file, served, TestContext.Current.CancellationToken);
        Assert.True(
            served == (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"),
            $"openapi/{name}.json is not what the service serves; build/openapi.sh writes it anew");
    }

    [Fact]
    public async Task A_request_has_one_form_in_a_document_and_its_example_is_one()
    {
        foreach (var (path, method, operation) in Operations(await DocumentAsync()))
        {
            if (!operation.TryGetProperty("requestBody", out var body))
                continue;
            var form = Assert.Single(body.GetProperty("content").EnumerateObject());
            Assert.True(form.Name is "application/json" or "application/zip", $"{method} {path}: {form.Name}");
            if (form.Name != "application/json")
                continue;
            var reference = form.Value.GetProperty("schema").GetProperty("$ref").GetString()!;
            var type = typeof(SearchRequest).Assembly.GetType($"MatchEngine.Service.Rest.{reference.Split('/')[^1]}")!;
            var images = service.Get<EndpointDataSource>().Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<TakesImages>())
                .FirstOrDefault(takes => takes?.Request == type)?.Images.Select(image => image.Name).ToList() ?? [];
            // As the service reads it, which refuses what it does not know; images are taken out first.
            var example = JsonNode.Parse(form.Value.GetProperty("example").GetRawText())!.AsObject();
            foreach (var image in images)
                if (example.Remove(image, out var told))
                    Assert.NotEmpty(Convert.FromBase64String((told is JsonArray several ? several[0] : told)!.GetValue<string>()));
            Assert.NotNull(example.Deserialize(type, WireJson.Options));
        }
    }

    [Fact]
    public async Task Files_are_the_form_of_the_other_document()
    {
        using var client = service.Client(null);
        var document = await client.GetAsync("/openapi/v1-files.json").Json();
        var form = Assert.Single(document.GetProperty("paths").GetProperty("/v1/searches").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").EnumerateObject());
        Assert.Equal("multipart/form-data", form.Name);
        var members = form.Value.GetProperty("schema").GetProperty("properties");
        Assert.Equal("binary", members.GetProperty("image").GetProperty("format").GetString());
        Assert.Equal("#/components/schemas/SearchRequest", members.GetProperty("request").GetProperty("$ref").GetString());
        Assert.False(document.GetProperty("components").GetProperty("schemas").GetProperty("SearchRequest").GetProperty("properties")
            .TryGetProperty("image", out _));
    }

    [Fact]
    public async Task Every_answer_has_its_content_with_an_example_and_every_operation_a_name_of_its_own()
    {
        var document = await DocumentAsync();
        Assert.NotEmpty(document.GetProperty("servers").EnumerateArray());
        var operations = Operations(document).ToList();
        Assert.Equal(operations.Count, operations.Select(one => one.Operation.GetProperty("operationId").GetString()).Distinct().Count());
        foreach (var (path, method, operation) in operations)
        {
            foreach (var answer in operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Name[0] == '2'))
            {
                if (answer.Name == "204")
                    continue;
                var form = Assert.Single(answer.Value.GetProperty("content").EnumerateObject());
                if (form.Name == "application/json")
                    Assert.True(form.Value.TryGetProperty("example", out _), $"{method} {path} {answer.Name} has no example");
                else
                    Assert.Equal("binary", form.Value.GetProperty("schema").GetProperty("format").GetString());
            }
        }
    }

    [Fact]
    public async Task Names_of_values_are_texts_and_null_is_none_of_them()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").EnumerateObject().ToList();
        var enumerations = schemas.Where(schema => schema.Value.TryGetProperty("enum", out _)).ToList();
        Assert.Contains("ExaminationLevel", enumerations.Select(schema => schema.Name));
        Assert.All(enumerations, schema =>
        {
            Assert.Equal("string", schema.Value.GetProperty("type").GetString());
            Assert.All(schema.Value.GetProperty("enum").EnumerateArray(), value => Assert.Equal(JsonValueKind.String, value.ValueKind));
        });
    }

    [Fact]
    public async Task Whole_numbers_are_described_as_such()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        foreach (var (schema, member, format) in ((string, string, string)[])[
            ("SearchRequest", "listLength", "int32"), ("AuditPage", "next", "int64"), ("CandidateResponse", "rank", "int32")])
        {
            var told = schemas.GetProperty(schema).GetProperty("properties").GetProperty(member);
            Assert.Equal(("integer", format), (told.GetProperty("type").GetString(), told.GetProperty("format").GetString()));
        }
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
