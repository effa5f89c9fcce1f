using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Profiles;

/// <summary>
/// Each profile as a client meets it: one gallery of the profile, its people, and what an agent of another organisation gets to see.
/// </summary>
public sealed class ProfilesThroughHttpTests(TestService service) : IClassFixture<TestService>
{
    private static readonly object Metadata =
        new { name = "A name", birth = "1970", reason = "arrest", agency = "an agency", note = "private" };

    [Fact]
    public async Task State_lea_shows_mugshots_with_their_data_once_the_terms_were_accepted()
    {
        using var cast = await CastAsync("state-lea");
        Assert.Equal("terms_not_accepted", await cast.Post().Code(403));
        await cast.AcceptAsync();
        var first = (await cast.Post().Json()).GetProperty("candidates")[0];
        Assert.Equal("A name", first.GetProperty("biographics").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("sourceUrl").ValueKind);
        // The acceptance is one of an account, not of its organisation.
        using var other = service.As("county", Role.Agent);
        Assert.Equal("terms_not_accepted", await cast.Post(client: other).Code(403));
        await PurposeIsRequiredAsync(cast);
        await SeveralFacesAreRefusedAsync(cast);
    }

    [Fact]
    public async Task Dmv_gives_faces_and_drivers_data_only_by_a_second_request_that_the_owner_grants()
    {
        using var cast = await CastAsync("dmv");
        var (search, first) = await NothingPersonalAsync(cast);
        var details = await DetailsAsync(cast, search, first, granted: true);
        Assert.Equal("A name", details.GetProperty("biographics").GetProperty("name").GetString());
        var refused = await DetailsAsync(cast, search, first, granted: false);
        Assert.Equal(JsonValueKind.Null, refused.GetProperty("biographics").ValueKind);
        await PurposeIsRequiredAsync(cast);
        await SeveralFacesAreRefusedAsync(cast);
    }

    [Fact]
    public async Task Fusion_center_has_links_that_its_owner_entered_and_no_search_did()
    {
        using var cast = await CastAsync("fusion-center");
        var links = "/v1/galleries/fusion-center/subjects/P1/links";
        Assert.Empty((await cast.Owner.GetAsync(links).Json()).EnumerateArray());
        await cast.Owner.PutAsJsonAsync($"{links}/P3", new { note = "seen together" }).Json(204);
        await cast.Owner.PutAsJsonAsync($"{links}/P1", new { note = "itself" }).Code(400);
        await cast.Owner.PutAsJsonAsync($"{links}/nobody", new { note = "n" }).Code(404);
        // Both ends show it, and the record of a candidate does.
        Assert.Equal(
            "P1", Assert.Single((await cast.Owner.GetAsync("/v1/galleries/fusion-center/subjects/P3/links").Json()).EnumerateArray())
                .GetProperty("subjectId").GetString());
        var search = await cast.Post().Json();
        Assert.NotEqual(JsonValueKind.Null, search.GetProperty("candidates")[0].GetProperty("score").ValueKind);
        var record = await cast.Agent.GetAsync($"/v1/searches/{search.GetProperty("searchId").GetString()}/candidates/1").Json();
        var link = Assert.Single(record.GetProperty("links").EnumerateArray());
        Assert.Equal(("P3", "seen together"), (link.GetProperty("subjectId").GetString(), link.GetProperty("note").GetString()));
        Assert.Equal("A name", record.GetProperty("biographics").GetProperty("name").GetString());
        // Who is removed is linked to nobody, nor is who comes later under the same id.
        await cast.Owner.DeleteAsync("/v1/galleries/fusion-center/subjects/P3").Json(204);
        await cast.Owner.EnrolAsync("fusion-center", "P3", FakeImage.Picture("again", new FakeFace(3)));
        Assert.Empty((await cast.Owner.GetAsync(links).Json()).EnumerateArray());
        await cast.Owner.DeleteAsync($"{links}/P3").Code(404);
        await PurposeIsRequiredAsync(cast);
        // Elsewhere there are no links.
        using var plain = await CastAsync("default");
        Assert.Equal(
            "not_offered", await plain.Owner.PutAsJsonAsync("/v1/galleries/default/subjects/P1/links/P2", new { note = "n" }).Code(403));
    }

