using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Extraction;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace MatchEngine.Service.Sandbox;

/// <summary>How a service is put together; what stands above the sandbox gives it.</summary>
/// <param name="Listener">An application that listens as the settings say and does nothing else.</param>
/// <param name="Service">The service itself, with other parts in the place of some.</param>
internal sealed record SandboxParts(
    Func<ServiceSettings, WebApplication> Listener, Func<ServiceSettings, Action<IServiceCollection>, WebApplication> Service);

/// <summary>
/// A sandbox: one listener, and behind it a service over a folder of invented people, which is ended and begun anew from what the folder
/// held at first when somebody asks for it.
/// </summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    /// <summary>How long requests that are answered at a reset may take; then they are ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int MakingSeconds = 300;

    private readonly SandboxFolder _folder;
    private readonly SandboxParts _parts;
    private readonly ServiceSettings _settings;
    private readonly SemaphoreSlim _resetting = new(1);
    private readonly Lock _gate = new();
    private readonly HashSet<HttpContext> _running = [];
    private TaskCompletionSource? _opened, _idle;
    private (WebApplication App, RelayedServer Server) _service;

    private SandboxHost(SandboxFolder folder, SandboxParts parts, ServiceSettings settings, SandboxRecord record, WebApplication listener)
    {
        (_folder, _parts, _settings, Record, Listener) = (folder, parts, settings, record, listener);
        listener.Run(ServeAsync);
    }

    /// <summary>What there is in it.</summary>
    public SandboxRecord Record { get; }

    /// <summary>What listens, from the first start to the end.</summary>
    public WebApplication Listener { get; }

    /// <summary>Makes a sandbox where the folder holds none yet, and serves it as it was at first.</summary>
    /// <param name="settings">How the service is run; its data folder is within the sandbox's.</param>
    /// <param name="folder">Where it lives.</param>
    /// <param name="parts">How a service is put together.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<SandboxHost> StartAsync(
        ServiceSettings settings, SandboxFolder folder, SandboxParts parts, CancellationToken cancellationToken)
    {
        settings.DataDir = folder.Data;
        var record = folder.Read() ?? await MakeAsync(settings, folder, parts, cancellationToken);
        var host = new SandboxHost(folder, parts, settings, record, parts.Listener(settings));
        try
        {
            await host.BeginAsync(cancellationToken);
            await host.Listener.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Listener.StopAsync();
        await Listener.DisposeAsync();
        await EndAsync();
        _resetting.Dispose();
    }

    private static async Task<SandboxRecord> MakeAsync(
        ServiceSettings settings, SandboxFolder folder, SandboxParts parts, CancellationToken cancellationToken)
    {
        folder.Begin();
        var seconds = settings.Limits.ImageSeconds;
        // Every face of a group photo at once, on a machine that may be busy: nobody waits for it but who started it.
        settings.Limits.ImageSeconds = Math.Max(seconds, MakingSeconds);
        var (app, _) = Build(settings, parts, services =>
        {
            var models = services.Last(service => service.ServiceType == typeof(IExtractorSource));
            services.AddSingleton<IExtractorSource>(provider => new RememberingModels(
                models.ImplementationInstance as IExtractorSource
                    ?? (IExtractorSource)ActivatorUtilities.CreateInstance(provider, models.ImplementationType!)));
        });
        SandboxRecord record;
        await using (app)
        {
            var key = "";
            app.Services.GetRequiredService<FirstAdministrator>().Admit(anew: false, told => key = told);
            await app.StartAsync(cancellationToken);
            await ReadyAsync(app, cancellationToken);
            record = await new SandboxSeed(app.Services, folder.Photos, key).SowAsync(cancellationToken);
            await app.StopAsync(cancellationToken);
        }
        settings.Limits.ImageSeconds = seconds;
        folder.Keep(record);
        return record;
    }

    private static (WebApplication App, RelayedServer Server) Build(
        ServiceSettings settings, SandboxParts parts, Action<IServiceCollection>? replace = null)
    {
        var server = new RelayedServer();
        return (parts.Service(settings, services =>
        {
            services.AddSingleton<IServer>(server);
            replace?.Invoke(services);
        }), server);
    }

    private static async Task ReadyAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        while (!readiness.IsReady)
        {
            if (readiness.State == "failed")
                throw new ServiceSettingsException("the sandbox cannot begin: its models or galleries cannot be loaded; the log has more");
            await Task.Delay(10, cancellationToken);
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _folder.Restore();
        _service = Build(_settings, _parts);
        await _service.App.StartAsync(cancellationToken);
        await ReadyAsync(_service.App, cancellationToken);
    }

    private async Task EndAsync()
    {
        if (_service.App is not { } app)
            return;
        _service = default;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var reset = new ResetSwitch();
        var server = await EnterAsync(context);
        try
        {
            // A collection of its own: the server's would give the service's application the listener's context.
            var features = new FeatureCollection(context.Features);
            features.Set(reset);
            await server.ServeAsync(features);
        }
        finally
        {
            Leave(context);
        }
        if (reset.IsWanted)
            await ResetAsync(context);
    }

    private async Task ResetAsync(HttpContext context)
    {
        await _resetting.WaitAsync();
        try
        {
            await QuietAsync();
            await EndAsync();
            await BeginAsync(CancellationToken.None);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch
        {
            // There is nothing left to serve.
            Listener.Lifetime.StopApplication();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            throw;
        }
        finally
        {
            Open();
            _resetting.Release();
        }
    }

    /// <summary>Lets nobody in any more, and waits for those who are, for a while.</summary>
    private async Task QuietAsync()
    {
        Task idle;
        lock (_gate)
        {
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _idle.Task;
            if (_running.Count == 0)
                _idle.SetResult();
        }
        if (await Task.WhenAny(idle, Task.Delay(Patience)) == idle)
            return;
        HttpContext[] slow;
        lock (_gate)
            slow = [.. _running];
        foreach (var context in slow)
            context.Abort();
        await idle;
    }

    private void Open()
    {
        lock (_gate)
        {
            _opened?.SetResult();
            (_opened, _idle) = (null, null);
        }
    }

    private async Task<RelayedServer> EnterAsync(HttpContext context)
    {
        while (true)
        {
            Task opened;
            lock (_gate)
            {
                if (_opened is null)
                {
                    _running.Add(context);
                    return _service.Server;
                }
                opened = _opened.Task;
            }
            await opened.WaitAsync(context.RequestAborted);
        }
    }

    private void Leave(HttpContext context)
    {
        lock (_gate)
        {
            _running.Remove(context);
            if (_running.Count == 0)
                _idle?.TrySetResult();
        }
    }
}
