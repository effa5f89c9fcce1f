using MatchEngine.Tests;
using MatchEngine.Vetting.Dossiers;
using Microsoft.Playwright;

namespace MatchEngine.Vetting.Tests.Dossiers;

/// <summary>The page in a browser that is off-line. Without a browser the tests are skipped and say so.</summary>
public sealed class DossierBrowserTests : IAsyncLifetime
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"dossier-{Guid.NewGuid():N}.html");
    private Chromium? _chromium;

    public async ValueTask InitializeAsync()
    {
        _chromium = await Chromium.LaunchAsync();
        await File.WriteAllTextAsync(_file, DossierPage.Make(DossierJson.Make(SampleDossier.Of(told: SampleDossier.Hostile))));
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_file);
        if (_chromium is not null)
            await _chromium.DisposeAsync();
    }

    /// <summary>Writes the picture of the README, of the worked dossier; docs/vetting.md has the command.</summary>
    [Fact(Explicit = true)]
    public async Task Picture_for_the_README()
    {
        var folder = Environment.GetEnvironmentVariable("MATCHENGINE_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "MATCHENGINE_SCREENSHOTS names no folder that would get the picture");
        var page = await OpenAsync(1280, file: Path.Combine(TestData.Repository, "eval", "results", "dossier", "dossier.html"));
        await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(TestData.Repository, folder, "dossier.jpg"), Type = ScreenshotType.Jpeg, Quality = 80,
        });
    }

    private async Task<IPage> OpenAsync(int width, Media media = Media.Screen, string? file = null)
    {
        var context = await Chromium.NewProfileAsync(_chromium, new BrowserNewContextOptions
        {
            Offline = true, ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        var page = await context.NewPageAsync();
        page.Dialog += (_, dialog) => _dialogs.Add(dialog.Message);
        page.PageError += (_, error) => _dialogs.Add(error);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = media });
        await page.GotoAsync(new Uri(file ?? _file).AbsoluteUri);
        return page;
    }

    private readonly List<string> _dialogs = [];

    /// <summary>What reaches beyond the page's width, where the page can be scrolled sideways.</summary>
    private static Task<string> BeyondAsync(IPage page, int width) => page.EvaluateAsync<string>(
        "width => document.scrollingElement.scrollWidth <= width ? '' : [...document.querySelectorAll('main *')]"
            + ".filter(e => e.getBoundingClientRect().right > width + 1).slice(0, 5)"
            + ".map(e => e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 60)).join(' | ')", width);

    [Theory]
    [InlineData(360)]
    [InlineData(1200)]
    public async Task It_fits_a_phone_and_a_screen_and_what_a_target_says_does_nothing(int width)
    {
        var page = await OpenAsync(width);
        Assert.Equal("", await BeyondAsync(page, width));
        Assert.Empty(_dialogs);
        Assert.Equal(0, await page.Locator("script, img, iframe, object").CountAsync());
        Assert.Contains(
            "<script>alert(1)</script>", await page.Locator("#what-was-tested").Locator("..").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.Locator("figure.plot svg[role=img]").CountAsync() >= 4);
    }

    [Fact]
    public async Task In_print_what_is_folded_away_is_there_and_nothing_is_cut_off()
    {
        var page = await OpenAsync(700, Media.Print);
        // The label below the last tick of an axis may reach into the margin of the sheet, which is wider.
        const int Margin = 20;
        Assert.Equal("", await BeyondAsync(page, 700 + Margin));
        Assert.True(await page.Locator("details table").First.IsVisibleAsync());
        Assert.False(await page.Locator("details > summary").First.IsVisibleAsync());
        var pdf = await page.PdfAsync(new PagePdfOptions { Format = "A4" });
        Assert.Equal("%PDF"u8.ToArray(), pdf[..4]);
        Assert.InRange(pdf.Length, 20_000, 10_000_000);
    }
}
