using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Examining;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Pages;

/// <summary>A list of twenty candidates in a browser, from a gallery that is large enough to say something of strangers.</summary>
public class CandidateListTests(CandidateListTests.PeopledService service) : IClassFixture<CandidateListTests.PeopledService>
{
    // Whether something has the focus and is seen: no bar lies over it.
    private const string Uncovered = """
        e => { const b = e.getBoundingClientRect();
          return b.top >= 0 && b.bottom <= innerHeight
            && e.contains(document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2)); }
        """;

    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(1024, 768, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    public async Task Twenty_candidates_are_seen_on_one_and_a_half_screens_with_a_line_where_strangers_begin(
        int width, int height, ColorScheme scheme)
    {
        await using var tab = await service.OpenAsync(width, height, scheme);
        var page = tab.Page;
        await SearchAsync(tab);
        var rows = page.Locator(".candidate");
        await Assertions.Expect(rows).ToHaveCountAsync(20);
        Assert.Equal("compact", await page.Locator(".answer").GetAttributeAsync("data-view"));
        var list = (await page.Locator(".candidates").BoundingBoxAsync())!;
        Assert.True(list.Height <= 1.5 * height, $"twenty rows take {list.Height} of {height} pixels");
        Assert.Equal(Enumerable.Range(1, 20), await rows.EvaluateAllAsync<int[]>("rows => rows.map(row => row.value)"));
        // One probe for all of them.
        Assert.Equal(1, await page.Locator("canvas[data-probe-face]:visible").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));

        // The line stands where the expected number passes one; each row has its bar and its sentence.
        var said = await rows.Locator(".strangers").AllInnerTextsAsync();
        var below = await page.Locator(".floor-line[data-one-stranger] ~ .candidate .strangers").AllInnerTextsAsync();
        Assert.InRange(below.Count, 1, 19);
        Assert.All(below, words => Assert.True(Number(words) >= 0.95, words));
        Assert.All(said.Take(20 - below.Count), words => Assert.True(Number(words) is null or < 1.05, words));
        Assert.All(said, words => Assert.Matches(@"^(about|fewer than) [\d.,]+ strangers? of 320$|cannot be said", words));
        Assert.Contains("the 320 subjects of gallery 'crowd'", await page.Locator(".listbar").InnerTextAsync(), StringComparison.Ordinal);

        // Whichever candidate the keys lead to, no bar covers it.
        await page.Locator("#pick-1").FocusAsync();
        for (var rank = 1; rank < 20; rank++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
            var pick = page.Locator($"#pick-{rank + 1}");
            await Assertions.Expect(pick).ToBeFocusedAsync();
            Assert.True(await pick.EvaluateAsync<bool>(Uncovered), $"rank {rank + 1} is covered");
        }
        var broken = await tab.BrokenAsync();
        Assert.True(broken.GetArrayLength() == 0, broken.ToString());

        // As cards everything stands there that the rows leave out.
        await Assertions.Expect(page.Locator("#rank-1").GetByText("By chance alone")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cards" }).ClickAsync();
        await Assertions.Expect(page.Locator("#rank-1").GetByText("By chance alone")).ToBeVisibleAsync();
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task The_chosen_candidates_lie_on_the_bench_and_go_to_an_examiner_with_the_probe_that_the_browser_still_has()
    {
        await using var tab = await service.OpenAsync(1440, 900);
        var page = tab.Page;
        await SearchAsync(tab);
        await page.Locator("#pick-3").PressAsync("Space");
        await page.Locator("#pick-7").PressAsync("Space");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare the chosen" }).PressAsync("Enter");
        var strip = page.Locator("dialog [data-strip] [data-number]");
        Assert.Equal(["Rank 3", "Rank 7"], await strip.AllInnerTextsAsync());
        await page.Keyboard.PressAsync("PageDown");
        await Assertions.Expect(page.Locator("dialog [data-strip] [aria-current]")).ToHaveTextAsync("Rank 7");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("dialog")).ToBeHiddenAsync();

        await page.Locator("summary", new() { HasText = "Send to an examiner" }).PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-picked]")).ToHaveTextAsync("2 of 20 candidates");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/examinations/"));
        var id = Regex.Match(page.Url, "/examinations/([0-9a-f]+)").Groups[1].Value;
        Assert.Equal([3, 7], service.Get<IExaminations>().Candidates(id).Select(candidate => candidate.Rank));
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Sheets_carry_case_basis_and_account_each_and_no_picture_is_cut()
    {
        await using var tab = await service.OpenAsync(794, 1123);
        var page = tab.Page;
        await SearchAsync(tab);
        var search = (await page.Locator("#result a[href^='/searches/']").First.GetAttributeAsync("href"))!;
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (var (each, sheets) in new[] { (6, 4), (20, 1) })
        {
            await page.GotoAsync($"{search}/sheet?each={each}");
            await page.EvaluateAsync("Promise.all([...document.images].map(image => image.decode().catch(() => {})))");
            var said = await page.Locator(".sheet").AllInnerTextsAsync();
            Assert.Equal(sheets, said.Count);
            Assert.All(said, sheet => Assert.All(Facts(search), word => Assert.Contains(word, sheet, StringComparison.Ordinal)));
            await PrintedAsync(page, sheets, 20, Facts(search));
        }
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        var broken = await tab.BrokenAsync();
        Assert.True(broken.GetArrayLength() == 0, broken.ToString());
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task A_long_record_of_an_examination_takes_several_sheets_each_with_what_it_belongs_to()
    {
        await using var tab = await service.OpenAsync(794, 1123);
        var page = tab.Page;
        await SearchAsync(tab);
        await page.Locator("#pick-2").PressAsync("Space");
        await page.Locator("#pick-5").PressAsync("Space");
        await page.Locator("summary", new() { HasText = "Send to an examiner" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/examinations/"));
        var id = Regex.Match(page.Url, "/examinations/([0-9a-f]+)").Groups[1].Value;
        using (var examiner = await PageClient.SignedInAsync(service, FirstAdministrator.Organisation, Role.Examiner))
        {
            (await examiner.SendAsync($"/examinations/{id}/take")).Dispose();
            (await examiner.SendAsync($"/examinations/{id}/candidates/2", [
                ("finding", "limited-support"), ("comment", $"{Long("on the whole", 1900)} the last word"),
                .. FacialFeatures.All.Select(feature => (feature, Long(feature, 700))),
            ])).Dispose();
            (await examiner.SendAsync($"/examinations/{id}/candidates/5", ("finding", "support"), ("comment", "short"))).Dispose();
            using var finished = await examiner.SendAsync($"/examinations/{id}/finish");
            Assert.Equal(System.Net.HttpStatusCode.Redirect, finished.StatusCode);
        }
        var search = $"/searches/{service.Get<IExaminations>().Find(id)!.Search}";
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.GotoAsync($"/examinations/{id}/sheet");
        await page.EvaluateAsync("Promise.all([...document.images].map(image => image.decode().catch(() => {})))");
        var sheets = await page.Locator(".sheet").CountAsync();
        Assert.InRange(sheets, 4, 20);
        var said = string.Join(' ', await page.Locator(".sheet").AllInnerTextsAsync());
        Assert.All(FacialFeatures.All, feature => Assert.Contains($"{feature.Replace('-', ' ')}: ", said, StringComparison.Ordinal));
        Assert.Contains("the last word", said, StringComparison.Ordinal);
        Assert.Contains("Rank 2, continued: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Rank 5, continued: ", said, StringComparison.Ordinal);
        await PrintedAsync(page, sheets, sheets, [.. Facts(search), "Examiner"]);

        static string Long(string about, int letters)
        {
            var words = string.Join(' ', Enumerable.Repeat($"what is seen of {about} in the one photo is seen in the other", 60));
            return words[..letters];
        }
    }

    // What stands on each sheet.
    private static string[] Facts(string search) =>
    [
        "C-1", "18 USC 1956", "Ada", " UTC", "crowd", "fake", "at most 20", "no floor", search["/searches/".Length..], "Leads, not",
    ];

    /// <summary>A page of paper a sheet, each with what it belongs to, and each picture whole on one of them.</summary>
    private static async Task PrintedAsync(IPage page, int sheets, int pictures, IReadOnlyList<string> facts)
    {
        // A sheet is no longer than what a page of A4 has within its margins, and each picture lies in its own; so none is cut.
        Assert.All(
            await page.Locator(".sheet").EvaluateAllAsync<double[]>("all => all.map(sheet => sheet.getBoundingClientRect().height)"),
            height => Assert.InRange(height, 100, (297 - 24) * 96 / 25.4));
        var pdf = await page.PdfAsync(new() { PreferCSSPageSize = true });
        Assert.Equal(sheets, Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b"));
        var printed = await PdfText.PagesAsync(pdf);
        Assert.Equal(sheets, printed.Count);
        Assert.All(printed, paper => Assert.All(facts, word => Assert.Contains(word, paper, StringComparison.Ordinal)));
        Assert.Equal(pictures, (await PdfText.PicturesAsync(pdf)).Count);
    }

    private static double? Number(string words) => Regex.Match(words, @"^about ([\d.,]+)") is { Success: true } found
        ? double.Parse(found.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
        : null;

    private static async Task SearchAsync(Tab tab)
    {
        await tab.SignInAsync("Ada");
        var page = tab.Page;
        await page.GotoAsync("/search");
        await page.GetByLabel("A still image of one face").SetInputFilesAsync(new FilePayload
        {
            Name = "probe.ppm",
            MimeType = "image/x-portable-pixmap",
            Buffer = FakeImage.Picture("probe", new FakeFace(1, Variation: 1, Size: 60)),
        });
        await page.GetByLabel("crowd").CheckAsync();
        await page.GetByLabel("Case number").FillAsync("C-1");
        await page.GetByLabel("Statutory violation or other basis").FillAsync("18 USC 1956");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await page.Locator("#rank-1").WaitForAsync(new() { Timeout = 60_000 });
    }

    /// <summary>A gallery of 320 people, which no network read, and a browser.</summary>
    public sealed class PeopledService : TestService
    {
        private TestBrowser? _browser;

        public override async ValueTask InitializeAsync()
        {
            _browser = await TestBrowser.LaunchAsync();
            if (_browser is null)
                return;
            await base.InitializeAsync();
            Get<IAccounts>().Add(BookChange.None, "Ada", FirstAdministrator.Organisation, Role.All, PageClient.Password);
            using var admin = Admin();
            await admin.CreateGalleryAsync("crowd");
            await Parallel.ForEachAsync(
                Enumerable.Range(1, 320), new ParallelOptions { MaxDegreeOfParallelism = 2 },
                async (person, _) => await admin.EnrolAsync("crowd", $"P{person}", FakeImage.Picture("", new FakeFace(person, Size: 60))));
        }

        public override async ValueTask DisposeAsync()
        {
            if (_browser is not null)
                await _browser.DisposeAsync();
            await base.DisposeAsync();
        }

        internal Task<Tab> OpenAsync(int width, int height, ColorScheme scheme = ColorScheme.Light) =>
            TestBrowser.OpenAsync(_browser, [Address], width, height, scheme);
    }
}
