using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Extensions.Hosting;

namespace MatchEngine.Service.Tests.Hosting;

public class MetricsEndpointTests
{
    [Fact]
    public async Task Prometheus_reads_what_is_measured_and_no_label_names_a_person_an_account_or_a_case()
    {
        await using var service = new Measured();
        await service.ReadyAsync();
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("measured");
        await admin.EnrolAsync("measured", "MARGERY-DAW", FakeImage.Picture("", new FakeFace(1)));
        await admin.PostAsync("/v1/searches", Requests.Form(
            new
            {
                galleries = new[] { "measured" },
                purpose = new { caseNumber = "CASE-4711", basis = "18 USC 1028", requester = "JOHNNY" },
            },
            ("image", FakeImage.Of(new FakeFace(1)), "probe-file"))).Json();
        await admin.GetAsync("/v1/galleries/measured/subjects/MARGERY-DAW").Json();
        await admin.GetAsync("/v1/searches?caseNumber=CASE-4711").Json();
        await admin.GetAsync("/v1/galleries/measured/subjects/NOBODY-THERE").Code(404);
        await admin.GetAsync("/no/such/SECRET-PATH").Code(404);
        var account = await admin.PostAsJsonAsync(
            "/v1/accounts", new { name = "account-jill", organisation = "local", roles = new[] { Role.Agent } }).Json(201);

        using var prometheus = new HttpClient { BaseAddress = new Uri(service.MetricsUrl) };
        var text = await prometheus.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Matches(@"(?m)^matchengine_search_duration_seconds_count\{.*path=""exact"".*\} [1-9]", text);
        Assert.Matches(@"(?m)^matchengine_encounters_enrolled_total\{.*gallery=""measured"".*\} [1-9]", text);
        Assert.Contains("http_route=\"/v1/galleries/{gallery}/subjects/{subject}", text, StringComparison.Ordinal);
        foreach (var secret in (string[])[
            "MARGERY-DAW", "CASE-4711", "JOHNNY", "NOBODY-THERE", "SECRET-PATH", "account-jill", "probe-file",
            account.GetProperty("id").GetString()!, service.FirstKey.Split('_')[1]])
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        // A new label is looked at before it is told.
        Assert.Subset(
            new HashSet<string>
            {
                "otel_scope_name", "path", "gallery", "le", "http_request_method", "http_response_status_code", "http_route",
                "network_protocol_name", "network_protocol_version", "url_scheme", "error_type", "server_address", "server_port",
                "network_transport", "network_type", "aspnetcore_rate_limiting_policy", "aspnetcore_rate_limiting_result",
                "aspnetcore_request_is_unhandled", "gc_heap_generation", "cpu_mode", "tls_protocol_version", "service_name",
            },
            Regex.Matches(text, @"[{,]([a-zA-Z_]+)=""").Select(label => label.Groups[1].Value).ToHashSet());
    }

    [Fact]
    public async Task Nothing_else_is_served_there_and_no_metrics_where_the_service_is()
    {
        await using var service = new Measured();
        await service.ReadyAsync();
        using var prometheus = new HttpClient { BaseAddress = new Uri(service.MetricsUrl) };
        using var admin = service.Admin();
        foreach (var path in (string[])["/", "/v1/galleries", "/health", "/openapi/v1.json"])
            Assert.Equal(HttpStatusCode.NotFound, (await prometheus.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        await admin.GetAsync("/metrics").Code(404);
        // Another site's page that has its name lead here.
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = "example.org" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await prometheus.SendAsync(rebound, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Unless_it_is_asked_for_there_is_none()
    {
        await using var service = new TestService();
        await service.ReadyAsync();
        Assert.Empty(service.Get<IEnumerable<IHostedService>>().OfType<MetricsEndpoint>());
    }

    [Theory]
    [InlineData("http://0.0.0.0:9464", "--allow-http")]
    [InlineData("http://*:9464", "--allow-http")]
    [InlineData("https://localhost:9464", "begins with http://")]
    [InlineData("http://127.0.0.1:1;http://127.0.0.1:2", "one address")]
    [InlineData("9464", "is no address")]
    public void An_address_that_others_reach_or_that_is_none_is_refused(string url, string why)
    {
        var refused = Assert.Throws<ServiceSettingsException>(() => Addresses.ParseMetrics(new ServiceSettings { Metrics = url }));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--metrics", refused.Message, StringComparison.Ordinal);
    }

    private sealed class Measured : TestService
    {
        public string MetricsUrl => Get<IEnumerable<IHostedService>>().OfType<MetricsEndpoint>().Single().Url!;

        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.Metrics = "http://127.0.0.1:0";
            return settings;
        }
    }
}
