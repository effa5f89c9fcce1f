using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Searching;

/// <summary>What a gallery demands holds for that gallery, whatever else is searched with it.</summary>
public sealed class RuledGalleriesTests(TestService service) : IClassFixture<TestService>
{
    private static readonly byte[] Probe = FakeImage.Of(new FakeFace(1, Variation: 3));

    [Fact]
    public async Task A_search_that_names_no_gallery_leaves_out_those_that_refuse_and_tells_why()
    {
        using var owner = Owner();
        using var agent = service.As("all", Role.Agent);
        await MakeAsync(owner, "all-open", "default", 3, "all");
        await MakeAsync(owner, "all-one-to-one", "smartlink", 3, "all");
        await MakeAsync(owner, "all-terms", "state-lea", 3, "all");
        await MakeAsync(owner, "all-unapproved", "default", 3, "all", approved: false);

        var answer = await SearchAsync(agent, null).Json();

        Assert.All(Rows(answer), row => Assert.Equal("all-open", row.Gallery));
        Assert.Equal(3, Rows(answer).Count);
        Assert.Equal(["all-open"], answer.GetProperty("galleries").EnumerateArray().Select(name => name.GetString()!));
        foreach (var name in (string[])["all-one-to-one", "all-terms", "all-unapproved"])
        {
            Assert.Contains(Notices(answer), notice => notice.StartsWith($"gallery '{name}': ", StringComparison.Ordinal)
                && notice.Contains("; it was not searched", StringComparison.Ordinal));
            // Named, each of them refuses, also beside one that does not, and says which it is.
            using var refused = await SearchAsync(agent, ["all-open", name]);
            Assert.Equal(403, (int)refused.StatusCode);
            Assert.Contains($"gallery '{name}': ", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_all_refuse_the_first_one_says_why()
    {
        using var owner = Owner();
        using var agent = service.As("none", Role.Agent);
        await MakeAsync(owner, "none-a", "smartlink", 1, "none");
        await MakeAsync(owner, "none-b", "state-lea", 1, "none");
        Assert.Equal("not_offered", await SearchAsync(agent, null).Code(403));
    }

    [Fact]
    public async Task An_empty_gallery_that_demands_two_withholds_nobody_of_another()
    {
        using var owner = Owner();
        await MakeAsync(owner, "mates", "default", 3);
        await MakeAsync(owner, "nobody", "ngi-ips", 0);
        await MakeAsync(owner, "one", "ngi-ips", 1);

        foreach (var names in (string[][])[["mates", "nobody"], ["nobody", "mates"], ["one", "mates", "nobody"]])
        {
            var answer = await SearchAsync(owner, names).Json();
            Assert.Equal(["P1", "P2", "P3"], Rows(answer).Select(row => row.Subject).Order());
            Assert.All(Rows(answer), row => Assert.Equal("mates", row.Gallery));
            // The one person of a gallery that demands two is withheld also when he is found in another gallery.
            Assert.Equal(names.Contains("one") ? 1 : 0, answer.GetProperty("withheld").GetInt32());
        }
    }

    [Fact]
    public async Task A_floor_holds_for_its_gallery_beside_one_that_offers_none()
    {
        using var owner = Owner();
        await MakeAsync(owner, "floored", "obim", 4);
        await MakeAsync(owner, "open-web", "vendor", 4);
        foreach (var names in (string[][])[["floored", "open-web"], ["open-web", "floored"]])
        {
            var answer = await SearchAsync(owner, names, floor: -1).Json();
            Assert.Equal(["P1"], Rows(answer).Where(row => row.Gallery == "floored").Select(row => row.Subject));
            Assert.Equal(4, Rows(answer).Count(row => row.Gallery == "open-web"));
            // What one shows of its records is nothing to the other.
            Assert.All(answer.GetProperty("candidates").EnumerateArray(), candidate => Assert.Equal(
                candidate.GetProperty("gallery").GetString() == "floored" ? """{"name":"A name"}""" : "{}",
                candidate.GetProperty("biographics").GetRawText()));
        }
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("vendor", false)]
    [InlineData("dmv", false)]
    [InlineData("ccd", false)]
    public async Task The_rate_of_a_group_is_not_told_where_the_labels_are_not(string profile, bool isTold)
    {
        using var owner = Owner();
        var name = $"labelled-{profile}";
        await owner.CreateGalleryAsync(name, new { profile, approved = true });
        await owner.EnrolAsync(
            name, "P1", FakeImage.Picture(name, new FakeFace(1)), new { metadata = new { sex = "F", race = "a" } });
        await service.PrepareAsync(owner);
        var answer = await SearchAsync(owner, [name]).Json();
        var candidate = answer.GetProperty("candidates")[0];
        Assert.Equal(isTold ? JsonValueKind.Object : JsonValueKind.Null, candidate.GetProperty("fmr").GetProperty("group").ValueKind);
        Assert.Equal(isTold, answer.GetProperty("populations").GetRawText().Contains("/group/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gallery_of_another_profile_that_sends_no_lists_to_examiners_is_left_out_of_a_search_for_one()
    {
        using var owner = Owner();
        using var agent = service.As("examined", Role.Agent);
        await MakeAsync(owner, "examined-ngi", "ngi-ips", 3, "examined");
        await MakeAsync(owner, "examined-ccd", "ccd", 3, "examined");
        var answer = await agent.PostAsync("/v1/searches", Requests.Form(
            new { examine = true, purpose = Requests.Purpose }, ("image", Probe, "probe.jpg"))).Json();
        Assert.All(Rows(answer), row => Assert.Equal("examined-ngi", row.Gallery));
        Assert.Contains(Notices(answer), notice => notice.StartsWith("gallery 'examined-ccd': ", StringComparison.Ordinal));
    }

    private HttpClient Owner() => service.As("local", Role.GalleryOwner, Role.ServiceAdministrator, Role.Agent);

    private async Task MakeAsync(
        HttpClient owner, string name, string profile, int people, string? searcher = null, bool approved = true)
    {
        await owner.CreateGalleryAsync(name, new { profile, approved });
        for (var person = 1; person <= people; person++)
            await owner.EnrolAsync(
                name, $"P{person}", FakeImage.Picture($"{name} {person}", new FakeFace(person)),
                new { metadata = new { name = "A name" }, agreedTerms = profile == "smartlink" ? "1" : null });
        if (searcher is not null)
            await owner.ShareAsync(service, name, searcher);
    }

    private static Task<HttpResponseMessage> SearchAsync(HttpClient client, string[]? galleries, double? floor = null) =>
        client.PostAsync("/v1/searches", Requests.Form(
            new { galleries, scoreFloor = floor, purpose = Requests.Purpose }, ("image", Probe, "probe.jpg")));

    private static async Task<string?> CodeAsync(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        Assert.False(response.IsSuccessStatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
    }

    private static List<Row> Rows(JsonElement answer) =>
    [
        .. answer.GetProperty("candidates").EnumerateArray().Select(candidate => new Row(
            candidate.GetProperty("gallery").GetString()!, candidate.GetProperty("subjectId").GetString()!,
            candidate.GetProperty("score").GetDouble(), candidate.GetProperty("biographics").GetRawText(),
            candidate.GetProperty("encounter").GetProperty("metadata").GetRawText())),
    ];

    private static List<Row> Ordered(IEnumerable<Row> rows) =>
        [.. rows.OrderByDescending(row => row.Score).ThenBy(row => row.Gallery, StringComparer.Ordinal).ThenBy(row => row.Subject)];

    private static IEnumerable<string> Notices(JsonElement answer) =>
        answer.GetProperty("notices").EnumerateArray().Select(notice => notice.GetString()!);

    private sealed record Row(string Gallery, string Subject, double Score, string Biographics, string Metadata);
}
