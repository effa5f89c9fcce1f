using System.Net;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public partial class SearchPagesTests(TestService service) : IClassFixture<TestService>
{
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

    [GeneratedRegex("<li class=\"candidate\".*?</li>", RegexOptions.Singleline)]
    private static partial Regex Candidate();
}
