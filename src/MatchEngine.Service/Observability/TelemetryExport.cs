using MatchEngine.Service.Settings;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MatchEngine.Service.Observability;

/// <summary>Sends metrics and traces to a collector, when one is named. ASP.NET Core's and Kestrel's own instruments go along.</summary>
internal static class TelemetryExport
{
    /// <summary>The meters that are told: none of their tags names a person, an account or a case.</summary>
    public static readonly string[] Meters =
    [
        Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.RateLimiting", "System.Runtime",
    ];

    /// <exception cref="ServiceSettingsException">The endpoint is no address.</exception>
    public static void Add(IServiceCollection services, ServiceSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.TelemetryEndpoint))
            return;
        if (!Uri.TryCreate(settings.TelemetryEndpoint, UriKind.Absolute, out var endpoint))
            throw new ServiceSettingsException(
                $"--telemetry: '{settings.TelemetryEndpoint}' is no address; write it like http://localhost:4317");
        services.AddHostedService(_ => new Export(endpoint));
    }

    private sealed class Export(Uri endpoint) : IHostedService
    {
        private MeterProvider? _metrics;
        private TracerProvider? _traces;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            var resource = ResourceBuilder.CreateDefault().AddService("matchengine");
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters)
                .AddOtlpExporter(options => options.Endpoint = endpoint).Build();
            // The spans of a request carry its path, and a path can name a subject: ours carry the route instead.
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Telemetry.Name)
                .AddOtlpExporter(options => options.Endpoint = endpoint).Build();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _traces?.Dispose();
            _metrics?.Dispose();
            return Task.CompletedTask;
        }
    }
}
