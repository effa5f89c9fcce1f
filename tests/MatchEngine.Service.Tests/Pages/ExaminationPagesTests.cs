using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Examining;
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
        await using var service = new RuledService("secondExaminer");
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

    [Fact]
    public async Task A_draft_is_sealed_beside_the_probe_seen_by_its_examiner_alone_and_gone_when_it_is_recorded_or_left()
    {
        await using var service = new TestService();
        await service.InitializeAsync();
        var (first, second, id) = await ListAsync(service, 2);
        using var _ = first;
        using var __ = second;
        (await first.SendAsync($"/examinations/{id}/take")).Dispose();
        await DraftAsync(first, 1, HttpStatusCode.NoContent, ("finding", "limited-support"), ("compared-nose", "similar"),
            ("nose", "the <bridge> of a person"), ("comment", "words of a draft"), ("view", "[{},{}]"));
        var page = await first.TextAsync($"/examinations/{id}?candidate=1");
        Assert.Contains("words of a draft", page, StringComparison.Ordinal);
        Assert.Contains("value=\"the &lt;bridge&gt; of a person\"", page, StringComparison.Ordinal);
        Assert.Matches("<option value=\"limited-support\" selected", page);
        Assert.Contains("Draft, not recorded", page, StringComparison.Ordinal);
        // Nothing is said by it, nobody else sees it, and nothing of it can be read on the disk.
        Assert.DoesNotContain("words of a draft", await first.TextAsync($"/examinations/{id}?candidate=2"), StringComparison.Ordinal);
        Assert.DoesNotContain("words of a draft", await second.TextAsync($"/examinations/{id}"), StringComparison.Ordinal);
        Assert.Null(service.Get<IExaminations>().Candidates(id)[0].Kept);
        Assert.False(FolderBytes.Contain(service.Data, "words of a draft"u8.ToArray()));
        await DraftAsync(second, 1, HttpStatusCode.Forbidden, ("comment", "of another"));
        await DraftAsync(first, 9, HttpStatusCode.NotFound, ("comment", "of nobody"));
        await DraftAsync(first, 1, HttpStatusCode.BadRequest, ("comment", new string('x', 2001)));
        await DraftAsync(first, 1, HttpStatusCode.BadRequest, ("compared-nose", "the same"));

        // Recorded, the draft is gone; the record is what was said.
        using (var recorded = await first.SendAsync(
            $"/examinations/{id}/candidates/1", ("finding", "support"), ("compared-ears", "cannot-tell"), ("comment", "recorded")))
            Assert.Equal(HttpStatusCode.Redirect, recorded.StatusCode);
        Assert.DoesNotContain("words of a draft", await first.TextAsync($"/examinations/{id}?candidate=1"), StringComparison.Ordinal);
        Assert.Equal("cannot tell", service.Get<IExaminations>().Candidates(id)[0].Features["ears"]);
        await DraftAsync(first, 2, HttpStatusCode.NoContent, ("comment", "left behind"));
        Assert.Single(Files("*.beside"));
        (await first.SendAsync($"/examinations/{id}/release")).Dispose();
        Assert.Empty(Files("*.beside"));
        (await second.SendAsync($"/examinations/{id}/take")).Dispose();
        Assert.DoesNotContain("left behind", await second.TextAsync($"/examinations/{id}?candidate=2"), StringComparison.Ordinal);
        // With the probe everything beside it goes.
        await DraftAsync(second, 1, HttpStatusCode.NoContent, ("comment", "at the end"));
        service.Get<SealedProbes>().Erase(id);
        Assert.Empty(Files(id + "*"));
        await DraftAsync(second, 1, HttpStatusCode.BadRequest, ("comment", "too late"));

        string[] Files(string pattern) => Directory.GetFiles(Path.Combine(service.Data, "examinations"), pattern);

        async Task DraftAsync(PageClient examiner, int number, HttpStatusCode expected, params (string, string)[] fields)
        {
            using var answer = await examiner.SendAsync($"/examinations/{id}/candidates/{number}/draft", fields);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Fact]
    public async Task What_was_done_to_the_pictures_stands_in_the_record_and_marks_notes_not_in_the_audit()
    {
        await using var service = new TestService();
        await service.InitializeAsync();
        var (first, second, id) = await ListAsync(service, 1);
        using var _ = first;
        using var __ = second;
        (await first.SendAsync($"/examinations/{id}/take")).Dispose();
        using (var tooMuch = await first.SendAsync(
            $"/examinations/{id}/candidates/1", ("finding", "support"), ("processing", string.Join('\n', Enumerable.Repeat("line", 51)))))
            Assert.Equal(HttpStatusCode.BadRequest, tooMuch.StatusCode);
        (await first.SendAsync(
            $"/examinations/{id}/candidates/1", ("finding", "support"),
            ("processing", "probe: brightness 150 %\r\nmark 1 on the probe at 40 %, 30 %: a <scar>"))).Dispose();
        (await first.SendAsync($"/examinations/{id}/finish")).Dispose();
        Assert.Contains(
            "probe: brightness 150 %; mark 1 on the probe at 40 %, 30 %: a &lt;scar&gt;", await first.TextAsync($"/examinations/{id}"),
            StringComparison.Ordinal);
        using var auditor = service.As("local", Role.ServiceAuditor);
        var audit = (await auditor.GetAsync("/v1/audit?count=1000").Json()).GetRawText();
        Assert.Contains("probe: brightness 150 %", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("scar", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_may_have_candidates_judged_before_rank_score_and_name_are_told()
    {
        await using var service = new RuledService("blindExamination");
        await service.InitializeAsync();
        var (first, second, id) = await ListAsync(service, 6);
        using var _ = first;
        using var __ = second;
        (await first.SendAsync($"/examinations/{id}/take")).Dispose();
        var page = await first.TextAsync($"/examinations/{id}");
        Assert.Contains("Candidate 1", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("person-\\d|data-told|Rank \\d|rank=|score 0\\.", page);
        // Another order than that of the ranks, the same each time; each number one candidate.
        var candidates = service.Get<IExaminations>().Candidates(id);
        foreach (var number in Enumerable.Range(1, 6))
            (await first.SendAsync($"/examinations/{id}/candidates/{number}", ("finding", "support"), ("comment", $"said of {number}")))
                .Dispose();
        var said = service.Get<IExaminations>().Candidates(id);
        Assert.Equal(
            Enumerable.Range(1, 6).Select(number => $"said of {number}"), said.Select(candidate => candidate.Comment!).Order());
        Assert.NotEqual(
            Enumerable.Range(1, 6).Select(number => $"said of {number}"), said.Select(candidate => candidate.Comment!));
        foreach (var number in Enumerable.Range(1, 6))
        {
            var told = await first.TextAsync($"/examinations/{id}?candidate={number}");
            var judged = said.Single(candidate => candidate.Comment == $"said of {number}");
            Assert.Contains(
                FormattableString.Invariant($"rank {judged.Rank}, {judged.Subject} of listed, score "), told, StringComparison.Ordinal);
        }
        using (var picture = await first.GetAsync($"/examinations/{id}/candidates/1/picture"))
            Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        Assert.Equal(candidates.Count, said.Count);
    }

    [Fact]
    public async Task The_eyes_of_the_face_that_was_compared_are_told_to_who_has_taken_the_list()
    {
        await using var service = new TestService();
        await service.InitializeAsync();
        var (first, second, id) = await ListAsync(service, 1);
        using var _ = first;
        using var __ = second;
        Assert.Equal(HttpStatusCode.Conflict, (await first.GetAsync($"/examinations/{id}/eyes")).StatusCode);
        (await first.SendAsync($"/examinations/{id}/take")).Dispose();
        // The fake extractor sees eyes at (0, 0) and (1, 1) of pictures of 640 × 480, and faces of 60 at (10, 20.5).
        foreach (var address in new[] { $"/examinations/{id}/eyes?whole=true", $"/examinations/{id}/eyes?candidate=1&whole=true" })
        {
            using var whole = await first.GetAsync(address);
            Assert.Equal(
                """{"leftX":0,"leftY":0,"rightX":0.0016,"rightY":0.0021}""", await whole.Content.ReadAsStringAsync());
        }
        // In the cut, a square of 96 that begins at (−8, 2.5).
        using var cut = await first.GetAsync($"/examinations/{id}/eyes?candidate=1");
        Assert.Equal("""{"leftX":0.0833,"leftY":-0.026,"rightX":0.0938,"rightY":-0.0156}""", await cut.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await second.GetAsync($"/examinations/{id}/eyes")).StatusCode);
        Assert.True(service.Buffers.AllClear());
        Assert.All(service.Extractor.GivenOut, embedding => Assert.All(embedding, value => Assert.Equal(0, value)));
    }

    /// <summary>A list of so many candidates, sent to two examiners of the organisation.</summary>
    private static async Task<(PageClient First, PageClient Second, string Id)> ListAsync(TestService service, int people)
    {
        using var agent = await PageClient.SignedInAsync(service, "org", Role.Agent, Role.GalleryOwner, Role.ServiceAdministrator);
        var first = await PageClient.SignedInAsync(service, "org", Role.Examiner);
        var second = await PageClient.SignedInAsync(service, "org", Role.Examiner);
        (await agent.SendAsync("/galleries", ("name", "listed"))).Dispose();
        foreach (var person in Enumerable.Range(1, people))
            (await agent.SendAsync(
                "/galleries/listed/enrol", true,
                [("image", FakeImage.Picture($"p{person}", new FakeFace(person, Size: 60)), $"person-{person}.ppm")])).Dispose();
        (await agent.SendAsync(
            "/search", true, [("image", FakeImage.Picture("probe", new FakeFace(1, Variation: 1, Size: 60)), "p.ppm")],
            ("gallery", "listed"), ("caseNumber", "C-1"), ("basis", "b"), ("examine", "on"))).Dispose();
        return (first, second,
            Regex.Match(await first.TextAsync("/examinations"), "href=\"/examinations/([0-9a-f]+)\"").Groups[1].Value);
    }

    private sealed class RuledService(string rule) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            using var json = typeof(Profile).Assembly.GetManifestResourceStream("Profiles.default.json")!;
            var profile = JsonNode.Parse(json)!;
            (profile["name"], profile["rules"]![rule]!["value"]) = ("ruled", true);
            settings.Profile = Folder.Sub("ruled.json");
            File.WriteAllText(settings.Profile, profile.ToJsonString());
            return settings;
        }
    }
}
