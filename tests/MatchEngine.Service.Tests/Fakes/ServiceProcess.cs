using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Extraction;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// The service in a process of its own, which a test can kill or measure. Everything it prints, the log included,
/// is kept for the test to look through.
/// </summary>
internal sealed class ServiceProcess : IDisposable
{
    public const string Verb = "service-process";

    /// <summary>A text in an image that is worked on for half a second.</summary>
    public const string SlowImage = "slow-image";

    private const string AddressLine = "serves ", KeyWord = "me_";

    private readonly Process _process;
    private readonly StringBuilder _printed = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The data folder.</summary>
    public required string Data { get; init; }

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>The key that was printed at the first start of the data folder; null at later ones.</summary>
    public string? FirstKey { get; private set; }

    public Process Process => _process;

    public string Printed
    {
        get
        {
            lock (_printed)
                return _printed.ToString();
        }
    }

    /// <summary>Starts the service and waits until it answers searches.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="ahead">How far its clock runs ahead.</param>
    /// <param name="killAt">The step of a kind of change at which it kills itself; null for none.</param>
    /// <param name="asShipped">Whether it has the real networks and the limits that it comes with.</param>
    public static async Task<ServiceProcess> StartAsync(
        string data, TimeSpan ahead = default, (string Kind, ChangeStep Step)? killAt = null, bool asShipped = false)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MatchEngine.Service.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var started = new ServiceProcess(Process.Start(new ProcessStartInfo(
            program, [Verb, data, ahead.TotalHours.ToString(CultureInfo.InvariantCulture), killAt?.Kind ?? "", $"{killAt?.Step}",
                $"{asShipped}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!) { Data = data };
        try
        {
            if (await Task.WhenAny(started._address.Task, started._ended.Task).WaitAsync(TimeSpan.FromMinutes(2)) == started._ended.Task)
                Assert.Fail($"the service did not start: {started.Printed}");
            started.Address = await started._address.Task;
            using var client = started.Client(null);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (!(await client.GetAsync("/ready", patience.Token)).IsSuccessStatusCode)
                await Task.Delay(5, patience.Token);
            return started;
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>A key of a new account, made as an administrator makes it.</summary>
    public static Task<string> KeyOfAsync(HttpClient admin, params string[] roles) => KeyInAsync(admin, "local", roles);

    /// <summary>A key of a new account of an organisation.</summary>
    public static async Task<string> KeyInAsync(HttpClient admin, string organisation, params string[] roles)
    {
        var account = await admin.PostAsJsonAsync(
            "/v1/accounts", new { name = $"{string.Join('-', roles)}-{Guid.NewGuid():N}", organisation, roles }).Json(201);
        return (await admin.PostAsJsonAsync("/v1/keys", new { name = "test", account = account.GetProperty("id").GetString() })
            .Json(201)).GetProperty("key").GetString()!;
    }

    /// <summary>SIGKILL, and everything it had printed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What the process does: serves until its standard input ends.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new ServiceSettings
        {
            DataDir = args[0],
            Urls = "http://127.0.0.1:0",
            Model = "fake",
            Limits = { BodyBytes = 4 << 20, ImageBytes = 2 << 20, RequestsPerMinute = 1_000_000_000, Queue = 1000 },
        };
        var asShipped = bool.Parse(args[4]);
        if (asShipped)
            (settings.Model, settings.Limits) = (ModelCatalog.DefaultEmbedder, new ServiceLimits { RequestsPerMinute = 1_000_000_000 });
        var ahead = TimeSpan.FromHours(double.Parse(args[1], CultureInfo.InvariantCulture));
        using var folder = DataFolderLock.Take(settings.DataFolder);
        await using var app = ServiceHost.Build(settings, services =>
        {
            if (!asShipped)
                services.AddSingleton<IExtractorSource>(new FakeModels(new FakeExtractor
                {
                    KeepGivenOut = false,
                    // Long enough that a test can kill the service meanwhile.
                    Before = text => Thread.Sleep(text.Contains(SlowImage, StringComparison.Ordinal) ? 500 : 0),
                }));
            services.AddSingleton<TimeProvider>(new ClockAhead(ahead));
            if (args[2].Length > 0)
                services.AddSingleton<IChangeObserver>(new Killer(args[2], Enum.Parse<ChangeStep>(args[3])));
        });
        app.AdmitFirstAdministrator(Console.Out);
        await app.StartAsync();
        Console.WriteLine(AddressLine + app.Urls.First());
        await Task.Run(() => Console.In.ReadToEnd());
        await app.StopAsync();
        return 0;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _ended.TrySetResult();
            return;
        }
        lock (_printed)
            _printed.AppendLine(line);
        if (line.Split(' ').LastOrDefault(word => word.StartsWith(KeyWord, StringComparison.Ordinal)) is { } key)
            FirstKey = key;
        if (line.StartsWith(AddressLine, StringComparison.Ordinal))
            _address.TrySetResult(new Uri(line[AddressLine.Length..]));
    }

    /// <summary>Ends this process as a kill from outside would, at this very step.</summary>
    private sealed class Killer(string kind, ChangeStep step) : IChangeObserver
    {
        public void Reached(ChangeStep reached, string ofKind)
        {
            if (reached != step || ofKind != kind)
                return;
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private sealed class ClockAhead(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
