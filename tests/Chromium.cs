using Microsoft.Playwright;

namespace MatchEngine.Tests;

/// <summary>Debian's chromium, for the rooms that have pages. Where there is none their tests are skipped and say so.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string? Program = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name =>
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it; null where there is none.</summary>
    public static async Task<Chromium?> LaunchAsync()
    {
        if (Program is null)
            return null;
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox"] }));
    }

    /// <summary>A fresh profile; the calling test is skipped where there is no browser.</summary>
    public static Task<IBrowserContext> NewProfileAsync(Chromium? chromium, BrowserNewContextOptions options)
    {
        if (chromium is null)
            Assert.Skip("needs a browser: install Debian's package chromium");
        return chromium._browser.NewContextAsync(options);
    }

    /// <summary>The source of axe-core, which looks for what shuts readers out.</summary>
    public static async Task<string> AxeAsync() => await File.ReadAllTextAsync(
        Path.Combine(await NpmPackages.RequireAsync("accessibility"), "node_modules", "axe-core", "axe.min.js"));

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
