using System.Text.Json;
using MatchEngine.Evaluation.PairedReports;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Tests.Inputs;
using MatchEngine.Tests;
using Microsoft.Playwright;

namespace MatchEngine.Evaluation.Tests.Reports;

public sealed class HtmlReportTests(ReportBrowser browser) : IClassFixture<ReportBrowser>, IDisposable
{
    // Text and marks beyond the edge of the page, but for tables, which scroll in their own box; and boxes that hide what they hold.
    private const string Cut = """
        (() => {
          const width = document.documentElement.clientWidth, cut = [];
          const out = r => r.width > 0 && (r.right > width + 0.5 || r.left < -0.5);
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (!node.data.trim() || node.parentElement.closest('.tablewrap, title') || !node.parentElement.checkVisibility()) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            if ([...range.getClientRects()].some(out)) cut.push(node.parentElement.className + ': ' + node.data.slice(0, 40));
          }
          for (const e of document.querySelectorAll('svg *, .tablewrap'))
            if (out(e.getBoundingClientRect())) cut.push(
                e.tagName + '.' + e.getAttribute('class') + ' in ' + e.closest('figure')?.className);
          for (const e of document.querySelectorAll('body :not(svg *)'))
            if (['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1) cut.push(e.className);
          if (document.documentElement.scrollWidth > width) cut.push('the page scrolls sideways');
          return cut;
        })()
        """;

    private const string OutsideItsBar = """
        [...document.querySelectorAll('g.mark')].filter(m => {
          const box = m.getBoundingClientRect();
          if (box.width + box.height === 0) return false;
          const [bar, dot] = ['.bar', '.dot'].map(name => m.querySelector(name)?.getBoundingClientRect());
          if (!bar || !dot) return !bar && !dot;
          const [x, y] = [dot.x + dot.width / 2, dot.y + dot.height / 2];
          return x < bar.left - 1 || x > bar.right + 1 || y < bar.top - 1 || y > bar.bottom + 1;
        }).length
        """;

