using System.Net;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public partial class SearchPagesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_photo_is_compared_with_a_subject_for_a_purpose_and_by_an_approval_where_one_is_needed()
    {
        using var owner = service.As("compared", Role.GalleryOwner);
        await owner.CreateGalleryAsync("of-subjects");
        await owner.EnrolAsync("of-subjects", "A", FakeImage.Picture("of-subjects", new FakeFace(1)));
        using var agent = await PageClient.SignedInAsync(service, "compared", Role.Agent);
        using var supervisor = await PageClient.SignedInAsync(service, "compared", Role.Supervisor);
        (string, string)[] purpose = [("caseNumber", "C-1"), ("basis", "b")];
        Task<HttpResponseMessage> Compare(params (string, string)[] more) => agent.SendAsync(
            "/compare/subject", false, [("first", FakeImage.Of(new FakeFace(1)), "p.jpg")],
            [("gallery", "of-subjects"), ("subject", "A"), .. more]);
        using (var unstated = await Compare())
            Assert.Contains("purpose_required", await unstated.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var unapproved = await Compare(purpose))
            Assert.Contains("approval_required", await unapproved.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await agent.SendAsync(
            "/approvals", [("use", "comparison"), ("gallery", "of-subjects"), ("reason", "tried the rest"), .. purpose])).Dispose();
        var page = await supervisor.TextAsync("/approvals");
        Assert.Contains("Comparison with a subject of", page, StringComparison.Ordinal);
        var id = page.Split("action=\"/approvals/", 2)[1].Split('"', 2)[0];
        (await supervisor.SendAsync($"/approvals/{id}", ("decision", "grant"), ("reason", "good"))).Dispose();
        Assert.Contains($"/compare?approval={id}", await agent.TextAsync("/approvals"), StringComparison.Ordinal);
        Assert.Contains($"value=\"{id}\"", await agent.TextAsync($"/compare?approval={id}"), StringComparison.Ordinal);

        using var answer = await Compare([("approvalId", id), .. purpose]);

        Assert.Contains("Score ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Used", await agent.TextAsync("/approvals"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_candidate_has_a_range_of_rates_or_its_recorded_groups_own_and_the_page_says_whom_they_were_measured_on()
    {
        using var agent = await PageClient.SignedInAsync(service, "local", Role.Agent);
        using var owner = service.Admin();
        await owner.CreateGalleryAsync("page-rates");
        await owner.EnrolAsync(
            "page-rates", "P1", FakeImage.Picture("", new FakeFace(1)), new { metadata = new { sex = "F", race = "a" } });
        await owner.EnrolAsync("page-rates", "P2", FakeImage.Picture("", new FakeFace(2)));
        using var answer = await agent.SendAsync(
            "/search", true, [("image", FakeImage.Of(new FakeFace(1, Variation: 1)), "p.jpg")],
            [("gallery", "page-rates"), ("caseNumber", "C-7"), ("basis", "18 USC 1956"), ("requester", "Smith")]);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

        var candidates = Candidate().Matches(page).Select(found => found.Value).ToList();
        Assert.Equal(2, candidates.Count);
        var (recorded, other) = candidates[0].Contains("P1", StringComparison.Ordinal)
            ? (candidates[0], candidates[1])
            : (candidates[1], candidates[0]);
        Assert.Contains("between people of the group 'F, a'", recorded, StringComparison.Ordinal);
        Assert.DoesNotContain("people at random", recorded, StringComparison.Ordinal);
        Assert.Contains("between people at random", other, StringComparison.Ordinal);
        Assert.Contains("between people of 'F, a', the group with the highest rate", other, StringComparison.Ordinal);
        Assert.All(candidates, candidate => Assert.Contains("measured on test set only", candidate, StringComparison.Ordinal));
        Assert.Contains("Whom the false match rates were measured on", page, StringComparison.Ordinal);
        Assert.Contains("it tells nothing of children", page, StringComparison.Ordinal);
        Assert.Contains("nobody here guesses that from a photo", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_purpose_must_have_is_marked_beforehand_and_missed_in_the_words_of_the_page()
    {
        using var agent = await PageClient.SignedInAsync(service, "purposes", Role.Agent);
        using var owner = service.As("purposes", Role.GalleryOwner);
        await owner.CreateGalleryAsync("demanding");
        var page = await agent.TextAsync("/search");
        Assert.Contains("data-needs=\"caseNumber basis\"", page, StringComparison.Ordinal);
        Assert.Matches("<input id=\"caseNumber\"[^>]* required", page);
        Assert.Matches("<input id=\"basis\"[^>]* required", page);
        Assert.DoesNotMatch("<input id=\"requester\"[^>]* required", page);
        foreach (var (given, missed, fields) in new[]
        {
            ("", "Case number and statutory violation or other basis are missing.", "caseNumber basis"),
            ("C-1", "Statutory violation or other basis is missing.", "basis"),
        })
        {
            using var refused = await agent.SendAsync(
                "/search", true, [("image", FakeImage.Of(new FakeFace(1)), "p.jpg")], ("gallery", "demanding"), ("caseNumber", given));
            var problem = await refused.Content.ReadAsStringAsync();
            Assert.True(problem.Contains(missed, StringComparison.Ordinal), problem);
            Assert.Contains($"data-fields=\"{fields}\"", problem, StringComparison.Ordinal);
            Assert.DoesNotContain("purpose lacks", problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_script_a_face_is_chosen_by_its_place_and_a_photo_prepared_by_numbers()
    {
        using var agent = await PageClient.SignedInAsync(service, "local", Role.Agent);
        using var owner = service.Admin();
        await owner.CreateGalleryAsync("without-script");
        await owner.EnrolAsync("without-script", "P1", FakeImage.Picture("", new FakeFace(61)));
        await owner.EnrolAsync("without-script", "P2", FakeImage.Picture("", new FakeFace(62)));
        var photo = FakeImage.Picture("both", new FakeFace(61, Size: 40), new FakeFace(62, Size: 30, X: 100));
        async Task<string> Post(string path, params (string, string)[] more)
        {
            using var answer = await agent.SendAsync(
                path, false, [("image", photo, "p.ppm")],
                [("gallery", "without-script"), ("caseNumber", "C-9"), ("basis", "b"), ("face", ""), .. more]);
            return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        }
        var found = await Post("/search/probe");
        Assert.Contains("2 faces were found", found, StringComparison.Ordinal);
        Assert.Contains("30 × 30 pixels at 115,36", found, StringComparison.Ordinal);
        var several = await Post("/search", ("face", "only"));
        Assert.Contains("Face 2: 30 × 30 pixels at 115,36", several, StringComparison.Ordinal);
        Assert.DoesNotContain("form=\"search-form\"", several, StringComparison.Ordinal);
        // What stands behind the choice counts, as a button's value does.
        Assert.Matches("(?s)id=\"rank-1\".*?P2", await Post("/search", ("face", "only"), ("face", "115,36")));
        (string, string)[] crop = [("cropX", "80"), ("cropY", "0"), ("cropWidth", "100"), ("cropHeight", "150"), ("turn", "5")];
        var prepared = await Post("/search", [("face", "only"), ("searched", "prepared"), .. crop]);
        Assert.Matches("(?s)id=\"rank-1\".*?P2", prepared);
        Assert.Contains("cut to 100 × 150 pixels at 80, 0; turned 5° clockwise", prepared, StringComparison.Ordinal);
        var original = await Post("/search", [("face", "largest"), ("searched", "original"), .. crop]);
        Assert.Matches("(?s)id=\"rank-1\".*?P1", original);
        Assert.Contains("was not done", original, StringComparison.Ordinal);
        foreach (var (name, value, said) in new[]
        {
            ("cropX", "3", "fill in all of them, or none"), ("turn", "NaN", "“Turn clockwise” is -180 to 180"),
            ("gamma", "x", "“Gamma” is a number"), ("cropX", "1e9", "“From the left” is a whole number"),
        })
            Assert.Contains(said, await Post("/search", ("searched", "prepared"), (name, value)), StringComparison.Ordinal);

        // One's own search is opened again with its terms; another's, or none, leaves the bare form.
        var id = Regex.Match(prepared, "href=\"/searches/([0-9a-f-]+)\"").Groups[1].Value;
        var again = await agent.TextAsync($"/search?made={id}");
        Assert.Contains("id=\"rank-1\"", again, StringComparison.Ordinal);
        Assert.Contains("value=\"C-9\"", again, StringComparison.Ordinal);
        using var other = await PageClient.SignedInAsync(service, "local", Role.Agent);
        foreach (var page in new[] { await other.TextAsync($"/search?made={id}"), await agent.TextAsync("/search?made=none") })
            Assert.DoesNotContain("id=\"rank-1\"", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("<li class=\"candidate\".*?</li>", RegexOptions.Singleline)]
    private static partial Regex Candidate();
}
