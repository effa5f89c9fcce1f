using MatchEngine.Tests;
using Microsoft.Playwright;

namespace MatchEngine.Evaluation.Tests.Reports;

/// <summary>A browser that is off-line and runs no script. Without one the tests are skipped and say so.</summary>
public sealed class ReportBrowser : IAsyncLifetime
{
    private static readonly string? Chromium = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name =>
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Chromium is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
    }

    /// <summary>Opens a file.</summary>
    internal async Task<IPage> OpenAsync(string file, int width, ColorScheme scheme, Media media = Media.Screen, bool withScript = true)
    {
        if (_browser is null)
            Assert.Skip("needs a browser: install Debian's package chromium");
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            Offline = true,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            JavaScriptEnabled = withScript,
        });
        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = media, ColorScheme = scheme });
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>The source of axe-core, which looks for what shuts readers out.</summary>
    internal static async Task<string> AxeAsync() => await File.ReadAllTextAsync(
        Path.Combine(await NpmPackages.RequireAsync("accessibility"), "node_modules", "axe-core", "axe.min.js"));
}
