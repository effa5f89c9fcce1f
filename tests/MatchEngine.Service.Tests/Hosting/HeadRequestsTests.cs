using System.Net;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

public class HeadRequestsTests(HeadRequestsTests.SecureService service) : IClassFixture<HeadRequestsTests.SecureService>
{
    [Theory]
    [InlineData("1.1", "/health")]
    [InlineData("2.0", "/health")]
    [InlineData("1.1", "/ready")]
    [InlineData("2.0", "/ready")]
    [InlineData("1.1", "/v1/galleries")]
    [InlineData("2.0", "/v1/galleries")]
    [InlineData("1.1", "/v1/galleries/none")]
    [InlineData("2.0", "/v1/galleries/none")]
    [InlineData("1.1", "/v1/nothing")]
    [InlineData("2.0", "/v1/nothing")]
    [InlineData("2.0", "/openapi/v1.json")]
    [InlineData("1.1", "/sign-in")]
    [InlineData("2.0", "/sign-in")]
    public async Task HEAD_answers_with_the_status_and_the_type_of_GET_and_no_body(string version, string path)
    {
        using var client = service.SecureClient(version);

        using var get = await client.GetAsync(path);
        using var head = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Head, path)
            {
                Version = new Version(version),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            });

        Assert.Equal(new Version(version), head.Version);
        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task HEAD_without_a_key_is_answered_where_GET_is_and_refused_where_GET_is()
    {
        using var client = service.SecureClient("2.0", signedIn: false);
        using var open = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/health"));
        using var closed = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/galleries"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (open.StatusCode, closed.StatusCode));
        // The connection goes on: nothing was written that the other side did not expect.
        using var next = await client.GetAsync("/health");
        Assert.Equal("{\"status\":\"ok\"}", await next.Content.ReadAsStringAsync());
    }

    /// <summary>The service with TLS, over which HTTP/2 is spoken.</summary>
    public sealed class SecureService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.Urls = "https://127.0.0.1:0";
            return settings;
        }

        public override async ValueTask InitializeAsync()
        {
            using var client = SecureClient("2.0", signedIn: false);
            while (!(await client.GetAsync("/ready")).IsSuccessStatusCode)
                await Task.Delay(5);
        }

        internal HttpClient SecureClient(string version, bool signedIn = true)
        {
            _ = App;
            var client = new HttpClient(DevelopmentTrust.Handler(Data))
            {
                BaseAddress = Address,
                DefaultRequestVersion = new Version(version),
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            if (signedIn)
                client.DefaultRequestHeaders.Authorization = new("Bearer", FirstKey);
            return client;
        }
    }
}
