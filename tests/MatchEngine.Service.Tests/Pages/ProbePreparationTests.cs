using System.Text.RegularExpressions;
using MatchEngine.Frs.Searching;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Pages;

/// <summary>A probe prepared in a browser, and what is found again of a search afterwards: with the real networks.</summary>
public class ProbePreparationTests(BrowserService service) : IClassFixture<BrowserService>
{
    [Fact]
    public async Task A_face_is_clicked_on_cut_out_and_searched_with_and_Back_and_reload_lose_neither_list_nor_terms()
    {
        await using var tab = await service.OpenAsync(1440, 900);
        var page = tab.Page;
        await FilledAsync(tab, "cut-out");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find the faces" }).ClickAsync();
        var frames = page.Locator("#result .face-frame");
        await Assertions.Expect(frames.Nth(1)).ToBeVisibleAsync(new() { Timeout = 180_000 });
        // The frames lie on the photo, where the faces are.
        var photo = (await page.Locator("#result .picture img").BoundingBoxAsync())!;
        foreach (var frame in await frames.AllAsync())
        {
            var box = (await frame.BoundingBoxAsync())!;
            Assert.True(box.X >= photo.X - 4 && box.X + box.Width <= photo.X + photo.Width + 4 && box.Width > 8, $"{box.X} {box.Width}");
        }
        await page.Locator("#result .face-frame", new() { HasTextRegex = new Regex("^2$") }).ClickAsync();
        await Assertions.Expect(page.Locator("#face-at")).ToHaveValueAsync(new Regex(@"^\d+,\d+$"));
        await Assertions.Expect(page.Locator("#result .found [aria-pressed=true]")).ToHaveTextAsync("Face 2");
        var chosen = await page.Locator("#result .found [aria-pressed=true]").GetAttributeAsync("data-face-box");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#rank-1")).ToContainTextAsync("photo3-face2", new() { Timeout = 180_000 });

        // The same face cut out by dragging, with other light; the number above is of the photo before.
        await page.Locator("#face-at").FillAsync("");
        await page.Locator("[data-prepare] summary").ClickAsync();
        var around = chosen!.Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        await page.Locator("[data-stage-photo]").ScrollIntoViewIfNeededAsync();
        var stage = (await page.Locator("[data-stage-photo]").BoundingBoxAsync())!;
        var k = stage.Width / await page.EvaluateAsync<double>("document.querySelector('.preview img').naturalWidth");
        async Task MoveAsync(double x, double y) => await page.Mouse.MoveAsync((float)(stage.X + k * x), (float)(stage.Y + k * y));
        await MoveAsync(around[0] - 0.35 * around[2], around[1] - 0.35 * around[3]);
        await page.Mouse.DownAsync();
        await MoveAsync(around[0] + around[2], around[1] + around[3]);
        await MoveAsync(around[0] + 1.35 * around[2], around[1] + 1.35 * around[3]);
        await page.Mouse.UpAsync();
        Assert.InRange(double.Parse(await page.Locator("#cropWidth").InputValueAsync()), 1.5 * around[2], 1.9 * around[2]);
        await Assertions.Expect(page.Locator("[data-prepare-state]")).ToContainTextAsync("is not done");
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn right" }).ClickAsync();
        await Assertions.Expect(page.Locator("#turn")).ToHaveValueAsync("90");
        await page.Locator("#turn").FillAsync("8");
        await page.Locator("#brightness").FillAsync("115");
        await page.GetByLabel("the prepared photo").CheckAsync();
        await Assertions.Expect(page.Locator("[data-prepare-state]")).ToContainTextAsync("will be prepared");
        foreach (var (width, height, scheme) in new[]
        {
            (1440, 900, ColorScheme.Dark), (1024, 768, ColorScheme.Light), (390, 844, ColorScheme.Dark), (1440, 900, ColorScheme.Light),
        })
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            // Both pictures are seen at once, and beside one another.
            await page.Locator("[data-stage]").ScrollIntoViewIfNeededAsync();
            var boxes = new[]
            {
                (await page.Locator("[data-stage-photo]").BoundingBoxAsync())!,
                (await page.Locator("[data-stage-prepared]").BoundingBoxAsync())!,
            };
            Assert.All(boxes, box => Assert.True(
                box.X >= 0 && box.Y >= 0 && box.X + box.Width <= width && box.Y + box.Height <= height, $"{width}: {box.X}, {box.Y}"));
            Assert.True(boxes[0].X + boxes[0].Width <= boxes[1].X);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{width} scrolls sideways");
            await SoundAsync(tab);
        }
        await page.Locator("#cropX").FocusAsync();
        foreach (var next in new[]
        {
            "#cropY", "#cropWidth", "#cropHeight", "#turn", "#brightness", "#contrast", "#gamma", "[data-quarter='-90']",
            "[data-quarter='90']", "[data-unprepare]", "#searched-prepared",
        })
        {
            await page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(page.Locator(next)).ToBeFocusedAsync();
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync(
            "turned 8° clockwise; brightness 115 %", new() { Timeout = 180_000 });
        await Assertions.Expect(page.Locator("#rank-1")).ToContainTextAsync("photo3-face2");

        // The address is that of the list: a reload has it, and the terms, but no photo; so has Back.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/search\?made="));
        await page.ReloadAsync();
        await ListedAsync();
        await page.Locator("#rank-1 .actions a", new() { HasText = "Record" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/candidates/1$"));
        await page.GoBackAsync();
        await ListedAsync();
        await SoundAsync(tab);
        var id = Regex.Match(page.Url, "made=([0-9a-f-]+)").Groups[1].Value;
        var kept = service.Get<ISearches>().Find(id)!.Preparation!;
        Assert.Equal((8, 115), (kept.Turn, kept.Brightness));
        await page.GotoAsync($"/searches/{id}");
        await Assertions.Expect(page.Locator(".facts").First).ToContainTextAsync("turned 8° clockwise");
        await Assertions.Expect(page.Locator("#rank-1 img.face")).ToBeVisibleAsync();
        await SoundAsync(tab);
        Assert.Empty(tab.Errors);

        async Task ListedAsync()
        {
            await Assertions.Expect(page.Locator("#rank-1")).ToContainTextAsync("photo3-face2");
            await Assertions.Expect(page.GetByLabel("Case number")).ToHaveValueAsync("C-77");
            await Assertions.Expect(page.GetByLabel("cut-out")).ToBeCheckedAsync();
        }
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_field_and_a_case_has_its_searches_and_its_notes_which_are_not_left_unsent()
    {
        await using var tab = await service.OpenAsync(1024, 768, ColorScheme.Dark);
        var page = tab.Page;
        await FilledAsync(tab, "worded");
        await page.Locator("#face-at").FillAsync("1");
        await page.EvaluateAsync("document.querySelector('#search-form').noValidate = true");
        await page.Locator("#listLength").FillAsync("50000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(
            "Please look at the form again. “Largest number of candidates” lies within 1", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("#listLength")).ToBeFocusedAsync();
        Assert.Equal(["true", null, "result"], [
            await page.Locator("#listLength").GetAttributeAsync("aria-invalid"),
            await page.Locator("#basis").GetAttributeAsync("aria-invalid"),
            await page.Locator("#listLength").GetAttributeAsync("aria-describedby"),
        ]);
        await page.Locator("#listLength").FillAsync("");
        // A field in a fold is unfolded.
        await page.Locator("#turn").EvaluateAsync("e => { e.value = '999'; }");
        await page.Locator("#searched-prepared").EvaluateAsync("e => { e.checked = true; }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("“Turn clockwise” is -180 to 180 degrees");
        await Assertions.Expect(page.Locator("#turn")).ToBeFocusedAsync();
        await SoundAsync(tab);
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#rank-1")).ToContainTextAsync("photo3-face1", new() { Timeout = 180_000 });

        await page.GotoAsync("/searches?caseNumber=C-77");
        await page.GetByRole(AriaRole.Link, new() { Name = "C-77" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "C-77" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Case C-77" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("nobody has looked yet");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Nothing is written down yet.");
        foreach (var (width, height) in new[] { (1440, 900), (390, 844) })
        {
            await page.SetViewportSizeAsync(width, height);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{width} scrolls sideways");
            await SoundAsync(tab);
        }
        await page.Locator("#note").FillAsync("a scar that the second photo lacks");
        var asked = new TaskCompletionSource<string>();
        page.Dialog += (_, dialog) => { asked.TrySetResult(dialog.Type); _ = dialog.DismissAsync(); };
        await page.EvaluateAsync("setTimeout(() => location.assign('/cases'))");
        Assert.Equal("beforeunload", await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await page.GetByRole(AriaRole.Button, new() { Name = "Write it down" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your note was written down.");
        await Assertions.Expect(page.Locator(".told")).ToContainTextAsync("a scar that the second photo lacks");
        await page.GotoAsync("/searches?caseNumber=none-of-these");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("take the filters away");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task A_comparison_is_printed_with_what_it_belongs_to_and_both_photos_whole()
    {
        await using var tab = await service.OpenAsync(794, 1123);
        await tab.SignInAsync();
        var page = tab.Page;
        await page.GotoAsync("/compare");
        foreach (var (field, photo) in new[] { ("#first", service.Portraits["photo3-face1"]), ("#second", service.Probes["photo3-face1"]) })
            await page.Locator(field).SetInputFilesAsync(new FilePayload { Name = "p.jpg", MimeType = "image/jpeg", Buffer = photo });
        await page.Locator("#caseNumber").FillAsync("C-31");
        await page.Locator("#basis").FillAsync("18 USC 1028");
        await page.Locator("#requester").FillAsync("J. Doe");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#result .probe img")).ToHaveCountAsync(2, new() { Timeout = 180_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Print" })).ToBeVisibleAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        var pdf = await page.PdfAsync(new() { PreferCSSPageSize = true });
        var paper = Assert.Single(await PdfText.PagesAsync(pdf));
        Assert.All(
            new[] { "C-31", "18 USC 1028", "J. Doe", BrowserService.Name, " UTC", "Score 0.", "Leads, not", "Digest of the second" },
            word => Assert.Contains(word, paper, StringComparison.Ordinal));
        Assert.Equal(2, (await PdfText.PicturesAsync(pdf)).Count);
        Assert.Empty(tab.Errors);
    }

    /// <summary>Writes the picture of the guide; the README of the service has the command.</summary>
    [Fact(Explicit = true)]
    public async Task Picture_for_the_guide()
    {
        var folder = Environment.GetEnvironmentVariable("MATCHENGINE_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "MATCHENGINE_SCREENSHOTS names no folder that would get the picture");
        await using var tab = await service.OpenAsync(1280, 800);
        var page = tab.Page;
        await FilledAsync(tab, "wanted");
        await page.Locator("[data-prepare] summary").ClickAsync();
        foreach (var (name, value) in new[]
        {
            ("cropX", "960"), ("cropY", "90"), ("cropWidth", "440"), ("cropHeight", "440"), ("turn", "-8"), ("brightness", "120"),
        })
            await page.Locator($"#{name}").FillAsync(value);
        await page.GetByLabel("the prepared photo").CheckAsync();
        await page.EvaluateAsync("scrollTo(0, document.querySelector('[data-prepare]').getBoundingClientRect().top + scrollY - 20)");
        await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(TestData.Repository, folder, "prepare-a-probe.jpg"),
            Type = ScreenshotType.Jpeg,
            Quality = 80,
        });
    }

    private static async Task SoundAsync(Tab tab)
    {
        var broken = await tab.BrokenAsync();
        Assert.True(broken.GetArrayLength() == 0, $"{tab.Page.Url}: {broken}");
    }

    /// <summary>The search page with a photo of several people, a gallery of them, and a purpose.</summary>
    private async Task FilledAsync(Tab tab, string gallery)
    {
        using (var admin = service.Admin())
        {
            await admin.CreateGalleryAsync(gallery);
            foreach (var (name, portrait) in service.Portraits)
                await admin.EnrolAsync(gallery, name, portrait);
        }
        await tab.SignInAsync();
        var page = tab.Page;
        await page.GotoAsync("/search");
        await page.GetByLabel("A still image of one face").SetInputFilesAsync(
            new FilePayload { Name = "group.jpg", MimeType = "image/jpeg", Buffer = BrowserService.Group });
        await page.GetByLabel(gallery).CheckAsync();
        await page.GetByLabel("Case number").FillAsync("C-77");
        await page.GetByLabel("Statutory violation or other basis").FillAsync("18 USC 1956");
    }
}
