using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Searching;

/// <summary>Searches among some, with what each searcher may see.</summary>
public class FilteredSearchesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_search_among_some_lists_them_alone_says_how_many_they_are_and_is_audited()
    {
        using var owner = await GalleryAsync("filters", "among");

        var answer = await SearchAsync(owner, "among", 200, "sex=F", "birth>=1980");

        Assert.Equal(["S2", "S4"], Ids(answer).Order());
        Assert.Equal(2, answer.GetProperty("strangersExpected").GetProperty("comparisons").GetInt32());
        Assert.Equal(
            "the 2 subjects of gallery 'among' with birth>=1980, sex=F",
            answer.GetProperty("strangersExpected").GetProperty("population").GetString());
        Assert.Contains(
            answer.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString() == "gallery 'among': only the 2 subjects with birth>=1980, sex=F were searched; "
                + "who lacks a value was not");
        using var auditor = service.As("filters", Role.Auditor);
        var written = (await auditor.GetAsync("/v1/audit?kind=search").Json()).GetRawText();
        Assert.Contains(
            "\"filter\":[\"birth>=1980\",\"sex=F\"]", written.Replace("\\u003E", ">", StringComparison.Ordinal), StringComparison.Ordinal);

        // Whoever reviews the search sees it as it was made.
        var record = await owner.GetAsync($"/v1/searches/{answer.GetProperty("searchId").GetString()}").Json();
        Assert.Equal(
            ["birth>=1980", "sex=F"],
            record.GetProperty("audit").GetProperty("filter").EnumerateArray().Select(condition => condition.GetString()!));
        Assert.Equal(5, Ids(await SearchAsync(owner, "among", 200)).Length);
        Assert.Empty(Ids(await SearchAsync(owner, "among", 200, "sex=X")));
    }

    [Fact]
    public async Task What_is_no_condition_is_told_by_field_and_remedy()
    {
        using var owner = await GalleryAsync("words", "words");
        foreach (var (condition, expected) in new[] { ("sex", "write KEY=VALUE"), ("name>=M", "wants a number or a date") })
        {
            var refused = await SearchAsync(owner, "words", 400, condition);
            Assert.Equal("bad_value", refused.GetProperty("code").GetString());
            Assert.StartsWith("filter: ", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Contains(expected, refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_searches_by_what_the_owner_or_the_profile_does_not_show()
    {
        using var owner = await GalleryAsync("hiding", "shown");
        using var second = await GalleryAsync("hiding", "veiled", new { profile = "dmv" });
        await owner.ShareAsync(service, "shown", "seeing", new { maySearch = true, fields = new[] { "sex" } });
        await owner.ShareAsync(service, "veiled", "seeing", new { maySearch = true });
        using var agent = service.As("seeing", Role.Agent);

        Assert.Equal(["S1", "S3"], Ids(await SearchAsync(agent, "shown", 200, "sex=M")).Order());
        // A key that the owner does not show, and a profile that shows nobody's biographics with the list: named, each refuses.
        Assert.Equal("filter_refused", (await SearchAsync(agent, "shown", 403, "sex=M", "birth<1980")).GetProperty("code").GetString());
        var veiled = await SearchAsync(agent, "veiled", 403, "sex=M");
        Assert.Equal("filter_refused", veiled.GetProperty("code").GetString());
        Assert.Contains("'veiled'", veiled.GetProperty("detail").GetString(), StringComparison.Ordinal);
        // Not named, it is left out and told.
        var all = await SearchAsync(agent, null, 200, "sex=M");
        Assert.Equal(["S1", "S3"], Ids(all).Order());
        Assert.Contains(
            all.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.StartsWith("gallery 'veiled': it does not show you 'sex'", StringComparison.Ordinal));
    }

    private async Task<HttpClient> GalleryAsync(string organisation, string name, object? more = null)
    {
        var owner = service.As(organisation, Role.GalleryOwner, Role.Agent, Role.ServiceAdministrator);
        await owner.CreateGalleryAsync(name, more);
        foreach (var (subject, sex, birth) in new[]
        {
            (1, "M", "1990"), (2, "F", "1980-01-01"), (3, "M", "1970"), (4, "F", "1999-05-05"), (5, "F", "1979-12-31"),
        })
            await owner.EnrolAsync(
                name, $"S{subject}", FakeImage.Picture("", new FakeFace(subject)), new { metadata = new { sex, birth } });
        return owner;
    }

    private static Task<JsonElement> SearchAsync(HttpClient client, string? gallery, int expected, params string[] filter) =>
        client.PostAsync("/v1/searches", Requests.Form(
            new { galleries = gallery is null ? null : new[] { gallery }, purpose = Requests.Purpose, filter },
            ("image", FakeImage.Of(new FakeFace(4)), "p"))).Json(expected);

    private static string[] Ids(JsonElement answer) =>
        [.. answer.GetProperty("candidates").EnumerateArray().Select(candidate => candidate.GetProperty("subjectId").GetString()!)];
}
