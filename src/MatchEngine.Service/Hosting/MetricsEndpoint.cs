using MatchEngine.Service.Observability;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// <c>/metrics</c> for Prometheus, on an address of its own: a server beside the service's, which knows no other path, no account and no
/// gallery's content. Who may read the numbers is who reaches the address.
/// </summary>
/// <param name="address">The address.</param>
/// <param name="hosts">The names under which it is reached.</param>
internal sealed class MetricsEndpoint(BindingAddress address, IReadOnlyList<string> hosts) : IHostedService, IAsyncDisposable
{
    private MeterProvider? _meters;
    private WebApplication? _server;

    /// <summary>The address with the port that was taken; null before it is served.</summary>
    public string? Url => _server?.Urls.FirstOrDefault();

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("matchengine", autoGenerateServiceInstanceId: false))
            .AddMeter(TelemetryExport.Meters).AddPrometheusExporter().Build();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(address.ToString());
        HostNames.Add(builder.Services, hosts);
        _server = builder.Build();
        _server.UseHostFiltering();
        _server.UseOpenTelemetryPrometheusScrapingEndpoint(
            _meters, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
        await _server.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _meters?.Dispose();
    }
}
