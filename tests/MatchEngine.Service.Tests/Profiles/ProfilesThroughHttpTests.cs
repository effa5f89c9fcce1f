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
        await EndsWithTheSharingAsync(cast, details);
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
        await service.PrepareAsync(cast.Agent);
        var (search, first) = await NothingPersonalAsync(cast);
        Assert.Equal("deleted", search.GetProperty("receipt").GetProperty("status").GetString());
        Assert.Equal(
            "A name", (await DetailsAsync(cast, search, first, granted: true)).GetProperty("biographics").GetProperty("name").GetString());
        Assert.Equal("not_offered", await cast.Post(new { examine = true }).Code(403));
    }

    [Fact]
    public async Task Ats_p_searches_for_who_is_trained_and_has_renewed_and_sends_lists_to_examiners()
    {
        using var cast = await CastAsync("ats-p");
        Assert.Equal("terms_not_accepted", await cast.Post().Code(403));
        await service.PrepareAsync(cast.Agent);
        await NothingPersonalAsync(cast);
        await cast.Post(new { examine = true }).Json();
        Assert.Equal("not_offered", await cast.Agent.PostAsync(
            "/v1/galleries/ats-p/subjects/P1/comparisons",
            Requests.Form(new { purpose = Requests.Purpose }, ("first", FakeImage.Of(new FakeFace(1)), "p"))).Code(403));
        await PurposeIsRequiredAsync(cast);
    }

    [Fact]
    public async Task Civil_immigration_enforcement_is_no_purpose_of_any_profile_that_takes_one()
    {
        using var cast = await CastAsync("no-civil", profile: "default");
        foreach (var purpose in (object[])[
            new { caseNumber = "C-1", basis = "Civil immigration enforcement" },
            new { caseNumber = "C-1", basis = "8 USC 1226 (civil-immigration enforcement)" },
            new { caseNumber = "civil immigration enforcement 7", basis = "18 USC 1546" }])
            Assert.Equal("purpose_refused", await cast.Post(new { purpose }).Code(403));
        await cast.Post(new { purpose = new { caseNumber = "C-1", basis = "18 USC 1546, not civil" } }).Json();
    }

    [Fact]
    public async Task Obim_enrols_no_child_by_the_recorded_birth_or_the_keepers_word_and_warns_of_a_probe_of_one()
    {
        using var cast = await CastAsync("obim-children", profile: "obim");
        var young = DateTime.UtcNow.AddYears(-13).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (subject, request) in ((string, object)[])[
            ("C1", new { metadata = new { birth = young } }), ("C2", new { statedAge = 13 }),
            ("C3", new { metadata = new { birth = "1990-06-01", captured_on = "2000-01-01" } })])
        {
            Assert.Equal("under_age", await cast.Owner.PostAsync(
                $"/v1/galleries/obim-children/subjects/{subject}/encounters",
                Requests.Form(request, ("image", FakeImage.Picture(subject, new FakeFace(20)), "p.jpg"))).Code(422));
            await cast.Owner.GetAsync($"/v1/galleries/obim-children/subjects/{subject}").Code(404);
        }
        // What is recorded of the subject counts for the next photo too.
        await cast.Owner.EnrolAsync(
            "obim-children", "G", FakeImage.Picture("grown", new FakeFace(21)),
            new { metadata = new { birth = "1990-06-01", captured_on = "2020-01-01" } });
        Assert.Equal("under_age", await cast.Owner.PostAsync(
            "/v1/galleries/obim-children/subjects/G/encounters",
            Requests.Form(
                new { metadata = new { captured_on = "2000-01-01" } },
                ("image", FakeImage.Picture("as a child", new FakeFace(21)), "p.jpg"))).Code(422));
        var answer = await cast.Post(new { statedAge = 13 }).Json();
        Assert.Contains(
            answer.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.Contains("somebody under 14", StringComparison.Ordinal));
        Assert.DoesNotContain(
            (await cast.Post(new { statedAge = 14 }).Json()).GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.Contains("somebody under 14", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vendor_enrols_each_person_of_a_photo_as_a_subject_of_its_own_and_finds_any_of_them()
    {
        using var cast = await CastAsync("vendor-groups", profile: "vendor", people: 1);
        var group = FakeImage.Picture("group", new FakeFace(7, Size: 90, X: 5), new FakeFace(8, Size: 60, X: 100));
        var enrolled = (await cast.Owner.EnrolAsync("vendor-groups", "page", group)).GetProperty("photos")[0];
        Assert.Contains("2 people of the photo are enrolled", enrolled.GetProperty("notices")[0].GetString(), StringComparison.Ordinal);
        foreach (var person in (int[])[7, 8])
        {
            var first = (await cast.Post(
                new { listLength = 1, purpose = (object?)null }, FakeImage.Of(new FakeFace(person, Variation: 2))).Json())
                .GetProperty("candidates")[0];
            Assert.StartsWith("page/", first.GetProperty("subjectId").GetString(), StringComparison.Ordinal);
            Assert.EndsWith($"#{person - 6}", first.GetProperty("subjectId").GetString(), StringComparison.Ordinal);
        }
        // Another photo of that name is of other people.
        await cast.Owner.EnrolAsync(
            "vendor-groups", "page",
            FakeImage.Picture("another group", new FakeFace(9, Size: 90, X: 5), new FakeFace(6, Size: 60, X: 100)));
        var subjects = (await cast.Owner.GetAsync("/v1/galleries/vendor-groups/subjects").Json()).GetProperty("subjects");
        Assert.Equal(5, subjects.GetArrayLength());
        Assert.Equal("bad_value", await cast.Owner.PostAsync(
            "/v1/galleries/vendor-groups/subjects/page/encounters",
            Requests.Form(new { face = "largest" }, ("image", group, "p.jpg"))).Code(400));
        // A probe shows one face, as everywhere.
        Assert.Equal("multiple_faces", await cast.Post(
            new { purpose = (object?)null }, FakeImage.Of(new FakeFace(7, Size: 120, X: 10), new FakeFace(8, Size: 60, X: 300))).Code(422));
    }

    [Fact]
    public async Task Smartlink_enrols_one_master_image_of_whoever_agreed_to_the_terms()
    {
        using var cast = await CastAsync("smartlink-master", profile: "smartlink", people: 1);
        var path = "/v1/galleries/smartlink-master/subjects/P9/encounters";
        Task<HttpResponseMessage> Enrol(object? request, string salt) => cast.Owner.PostAsync(
            path, Requests.Form(request, ("image", FakeImage.Picture(salt, new FakeFace(9)), "p.jpg")));
        foreach (var request in (object?[])[null, new { agreedTerms = "0" }])
            Assert.Equal("terms_not_accepted", await Enrol(request, "master").Code(403));
        var encounter = (await Enrol(new { agreedTerms = "1" }, "master").Json(201)).GetProperty("photos")[0]
            .GetProperty("encounterId").GetString();
        using var auditor = service.As("local", Role.ServiceAuditor);
        var written = (await auditor.GetAsync(
            "/v1/audit?newestFirst=true&kind=subject.enrolled&gallery=smartlink-master").Json()).GetProperty("events")[0];
        Assert.Equal("1", written.GetProperty("payload").GetProperty("agreedTerms").GetString());
        Assert.Equal("master_exists", await Enrol(new { agreedTerms = "1" }, "another").Code(409));
        await Enrol(new { agreedTerms = "1" }, "master").Json();
        await cast.Owner.DeleteAsync($"{path}/{encounter}").Json(204);
        await Enrol(new { agreedTerms = "1" }, "another").Json(201);
        // Nobody has asked the people of a folder.
        Assert.Equal("terms_not_accepted", await cast.Owner.PostAsJsonAsync(
            "/v1/galleries/smartlink-master/imports", new { folder = "." }).Code(403));
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
        // What the subject took from the encounter tells no more of it.
        Assert.Equal(["agency", "birth", "reason"], Keys(search.GetProperty("candidates")[0].GetProperty("biographics")));
        var record = await cast.Agent.GetAsync($"/v1/searches/{search.GetProperty("searchId").GetString()}/candidates/1").Json();
        Assert.Equal(["agency", "birth", "reason"], Keys(record.GetProperty("encounter").GetProperty("metadata")));
        Assert.Equal(["agency", "birth", "reason"], Keys(record.GetProperty("biographics")));
        Assert.Empty(record.GetProperty("links").EnumerateArray());
        await PurposeIsRequiredAsync(cast);
    }

    [Fact]
    public async Task Vendor_lists_photos_of_the_open_web_without_a_floor_and_tells_the_source_but_nobodys_data()
    {
        using var cast = await CastAsync("vendor", people: 4);
        var answer = await cast.Post(
            new { listLength = 2, scoreFloor = 0.9, purpose = (object?)null }, FakeImage.Of(new FakeFace(2, Variation: 3))).Json();
        Assert.Equal(2, answer.GetProperty("candidates").GetArrayLength());
        Assert.Equal("P2", answer.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
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
        Task<HttpResponseMessage> Compare() => cast.Agent.PostAsync(
            "/v1/galleries/smartlink/subjects/P1/comparisons",
            Requests.Form(null, ("first", FakeImage.Of(new FakeFace(1, Variation: 2)), "selfie")));
        Assert.Equal("terms_not_accepted", await Compare().Code(403));
        await service.PrepareAsync(cast.Agent);
        var answer = await Compare().Json();
        Assert.Equal(["disclaimer", "fmr", "model", "notices", "populations", "receipt", "score", "scorePercent"], Keys(answer));
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

    // What was granted is read as long as the gallery is shared, and no longer.
    private static async Task EndsWithTheSharingAsync(Cast cast, JsonElement details)
    {
        var permission = (await cast.Owner.GetAsync($"/v1/galleries/{cast.Gallery}/permissions").Json())[0];
        var organisation = permission.GetProperty("organisation").GetString();
        var path = $"/v1/galleries/{cast.Gallery}/permissions/{organisation}";
        await cast.Owner.PutAsJsonAsync(path, new { maySearch = false }).Json();
        await cast.Agent.GetAsync($"/v1/details-requests/{details.GetProperty("id").GetString()}").Code(404);
        await cast.Owner.PutAsJsonAsync(path, new { maySearch = true }).Json();
        await cast.Agent.GetAsync($"/v1/details-requests/{details.GetProperty("id").GetString()}").Json();
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
        var owner = service.As("local", Role.GalleryOwner, Role.ServiceAdministrator);
        await owner.CreateGalleryAsync(gallery, new { profile = profile ?? gallery, approved = true });
        for (var person = 1; person <= people; person++)
            await owner.EnrolAsync(
                gallery, $"P{person}", FakeImage.Picture($"{gallery} {person}", new FakeFace(person)),
                new
                {
                    metadata = Metadata, sourceUrl = $"https://example.org/{person}",
                    agreedTerms = (profile ?? gallery) == "smartlink" ? "1" : null,
                });
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
