using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Pages;

/// <summary>The pages in a browser, with the real networks and real photos.</summary>
public class BrowserTests(BrowserService service) : IClassFixture<BrowserService>
{
    private const string Unfold = "for (const details of document.querySelectorAll('main details')) details.open = true;";

    [Fact]
    public async Task From_the_sign_in_to_the_candidate_list()
    {
        await using var tab = await service.OpenAsync();
        var page = tab.Page;
        await page.GotoAsync("/");
        Assert.EndsWith("/sign-in?return=%2F", page.Url, StringComparison.Ordinal);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(BrowserService.Name);
        await page.GetByLabel("Password").FillAsync("wrong wrong wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Name or password is wrong");
        await page.GetByLabel("Password").FillAsync(PageClient.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/search");

        var gallery = await GalleryAsync(page, "whole-way", dropping: true);

        await page.GotoAsync("/search");
        await page.GetByLabel("A still image of one face").SetInputFilesAsync(Photo("photo3-face2.jpg", service.Probes["photo3-face2"]));
        await page.GetByLabel(gallery).CheckAsync();
        await page.GetByLabel("Case number").FillAsync("C-2026-17");
        await page.GetByLabel("Statutory violation or other basis").FillAsync("18 USC 1956");
        await page.GetByLabel("Score floor").FillAsync("0.2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();

        var first = page.Locator("#rank-1");
        await Assertions.Expect(first).ToContainTextAsync("photo3-face2", new() { Timeout = 180_000 });
        Assert.True(double.Parse(await first.Locator(".score").InnerTextAsync()) > 0.6);
        await Assertions.Expect(first).ToContainTextAsync("False match rate at this score");
        await Assertions.Expect(page.Locator(".floor-line")).ToContainTextAsync("Floor 0.2000");
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("at most 20 candidates, floor 0.2000");
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("By chance alone");
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("Probe deleted at");
        await Assertions.Expect(page.Locator("#announce")).ToContainTextAsync("Leads, not identifications");
        await Assertions.Expect(page.Locator("#result")).ToBeFocusedAsync();

        // The face of each side is there to be seen: the candidate's from the service, the probe's from the browser.
        Assert.True(await first.Locator("img.face").EvaluateAsync<bool>(
            "async image => { await image.decode(); return image.naturalWidth > 50; }"));
        Assert.True(await first.Locator("canvas").EvaluateAsync<bool>(
            "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size > 50"));
        Assert.StartsWith("blob:", await page.Locator("#result .probe img").GetAttributeAsync("src"), StringComparison.Ordinal);
        Assert.Equal(2, await page.Locator("#result .probe rect").CountAsync());

        // However far one scrolls, the disclaimer is in view.
        foreach (var place in new[] { "0", "document.body.scrollHeight / 2", "document.body.scrollHeight" })
        {
            await page.EvaluateAsync($"window.scrollTo(0, Math.max({place}, document.querySelector('#result').offsetTop))");
            Assert.True(
                await page.Locator(".disclaimer").EvaluateAsync<bool>(
                    "e => { const box = e.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight + 1; }"), place);
        }
        Assert.True(service.Buffers.AllClear());

        // Side by side, with one zoom.
        await first.GetByRole(AriaRole.Button, new() { Name = "Side by side" }).ClickAsync();
        var left = page.Locator("dialog [data-pane='0']");
        var right = page.Locator("dialog [data-pane='1'] img");
        await Assertions.Expect(left).ToBeFocusedAsync();
        await Assertions.Expect(left.Locator("img")).ToBeVisibleAsync();
        await Assertions.Expect(right).ToBeVisibleAsync();
        var before = await right.EvaluateAsync<string>("e => e.style.transform");
        await page.Keyboard.PressAsync("+");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator("dialog output[data-zoom]")).ToHaveTextAsync("125 %");
        Assert.NotEqual(before, await right.EvaluateAsync<string>("e => e.style.transform"));
        await page.Locator("dialog [data-side]").SelectOptionAsync("0");
        await left.FocusAsync();
        await page.Keyboard.PressAsync("+");
        await Assertions.Expect(page.Locator("dialog output[data-zoom]")).ToHaveTextAsync("156 % and 125 %");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("dialog")).ToBeHiddenAsync();
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task A_group_photo_is_refused_and_one_of_its_faces_can_be_chosen()
    {
        await using var tab = await service.OpenAsync();
        await tab.SignInAsync();
        var page = tab.Page;
        var gallery = await GalleryAsync(page, "group");
        await page.GotoAsync("/search");
        await page.GetByLabel("A still image of one face").SetInputFilesAsync(Photo("group.jpg", BrowserService.Group));
        await page.GetByLabel(gallery).CheckAsync();
        await page.GetByLabel("Case number").FillAsync("C-1");
        await page.GetByLabel("Statutory violation or other basis").FillAsync("basis");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Which face do you mean?", new() { Timeout = 180_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Search with face 2" }).ClickAsync();
        await Assertions.Expect(page.Locator("#rank-1")).ToContainTextAsync("photo3-face2", new() { Timeout = 180_000 });