    // Numbers along an axis that run into each other.
    private const string Crowded = """
        [...document.querySelectorAll('.xlabels, .ylabels')].filter(l => l.checkVisibility()).filter(l => {
          const boxes = [...l.querySelectorAll('span')].map(s => s.getBoundingClientRect());
          const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          return boxes.some((a, i) => boxes.some((b, j) => i < j && meet(a, b)));
        }).map(l => l.textContent)
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_holds_everything_it_needs_no_script_and_no_text_of_the_data_as_markup()
    {
        foreach (var report in new[] { SampleReports.Verification(), SampleReports.Identification() })
        {
            var page = HtmlReport.Make(ReportJson.Make(report), new ReportOptions());
            Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
            Assert.DoesNotMatch("<(script|img|link|iframe|object)", page);
            Assert.DoesNotMatch("(src|href|url\\()\\s*=?\\s*[\"']?https?:", page);
            Assert.DoesNotContain("y <b>", page, StringComparison.Ordinal);
            Assert.Contains("y &lt;b&gt;&amp;amp;&lt;/b&gt;", page, StringComparison.Ordinal);
            Assert.DoesNotContain("data:image", page, StringComparison.Ordinal);
            Assert.DoesNotContain("pictures of people", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pictures_are_put_in_only_when_asked_for_and_then_the_page_says_what_that_means(bool verification)
    {
        var asked = new List<string>();
        var report = verification ? SampleReports.Verification() : SampleReports.Identification();
        var page = HtmlReport.Make(
            ReportJson.Make(report),
            new ReportOptions { Thumbnails = image => { asked.Add(image); return [1, 2, 3]; } });
        Assert.Equal(asked.Distinct(), asked);
        Assert.Contains("data:image/jpeg;base64,AQID", page, StringComparison.Ordinal);
        Assert.Contains("pictures of people", page, StringComparison.Ordinal);
        // In 1:N: the probe, the mate and the candidate of the worst searches.
        var json = ReportJson.Make(report);
        if (!verification)
            foreach (var key in new[] { "probe", "mate", "candidateImage" })
                Assert.Contains(json["identification"]!["lowestMates"]![0]![key]!.GetValue<string>(), asked);
    }

    [Fact]
    public void The_head_says_what_was_tested_when_how_large_and_quick_and_three_numbers_with_their_intervals()
    {
        var report = SampleReports.Verification() with { TemplateBytes = 1588 };
        var json = ReportJson.Make(report);
        var page = HtmlReport.Make(json, new ReportOptions
        {
            MadeOn = new DateOnly(2026, 11, 30), Times = [new MeasuredTime("Photo to template", TimeSpan.FromMilliseconds(31.26), 25)],
        });
        var card = page[page.IndexOf("<div class=\"card\">", StringComparison.Ordinal)..page.IndexOf("<nav", StringComparison.Ordinal)];
        Assert.Contains("<dd>simulated</dd>", card, StringComparison.Ordinal);
        Assert.Contains("<dd>1,588 bytes</dd>", card, StringComparison.Ordinal);
        Assert.Contains("<dd>31.3 ms (median of 25)</dd>", card, StringComparison.Ordinal);
        Assert.Contains("<dd>30 November 2026</dd>", card, StringComparison.Ordinal);
        Assert.Equal(3, card.Split("<strong>").Length - 1);
        var point = json["operatingPoints"]!.AsArray().Last(p => p!["supported"]!.GetValue<bool>())!;
        foreach (var text in new[] { "fnmrText", "fnmrBySubjectText", "measuredFmrText" })
            Assert.Contains(System.Net.WebUtility.HtmlEncode(point[text]!.GetValue<string>()), card, StringComparison.Ordinal);
        // Neither day nor times are in what is the same each time.
        Assert.DoesNotContain("2026-11-30", json.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_contents_lead_to_every_section_and_the_tables_are_linked_and_there()
    {
        foreach (var report in new[] { SampleReports.Verification(), SampleReports.Identification() })
        {
            var files = ReportWriter.Write(report, _folder.Path);
            var page = File.ReadAllText(files.Single(f => f.EndsWith(".html", StringComparison.Ordinal)));
            var links = System.Text.RegularExpressions.Regex.Matches(page, "<a href=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToArray();
            Assert.Equal(
                System.Text.RegularExpressions.Regex.Matches(page, "<h2 id=\"([^\"]+)\"").Select(m => "#" + m.Groups[1].Value),
                links.Where(l => l[0] == '#'));
            Assert.Equal(
                files.Select(Path.GetFileName).Where(f => f != "report.html").Order(), links.Where(l => l[0] != '#').Order());
            Assert.Contains("<dt>FNMR</dt>", page.Replace("FNIR", "FNMR", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("verification", 390, ColorScheme.Light)]
    [InlineData("verification", 1440, ColorScheme.Dark)]
    [InlineData("identification", 390, ColorScheme.Dark)]
    [InlineData("identification", 1440, ColorScheme.Light)]
    [InlineData("comparison", 390, ColorScheme.Light)]
    [InlineData("comparison", 1440, ColorScheme.Dark)]
    public async Task In_a_browser_nothing_is_cut_no_dot_is_outside_its_bar_no_chart_is_empty_and_axe_finds_nothing(
        string kind, int width, ColorScheme scheme)
    {
        var axe = await Chromium.AxeAsync();
        var page = await browser.OpenAsync(Write(kind), width, scheme);
        await ShotAsync(page, $"{kind}-{width}-{scheme}");
        await page.EvaluateAsync("for (const details of document.querySelectorAll('details')) details.open = true;");
        Assert.Empty(await page.EvaluateAsync<string[]>(Cut));
        Assert.Equal(0, await page.EvaluateAsync<int>(OutsideItsBar));
        Assert.Empty(await page.EvaluateAsync<string[]>(Crowded));
        var charts = await page.Locator("figure").CountAsync();
        Assert.InRange(charts, kind == "comparison" ? 1 : 8, 40);
        Assert.Equal(charts, await page.EvaluateAsync<int>(
            "[...document.querySelectorAll('figure')].filter(f => [...f.querySelectorAll('svg.area .line, svg.area .dot, svg.area .bar')]"
                + ".some(m => m.getBoundingClientRect().width + m.getBoundingClientRect().height > 0)).length"));
        // In the dark the page is dark.
        Assert.Equal(
            scheme == ColorScheme.Dark,
            await page.EvaluateAsync<bool>("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(c => c < 60)"));
        await page.EvaluateAsync(axe);
        var broken = await page.EvaluateAsync<JsonElement>(
            "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => "
                + "r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target + ' ' + n.failureSummary).join(' | ')}`))");
        Assert.True(broken.GetArrayLength() == 0, broken.ToString());
        // The check of the bars finds a dot that is moved out of its bar, and that of the width a text that is too wide.
        if (kind == "comparison")
            return;
        await page.EvaluateAsync(
            "document.querySelector('g.mark .bar + .dot').setAttribute('d', 'M-900 -900h0');"
                + "const h1 = document.querySelector('h1'); h1.textContent = 'x'.repeat(999); h1.style.overflowWrap = 'normal';");
        Assert.Equal(1, await page.EvaluateAsync<int>(OutsideItsBar));
        Assert.NotEmpty(await page.EvaluateAsync<string[]>(Cut));
    }

    [Theory]
    [InlineData("verification")]
    [InlineData("identification")]
    [InlineData("comparison")]
    public async Task Without_script_text_and_tables_are_read_and_in_print_what_is_folded_is_shown_in_black_on_white(string kind)
    {
        var file = Write(kind);
        var screen = await browser.OpenAsync(file, 1440, ColorScheme.Light, withScript: false);
        var text = await screen.Locator("main").InnerTextAsync();
        Assert.Contains("Summary", text, StringComparison.Ordinal);
        Assert.True(await screen.Locator("table tbody tr").CountAsync() > 4);
        Assert.True(await screen.Locator("svg.area .line").First.IsVisibleAsync());

        var print = await browser.OpenAsync(file, 794, ColorScheme.Dark, Media.Print);
        await ShotAsync(print, $"{kind}-print");
        Assert.Empty(await print.EvaluateAsync<string[]>(Cut));
        Assert.True(await print.EvaluateAsync<bool>(
            "[...document.querySelectorAll('details table')].every(t => t.getBoundingClientRect().height > 0)"));
        Assert.Equal("rgb(255, 255, 255)", await print.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(0, await print.EvaluateAsync<int>(OutsideItsBar));
        var pdf = await print.PdfAsync(new PagePdfOptions { Format = "A4" });
        Assert.True(pdf.Length > 20_000, $"{pdf.Length} bytes");
    }

    private string Write(string kind)
    {
        if (kind == "comparison")
        {
            var one = ReportFile.Read(ReportWriter.Write(SampleReports.Verification(), Path.Combine(_folder.Path, "a"))[0]);
            var other = ReportFile.Read(ReportWriter.Write(
                SampleReports.Verification() with { System = "another" }, Path.Combine(_folder.Path, "b"))[0]);
            return ComparisonOutput.Write(ReportComparison.Of(one, other, 200), Path.Combine(_folder.Path, "c"))
                .Single(f => f.EndsWith(".html", StringComparison.Ordinal));
        }
        return ReportWriter.Write(
            (kind == "verification" ? SampleReports.Verification() : SampleReports.Identification()) with { TemplateBytes = 100 },
            _folder.Path,
            new ReportOptions { MadeOn = new DateOnly(2026, 11, 30) }).Single(f => f.EndsWith(".html", StringComparison.Ordinal));
    }

    private static async Task ShotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MATCHENGINE_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }
}
