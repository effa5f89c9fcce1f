using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Pages;

/// <summary>
/// The pages of who keeps galleries, supervises and audits, in a browser: what is seen without scrolling at three widths and in both
/// schemes, what the keyboard reaches, and that nothing is lost by Back and by loading anew.
/// </summary>
public class KeeperTests(BrowserService service) : IClassFixture<BrowserService>
{
    private static readonly (int Width, int Height, ColorScheme Scheme)[] Screens =
    [
        (1440, 900, ColorScheme.Light), (1024, 768, ColorScheme.Dark), (390, 844, ColorScheme.Light), (390, 844, ColorScheme.Dark),
    ];

    // How many of some elements are wholly within the window.
    private const string Within = """
        all => all.filter(e => { const b = e.getBoundingClientRect();
          return b.width > 0 && b.left >= -1 && b.top >= -1 && b.right <= innerWidth + 1 && b.bottom <= innerHeight + 1; }).length
        """;

    [Fact]
    public async Task A_gallery_of_many_is_looked_through_filtered_and_thinned_out_and_Back_and_reload_lose_nothing()
    {
        await using var tab = await service.OpenAsync(1440, 900);
        var page = tab.Page;
        await FilledAsync("many", 56);
        await tab.SignInAsync();
        await page.GotoAsync("/galleries/many/subjects");
        await Assertions.Expect(page.Locator("[data-chosen]")).ToHaveTextAsync("56 subjects");
        // Thumbnails load as one scrolls: those far below the window are not asked for.
        await page.Locator(".people img").First.EvaluateAsync("image => image.decode()");
        var loaded = await LoadedAsync();
        Assert.InRange(loaded, 1, 49);
        await page.Locator(".people li").Last.ScrollIntoViewIfNeededAsync();
        await page.Locator(".people img").Last.EvaluateAsync("image => image.decode()");
        Assert.True(await LoadedAsync() > loaded);

        foreach (var (width, height, scheme) in Screens)
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.EvaluateAsync("scrollTo(0, 0)");
            Assert.True(
                await page.Locator(".people li").EvaluateAllAsync<int>(Within) >= (width >= 1024 ? 6 : 2), $"at {width} × {height}");
            Assert.Equal(2, await page.Locator(".listbar button").EvaluateAllAsync<int>(Within));
            await SoundAsync(tab);
        }

