using System.Net;
using MatchEngine.Vetting.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>An HTTP server of this test, on a free port of the loopback.</summary>
internal sealed class FakeHttpServer : IAsyncDisposable
{
    public const string ExaminerKey = "me_examiners_own_key", OtherKey = "me_another_organisations_key";

    private readonly WebApplication _app;

    private FakeHttpServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>How its targets are opened.</summary>
    public static TargetOptions Options { get; } = new()
    {
        Credentials = new TargetCredentials(ExaminerKey, OtherKey), Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Starts one.</summary>
    public static async Task<FakeHttpServer> StartAsync(Action<WebApplication> routes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = 64 << 20;
        });
        var app = builder.Build();
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (StalledException)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
        routes(app);
        await app.StartAsync();
        return new FakeHttpServer(app);
    }

    /// <summary>Who sent a request.</summary>
    public static Caller CallerOf(HttpRequest request) => request.Headers.Authorization.ToString() switch
    {
        "Bearer " + ExaminerKey => Caller.Examiner,
        "Bearer " + OtherKey => Caller.OtherOrganisation,
        "" => Caller.Nobody,
        _ => Caller.Stranger,
    };

    /// <summary>The status of a refusal.</summary>
    public static int Status(FailureKind kind) => kind switch
    {
        FailureKind.Unauthorised => 401,
        FailureKind.Forbidden => 403,
        FailureKind.NotFound => 404,
        FailureKind.TooLarge => 413,
        FailureKind.UnreadableImage => 415,
        FailureKind.NoFace or FailureKind.SeveralFaces => 422,
        _ => 400,
    };

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
