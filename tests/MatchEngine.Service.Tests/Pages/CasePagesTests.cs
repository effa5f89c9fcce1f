using System.Net;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public class CasePagesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_case_is_listed_closed_held_released_opened_again_and_deleted_on_its_page()
    {
        using var agent = await PageClient.SignedInAsync(service, "cases", Role.Agent, Role.GalleryOwner, Role.ServiceAdministrator);
        using var supervisor = await PageClient.SignedInAsync(service, "cases", Role.Supervisor);
        (await agent.SendAsync("/galleries", ("name", "case-gallery"))).Dispose();
        (await agent.SendAsync(
            "/galleries/case-gallery/enrol", true, [("image", FakeImage.Picture("one", new FakeFace(1, Size: 60)), "one.ppm")])).Dispose();
        (await agent.SendAsync(
            "/search", true, [("image", FakeImage.Picture("probe", new FakeFace(1, Variation: 1, Size: 60)), "p.ppm")],
            ("gallery", "case-gallery"), ("caseNumber", "C <7>"), ("basis", "b"))).Dispose();
        var list = await agent.TextAsync("/cases");
        var id = Regex.Match(list, "href=\"/cases/([0-9a-f]{32})\">C &lt;7&gt;<").Groups[1].Value;
        Assert.NotEmpty(id);
        Assert.Contains("href=\"/searches/", await agent.TextAsync($"/cases/{id}"), StringComparison.Ordinal);
        Assert.DoesNotContain("/hold", await agent.TextAsync($"/cases/{id}"), StringComparison.Ordinal);

        await DoneAsync(agent, id, "closure", "case-closed");
        Assert.DoesNotContain("/closure", await agent.TextAsync($"/cases/{id}"), StringComparison.Ordinal);
        await DoneAsync(supervisor, id, "hold", "case-held", ("reason", "a suit"));
        var held = await supervisor.TextAsync($"/cases/{id}");
        Assert.Contains("a suit", held, StringComparison.Ordinal);
        Assert.DoesNotContain("/deletion", held, StringComparison.Ordinal);
        await DoneAsync(supervisor, id, "release", "case-released");
        await DoneAsync(supervisor, id, "reopening", "case-reopened");
        await DoneAsync(supervisor, id, "closure", "case-closed");
        Assert.Contains(id, await supervisor.TextAsync("/cases?state=closed"), StringComparison.Ordinal);
        Assert.DoesNotContain(id, await supervisor.TextAsync("/cases?onHold=true"), StringComparison.Ordinal);
        using (var careless = await supervisor.SendAsync($"/cases/{id}/deletion", ("number", "C-8")))
            Assert.Equal(HttpStatusCode.BadRequest, careless.StatusCode);
        using (var deleted = await supervisor.SendAsync($"/cases/{id}/deletion", ("number", "C <7>")))
            Assert.Equal("/cases?done=case-deleted", deleted.Headers.Location!.OriginalString);
        Assert.DoesNotContain(id, await supervisor.TextAsync("/cases"), StringComparison.Ordinal);
    }

    private static async Task DoneAsync(PageClient client, string id, string step, string notice, params (string, string)[] fields)
    {
        using var answer = await client.SendAsync($"/cases/{id}/{step}", fields);
        Assert.Equal($"/cases/{id}?done={notice}", answer.Headers.Location?.OriginalString);
    }
}
