using System.Text.RegularExpressions;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Tests.Inputs;
using Microsoft.Playwright;

namespace MatchEngine.Evaluation.Tests.Reports;

public sealed class HtmlReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_holds_everything_it_needs_and_no_text_of_the_data_as_markup()
    {
        var page = HtmlReport.Make(ReportJson.Make(SampleReports.Verification()), new ReportOptions());
        Assert.DoesNotContain("{{", Regex.Replace(page, "<script>.*?</script>", "", RegexOptions.Singleline), StringComparison.Ordinal);
        Assert.DoesNotMatch("<(script|img|link)[^>]+(src|href)=", page);
        Assert.DoesNotContain("y <b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data:image", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_are_put_in_only_when_asked_for()
    {
        var asked = new List<string>();
        var page = HtmlReport.Make(
            ReportJson.Make(SampleReports.Verification()),
            new ReportOptions { Thumbnails = image => { asked.Add(image); return [1, 2, 3]; } });
        Assert.NotEmpty(asked);
        Assert.Equal(asked.Distinct(), asked);
        Assert.Contains("data:image/jpeg;base64,AQID", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_page_renders_in_a_browser_off_line_without_an_error_and_prints(bool verification)
    {
        var chromium = Array.Find(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"], File.Exists);
        if (chromium is null)
            Assert.Skip("needs a browser: install Debian's package chromium");
        ReportWriter.Write(verification ? SampleReports.Verification() : SampleReports.Identification(), _folder.Path);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        await using var context = await browser.NewContextAsync(
            new BrowserNewContextOptions { Offline = true, ViewportSize = new ViewportSize { Width = 1100, Height = 900 } });
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                errors.Add(message.Text);
        };
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync(new Uri(Path.Combine(_folder.Path, "report.html")).AbsoluteUri);
        await page.WaitForFunctionAsync("document.documentElement.dataset.ready");
        Assert.Equal("yes", await page.EvaluateAsync<string>("document.documentElement.dataset.ready"));
        Assert.Empty(errors);
        var charts = await page.Locator(".chart").CountAsync();
        Assert.True(charts >= (verification ? 10 : 6), $"{charts} charts");
        // Every chart has drawn marks, not only an empty frame.
        Assert.Equal(charts, await page.EvaluateAsync<int>(
            "[...document.querySelectorAll('.chart')].filter(c => [...c.querySelectorAll('svg path, svg rect, "
                + "svg text')].length > 10).length"));
        Assert.True(await page.Locator("table tbody tr").CountAsync() > 5);
        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways");
        var folder = Environment.GetEnvironmentVariable("MATCHENGINE_SCREENSHOTS");
        if (folder is not null)
            await page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = Path.Combine(folder, verification ? "verification.png" : "identification.png"),
                FullPage = true,
            });
        // In print, what is folded away is shown.
        var pdf = await page.PdfAsync(new PagePdfOptions { Format = "A4" });
        Assert.True(pdf.Length > 50_000, $"{pdf.Length} bytes");
    }
}
