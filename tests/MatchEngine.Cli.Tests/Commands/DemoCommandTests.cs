using System.Text.Json;
using System.Text.RegularExpressions;
using MatchEngine.Tests;
using Microsoft.Playwright;

namespace MatchEngine.Cli.Tests.Commands;

public sealed class DemoCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_demo_finds_altered_faces_and_no_strangers_and_its_page_shows_every_search_the_misses_first()
    {
        var demo = _cli.Run("demo", "--json").Expect(0).Json;
        var searches = demo.GetProperty("searches").EnumerateArray().ToList();
        var altered = searches.Where(search => search.GetProperty("mate").GetString() is not null).ToList();
        Assert.Equal(17 * 4, altered.Count);
        var missed = altered.Where(search => !search.GetProperty("mateAtRank1").GetBoolean()).ToList();
        Assert.InRange(missed.Count, 0, 6);
        var strangers = searches.Except(altered).ToList();
        Assert.Equal(5, strangers.Count);
        Assert.All(strangers, search => Assert.Equal(0, search.GetProperty("candidates").GetArrayLength()));

        var page = File.ReadAllText(_cli.File("matchengine-demo.html"));
        Assert.Contains("plumbing, not accuracy", page, StringComparison.Ordinal);
        Assert.Contains("@vladmandic/face-api", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        // Each miss by itself before all searches, and each search among those.
        var wrong = page.IndexOf("What went wrong: ", StringComparison.Ordinal);
        var all = page.IndexOf("All 68 searches", StringComparison.Ordinal);
        Assert.InRange(wrong, 0, all);
        Assert.Contains($"What went wrong: {missed.Count} of 73 searches", page, StringComparison.Ordinal);
        Assert.Equal(missed.Count, Regex.Count(page, "class=\"card case\""));
        Assert.Equal(68 - missed.Count, Regex.Count(page, "✓ rank 1, score 0\\."));
        Assert.Equal(missed.Count, Regex.Count(page[all..], ": ✗ "));
        Assert.Equal(5, Regex.Count(page, "✓ empty list"));
        // Who names a wrong person says whom.
        Assert.Equal(
            missed.Count(search =>
                search.GetProperty("candidates") is { ValueKind: JsonValueKind.Array } listed && listed.GetArrayLength() > 0),
            Regex.Count(page[wrong..all], "<h3>[^<]*names a wrong person, "));
        // The demo's galleries are gone; it made nothing but the page.
        Assert.Equal(["matchengine-demo.html"], Directory.GetFileSystemEntries(_cli.Folder).Select(Path.GetFileName));
        await SoundAsync(_cli.File("matchengine-demo.html"));
    }

    /// <summary>Writes the picture of README; the README of the service has the command.</summary>
    [Fact(Explicit = true)]
    public async Task Picture_for_the_readme()
    {
        var folder = Environment.GetEnvironmentVariable("MATCHENGINE_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "MATCHENGINE_SCREENSHOTS names no folder that would get the picture");
        _cli.Run("demo").Expect(0);
        await using var chromium = await Chromium.LaunchAsync();
        await using var profile = await Chromium.NewProfileAsync(
            chromium, new BrowserNewContextOptions { Offline = true, ViewportSize = new ViewportSize { Width = 1100, Height = 1150 } });
        var page = await profile.NewPageAsync();
        await page.GotoAsync(new Uri(_cli.File("matchengine-demo.html")).AbsoluteUri);
        await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(TestData.Repository, folder, "demo.jpg"),
            Type = ScreenshotType.Jpeg,
            Quality = 80,
        });
    }

    /// <summary>At two widths and in both schemes nothing is wider than the window, and axe finds nothing.</summary>
    private static async Task SoundAsync(string file)
    {
        await using var chromium = await Chromium.LaunchAsync();
        if (chromium is null)
            return;
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (390, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await using var profile = await Chromium.NewProfileAsync(chromium, new BrowserNewContextOptions
            {
                Offline = true, ViewportSize = new ViewportSize { Width = width, Height = 844 }, ColorScheme = scheme,
            });
            var page = await profile.NewPageAsync();
            await page.GotoAsync(new Uri(file).AbsoluteUri);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"wider than {width}");
            // What came of it all is read without scrolling.
            Assert.True(await page.Locator(".numbers strong").First.EvaluateAsync<bool>(
                "e => e.getBoundingClientRect().bottom <= innerHeight"));
            Assert.Equal(scheme == ColorScheme.Dark, await page.EvaluateAsync<bool>(
                "getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)'"));
            await page.EvaluateAsync(await Chromium.AxeAsync());
            Assert.Equal("", await page.EvaluateAsync<string>(
                "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => "
                    + "r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target).join(' | ')}`).join('\\n'))"));
        }
    }
}
