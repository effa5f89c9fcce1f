using System.Text;
using System.Text.Json;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;

namespace MatchEngine.Service.Tests.Hosting;

/// <summary><c>docs/matchengine.http</c>: its requests are those of the description, and the service understands them.</summary>
public class HttpCollectionTests(TestService service) : IClassFixture<TestService>
{
    private static string FilePath => Path.Combine(TestData.Repository, "docs", "matchengine.http");

    private static IReadOnlyList<HttpCollection.Request> Requests => HttpCollection.Read(File.ReadAllText(FilePath));

    [Fact]
    public async Task Every_operation_has_its_request_and_no_request_another_one()
    {
        using var client = service.Client(null);
        var document = await client.GetAsync("/openapi/v1.json").Json();
        // After a change of the routes: build/openapi.sh.
        if (Environment.GetEnvironmentVariable("MATCHENGINE_REWRITE") == "1")
            await File.WriteAllTextAsync(FilePath, HttpCollection.Write(document), TestContext.Current.CancellationToken);
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(
            method => $"{method.Value.GetProperty("operationId").GetString()} {method.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(
            described.Order(StringComparer.Ordinal),
            Requests.Select(one => $"{one.Name} {one.Method} {Braces(one.Path)}").Order(StringComparer.Ordinal));
    }

    /// <summary>Of nobody's gallery or search: what the route or the body is wrong in would be told first, or by another status.</summary>
    [Fact]
    public async Task The_service_understands_every_request()
    {
        using var admin = service.Admin();
        foreach (var one in Requests.Where(one => !one.Path.StartsWith("/v1/session", StringComparison.Ordinal)))
        {
            using var request = new HttpRequestMessage(new HttpMethod(one.Method), Values(one.Path));
            if (one.Headers.TryGetValue("Content-Type", out var type))
                request.Content = new StringContent(one.Body, Encoding.UTF8, type);
            using var response = await admin.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.False((int)response.StatusCode is 405 or >= 500, $"{one.Name}: {(int)response.StatusCode} {text}");
            // The photo of the examples is none, which has a code of its own.
            Assert.DoesNotContain("\"code\":\"unsupported\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("is not known here", text, StringComparison.Ordinal);
            Assert.DoesNotContain("nothing is served at this address", text, StringComparison.Ordinal);
            if ((int)response.StatusCode == 400)
                Assert.NotEqual("bad_request", JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
        }
    }

    private static string Braces(string path) =>
        path.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);

    private static string Values(string path) => string.Join(
        '/', path.Split('/').Select(
            part => part is "{{rank}}" or "{{number}}" ? "1" : part.StartsWith("{{", StringComparison.Ordinal) ? "none" : part));
}
