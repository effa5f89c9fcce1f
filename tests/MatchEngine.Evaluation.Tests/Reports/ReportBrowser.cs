using MatchEngine.Tests;
using Microsoft.Playwright;

namespace MatchEngine.Evaluation.Tests.Reports;

/// <summary>A browser that is off-line and runs no script. Without one the tests are skipped and say so.</summary>
public sealed class ReportBrowser : IAsyncLifetime
{
    private Chromium? _chromium;

    public async ValueTask InitializeAsync() => _chromium = await Chromium.LaunchAsync();

    /// <summary>Opens a file.</summary>
    internal async Task<IPage> OpenAsync(string file, int width, ColorScheme scheme, Media media = Media.Screen, bool withScript = true)
    {
        var context = await Chromium.NewProfileAsync(_chromium, new BrowserNewContextOptions
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
        if (_chromium is not null)
            await _chromium.DisposeAsync();
    }
}
