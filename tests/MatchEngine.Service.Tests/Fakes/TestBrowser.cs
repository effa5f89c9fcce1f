using System.Text.Json;
using System.Text.RegularExpressions;
using MatchEngine.Tests;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>A browser that sees the service and nothing else.</summary>
internal sealed class TestBrowser : IAsyncDisposable
{
    private readonly Chromium _chromium;

    private TestBrowser(Chromium chromium) => _chromium = chromium;

    /// <summary>Starts it; null where there is none.</summary>
    public static async Task<TestBrowser?> LaunchAsync() =>
        await Chromium.LaunchAsync() is { } chromium ? new TestBrowser(chromium) : null;

    /// <summary>
    /// A fresh browser profile that is off-line but for these addresses, the first of them its own; the calling test is skipped where there
    /// is no browser. Certificates are not looked at.
    /// </summary>
    public static async Task<Tab> OpenAsync(
        TestBrowser? browser, Uri[] addresses, int width = 1200, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await Chromium.NewProfileAsync(browser?._chromium, new BrowserNewContextOptions
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

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();
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

    /// <summary>What breaks a rule of accessibility on the page as it stands, in words; nothing is an empty array.</summary>
    public async Task<JsonElement> BrokenAsync()
    {
        await Page.EvaluateAsync(await Chromium.AxeAsync());
        return await Page.EvaluateAsync<JsonElement>(
            "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => "
                + "r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target + ' ' + n.failureSummary).join(' | ')}`))");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
