using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Pages;

/// <summary>The examiner's desk in a browser: what is seen without scrolling, what is not lost, and the tools for the eye.</summary>
public class DeskTests(BrowserService service) : IClassFixture<BrowserService>
{
    // Whether something is all within the window, and not covered by another thing.
    private const string Seen = """
        e => { const b = e.getBoundingClientRect();
          return b.width > 0 && b.left >= -1 && b.top >= -1 && b.right <= innerWidth + 1 && b.bottom <= innerHeight + 1
            && e.contains(document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2)); }
        """;

    // Whether a photo fills its pane as the other one does: the same scale, and the same cut.
    private const string SameScale = """
        panes => { const [a, b] = panes.map(pane => { const [i, p] = [pane.querySelector('img'), pane];
            return [p.clientWidth, p.clientHeight, Math.round(i.getBoundingClientRect().height), i.naturalWidth / i.naturalHeight]; });
          return a.join() === b.join(); }
        """;

    [Fact]
    public async Task It_is_one_screen_and_nothing_is_lost_by_changing_the_candidate_by_Back_or_by_reloading()
    {
        await using var tab = await service.OpenAsync(1440, 900);
        var (page, id) = (tab.Page, await TakenAsync(tab, "one-screen"));
        var probe = await page.Locator("[data-pane='0'] img").GetAttributeAsync("src");
        foreach (var (width, height, scheme) in new[]
        {
            (1440, 900, ColorScheme.Light), (1024, 768, ColorScheme.Dark), (1440, 900, ColorScheme.Dark), (1024, 768, ColorScheme.Light),
        })
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var part in new[]
            {
                "[data-pane='0']", "[data-pane='1']", "[data-strip] [aria-current]", "#finding", ".assessment button:not([type])",
                ".disclaimer", "[data-mode]", "[data-do=align]", "[data-do=reset]",
            })
                Assert.True(await page.Locator(part).EvaluateAsync<bool>(Seen), $"{part} is not seen at {width} × {height}");
            Assert.True(
                await page.EvaluateAsync<bool>("document.documentElement.scrollHeight <= innerHeight"), $"{width} × {height} scrolls");
            Assert.True(await page.EvaluateAsync<bool>($"({SameScale})([...document.querySelectorAll('[data-pane]')])"));
            // The photos have the larger part of the screen.
            Assert.True(await page.EvaluateAsync<double>(
                "[...document.querySelectorAll('[data-pane]')].reduce((sum, p) => sum + p.clientWidth * p.clientHeight, 0) "
                    + "/ (innerWidth * innerHeight)") > 0.35);
            await FoldedOutAsync(width, height);
            await SoundAsync(tab);
        }
        await page.SetViewportSizeAsync(390, 844);
        await FoldedOutAsync(390, 844);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            // However far down one writes, both faces stay in view.
            foreach (var place in new[] { "#finding", "#f-other", "#comment" })
            {
                await page.Locator(place).FocusAsync();
                foreach (var part in new[] { "[data-pane='0']", "[data-pane='1']", place })
                    Assert.True(await page.Locator(part).EvaluateAsync<bool>(Seen), $"{part} is not seen beside {place}");
            }
            await SoundAsync(tab);
        }
        await page.SetViewportSizeAsync(1440, 900);

        // What is typed is saved; the page stays the same one while candidates change, and so does the probe.
        await page.EvaluateAsync("window.kept = true");
        await page.Locator("#finding").SelectOptionAsync("limited-support");
        await page.GetByLabel("nose, compared").SelectOptionAsync("similar");
        await page.GetByLabel("nose", new() { Exact = true }).FillAsync("same bridge");
        await Assertions.Expect(page.Locator("[data-draft-state]")).ToHaveTextAsync("Draft saved, not recorded");
        await page.Locator("[data-strip] [aria-current]").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await AtAsync(2, "");
        await page.GetByLabel("ears", new() { Exact = true }).FillAsync("the lobe");
        // At once, and not when it has settled.
        await page.Locator("[data-pane='1']").FocusAsync();
        await page.Keyboard.PressAsync("1");
        await AtAsync(1, "same bridge");
        await Assertions.Expect(page.GetByLabel("nose, compared")).ToHaveValueAsync("similar");
        await page.Keyboard.PressAsync("PageDown");
        await AtAsync(2, "");
        await Assertions.Expect(page.GetByLabel("ears", new() { Exact = true })).ToHaveValueAsync("the lobe");
        await page.GoBackAsync();
        await AtAsync(1, "same bridge");
        Assert.True(await page.EvaluateAsync<bool>("window.kept === true"));
        // A key that writes changes nothing.
        await page.GetByLabel("ears", new() { Exact = true }).FillAsync("");
        await page.Keyboard.TypeAsync("2 lobes");
        await page.Keyboard.PressAsync("ArrowLeft");
        await AtAsync(1, "same bridge");
        await Assertions.Expect(page.Locator("[data-draft-state]")).ToHaveTextAsync("Draft saved, not recorded");
        await page.ReloadAsync();
        await AtAsync(1, "same bridge");
        await Assertions.Expect(page.GetByLabel("ears", new() { Exact = true })).ToHaveValueAsync("2 lobes");
        await Assertions.Expect(page.Locator("#finding")).ToHaveValueAsync("limited-support");
        await page.GotoAsync("/examinations");
        await page.GoBackAsync();
        await AtAsync(1, "same bridge");

        // Recorded, the next one is there, and the page is still the same.
        await page.EvaluateAsync("window.kept = true");
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-strip] [data-number='1']")).ToContainTextAsync("✓");
        await Assertions.Expect(page.Locator("[data-strip] [aria-current]")).ToHaveAttributeAsync("data-number", "2");
        Assert.True(await page.EvaluateAsync<bool>("window.kept === true"));
        // Where the service cannot be reached nothing is lost either.
        await page.RouteAsync("**/draft", route => route.AbortAsync());
        await page.GetByLabel("ears", new() { Exact = true }).FillAsync("still here");
        await Assertions.Expect(page.Locator("[data-draft-state]")).ToContainTextAsync("Not saved");
        await page.Locator("[data-strip] [data-number='1']").ClickAsync();
        await Assertions.Expect(page.GetByLabel("ears", new() { Exact = true })).ToHaveValueAsync("still here");
        // Who would leave is asked.
        var asked = new TaskCompletionSource<string>();
        page.Dialog += (_, dialog) => { asked.TrySetResult(dialog.Type); _ = dialog.DismissAsync(); };
        await page.EvaluateAsync("setTimeout(() => location.assign('/examinations'))");
        Assert.Equal("beforeunload", await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await Assertions.Expect(page.GetByLabel("ears", new() { Exact = true })).ToHaveValueAsync("still here");
        await page.UnrouteAsync("**/draft");
        await page.Locator("[data-strip] [data-number='1']").ClickAsync();
        await AtAsync(1, "same bridge");
        Assert.DoesNotContain(tab.Errors, error => !error.Contains("net::ERR_FAILED", StringComparison.Ordinal));

        // What folds out lies within the window.
        async Task FoldedOutAsync(int width, int height)
        {
            foreach (var fold in await page.Locator("details.pop, details.menu").AllAsync())
            {
                await fold.Locator("summary").PressAsync("Enter");
                var box = (await fold.Locator("> :not(summary)").BoundingBoxAsync())!;
                Assert.True(
                    box.X >= 0 && box.Y >= 0 && box.X + box.Width <= width && box.Y + box.Height <= height,
                    $"{await fold.InnerTextAsync()} lies at {box.X}, {box.Y}, {box.Width} by {box.Height}");
                await fold.Locator("summary").PressAsync("Escape");
                await Assertions.Expect(fold.Locator("> :not(summary)")).ToBeHiddenAsync();
            }
        }

        async Task AtAsync(int number, string nose)
        {
            await Assertions.Expect(page.Locator("[data-strip] [aria-current]")).ToHaveAttributeAsync("data-number", $"{number}");
            await Assertions.Expect(page.Locator(".assessment h2")).ToContainTextAsync($"Rank {number}");
            await Assertions.Expect(page.GetByLabel("nose", new() { Exact = true })).ToHaveValueAsync(nose);
            await Assertions.Expect(page.Locator("[data-pane='1'] img")).ToHaveAttributeAsync(
                "src", new Regex($"{id}/candidates/{number}/picture$"));
            Assert.Equal(probe, await page.Locator("[data-pane='0'] img").GetAttributeAsync("src"));
        }
    }

    [Fact]
    public async Task Each_tool_for_the_eye_is_reached_by_keys_changes_no_picture_and_stands_in_the_record()
    {
        await using var tab = await service.OpenAsync(1440, 900);
        var (page, id) = (tab.Page, await TakenAsync(tab, "tools"));
        var stored = await StoredAsync();
        var (left, right) = (page.Locator("[data-pane='0']"), page.Locator("[data-pane='1']"));

        // The order of the keys: the candidates, the tools, the photos, what is said.
        await page.Locator("[data-strip] li:last-child a").FocusAsync();
        var order = new List<string>();
        for (var stop = 0; stop < 16 && order.LastOrDefault() != "finding"; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            order.Add(await page.EvaluateAsync<string>(
                "(e => e.id || e.dataset.do || e.dataset.pane || e.textContent)(document.activeElement)"));
        }
        Assert.Equal(
            ["bench-side", "out", "in", "fit", "align", "bench-mode", "Adjust", "Measure", "reset", "0", "1", "finding"],
            order);

        // Aligned, the eyes of both lie at the same places, level.
        await page.GetByRole(AriaRole.Button, new() { Name = "Align eyes" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#announce")).ToHaveTextAsync("Aligned by the eyes.", new() { Timeout = 60_000 });
        var (a, b) = (await EyesAsync(left), await EyesAsync(right));
        Assert.All(a.Zip(b), pair => Assert.Equal(pair.First, pair.Second, 1.0));
        Assert.Equal(a[1], a[3], 1.0);

        // To one photo alone, and to both.
        await page.Locator("[data-side]").SelectOptionAsync("1");
        await page.GetByText("Adjust", new() { Exact = true }).PressAsync("Enter");
        await page.GetByLabel("Brightness, %").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.GetByLabel("Mirror").PressAsync("Space");
        Assert.Equal("brightness(1.1)", await FilterAsync(right));
        Assert.Equal("none", await FilterAsync(left));
        await page.Locator("[data-side]").SelectOptionAsync("both");
        foreach (var (name, key) in new[]
        {
            ("Contrast, %", "ArrowRight"), ("Gamma", "ArrowRight"), ("Sharpen", "ArrowRight"), ("Turn, °", "ArrowLeft"),
        })
            await page.GetByLabel(name).PressAsync(key);
        await page.GetByLabel("Grey").PressAsync("Space");
        Assert.Equal("contrast(1.05) grayscale(1) url(\"#bench-gamma-0\") url(\"#bench-sharpen-0\")", await FilterAsync(left));
        Assert.Equal(
            "brightness(1.1) contrast(1.05) grayscale(1) url(\"#bench-gamma-1\") url(\"#bench-sharpen-1\")", await FilterAsync(right));
        await SoundAsync(tab);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByLabel("Grey")).ToBeHiddenAsync();

        // One over the other.
        foreach (var (way, says) in new[] { ("overlay", "opacity"), ("across", "clipPath"), ("down", "clipPath") })
        {
            await page.Locator("[data-mode]").SelectOptionAsync(way);
            await page.Locator("[data-mix]").PressAsync("End");
            await page.Locator("[data-mix]").PressAsync("ArrowLeft");
            Assert.Contains(
                way == "overlay" ? "0.99" : "99%", await right.EvaluateAsync<string>($"e => e.style.{says}"), StringComparison.Ordinal);
            Assert.Equal(await left.BoundingBoxAsync() is { } box ? box.X : -1, (await right.BoundingBoxAsync())!.X);
        }
        await page.Locator("[data-mode]").SelectOptionAsync("blink");
        await Assertions.Expect(right).ToBeHiddenAsync();
        await Assertions.Expect(right).ToBeVisibleAsync();
        await page.Locator("[data-mode]").SelectOptionAsync("beside");

        // A grid whose lines are half an eye distance apart; a ruler in eye distances; a mark with its note: all by keys.
        await page.Locator("summary", new() { HasText = "Measure" }).PressAsync("Enter");
        await page.GetByLabel("Grid, half an eye distance wide").PressAsync("Space");
        var eyes = await EyesAsync(left);
        var lines = await left.Locator("line.grid").EvaluateAllAsync<double[]>(
            "all => all.filter(l => l.getAttribute('x1') === l.getAttribute('x2')).map(l => Number(l.getAttribute('x1')))");
        Assert.Equal(Math.Sqrt(Math.Pow(eyes[2] - eyes[0], 2) + Math.Pow(eyes[3] - eyes[1], 2)) / 2, lines[1] - lines[0], 0.5);
        await page.GetByRole(AriaRole.Button, new() { Name = "Measure", Exact = true }).PressAsync("Enter");
        await Assertions.Expect(left).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        for (var step = 0; step < 5; step++)
            await page.Keyboard.PressAsync("Shift+ArrowRight");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await page.Keyboard.PressAsync("Enter");
        var length = double.Parse(
            (await left.Locator("svg text").InnerHTMLAsync()).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(300 / (2 * (lines[1] - lines[0])), length, 0.02);
        await page.Locator("summary", new() { HasText = "Measure" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mark a place" }).PressAsync("Enter");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("a mole");
        await Assertions.Expect(page.GetByLabel("Note of mark 1 on the probe")).ToHaveValueAsync("a mole");
        await SoundAsync(tab);
        await Assertions.Expect(page.Locator("[data-draft-state]")).Not.ToHaveTextAsync("Typing…");
        await page.WaitForTimeoutAsync(1000);
        await page.ReloadAsync();
        await Assertions.Expect(left.Locator("circle.mark")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("[data-processing]")).ToContainTextAsync("a mole");
        Assert.Equal("contrast(1.05) grayscale(1) url(\"#bench-gamma-0\") url(\"#bench-sharpen-0\")", await FilterAsync(left));

        // All of it can be undone, and what was done stands in the record.
        await page.Locator("#finding").SelectOptionAsync("support");
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-strip] [data-number='1']")).ToContainTextAsync("✓");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset" }).PressAsync("Enter");
        Assert.Equal(("none", "none"), (await FilterAsync(left), await FilterAsync(right)));
        Assert.Equal(stored, await StoredAsync());
        await page.GetByText("Finish or leave").ClickAsync();
        await page.GetByLabel("Set aside the candidates").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Finish and delete the probe" }).ClickAsync();
        var record = page.Locator("[data-processed]");
        await Assertions.Expect(record).ToContainTextAsync("probe: contrast 105 %, gamma 1.1, sharpened 0.1, grey, turned");
        await Assertions.Expect(record).ToContainTextAsync("candidate: brightness 110 %");
        await Assertions.Expect(record).ToContainTextAsync("mirrored");
        await Assertions.Expect(record).ToContainTextAsync("mark 1 on the probe at ");
        await Assertions.Expect(record).ToContainTextAsync(": a mole");
        Assert.Empty(tab.Errors);

        Task<string> FilterAsync(ILocator pane) => pane.Locator("img").EvaluateAsync<string>("image => getComputedStyle(image).filter");

        Task<double[]> EyesAsync(ILocator pane) => pane.Locator("circle.eye").EvaluateAllAsync<double[]>(
            "all => all.flatMap(c => [Number(c.getAttribute('cx')), Number(c.getAttribute('cy'))])");

        Task<string> StoredAsync() => page.EvaluateAsync<string>(
            $"fetch('/examinations/{id}/candidates/1/picture').then(r => r.arrayBuffer()).then(b => crypto.subtle.digest('SHA-256', b))"
                + ".then(d => [...new Uint8Array(d)].join())");
    }

    [Fact]
    public async Task A_probe_of_ones_own_stays_beside_the_candidates_of_a_search_and_is_asked_for_again_after_a_reload()
    {
        await using var tab = await service.OpenAsync(1024, 768);
        await tab.SignInAsync();
        var page = tab.Page;
        var search = await SearchAsync("bench", examine: false);
        await page.GotoAsync($"/bench?search={search}");
        await Assertions.Expect(page.Locator("[data-pane='0'] .pane-empty")).ToContainTextAsync("the service keeps no copy");
        await page.GetByLabel("Probe", new() { Exact = true }).First.SetInputFilesAsync(
            new FilePayload { Name = "p.jpg", MimeType = "image/jpeg", Buffer = service.Probes["photo3-face1"] });
        var probe = page.Locator("[data-pane='0'] img");
        await Assertions.Expect(probe).ToBeVisibleAsync();
        await Assertions.Expect(probe).ToHaveJSPropertyAsync("complete", true);
        // The face is cut out of it as the candidates' are.
        Assert.True(
            await page.EvaluateAsync<bool>("(i => i.naturalWidth === i.naturalHeight)(document.querySelector('[data-pane=\"0\"] img'))"));
        foreach (var part in new[]
        {
            "[data-pane='0']", "[data-pane='1']", "[data-strip] [aria-current]", ".disclaimer", "[data-do=reset]",
        })
            Assert.True(await page.Locator(part).EvaluateAsync<bool>(Seen), $"{part} is not seen");
        var shown = await probe.GetAttributeAsync("src");
        Assert.StartsWith("blob:", shown, StringComparison.Ordinal);
        await page.Locator("[data-pane='1']").FocusAsync();
        await page.Keyboard.PressAsync("3");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("rank=3$"));
        await Assertions.Expect(page.Locator("[data-pane='1'] img")).ToHaveAttributeAsync("src", new Regex("candidates/3/crop"));
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("[data-strip] [aria-current]")).ToHaveAttributeAsync("data-number", "1");
        Assert.Equal(shown, await probe.GetAttributeAsync("src"));
        // Nothing of it lies in a store of the browser.
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));
        await SoundAsync(tab);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#left-help")).ToContainTextAsync("choose it again");
        await Assertions.Expect(probe).ToBeHiddenAsync();
        Assert.Empty(tab.Errors);
    }

    /// <summary>Writes the picture of the guide; the README of the service has the command.</summary>
    [Fact(Explicit = true)]
    public async Task Picture_for_the_guide()
    {
        var folder = Environment.GetEnvironmentVariable("MATCHENGINE_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "MATCHENGINE_SCREENSHOTS names no folder that would get the picture");
        await using var tab = await service.OpenAsync(1280, 800);
        await TakenAsync(tab, "people");
        var page = tab.Page;
        await page.Locator("[data-strip] [data-number='2']").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Align eyes" }).ClickAsync();
        await Assertions.Expect(page.Locator("#announce")).ToHaveTextAsync("Aligned by the eyes.", new() { Timeout = 60_000 });
        await page.Locator("summary", new() { HasText = "Measure" }).ClickAsync();
        await page.GetByLabel("Grid, half an eye distance wide").CheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByLabel("nose, compared").SelectOptionAsync("different");
        await page.GetByLabel("nose", new() { Exact = true }).FillAsync("broader bridge");
        await Assertions.Expect(page.Locator("[data-draft-state]")).ToHaveTextAsync("Draft saved, not recorded");
        await page.EvaluateAsync(
            "document.querySelector('#announce').textContent = ''; document.querySelector('.assessment').scrollTop = 0;");
        await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(TestData.Repository, folder, "examiners-desk.jpg"),
            Type = ScreenshotType.Jpeg,
            Quality = 80,
        });
    }

    private static async Task SoundAsync(Tab tab)
    {
        var broken = await tab.BrokenAsync();
        Assert.True(broken.GetArrayLength() == 0, $"{tab.Page.Url}: {broken}");
    }

    /// <summary>An examination that the page's examiner has taken and looks at.</summary>
    private async Task<string> TakenAsync(Tab tab, string gallery)
    {
        var id = await SearchAsync(gallery, examine: true);
        service.Get<IAccounts>().Add(
            BookChange.None, $"Examiner of {gallery}", FirstAdministrator.Organisation, [Role.Examiner], PageClient.Password);
        await tab.SignInAsync($"Examiner of {gallery}");
        await tab.Page.GotoAsync($"/examinations/{id}");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        foreach (var pane in new[] { "0", "1" })
            await Assertions.Expect(tab.Page.Locator($"[data-pane='{pane}'] img")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        return id;
    }

    /// <summary>A search of a gallery of all portraits; its id, or that of the examination of its list.</summary>
    private async Task<string> SearchAsync(string gallery, bool examine)
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync(gallery);
        foreach (var (name, portrait) in service.Portraits)
            await admin.EnrolAsync(gallery, name, portrait);
        using var agent = await PageClient.SignedInAsync(service, FirstAdministrator.Organisation, Role.Agent);
        using var answer = await agent.SendAsync(
            "/search", true, [("image", service.Probes["photo3-face1"], "p.jpg")],
            [("gallery", gallery), ("caseNumber", "C-1"), ("basis", "b"), .. examine
                ? [("examine", "on")]
                : Array.Empty<(string, string)>()]);
        return Regex.Match(
            await answer.Content.ReadAsStringAsync(), $"href=\"/{(examine ? "examinations" : "searches")}/([0-9a-f-]+)\"").Groups[1].Value;
    }
}