        // The check searches nothing, and says what the probe is worth.
        await page.GetByLabel("A still image of one face").SetInputFilesAsync(Photo("p.jpg", service.Probes["photo3-face1"]));
        await page.GetByRole(AriaRole.Button, new() { Name = "Find the faces, without searching" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("one face found", new() { Timeout = 180_000 });
        Assert.Equal(0, await page.Locator("#result .candidate").CountAsync());
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Two_photos_are_compared()
    {
        await using var tab = await service.OpenAsync();
        await tab.SignInAsync();
        var page = tab.Page;
        await page.GotoAsync("/compare");
        await page.Locator("#first").SetInputFilesAsync(Photo("a.jpg", service.Portraits["photo3-face1"]));
        await page.Locator("#second").SetInputFilesAsync(Photo("b.jpg", service.Probes["photo3-face1"]));
        await page.Locator("#caseNumber").FillAsync("C-1");
        await page.Locator("#basis").FillAsync("18 USC 1028");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#result h2")).ToContainTextAsync("Score 0.", new() { Timeout = 180_000 });
        await Assertions.Expect(page.Locator("#result .probe img")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#result .disclaimer")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Side by side" }).ClickAsync();
        await Assertions.Expect(page.Locator("dialog [data-pane='1'] img")).ToBeVisibleAsync();
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Everything_is_done_by_the_keyboard_alone_and_the_focus_is_always_seen()
    {
        await using var tab = await service.OpenAsync();
        var page = tab.Page;
        using (var admin = service.Admin())
        {
            await admin.CreateGalleryAsync("keyboard");
            // A gallery that is the only one is ticked beforehand, and the key would take the tick away.
            await admin.CreateGalleryAsync("keyboard-other");
            await admin.EnrolAsync("keyboard", "somebody", service.Portraits["photo3-face1"]);
        }
        // Listened to from the beginning: a listener that is added just before the key may reach the browser after it.
        var chosen = new TaskCompletionSource<IFileChooser>();
        page.FileChooser += (_, chooser) => chosen.TrySetResult(chooser);
        await page.GotoAsync("/sign-in");
        // The first stop leads past the navigation.
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await ToAsync(page, "#name");
        await page.Keyboard.TypeAsync(BrowserService.Name);
        await ToAsync(page, "#password");
        await page.Keyboard.TypeAsync(PageClient.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/search");

        await ToAsync(page, "#image");
        await page.Keyboard.PressAsync("Space");
        var chooser = await chosen.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await chooser.SetFilesAsync(Photo("probe.jpg", service.Probes["photo3-face1"]));
        await ToAsync(page, "input[name=gallery][value=keyboard]");
        await page.Keyboard.PressAsync("Space");
        await ToAsync(page, "#caseNumber");
        await page.Keyboard.TypeAsync("C-1");
        await ToAsync(page, "#basis");
        await page.Keyboard.TypeAsync("basis");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#rank-1")).ToContainTextAsync("somebody", new() { Timeout = 180_000 });
        await ToAsync(page, "#rank-1 a");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/candidates/1");
        Assert.Empty(tab.Errors);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_page_breaks_a_rule_of_accessibility_in_either_scheme(ColorScheme scheme)
    {
        await using var tab = await service.OpenAsync(scheme: scheme);
        var page = tab.Page;
        await CheckAsync("/sign-in");
        // The check finds what is wrong: a field without a label, and a text that is hardly seen.
        await page.EvaluateAsync(
            "document.querySelector('#main').insertAdjacentHTML('beforeend', '<p id=wrong>pale</p><input type=text>'); "
                + "document.querySelector('#wrong').style.cssText = 'color: #888; background: #777';");
        Assert.True((await tab.BrokenAsync()).GetArrayLength() >= 2);
        await tab.SignInAsync();
        var gallery = await GalleryAsync(page, $"axe-{scheme}".ToLowerInvariant());
        await CheckAsync(null);
        // Pages with something on them.
        var other = service.Get<IAccounts>().Add(BookChange.None, $"Other {scheme}", FirstAdministrator.Organisation, [Role.Agent], null)!;
        var caller = Actor.Of(other);
        service.Get<IApprovals>().Add(
            BookChange.None, caller,
            new AskedApproval(ApprovedUse.Search, [gallery], new SearchPurpose("C-1", "basis", "Other"), "a reason"));
        service.Get<ISearches>().Add(
            new RecordedSearch(Guid.CreateVersion7().ToString(), other.Id, other.Organisation, DateTimeOffset.UtcNow, 1, null)
            {
                Galleries = [gallery],
                ListLength = 20,
                Model = "model",
                Path = "exact",
                GallerySize = 1,
                DisclaimerVersion = "1",
                Exigent = "it could not wait",
                ReviewDue = DateTimeOffset.UtcNow.AddHours(1),
            },
            []);
        service.Get<IDetailsRequests>().Add(
            BookChange.None, Guid.CreateVersion7().ToString(), other.Id, gallery, "photo3-face1",
            FirstAdministrator.Organisation, "a reason");
        service.Get<INotifications>().Tell(
            service.Get<IAccounts>().List().Single(account => account.Name == BrowserService.Name).Id,
            NotificationKinds.ApprovalDecided, caller);
        foreach (var path in new[]
        {
            "/search", "/compare", "/galleries", $"/galleries/{gallery}", $"/galleries/{gallery}/subjects", $"/galleries/{gallery}/imports",
            $"/galleries/{gallery}/enrol", "/approvals", "/approvals/new", "/searches", "/oversight", "/cases", "/redress",
            "/details", "/notifications", "/examinations",
            "/audit", "/keys", "/account", "/accounts", "/terms", "/training", "/vetting", "/bench", "/reports", "/nowhere",
        })
            await CheckAsync(path);
        await SearchAsync(page, gallery, "photo3-face1");
        await CheckAsync(null);
        var record = (await page.Locator("#rank-1 a[href*='candidates']").GetAttributeAsync("href"))!;
        await page.Locator("#rank-1").GetByRole(AriaRole.Button, new() { Name = "Side by side" }).ClickAsync();
        await CheckAsync(null);
        await CheckAsync(record);
        await CheckAsync(record[..record.IndexOf("/candidates", StringComparison.Ordinal)]);

        await page.GotoAsync("/search");
        await page.GetByText("Examination", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Send the list to an examiner").CheckAsync();
        await SearchAsync(page, gallery, "photo3-face1", opened: true);
        var examination = (await page.GetByRole(AriaRole.Link, new() { Name = "the examination" }).GetAttributeAsync("href"))!;
        await CheckAsync(examination);
        service.Get<IAccounts>().Add(
            BookChange.None, $"Examiner {scheme}", FirstAdministrator.Organisation, [Role.Examiner], PageClient.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await tab.SignInAsync($"Examiner {scheme}");
        await page.GotoAsync(examination);
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await CheckAsync(null);
        await page.GetByLabel("Set aside the candidates").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Finish and delete the probe" }).ClickAsync();
        await CheckAsync(null);

        async Task CheckAsync(string? path)
        {
            if (path is not null)
                await page.GotoAsync(path);
            // What is folded up is looked at too.
            await page.EvaluateAsync(Unfold);
            var broken = await tab.BrokenAsync();
            Assert.True(broken.GetArrayLength() == 0, $"{page.Url}: {broken}");
        }
    }

    [Fact]
    public async Task A_gallery_is_corrected_thinned_out_exported_and_restored()
    {
        await using var tab = await service.OpenAsync();
        await tab.SignInAsync();
        var page = tab.Page;
        var gallery = await GalleryAsync(page, "kept");
        await page.GotoAsync($"/galleries/{gallery}/subjects");
        var subject = page.GetByRole(AriaRole.Link, new() { Name = "photo3-face1", Exact = true });
        await subject.ClickAsync();
        await page.Locator("summary", new() { HasText = "Correct" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByLabel("Another key").FillAsync("name");
        await page.GetByLabel("Its value").FillAsync("Anna Ångström");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("dl.facts dd")).ToHaveTextAsync("Anna Ångström");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("corrected");

        await page.GotoAsync($"/galleries/{gallery}");
        var downloading = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Export into a file" }).ClickAsync();
        var file = await (await downloading).PathAsync();

        await page.GotoAsync($"/galleries/{gallery}/subjects");
        await subject.ClickAsync();
        await page.Locator("summary", new() { HasText = "photo 1 of" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove it for good" }).ClickAsync();
        await Assertions.Expect(subject).ToHaveCountAsync(0);

        await page.GotoAsync("/galleries");
        await page.GetByText("Restore a gallery from a file").ClickAsync();
        await page.GetByLabel("Name it gets here").FillAsync("kept-again");
        await page.GetByLabel("Exported file").SetInputFilesAsync(
            new FilePayload { Name = "kept.zip", MimeType = "application/zip", Buffer = await File.ReadAllBytesAsync(file) });
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore" }).ClickAsync();
        await page.WaitForURLAsync("**/galleries/kept-again?done=gallery-restored");
        await page.GotoAsync("/galleries/kept-again/subjects");
        await Assertions.Expect(page.Locator(".said")).ToContainTextAsync("Anna Ångström");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Every_page_fits_a_window_of_320_pixels()
    {
        await using var tab = await service.OpenAsync(width: 320, height: 640);
        var page = tab.Page;
        await FitsAsync("/sign-in");
        await tab.SignInAsync();
        var gallery = await GalleryAsync(page, "narrow");
        foreach (var path in new[]
        {
            "/search", "/compare", "/galleries", $"/galleries/{gallery}", $"/galleries/{gallery}/subjects", $"/galleries/{gallery}/imports",
            $"/galleries/{gallery}/enrol", "/approvals/new", "/audit", "/keys", "/account", "/accounts", "/bench", "/reports",
        })
            await FitsAsync(path);
        await SearchAsync(page, gallery, "photo3-face1");
        await FitsAsync(null);

        async Task FitsAsync(string? path)
        {
            if (path is not null)
                await page.GotoAsync(path);
            await page.EvaluateAsync(Unfold);
            Assert.True(
                await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"),
                $"{page.Url} scrolls sideways");
        }
    }

    [Fact]
    public async Task An_examiner_narrows_a_list_with_both_photos_on_the_bench()
    {
        service.Get<IAccounts>().Add(BookChange.None, "Eve", FirstAdministrator.Organisation, [Role.Examiner], PageClient.Password);
        await using var agent = await service.OpenAsync();
        await agent.SignInAsync();
        var gallery = await GalleryAsync(agent.Page, "examined");
        await agent.Page.GotoAsync("/search");
        await agent.Page.GetByText("Examination", new() { Exact = true }).ClickAsync();
        await agent.Page.GetByLabel("Send the list to an examiner").CheckAsync();
        await SearchAsync(agent.Page, gallery, "photo3-face1", opened: true);
        var examination = (await agent.Page.GetByRole(AriaRole.Link, new() { Name = "the examination" }).GetAttributeAsync("href"))!;
        await Assertions.Expect(agent.Page.Locator("#result")).ToContainTextAsync("Probe sealed for examination");

        await using var tab = await service.OpenAsync();
        await tab.SignInAsync("Eve");
        var page = tab.Page;
        await page.GotoAsync(examination);
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        foreach (var pane in new[] { "0", "1" })
        {
            await Assertions.Expect(page.Locator($"[data-pane='{pane}'] img")).ToBeVisibleAsync();
            Assert.True(await page.Locator($"[data-pane='{pane}'] img").EvaluateAsync<bool>(
                "async image => { await image.decode(); return image.naturalWidth > 100; }"));
        }
        await page.Locator("[data-pane='1']").FocusAsync();
        await page.Keyboard.PressAsync("+");
        await Assertions.Expect(page.Locator("output[data-zoom]")).ToHaveTextAsync("125 %");
        var (left, right) = (await TransformAsync("0"), await TransformAsync("1"));
        await page.Keyboard.PressAsync("ArrowDown");
        Assert.NotEqual(left, await TransformAsync("0"));
        Assert.NotEqual(right, await TransformAsync("1"));

        await page.GetByLabel("That both photos show one person has").SelectOptionAsync("limited-support");
        await page.GetByLabel("nose", new() { Exact = true }).FillAsync("same bridge");
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Assertions.Expect(page.Locator("#announce")).ToContainTextAsync("Your finding was recorded");
        await page.GotoAsync(examination + "?candidate=1&whole=true");
        await Assertions.Expect(page.GetByLabel("nose", new() { Exact = true })).ToHaveValueAsync("same bridge");
        await Assertions.Expect(page.Locator("[data-pane='0'] img")).ToBeVisibleAsync();
        await page.GetByText("Finish or leave").ClickAsync();
        await page.GetByLabel("Set aside the candidates").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Finish and delete the probe" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Probe deleted at");

        await agent.Page.GotoAsync(examination);
        await Assertions.Expect(agent.Page.Locator("main")).ToContainTextAsync("A narrowed list of one is still a lead");
        await Assertions.Expect(agent.Page.Locator("main")).ToContainTextAsync("same bridge");
        await Assertions.Expect(agent.Page.Locator(".disclaimer")).ToBeVisibleAsync();
        await agent.Page.GotoAsync("/notifications");
        await Assertions.Expect(agent.Page.Locator("main")).ToContainTextAsync("Eve finished the examination of a list of yours");
        Assert.Empty(tab.Errors);
        Assert.Empty(agent.Errors);

        Task<string> TransformAsync(string pane) =>
            page.Locator($"[data-pane='{pane}'] img").EvaluateAsync<string>("image => image.style.transform");
    }

    [Fact]
    public async Task A_report_of_an_evaluation_runs_no_script_and_leads_to_its_tables()
    {
        var folder = Path.Combine(service.Data, "reports", "probing");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), """
            <!DOCTYPE html><title>r</title><p id="out">nothing</p><a href="det.csv">det.csv</a>
            <script>document.getElementById('out').textContent = 'run';</script>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "det.csv"), "threshold,fmr\n0.5,0.01\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "not for here");
        await using var tab = await service.OpenAsync();
        await tab.SignInAsync();
        await tab.Page.GotoAsync("/reports/probing");
        var frame = tab.Page.FrameLocator("iframe");
        await Assertions.Expect(frame.Locator("#out")).ToHaveTextAsync("nothing");
        await frame.GetByRole(AriaRole.Link, new() { Name = "det.csv" }).ClickAsync();
        await Assertions.Expect(frame.Locator("body")).ToContainTextAsync("0.5,0.01");
        foreach (var other in new[] { "notes.txt", "nothing.csv", "..%2Fprobing%2Fdet.csv" })
            Assert.Equal(404, (await tab.Page.GotoAsync($"/reports/probing/{other}"))!.Status);
    }

    /// <summary>Writes the picture of README; the README of the service has the command.</summary>
    [Fact(Explicit = true)]
    public async Task Picture_for_the_readme()
    {
        var folder = Environment.GetEnvironmentVariable("MATCHENGINE_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "MATCHENGINE_SCREENSHOTS names no folder that would get the picture");
        await using var tab = await service.OpenAsync(width: 1100, height: 1000);
        await tab.SignInAsync();
        var gallery = await GalleryAsync(tab.Page, "people");
        await SearchAsync(tab.Page, gallery, "photo3-face2", floor: "0.1");
        await tab.Page.Locator("#rank-1 img.face").EvaluateAsync("image => image.decode()");
        await tab.Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(TestData.Repository, folder, "service-search.jpg"),
            Type = ScreenshotType.Jpeg,
            Quality = 80,
        });
    }

    /// <summary>A gallery with the portraits; with a file that is no photo when they are dropped.</summary>
    private async Task<string> GalleryAsync(IPage page, string name, bool dropping = false)
    {
        await page.GotoAsync("/galleries");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The gallery was created");
        await page.GetByRole(AriaRole.Link, new() { Name = "Enrol photos" }).ClickAsync();
        var photos = service.Portraits.Select(portrait => Photo($"{portrait.Key}.jpg", portrait.Value)).ToList();
        if (dropping)
        {
            // What is dropped before the script is there is dropped on the page.
            await page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached, Timeout = 60_000 });
            photos.Add(Photo("notes.jpg", "these are notes"u8.ToArray()));
            var transfer = await page.EvaluateHandleAsync(
                "files => { const t = new DataTransfer(); for (const f of files) t.items.add(new File([Uint8Array.from(atob(f.data), "
                    + "c => c.charCodeAt(0))], f.name, { type: 'image/jpeg' })); return t; }",
                photos.Select(photo => new { name = photo.Name, data = Convert.ToBase64String(photo.Buffer) }));
            await page.DispatchEventAsync("[data-drop]", "drop", new { dataTransfer = transfer });
        }
        else
        {
            await page.GetByLabel("Photos", new() { Exact = true }).SetInputFilesAsync(photos);
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Enrol", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-count]")).ToHaveTextAsync(
            $"{photos.Count} of {photos.Count}: {service.Portraits.Count} enrolled, 0 already there, {(dropping ? 1 : 0)} refused",
            new() { Timeout = 240_000 });
        Assert.Equal(photos.Count, await page.Locator("#results li").CountAsync());
        if (dropping)
            await Assertions.Expect(page.Locator("#results li.failed")).ToContainTextAsync("notes.jpg");
        return name;
    }

    private async Task SearchAsync(IPage page, string gallery, string probe, bool opened = false, string floor = "")
    {
        if (!opened)
            await page.GotoAsync("/search");
        await page.GetByLabel("A still image of one face").SetInputFilesAsync(Photo("probe.jpg", service.Probes[probe]));
        await page.Locator($"input[name=gallery][value='{gallery}']").CheckAsync();
        await page.GetByLabel("Case number").FillAsync("C-2026-17");
        await page.GetByLabel("Statutory violation or other basis").FillAsync("18 USC 1956");
        await page.GetByLabel("Score floor").FillAsync(floor);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#rank-1")).ToContainTextAsync(probe, new() { Timeout = 180_000 });
    }

    private static FilePayload Photo(string name, byte[] bytes) => new() { Name = name, MimeType = "image/jpeg", Buffer = bytes };

    /// <summary>Presses Tab until an element has the focus; each stop on the way must show it.</summary>
    private static async Task ToAsync(IPage page, string selector)
    {
        for (var stops = 0; stops < 120; stops++)
        {
            if (await page.EvaluateAsync<bool>("s => document.activeElement.matches(s)", selector))
                return;
            await page.Keyboard.PressAsync("Tab");
            var seen = await page.EvaluateAsync<string>(
                "(() => { const e = document.activeElement; const s = getComputedStyle(e); return e === document.body || (s.outlineStyle "
                    + "!== 'none' && parseFloat(s.outlineWidth) >= 2) ? '' : e.outerHTML; })()");
            Assert.True(seen.Length == 0, $"the focus is not seen on {seen}");
        }
        Assert.Fail($"Tab does not lead to {selector}");
    }
}