    [Fact]
    public async Task Obim_has_a_floor_and_a_length_together_and_its_owner_says_who_searches_and_what_they_see()
    {
        using var cast = await CastAsync("obim");
        var preset = await cast.Post().Json();
        Assert.Equal(0.34, preset.GetProperty("scoreFloor").GetDouble(), 3);
        Assert.Contains("0.34", preset.GetProperty("notices")[0].GetString(), StringComparison.Ordinal);
        Assert.All(preset.GetProperty("candidates").EnumerateArray(), candidate =>
            Assert.True(candidate.GetProperty("score").GetDouble() >= 0.34));
        // A floor below the preset one is none.
        var both = await cast.Post(new { scoreFloor = -1, listLength = 2 }).Json();
        Assert.Equal((2, 1), (both.GetProperty("listLength").GetInt32(), both.GetProperty("candidates").GetArrayLength()));
        Assert.Equal(0.34, both.GetProperty("scoreFloor").GetDouble(), 3);
        Assert.Contains("lists nobody below 0.34", both.GetProperty("notices")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(0.5, (await cast.Post(new { scoreFloor = 0.5 }).Json()).GetProperty("scoreFloor").GetDouble(), 3);
        Assert.Contains(
            "not a positive identification", both.GetProperty("disclaimer").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("deleted", both.GetProperty("receipt").GetProperty("status").GetString());
        // The owner narrows what the organisation sees, then takes the permission away.
        await cast.Owner.ShareAsync(service, "obim", "county", new { fields = new[] { "birth" } });
        Assert.Equal(
            """{"birth":"1970"}""", (await cast.Post().Json()).GetProperty("candidates")[0].GetProperty("biographics").GetRawText());
        await cast.Owner.DeleteAsync("/v1/galleries/obim/permissions/county").Json(204);
        await cast.Post().Code(404);
        // Examination is offered; that nothing of it is written back: FacialExamination/ExaminationTests.
    }

    [Fact]
    public async Task Ccd_keeps_no_probe_and_gives_details_only_by_a_second_request()
    {
        using var cast = await CastAsync("ccd");
        var (search, first) = await NothingPersonalAsync(cast);
        Assert.Equal("deleted", search.GetProperty("receipt").GetProperty("status").GetString());
        Assert.Equal(
            "A name", (await DetailsAsync(cast, search, first, granted: true)).GetProperty("biographics").GetProperty("name").GetString());
        Assert.Equal("not_offered", await cast.Post(new { examine = true }).Code(403));
    }

    [Fact]
    public async Task Ngi_ips_lists_two_to_fifty_of_a_case_and_never_one()
    {
        using var cast = await CastAsync("ngi-ips", people: 60);
        Assert.Equal(20, (await cast.Post().Json()).GetProperty("candidates").GetArrayLength());
        foreach (var (asked, given) in ((int, int)[])[(1, 2), (2, 2), (50, 50), (1000, 50)])
            Assert.Equal(given, (await cast.Post(new { listLength = asked }).Json()).GetProperty("candidates").GetArrayLength());
        var strict = await cast.Post(new { scoreFloor = 0.99 }).Json();
        Assert.Equal((2, true), (strict.GetProperty("candidates").GetArrayLength(), strict.GetProperty("floorGaveWay").GetBoolean()));
        await PurposeIsRequiredAsync(cast);
        await SeveralFacesAreRefusedAsync(cast);
    }

    [Fact]
    public async Task Abis_returns_the_fields_of_the_encounter_that_it_documents_and_no_others()
    {
        using var cast = await CastAsync("abis");
        var search = await cast.Post().Json();
        Assert.Equal(
            ["agency", "birth", "reason"], Keys(search.GetProperty("candidates")[0].GetProperty("encounter").GetProperty("metadata")));
        var record = await cast.Agent.GetAsync($"/v1/searches/{search.GetProperty("searchId").GetString()}/candidates/1").Json();
        Assert.Equal(["agency", "birth", "reason"], Keys(record.GetProperty("encounter").GetProperty("metadata")));
        Assert.Empty(record.GetProperty("links").EnumerateArray());
        await PurposeIsRequiredAsync(cast);
    }

    [Fact]
    public async Task Vendor_searches_every_face_of_the_open_webs_photos_without_a_floor_and_tells_the_source_but_nobodys_data()
    {
        using var cast = await CastAsync("vendor", people: 4);
        var group = FakeImage.Of(new FakeFace(2, Size: 120, X: 10), new FakeFace(4, Size: 60, X: 300));
        var answer = await cast.Post(new { listLength = 2, scoreFloor = 0.9, purpose = (object?)null }, group).Json();
        Assert.Equal(
            ["P2", "P4"], answer.GetProperty("candidates").EnumerateArray().Select(c => c.GetProperty("subjectId").GetString()!).Order());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("scoreFloor").ValueKind);
        Assert.Contains(
            answer.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.Contains("offers none", StringComparison.Ordinal));
        foreach (var candidate in answer.GetProperty("candidates").EnumerateArray())
        {
            Assert.StartsWith("https://example.org/", candidate.GetProperty("sourceUrl").GetString(), StringComparison.Ordinal);
            Assert.Equal(("{}", "{}"), (candidate.GetProperty("biographics").GetRawText(), candidate.GetProperty("encounter")
                .GetProperty("metadata").GetRawText()));
            using var crop = await cast.Agent.GetAsync(candidate.GetProperty("crop").GetString());
            Assert.Equal("image/jpeg", crop.Content.Headers.ContentType?.MediaType);
        }
        // By an image that is enrolled already.
        var (own, encounter) = (answer.GetProperty("candidates")[0].GetProperty("subjectId").GetString(),
            answer.GetProperty("candidates")[0].GetProperty("encounter").GetProperty("id").GetString());
        var by = await cast.Agent.PostAsJsonAsync("/v1/searches", new { galleries = new[] { "vendor" }, encounterId = encounter }).Json();
        Assert.Equal(3, by.GetProperty("candidates").GetArrayLength());
        Assert.DoesNotContain(own, by.GetProperty("candidates").EnumerateArray().Select(c => c.GetProperty("subjectId").GetString()));
        Assert.Equal("not_offered", await cast.Agent.PostAsJsonAsync(
            "/v1/details-requests", new { searchId = answer.GetProperty("searchId").GetString(), rank = 1, reason = "r" }).Code(403));
        Assert.Equal("not_offered", await cast.Post(new { examine = true }).Code(403));
    }

    [Fact]
    public async Task Smartlink_compares_with_one_named_subject_and_keeps_the_event_with_the_case()
    {
        using var cast = await CastAsync("smartlink");
        Assert.Equal("not_offered", await cast.Post().Code(403));
        var answer = await cast.Agent.PostAsync(
            "/v1/galleries/smartlink/subjects/P1/comparisons",
            Requests.Form(null, ("first", FakeImage.Of(new FakeFace(1, Variation: 2)), "selfie"))).Json();
        Assert.Equal(["disclaimer", "fmr", "model", "populations", "receipt", "score"], Keys(answer));
        using var auditor = service.As("local", Role.ServiceAuditor);
        var written = Assert.Single(
            (await auditor.GetAsync("/v1/audit?kind=comparison.subject&gallery=smartlink").Json()).GetProperty("events").EnumerateArray());
        Assert.Equal(20, written.GetProperty("expires").GetDateTimeOffset().Year - written.GetProperty("time").GetDateTimeOffset().Year);
    }

    [Fact]
    public async Task A_search_is_audited_for_as_long_as_the_profile_says()
    {
        using var cast = await CastAsync("ngi-ips-years", profile: "ngi-ips", people: 3);
        await cast.Post().Json();
        using var auditor = service.As("local", Role.ServiceAuditor);
        var written = Assert.Single(
            (await auditor.GetAsync("/v1/audit?kind=search&gallery=ngi-ips-years").Json()).GetProperty("events").EnumerateArray());
        Assert.Equal(7, written.GetProperty("expires").GetDateTimeOffset().Year - written.GetProperty("time").GetDateTimeOffset().Year);
        Assert.Equal("18 USC 1956", written.GetProperty("payload").GetProperty("purpose").GetProperty("basis").GetString());
    }

    private static async Task PurposeIsRequiredAsync(Cast cast)
    {
        foreach (var purpose in (object?[])[null, new { caseNumber = "C-1" }, new { basis = "18 USC 1956", caseNumber = " " }])
            Assert.Equal("purpose_required", await cast.Post(new { purpose }).Code(400));
    }

    private static async Task SeveralFacesAreRefusedAsync(Cast cast)
    {
        var group = FakeImage.Of(new FakeFace(1, Size: 120, X: 10), new FakeFace(2, Size: 60, X: 300));
        Assert.Equal("multiple_faces", await cast.Post(probe: group).Code(422));
        Assert.Equal(
            "P2", (await cast.Post(new { face = "2" }, group).Json()).GetProperty("candidates")[0].GetProperty("subjectId").GetString());
    }

    private static async Task<(JsonElement Search, JsonElement First)> NothingPersonalAsync(Cast cast)
    {
        var search = await cast.Post().Json();
        var first = search.GetProperty("candidates")[0];
        Assert.Equal(("{}", "{}", JsonValueKind.Null), (first.GetProperty("biographics").GetRawText(),
            first.GetProperty("encounter").GetProperty("metadata").GetRawText(), first.GetProperty("sourceUrl").ValueKind));
        var record = await cast.Agent.GetAsync(first.GetProperty("record").GetString()).Json();
        Assert.Equal(
            ("{}", JsonValueKind.Null),
            (record.GetProperty("biographics").GetRawText(), record.GetProperty("encounter").GetProperty("sourceUrl").ValueKind));
        Assert.Equal(JsonValueKind.Null, record.GetProperty("encounter").GetProperty("image").ValueKind);
        return (search, first);
    }

    private static async Task<JsonElement> DetailsAsync(Cast cast, JsonElement search, JsonElement candidate, bool granted)
    {
        var asked = await cast.Agent.PostAsJsonAsync("/v1/details-requests", new
        {
            searchId = search.GetProperty("searchId").GetString(),
            rank = candidate.GetProperty("rank").GetInt32(),
            reason = "to go on",
        }).Json(201);
        var path = $"/v1/details-requests/{asked.GetProperty("id").GetString()}";
        Assert.Equal(JsonValueKind.Null, (await cast.Agent.GetAsync(path).Json()).GetProperty("biographics").ValueKind);
        await cast.Owner.PostAsJsonAsync($"{path}/decision", new { granted, reason = "so be it" }).Json();
        return await cast.Agent.GetAsync(path).Json();
    }

    private static List<string> Keys(JsonElement value) =>
        [.. value.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    private async Task<Cast> CastAsync(string gallery, string? profile = null, int people = 3)
    {
        // Only an administrator approves a gallery for use by all.
        var owner = service.As("local", Role.GalleryOwner, Role.Administrator);
        await owner.CreateGalleryAsync(gallery, new { profile = profile ?? gallery, approved = true });
        for (var person = 1; person <= people; person++)
            await owner.EnrolAsync(
                gallery, $"P{person}", FakeImage.Picture($"{gallery} {person}", new FakeFace(person)),
                new { metadata = Metadata, sourceUrl = $"https://example.org/{person}" });
        var agent = service.As("county", Role.Agent);
        await owner.ShareAsync(service, gallery, "county");
        return new Cast(gallery, owner, agent);
    }

    /// <summary>The gallery's owner, and an agent of an organisation that may search it.</summary>
    private sealed record Cast(string Gallery, HttpClient Owner, HttpClient Agent) : IDisposable
    {
        public Task<HttpResponseMessage> Post(object? more = null, byte[]? probe = null, HttpClient? client = null)
        {
            var request = new JsonObject
            {
                ["galleries"] = new JsonArray(Gallery),
                ["purpose"] = JsonSerializer.SerializeToNode(Requests.Purpose),
            };
            foreach (var (key, value) in JsonSerializer.SerializeToNode(more ?? new { })!.AsObject())
                request[key] = value?.DeepClone();
            return (client ?? Agent).PostAsync(
                "/v1/searches", Requests.Form(request, ("image", probe ?? FakeImage.Of(new FakeFace(1, Variation: 3)), "probe.jpg")));
        }

        public async Task AcceptAsync()
        {
            var terms = (await Agent.GetAsync("/v1/terms").Json()).EnumerateArray()
                .Single(row => row.GetProperty("profile").GetString() == Gallery);
            await Agent.PostAsJsonAsync(
                "/v1/terms/acceptance", new { profile = Gallery, version = terms.GetProperty("version").GetString() }).Json();
        }

        public void Dispose()
        {
            Owner.Dispose();
            Agent.Dispose();
        }
    }
}
