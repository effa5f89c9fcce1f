using MatchEngine.Service.Tests.Fakes;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Pages;

public class ApiReferencePageTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task The_page_and_its_script_come_from_here_under_the_policy_of_all_pages()
    {
        using var client = service.Client(null);
        using var page = await client.GetAsync("/docs", TestContext.Current.CancellationToken);
        using var other = await client.GetAsync("/sign-in", TestContext.Current.CancellationToken);
        Assert.Equal(
            other.Headers.GetValues("Content-Security-Policy").Single(), page.Headers.GetValues("Content-Security-Policy").Single());
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("//", html.Replace("<!doctype", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var address = html.Split("data-scalar=\"")[1].Split('"')[0];
        using var script = await client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal("gzip", script.Content.Headers.ContentEncoding.Single());
        Assert.True(script.Headers.CacheControl!.Public);
        Assert.Equal(
            404, (int)(await client.GetAsync("/docs/0123456789abcdef/scalar.js", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_browser_that_sees_nothing_else_shows_the_operations_with_their_style()
    {
        await using var browser = await TestBrowser.LaunchAsync();
        await using var tab = await TestBrowser.OpenAsync(browser, [service.Address]);
        await tab.Page.GotoAsync("/docs");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "The process lives" }))
            .ToBeVisibleAsync(new() { Timeout = 90_000 });
        // Style came through: without it the reference is a list of links on white.
        Assert.True(
            await tab.Page.EvaluateAsync<int>("document.adoptedStyleSheets.filter(sheet => sheet.cssRules.length > 100).length") > 0);
        // Three of Scalar's elements of style are put in by a way that docs.js does not see, and stay blocked: what they say is
        // dispensable. No script, address or image is.
        Assert.All(tab.Errors, error => Assert.StartsWith("Applying inline style violates", error, StringComparison.Ordinal));
        Assert.True(tab.Errors.Distinct().Count() <= 3, string.Join('\n', tab.Errors.Distinct()));
    }
}
