using System.Net;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public class RedressPagesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_persons_request_is_written_down_decided_and_answered_on_one_page()
    {
        using var owner = await PageClient.SignedInAsync(service, "redress", Role.GalleryOwner, Role.ServiceAdministrator, Role.Agent);
        using var decider = await PageClient.SignedInAsync(service, "redress", Role.GalleryOwner);
        using var supervisor = await PageClient.SignedInAsync(service, "redress", Role.Supervisor);
        (await owner.SendAsync("/galleries", ("name", "redressed"))).Dispose();
        (await owner.SendAsync(
            "/galleries/redressed/enrol", true, [("image", FakeImage.Picture("one", new FakeFace(1, Size: 60)), "one.ppm")],
            ("capturedOn", "2020-02-03"))).Dispose();
        (await owner.SendAsync(
            "/search", true, [("image", FakeImage.Picture("probe", new FakeFace(1, Variation: 1, Size: 60)), "p.ppm")],
            ("gallery", "redressed"), ("caseNumber", "C-1"), ("basis", "b"))).Dispose();
        using (var odd = await owner.SendAsync("/redress", ("gallery", "redressed"), ("kind", "?"), ("reference", "a")))
            Assert.Equal(HttpStatusCode.BadRequest, odd.StatusCode);
        using (var recorded = await owner.SendAsync(
            "/redress", ("gallery", "redressed"), ("subject", "one"), ("kind", "correction"), ("reference", "letter <17>")))
            Assert.Equal("/redress?done=redress-recorded", recorded.Headers.Location?.OriginalString);
        var page = await decider.TextAsync("/redress");
        Assert.Contains("letter &lt;17&gt;", page, StringComparison.Ordinal);
        var id = Regex.Match(page, "action=\"/redress/([0-9a-f]+)/decision\"").Groups[1].Value;
        Assert.DoesNotContain("/decision", await owner.TextAsync("/redress"), StringComparison.Ordinal);
        Assert.Contains("letter", await supervisor.TextAsync("/redress"), StringComparison.Ordinal);

        using (var decided = await decider.SendAsync($"/redress/{id}/decision", ("decision", "grant"), ("reason", "shown")))
            Assert.Equal("/redress?done=redress-decided", decided.Headers.Location?.OriginalString);
        Assert.Contains("What is right", await owner.TextAsync("/redress"), StringComparison.Ordinal);
        using (var answered = await owner.SendAsync(
            $"/redress/{id}/answer", ("key", "captured_on"), ("value", "2020-02-04"), ("answer", "corrected")))
            Assert.Equal("/redress?done=redress-answered", answered.Headers.Location?.OriginalString);

        Assert.Contains("who made 1 search", await owner.TextAsync("/redress"), StringComparison.Ordinal);
        Assert.Contains("2020-02-04", await owner.TextAsync("/galleries/redressed/subjects"), StringComparison.Ordinal);
        Assert.Contains("what you were told was wrong", await owner.TextAsync("/notifications"), StringComparison.Ordinal);
    }
}
