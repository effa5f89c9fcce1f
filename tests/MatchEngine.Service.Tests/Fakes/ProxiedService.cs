using System.Net;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>The service in plain HTTP behind a real reverse proxy (YARP, as it comes) which ends TLS.</summary>
public sealed class ProxiedService : TestService
{
    private readonly TemporaryFolder _proxyFolder = new();
    private WebApplication? _proxy;

    /// <summary>The proxy's address, the one that clients know.</summary>
    internal Uri Outside => new(_proxy!.Urls.First());

    /// <summary>A client that comes through the proxy, trusts its certificate and keeps no cookies.</summary>
    internal HttpClient Trusting()
    {
        var handler = DevelopmentTrust.Handler(_proxyFolder.Sub("proxy"));
        handler.UseCookies = false;
        return new HttpClient(handler) { BaseAddress = Outside };
    }

    internal override ServiceSettings Settings()
    {
        var settings = base.Settings();
        settings.Proxies = "127.0.0.1;::1";
        return settings;
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            listen.UseHttps(ServerCertificate.Load(new ServiceSettings { DataDir = _proxyFolder.Sub("proxy") }))));
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "service", Match = new RouteMatch { Path = "{**all}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "service",
                    Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = Address.ToString() } },
                },
            ]);
        _proxy = builder.Build();
        _proxy.MapReverseProxy();
        await _proxy.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        _proxyFolder.Dispose();
        await base.DisposeAsync();
    }
}
