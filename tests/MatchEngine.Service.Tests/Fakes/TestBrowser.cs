using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>Debian's chromium. Where there is none its tests are skipped and say so.</summary>
internal sealed class TestBrowser : IAsyncDisposable
{
    private static readonly string? Chromium = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name =>
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private TestBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it; null where there is none.</summary>
    public static async Task<TestBrowser?> LaunchAsync()
    {
        if (Chromium is null)
            return null;
        var playwright = await Playwright.CreateAsync();
        return new TestBrowser(playwright, await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox"] }));
    }

    /// <summary>
    /// A fresh browser profile that is off-line but for these addresses, the first of them its own; the calling test is skipped where there
    /// is no browser. Certificates are not looked at.
    /// </summary>
    public static async Task<Tab> OpenAsync(
        TestBrowser? browser, Uri[] addresses, int width = 1200, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        if (browser is null)
            Assert.Skip("needs a browser: install Debian's package chromium");
        var context = await browser._browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = addresses[0].ToString(),
            IgnoreHTTPSErrors = true,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        // Whatever a page asks of another address is an error: the service works off-line.
        await context.RouteAsync(
            url => !addresses.Any(address => url.StartsWith(address.ToString(), StringComparison.Ordinal))
                && !url.StartsWith("blob:", StringComparison.Ordinal),
            route => route.AbortAsync());
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        return new Tab(context, page);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
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

    /// <summary>Its cookies.</summary>
    public Task<IReadOnlyList<BrowserContextCookiesResult>> CookiesAsync() => _context.CookiesAsync();

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