        // A filter by biographics is in no address, and holds on the next page, after Back and after loading anew.
        await page.SetViewportSizeAsync(1440, 900);
        await page.GetByText("Search and sort").ClickAsync();
        await page.GetByLabel("Biographics, a condition a line").FillAsync("town=Bonn");
        await page.GetByLabel("Order").SelectOptionAsync("newest");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-chosen]")).ToHaveTextAsync("28 subjects found");
        Assert.DoesNotContain("Bonn", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("[data-chosen]")).ToHaveTextAsync("28 subjects found");
        var first = await page.Locator(".people h2").First.InnerTextAsync();

        // By keys alone: the first two are ticked, and what happens is said before it happens.
        await page.Locator("[data-one]").First.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("checkbox", await page.EvaluateAsync<string>("document.activeElement.type"));
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator("[data-chosen]")).ToHaveTextAsync("2 of 28 on this page ticked");
        await page.Locator(".people h2 a").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(first);
        await SoundAsync(tab);
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("[data-chosen]")).ToHaveTextAsync("2 of 28 on this page ticked");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the ticked" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Remove 2 subjects of many?");
        await SoundAsync(tab);
        await page.GetByLabel("Type how many").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove for good" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-chosen]")).ToHaveTextAsync("26 subjects found");
        Assert.Empty(tab.Errors);

        Task<int> LoadedAsync() => page.Locator(".people img").EvaluateAllAsync<int>(
            "all => all.filter(image => image.complete && image.naturalWidth > 0).length");
    }

    [Fact]
    public async Task Two_who_may_be_one_are_seen_side_by_side_with_what_may_become_of_them()
    {
        await using var tab = await service.OpenAsync(1440, 900);
        var page = tab.Page;
        await FilledAsync("alike", 2 * service.Portraits.Count);
        await tab.SignInAsync();
        await page.GotoAsync("/galleries/alike/duplicates");
        await page.GetByLabel("Score from which on two are alike").FillAsync("0.9");
        await page.GetByRole(AriaRole.Button, new() { Name = "Look for duplicates" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("under way");
        for (var look = 0; look < 600 && await page.GetByText("Look again").CountAsync() > 0; look++)
            await page.ReloadAsync();
        var pairs = await page.Locator(".twins").CountAsync();
        Assert.True(pairs >= 2);
        foreach (var (width, height, scheme) in Screens)
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.Locator(".twins").First.EvaluateAsync("e => e.scrollIntoView()");
            // Both faces and all three answers at once.
            var pair = page.Locator(".twins").First;
            Assert.Equal(2, await pair.Locator("img").EvaluateAllAsync<int>(Within));
            Assert.Equal(3, await pair.Locator("form > .actions button").EvaluateAllAsync<int>(Within));
            await SoundAsync(tab);
        }
        await page.SetViewportSizeAsync(1440, 900);
        await page.Locator(".twins").First.GetByRole(AriaRole.Button, new() { Name = "keep apart" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("not asked for again");
        await page.Locator(".twins").First.GetByRole(AriaRole.Button, new() { Name = "merge into" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("one subject now");
        await Assertions.Expect(page.Locator(".twins")).ToHaveCountAsync(pairs - 2);
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Of_a_group_photo_the_face_is_enrolled_that_is_clicked_on()
    {
        await using var tab = await service.OpenAsync(1024, 768);
        var page = tab.Page;
        using (var admin = service.Admin())
            await admin.CreateGalleryAsync("clicked");
        await tab.SignInAsync();
        await page.GotoAsync("/galleries/clicked/enrol");
        await page.GetByLabel("Photos", new() { Exact = true }).SetInputFilesAsync(
            new FilePayload { Name = "group.jpg", MimeType = "image/jpeg", Buffer = BrowserService.Group });
        await page.GetByLabel("Subject of all of them").FillAsync("the-second");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enrol", Exact = true }).ClickAsync();
        var face = page.GetByRole(AriaRole.Button, new() { Name = "Enrol face 2" });
        await Assertions.Expect(face).ToBeVisibleAsync(new() { Timeout = 180_000 });
        // The browser's own copy of the photo shows who is meant.
        await Assertions.Expect(face.Locator("canvas")).ToHaveCountAsync(1);
        Assert.True(await face.Locator("canvas").EvaluateAsync<bool>(
            "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size > 50"));
        await SoundAsync(tab);
        await face.ClickAsync();
        await Assertions.Expect(page.Locator("#results li")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#results li")).ToContainTextAsync("Enrolled", new() { Timeout = 180_000 });
        await Assertions.Expect(page.Locator("#results li")).ToBeFocusedAsync();
        using var keeper = service.Admin();
        await page.GotoAsync("/galleries/clicked/subjects/record?subject=the-second");
        await Assertions.Expect(page.Locator("figcaption")).ToContainTextAsync("face 2 of");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Supervisors_and_auditors_see_cards_sentences_and_what_they_lead_to_at_every_width()
    {
        await using var tab = await service.OpenAsync(1440, 900);
        var page = tab.Page;
        await FilledAsync("overseen", 2);
        using (var agent = await PageClient.SignedInAsync(service, FirstAdministrator.Organisation, Role.Agent))
        {
            using var made = await agent.SendAsync(
                "/search", true, [("image", service.Probes.First().Value, "p.jpg")],
                [("gallery", "overseen"), ("caseNumber", "C-77"), ("basis", "18 USC 1956")]);
            Assert.True(made.IsSuccessStatusCode);
        }
        var reports = Path.Combine(service.Data, "reports", "first");
        Directory.CreateDirectory(reports);
        await File.WriteAllTextAsync(Path.Combine(reports, "report.html"), "<!DOCTYPE html><title>r</title>");
        await tab.SignInAsync();
        foreach (var (width, height, scheme) in Screens)
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var path in new[]
            {
                "/oversight?case=C-77", "/oversight/expiring?days=400", "/audit", "/audit?case=C-77", "/reports",
                "/galleries/overseen/subjects/quality",
            })
            {
                await page.GotoAsync(path);
                await page.EvaluateAsync("for (const details of document.querySelectorAll('main details')) details.open = true;");
                await SoundAsync(tab);
            }
        }
        await page.SetViewportSizeAsync(1440, 900);
        await page.GotoAsync("/oversight?case=C-77");
        // Purpose and galleries are in view, and the faces are asked for when somebody wants to see them.
        Assert.Equal(1, await page.Locator(".card dd", new() { HasText = "C-77 · 18 USC 1956" }).EvaluateAllAsync<int>(Within));
        await page.Locator("summary", new() { HasText = "Candidates" }).ClickAsync();
        await Assertions.Expect(page.Locator(".thumbs img").First).ToBeVisibleAsync();
        await page.Locator(".thumbs img").First.EvaluateAsync("image => image.decode()");
        await page.Locator("summary", new() { HasText = "Record a finding" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("radio", await page.EvaluateAsync<string>("document.activeElement.type"));
        await Assertions.Expect(page.Locator("fieldset")).ToContainTextAsync("open to supervisors alone");
        await page.GotoAsync("/audit?case=C-77");
        await Assertions.Expect(page.Locator("td.sentence").First).ToContainTextAsync(new Regex("searched overseen for case C-77"));
        Assert.Empty(tab.Errors);
    }

    /// <summary>Writes the picture of the guide for supervisors; the README of the service has the command.</summary>
    [Fact(Explicit = true)]
    public async Task Picture_for_the_guide()
    {
        var folder = Environment.GetEnvironmentVariable("MATCHENGINE_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "MATCHENGINE_SCREENSHOTS names no folder that would get the picture");
        await using var tab = await service.OpenAsync(1200, 900);
        await FilledAsync("people", service.Portraits.Count);
        using (var agent = await PageClient.SignedInAsync(service, FirstAdministrator.Organisation, Role.Agent))
        {
            using var made = await agent.SendAsync(
                "/search", true, [("image", service.Probes.First().Value, "p.jpg")],
                [("gallery", "people"), ("caseNumber", "C-2026-17"), ("basis", "18 USC 1956"), ("requester", "Field office")]);
            Assert.True(made.IsSuccessStatusCode);
        }
        await tab.SignInAsync();
        await tab.Page.GotoAsync("/oversight");
        foreach (var summary in new[] { "Candidates", "Record a finding" })
            await tab.Page.Locator("summary", new() { HasText = summary }).First.ClickAsync();
        await tab.Page.Locator(".thumbs img").First.EvaluateAsync("image => image.decode()");
        await tab.Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(TestData.Repository, folder, "review-a-search.jpg"),
            Type = ScreenshotType.Jpeg,
            Quality = 80,
        });
    }

    /// <summary>A gallery with so many subjects, of a few people, the portraits in turn.</summary>
    private async Task FilledAsync(string gallery, int subjects)
    {
        // Skipped before anything is enrolled where there is no browser.
        await (await service.OpenAsync()).DisposeAsync();
        using var admin = service.Admin();
        await admin.CreateGalleryAsync(gallery);
        var portraits = service.Portraits.Values.ToList();
        for (var i = 0; i < subjects; i++)
            await admin.EnrolAsync(
                gallery, $"person-{i:000}", portraits[i % portraits.Count],
                new { metadata = new { town = i % 2 == 0 ? "Berlin" : "Bonn" } });
    }

    private static async Task SoundAsync(Tab tab)
    {
        Assert.True(
            await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            $"{tab.Page.Url} is wider than {tab.Page.ViewportSize!.Width}");
        var broken = await tab.BrokenAsync();
        Assert.True(broken.GetArrayLength() == 0, $"{tab.Page.Url} at {tab.Page.ViewportSize!.Width}: {broken}");
    }
}
