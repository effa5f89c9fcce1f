using System.Text.RegularExpressions;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Settings;
using MatchEngine.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// The real service with the real networks, the sample photos, and a browser. Without a browser its tests are skipped and say so.
/// </summary>
public sealed class BrowserService : TestService
{
    /// <summary>An agent who is everything else too.</summary>
    public const string Name = "Ada";

    private static readonly string? Chromium = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name =>
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Portraits cut out of the sample photos (npm package @vladmandic/face-api, MIT): one a face, by name.</summary>
    internal IReadOnlyDictionary<string, byte[]> Portraits { get; private set; } = new Dictionary<string, byte[]>();

    /// <summary>The portraits once more: wider, and coarser.</summary>
    internal IReadOnlyDictionary<string, byte[]> Probes { get; private set; } = new Dictionary<string, byte[]>();

    /// <summary>A sample photo with several faces.</summary>
    internal static byte[] Group => File.ReadAllBytes(Sample(3));

    internal override ServiceSettings Settings()
    {
        var settings = base.Settings();
        (settings.Model, settings.Limits.BodyBytes, settings.Limits.ImageBytes) = (ModelCatalog.DefaultEmbedder, 32 << 20, 16 << 20);
        return settings;
    }

    internal override void Replace(IServiceCollection services)
    {
        services.AddSingleton<IBufferObserver>(Buffers);
        services.RemoveAll<ILoggerProvider>();
        services.AddSingleton<ILoggerProvider>(Log);
    }

    public override async ValueTask InitializeAsync()
    {
        if (Chromium is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        await ReadyAsync();
        var pipeline = (FacePipeline)Get<ExtractionWorkers>().Extractor(ModelCatalog.DefaultEmbedder);
        var (portraits, probes) = (new Dictionary<string, byte[]>(), new Dictionary<string, byte[]>());
        foreach (var number in new[] { 3, 5 })
        {
            using var photo = ImageDecoder.Decode(File.ReadAllBytes(Sample(number)));
            foreach (var (index, face) in pipeline.Detect(photo).Take(4).Index())
            {
                using var portrait = FaceCrop.Take(photo, face.Box, 1.8f, 320);
                using var probe = FaceCrop.Take(photo, face.Box, 2f, 300);
                // In the crowd a neighbour may be in the picture too.
                if (pipeline.Detect(portrait).Count != 1 || pipeline.Detect(probe).Count != 1)
                    continue;
                portraits[$"photo{number}-face{index + 1}"] = ImageEncoder.ToJpeg(portrait, 92);
                probes[$"photo{number}-face{index + 1}"] = ImageEncoder.ToJpeg(probe, 60);
            }
        }
        (Portraits, Probes) = (portraits, probes);
        Get<IAccounts>().Add(BookChange.None, Name, FirstAdministrator.Organisation, Role.All, PageClient.Password);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>
    /// A fresh browser profile that is off-line but for the service; the calling test is skipped where there is no browser.
    /// </summary>
    internal async Task<Tab> OpenAsync(int width = 1200, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        if (_browser is null)
            Assert.Skip("needs a browser: install Debian's package chromium");
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        // Whatever a page asks of another address is an error: the service works off-line.
        await context.RouteAsync(
            url => !url.StartsWith(Address.ToString(), StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal),
            route => route.AbortAsync());
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        return new Tab(context, page);
    }

    private static string Sample(int number) =>
        Path.Combine(TestData.Repository, "models", "node_modules", "@vladmandic", "face-api", "demo", $"sample{number}.jpg");
}

/// <summary>A page of a browser, with what it complained of.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Tab(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) =>
        {
            // A refusal (422, 401 …) is a complaint to the console too, and is meant.
            if (message.Type is "error"
                && !message.Text.StartsWith("Failed to load resource: the server responded with a status of", StringComparison.Ordinal))
                Errors.Add(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts, and violations of the Content-Security-Policy.</summary>
    public List<string> Errors { get; } = [];

    public async Task SignInAsync(string name = BrowserService.Name)
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await Page.GetByLabel("Password").FillAsync(PageClient.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        // Not the load event, which a busy browser may have sent before anybody waits for it.
        await Assertions.Expect(Page).Not.ToHaveURLAsync(new Regex("sign-in"), new() { Timeout = 60_000 });
        await Page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached, Timeout = 60_000 });
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
