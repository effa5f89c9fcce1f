using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public class ExaminationPagesTests
{
    [Fact]
    public async Task Two_examiners_who_differ_are_told_apart_by_a_supervisor_on_the_examinations_page()
    {
        await using var service = new TwoExaminersService();
        await service.InitializeAsync();
        using var agent = await PageClient.SignedInAsync(service, "org", Role.Agent, Role.GalleryOwner, Role.ServiceAdministrator);
        using var first = await PageClient.SignedInAsync(service, "org", Role.Examiner);
        using var second = await PageClient.SignedInAsync(service, "org", Role.Examiner);
        using var supervisor = await PageClient.SignedInAsync(service, "org", Role.Supervisor);
        (await agent.SendAsync("/galleries", ("name", "two"))).Dispose();
        (await agent.SendAsync("/galleries/two/enrol", true, [("image", FakeImage.Picture("one", new FakeFace(1, Size: 60)), "one.ppm")]))
            .Dispose();
        (await agent.SendAsync(
            "/search", true, [("image", FakeImage.Picture("probe", new FakeFace(1, Variation: 1, Size: 60)), "p.ppm")],
            ("gallery", "two"), ("caseNumber", "C-1"), ("basis", "b"), ("examine", "on"))).Dispose();
        Assert.Contains("sent a list to the examiners", await first.TextAsync("/notifications"), StringComparison.Ordinal);
        var id = Regex.Match(await first.TextAsync("/examinations"), "href=\"/examinations/([0-9a-f]+)\"").Groups[1].Value;

        await ExamineAsync(first, ("finding", "support"), ("comment", "the <ear>"));
        var page = await second.TextAsync($"/examinations/{id}");
        Assert.DoesNotContain("the &lt;ear&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Take it", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Take it", await first.TextAsync($"/examinations/{id}"), StringComparison.Ordinal);
        await ExamineAsync(second, ("finding", "support-different"));

        Assert.DoesNotContain("Two examiners differ", await second.TextAsync($"/examinations/{id}"), StringComparison.Ordinal);
        var dispute = await supervisor.TextAsync($"/examinations/{id}");
        Assert.Contains("Two examiners differ", dispute, StringComparison.Ordinal);
        Assert.Contains("the &lt;ear&gt;", dispute, StringComparison.Ordinal);
        using (var resolved = await supervisor.SendAsync(
            $"/examinations/{id}/resolution", ("kept", "1"), ("reason", "both ears")))
            Assert.Equal($"/examinations/{id}?done=examination-resolved", resolved.Headers.Location?.OriginalString);
        Assert.Contains("One candidate was kept", await agent.TextAsync($"/examinations/{id}"), StringComparison.Ordinal);

        async Task ExamineAsync(PageClient examiner, params (string, string)[] said)
        {
            (await examiner.SendAsync($"/examinations/{id}/take")).Dispose();
            using (var assessed = await examiner.SendAsync($"/examinations/{id}/candidates/1", said))
                Assert.Equal(HttpStatusCode.Redirect, assessed.StatusCode);
            (await examiner.SendAsync($"/examinations/{id}/finish")).Dispose();
        }
    }

    private sealed class TwoExaminersService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            using var json = typeof(Profile).Assembly.GetManifestResourceStream("Profiles.default.json")!;
            var profile = JsonNode.Parse(json)!;
            (profile["name"], profile["rules"]!["secondExaminer"]!["value"]) = ("two", true);
            settings.Profile = Folder.Sub("two.json");
            File.WriteAllText(settings.Profile, profile.ToJsonString());
            return settings;
        }
    }
}
