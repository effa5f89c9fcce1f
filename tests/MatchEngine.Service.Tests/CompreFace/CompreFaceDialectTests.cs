using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.CompreFace;

/// <summary>
/// The flow of CompreFace's own documentation by plain HTTP, its errors, and every safeguard; each deviation of the dialect's README
/// has its test here.
/// </summary>
public class CompreFaceDialectTests(TestService service) : IClassFixture<TestService>
{
    private const string Api = "/api/v1/recognition";

    private static readonly byte[] Probe = FakeImage.Picture("probe", new FakeFace(1, 3));

    [Fact]
    public async Task The_flow_of_its_documentation_runs_with_a_key_that_stands_for_a_collection()
    {
        using var client = await CollectionAsync("flow");
        // Add a subject; an example creates one too.
        Assert.Equal("anna", (await client.PostAsJsonAsync($"{Api}/subjects", new { subject = "anna" }).Json(201)).Text("subject"));
        var ids = new Dictionary<string, string>();
        foreach (var (subject, salt, person) in new[] { ("anna", "1", 1), ("anna", "2", 1), ("bert", "b", 2), ("cleo", "c", 3) })
        {
            var added = await client.PostAsync(
                $"{Api}/faces?subject={subject}&det_prob_threshold=0.8", File(FakeImage.Picture(salt, new FakeFace(person)))).Json(201);
            Assert.Equal(subject, added.Text("subject"));
            ids[salt] = Guid.ParseExact(added.Text("image_id"), "D").ToString();
        }
        Assert.Equal(["anna", "bert", "cleo"], Texts((await client.GetAsync($"{Api}/subjects/").Json()).GetProperty("subjects")));

        // List, by pages, and of one subject.
        var page = await client.GetAsync($"{Api}/faces?page=1&size=3").Json();
        Assert.Equal((1, 3, 2, 4), (
            page.Number("page_number"), page.Number("page_size"), page.Number("total_pages"), page.Number("total_elements")));
        Assert.Equal("cleo", Assert.Single(page.GetProperty("faces").EnumerateArray()).Text("subject"));
        Assert.Equal(2, (await client.GetAsync($"{Api}/faces?subject=anna").Json()).Number("total_elements"));

        // Recognise.
        using var answer = await client.PostAsync($"{Api}/recognize?limit=1&prediction_count=2&status=true", File(Probe));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var found = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        var face = Assert.Single(found.GetProperty("result").EnumerateArray());
        var box = face.GetProperty("box");
        Assert.Equal((10, 20, 110, 121, 0.75), (
            box.Number("x_min"), box.Number("y_min"), box.Number("x_max"), box.Number("y_max"), box.GetProperty("probability")
                .GetDouble()));
        Assert.Equal("anna", face.GetProperty("subjects")[0].Text("subject"));
        Assert.InRange(face.GetProperty("subjects")[0].GetProperty("similarity").GetDouble(), 0.8, 1);
        Assert.Equal(2, face.GetProperty("subjects").GetArrayLength());
        Assert.Equal("fake", found.GetProperty("plugins_versions").Text("calculator"));
        Assert.True(face.GetProperty("execution_time").TryGetProperty("detector", out _));
        Assert.Contains("lead", answer.Headers.GetValues("x-matchengine-disclaimer").Single(), StringComparison.OrdinalIgnoreCase);
        Assert.Matches("^HMAC-SHA-256 [0-9a-f]{64} deleted 20", answer.Headers.GetValues("x-matchengine-receipt").Single());

        // Verify, by an image of the collection and of two images; detect.
        var verified = await client.PostAsync($"{Api}/faces/{ids["1"]}/verify", File(Probe)).Json();
        Assert.InRange(verified.GetProperty("result")[0].GetProperty("similarity").GetDouble(), 0.8, 1);
        Assert.Equal(10, verified.GetProperty("result")[0].GetProperty("box").Number("x_min"));
        var compared = (await client.PostAsync("/api/v1/verification/verify", Files(
            ("source_image", Probe), ("target_image", FakeImage.Picture("1", new FakeFace(1))))).Json()).GetProperty("result")[0];
        Assert.InRange(compared.GetProperty("face_matches")[0].GetProperty("similarity").GetDouble(), 0.8, 1);
        Assert.Equal(110, compared.GetProperty("source_image_face").GetProperty("box").Number("x_max"));
        var several = FakeImage.Picture("s", new FakeFace(4), new FakeFace(5, Size: 80, X: 200));
        foreach (var (limit, count) in new[] { (0, 2), (1, 1), (5, 2) })
            Assert.Equal(count, (await client.PostAsync($"/api/v1/detection/detect?limit={limit}", File(several)).Json())
                .GetProperty("result").GetArrayLength());

        // The image, and the ends.
        using (var image = await client.GetAsync($"{Api}/faces/{ids["c"]}/img"))
            Assert.Equal("image/jpeg", image.Content.Headers.ContentType!.MediaType);
        Assert.Equal("cleo", (await client.DeleteAsync($"{Api}/faces/{ids["c"]}").Json()).Text("subject"));
        Assert.Equal(11, await CodeAsync(client.DeleteAsync($"{Api}/faces/{ids["c"]}"), 404));
        var deleted = await client.PostAsJsonAsync($"{Api}/faces/delete", new[] { ids["2"], ids["c"] }).Json();
        Assert.Equal(ids["2"], Assert.Single(deleted.GetProperty("deleted").EnumerateArray()).Text("image_id"));
        Assert.Equal(1, (await client.DeleteAsync($"{Api}/faces?subject=anna").Json()).Number("deleted"));
        // The one that was added without an image is there still.
        Assert.Equal(["anna", "bert"], Texts((await client.GetAsync($"{Api}/subjects").Json()).GetProperty("subjects")));
        Assert.Equal("bert", (await client.DeleteAsync($"{Api}/subjects/bert").Json()).Text("subject"));
        Assert.Equal(1, (await client.DeleteAsync($"{Api}/subjects").Json()).Number("deleted"));
        Assert.Equal(0, (await client.DeleteAsync($"{Api}/faces").Json()).Number("deleted"));
    }

    [Fact]
    public async Task Images_come_in_base64_too_and_what_else_the_body_holds_is_left_alone()
    {
        using var client = await CollectionAsync("base64");
        var text = Convert.ToBase64String(FakeImage.Picture("1", new FakeFace(1)));
        await client.PostAsJsonAsync($"{Api}/faces?subject=anna", new { file = text, more = new { a = 1 } }).Json(201);
        await client.PostAsJsonAsync(
            $"{Api}/faces?subject=bert", new { file = Convert.ToBase64String(FakeImage.Picture("2", new FakeFace(2))) })
            .Json(201);
        var found = await client.PostAsJsonAsync($"{Api}/recognize", new { file = text }).Json();
        Assert.Equal("anna", found.GetProperty("result")[0].GetProperty("subjects")[0].Text("subject"));
        var compared = await client.PostAsJsonAsync("/api/v1/verification/verify", new { source_image = text, target_image = text }).Json();
        Assert.InRange(
            compared.GetProperty("result")[0].GetProperty("face_matches")[0].GetProperty("similarity").GetDouble(), 0.99, 1);
    }

    [Fact]
    public async Task Errors_have_its_shape_and_its_numbers()
    {
        using var client = await CollectionAsync("errors");
        Assert.Equal(28, await CodeAsync(client.PostAsync($"{Api}/recognize", File(FakeImage.Picture("none"))), 400));
        Assert.Equal(28, await CodeAsync(client.PostAsync("/api/v1/detection/detect", File(FakeImage.Picture("none"))), 400));
        Assert.Equal(28, await CodeAsync(client.PostAsync("/api/v1/detection/detect?det_prob_threshold=0.9", File(Probe)), 400));
        Assert.Equal(31, await CodeAsync(client.PostAsync(
            $"{Api}/faces?subject=a", File(FakeImage.Picture("two", new FakeFace(1), new FakeFace(2, Size: 80, X: 200)))), 400));
        Assert.Equal(21, await CodeAsync(client.PostAsync($"{Api}/recognize", File("no image"u8.ToArray())), 400));
        Assert.Equal(21, await CodeAsync(client.PostAsync($"{Api}/recognize", new StringContent("text")), 415));
        Assert.Equal(33, await CodeAsync(client.PostAsync($"{Api}/faces", File(Probe)), 400));
        Assert.Equal(33, await CodeAsync(client.PostAsync($"{Api}/recognize", Files(("image", Probe))), 400));
        Assert.Equal(33, await CodeAsync(client.PostAsJsonAsync($"{Api}/subjects", new { }), 400));
        Assert.Equal(26, await CodeAsync(client.PostAsync($"{Api}/recognize?limit=-1", File(Probe)), 400));
        Assert.Equal(26, await CodeAsync(client.PostAsync($"{Api}/recognize?det_prob_threshold=2", File(Probe)), 400));
        Assert.Equal(26, await CodeAsync(client.PostAsync($"{Api}/faces?subject=a&det_prob_threshold=x", File(Probe)), 400));
        Assert.Equal(0, (await client.GetAsync($"{Api}/faces").Json()).Number("total_elements"));
        Assert.Equal(21, await CodeAsync(client.PostAsync($"{Api}/subjects", new StringContent("text")), 415));
        Assert.Equal(26, await CodeAsync(client.PostAsJsonAsync($"{Api}/faces/delete", new string?[] { null }), 400));
        Assert.Equal(26, await CodeAsync(client.DeleteAsync($"{Api}/faces/1"), 400));
        Assert.Equal(11, await CodeAsync(client.DeleteAsync($"{Api}/subjects/nobody"), 404));
        Assert.Equal(0, await CodeAsync(client.PostAsync($"{Api}/recognize", File(new byte[(2 << 20) + 1])), 400));
        await client.PostAsJsonAsync($"{Api}/subjects", new { subject = "twice" }).Json(201);
        Assert.Equal(0, await CodeAsync(client.PostAsJsonAsync($"{Api}/subjects", new { subject = "twice" }), 409));
        using var nobody = service.Client(null);
        Assert.Equal(20, await CodeAsync(nobody.GetAsync($"{Api}/subjects"), 401));
    }

    [Fact]
    public async Task A_collection_is_named_by_a_header_or_for_the_key_and_neither_gives_access()
    {
        using var theirs = await CollectionAsync("named");
        var id = (await theirs.PostAsync($"{Api}/faces?subject=anna", File(FakeImage.Picture("1", new FakeFace(1)))).Json(201))
            .Text("image_id");
        await theirs.PostAsync($"{Api}/faces?subject=bert", File(FakeImage.Picture("2", new FakeFace(2)))).Json(201);
        using var plain = Keyed(service.FirstKey);
        Assert.Equal(33, await CodeAsync(plain.GetAsync($"{Api}/subjects"), 400));
        using var header = Keyed(service.FirstKey, "named");
        Assert.Equal(["anna", "bert"], Texts((await header.GetAsync($"{Api}/subjects").Json()).GetProperty("subjects")));

        var roles = (string[])[Role.Agent, Role.Supervisor, Role.Examiner, Role.GalleryOwner, Role.Administrator];
        var (_, key) = service.KeyOf("strangers", roles);
        using var stranger = Keyed(key, "named");
        var keyId = key.Split('_')[1];
        using var own = service.Client(key);
        await own.PutAsJsonAsync($"/v1/keys/{keyId}/client-settings", new { gallery = "named" }).Json();
        using var setting = Keyed(key);
        foreach (var client in (HttpClient[])[stranger, setting])
        {
            foreach (var (method, path, body) in ((string, string, Func<HttpContent>?)[])
            [
                ("GET", "/subjects", null), ("POST", "/subjects", () => JsonContent.Create(new { subject = "x" })),
                ("DELETE", "/subjects", null), ("DELETE", "/subjects/anna", null),
                ("PUT", "/subjects/anna", () => JsonContent.Create(new { subject = "x" })),
                ("GET", "/faces", null), ("POST", "/faces?subject=x", () => File(Probe)), ("DELETE", "/faces", null),
                ("DELETE", "/faces?subject=anna", null), ("DELETE", $"/faces/{id}", null), ("GET", $"/faces/{id}/img", null),
                ("POST", "/faces/delete", () => JsonContent.Create(new[] { id })), ("POST", $"/faces/{id}/verify", () => File(Probe)),
                ("POST", "/recognize", () => File(Probe)),
            ])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), Api + path) { Content = body?.Invoke() };
                Assert.Equal((path, 10), (path, await CodeAsync(client.SendAsync(request), 404)));
            }
        }
        Assert.Equal(["anna", "bert"], Texts((await header.GetAsync($"{Api}/subjects").Json()).GetProperty("subjects")));
    }

    [Fact]
    public async Task Settings_of_a_key_are_for_its_account_and_who_keeps_that()
    {
        var (_, key) = service.KeyOf("setters", Role.Agent);
        var path = $"/v1/keys/{key.Split('_')[1]}/client-settings";
        using var own = service.Client(key);
        var wanted = new { gallery = "g", purpose = new { caseNumber = "C-9", basis = "b", requester = "r" } };
        Assert.Equal("g", (await own.PutAsJsonAsync(path, wanted).Json()).Text("gallery"));
        Assert.Equal("C-9", (await own.GetAsync(path).Json()).GetProperty("purpose").Text("caseNumber"));
        await own.PutAsJsonAsync(path, new { gallery = "../g" }).Code(400);
        // A key that may do less than the one that made it changes nothing of that one.
        var made = (await own.PostAsJsonAsync("/v1/keys", new { name = "less" }).Json(201)).Text("key");
        using var less = service.Client(made);
        await less.PutAsJsonAsync(path, new { gallery = "theirs" }).Code(404);
        await less.PutAsJsonAsync($"/v1/keys/{made.Split('_')[1]}/client-settings", new { gallery = "mine" }).Json();
        await own.PutAsJsonAsync($"/v1/keys/{made.Split('_')[1]}/client-settings", new { gallery = "made" }).Json();
        Assert.Equal("g", (await own.GetAsync(path).Json()).Text("gallery"));
        using var peer = service.As("setters", Role.Agent);
        using var foreign = service.As("others", Role.Administrator);
        foreach (var client in (HttpClient[])[peer, foreign])
        {
            await client.GetAsync(path).Code(404);
            await client.PutAsJsonAsync(path, wanted).Code(404);
        }
        using var keeper = service.As("setters", Role.Administrator);
        await keeper.PutAsJsonAsync(path, new { purpose = new { basis = " " } }).Json();
        Assert.All(
            (await own.GetAsync(path).Json()).EnumerateObject(), setting => Assert.Equal(JsonValueKind.Null, setting.Value.ValueKind));
    }

    [Fact]
    public async Task The_purpose_comes_of_headers_or_of_the_key()
    {
        using var client = await CollectionAsync("purposes", null, null);
        await EnrolAsync(client, 1, 2);
        using var refused = await client.PostAsync($"{Api}/recognize", File(Probe));
        Assert.Equal("purpose_required", refused.Headers.GetValues("x-matchengine-code").Single());
        client.DefaultRequestHeaders.Add("x-matchengine-case", "C-3");
        client.DefaultRequestHeaders.Add("x-matchengine-basis", "18 USC 1028");
        await client.PostAsync($"{Api}/recognize", File(Probe)).Json();
        using var standing = await CollectionAsync("standing", null, new { caseNumber = "C-4", basis = "18 USC 1343" });
        await EnrolAsync(standing, 1, 2);
        using var answer = await standing.PostAsync($"{Api}/recognize", File(Probe));
        using var admin = service.Admin();
        var search = await admin.GetAsync($"/v1/searches/{answer.Headers.GetValues("x-matchengine-search-id").Single()}").Json();
        Assert.Equal("C-4", search.GetProperty("audit").GetProperty("purpose").Text("caseNumber"));
    }

    [Fact]
    public async Task A_profile_of_2_to_50_lists_two_where_one_was_asked_for_and_withholds_one_alone()
    {
        using var two = await CollectionAsync("two", "ngi-ips");
        await EnrolAsync(two, 1, 2, 3);
        var found = await two.PostAsync($"{Api}/recognize?prediction_count=1", File(Probe)).Json();
        Assert.Equal(2, found.GetProperty("result")[0].GetProperty("subjects").GetArrayLength());
        using var one = await CollectionAsync("one", "ngi-ips");
        await EnrolAsync(one, 1);
        using var answer = await one.PostAsync($"{Api}/recognize", File(Probe));
        Assert.Equal("1", answer.Headers.GetValues("x-matchengine-withheld").Single());
        Assert.Equal(0, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement
            .GetProperty("result")[0].GetProperty("subjects").GetArrayLength());
    }

    [Fact]
    public async Task Several_faces_are_for_the_profile_to_allow_and_the_biggest_for_a_limit_of_1()
    {
        var several = FakeImage.Picture("s", new FakeFace(1, 3), new FakeFace(2, 3, Size: 80, X: 200));
        using var client = await CollectionAsync("singles");
        await EnrolAsync(client, 1, 2);
        Assert.Equal(31, await CodeAsync(client.PostAsync($"{Api}/recognize", File(several)), 400));
        var biggest = await client.PostAsync($"{Api}/recognize?limit=1", File(several)).Json();
        Assert.Equal("1", biggest.GetProperty("result")[0].GetProperty("subjects")[0].Text("subject"));
    }

    [Fact]
    public async Task Plugins_are_not_offered_and_a_subject_with_faces_keeps_its_name()
    {
        using var client = await CollectionAsync("renamed");
        await EnrolAsync(client, 1, 2);
        using var answer = await client.PostAsync($"{Api}/recognize?face_plugins=age,gender,calculator", File(Probe));
        Assert.Contains("face_plugins", answer.Headers.GetValues("x-matchengine-notices").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("embedding", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var refused = await client.PutAsJsonAsync($"{Api}/subjects/1", new { subject = "x" });
        Assert.Equal("not_offered", refused.Headers.GetValues("x-matchengine-code").Single());
        await client.PostAsJsonAsync($"{Api}/subjects", new { subject = "old" }).Json(201);
        Assert.True(
            (await client.PutAsJsonAsync($"{Api}/subjects/old", new { subject = "new" }).Json()).GetProperty("updated").GetBoolean());
        Assert.Equal(["1", "2", "new"], Texts((await client.GetAsync($"{Api}/subjects").Json()).GetProperty("subjects")));
        Assert.Equal(11, await CodeAsync(client.PutAsJsonAsync($"{Api}/subjects/old", new { subject = "new" }), 404));
    }

    [Fact]
    public async Task An_image_is_compared_with_all_of_its_subject_and_one_that_is_there_keeps_its_id()
    {
        using var client = await CollectionAsync("bests");
        var (far, near) = (FakeImage.Picture("far", new FakeFace(7)), FakeImage.Picture("near", new FakeFace(1)));
        var ids = new List<string>();
        foreach (var photo in (byte[][])[far, near, far])
            ids.Add((await client.PostAsync($"{Api}/faces?subject=anna", File(photo)).Json(201)).Text("image_id"));
        Assert.Equal(ids[0], ids[2]);
        var verified = await client.PostAsync($"{Api}/faces/{ids[0]}/verify?status=true", File(Probe)).Json();
        Assert.InRange(verified.GetProperty("result")[0].GetProperty("similarity").GetDouble(), 0.8, 1);
        Assert.False(verified.TryGetProperty("plugins_versions", out _));
        Assert.Equal(31, await CodeAsync(client.PostAsync(
            $"{Api}/faces/{ids[0]}/verify", File(FakeImage.Picture("s", new FakeFace(1), new FakeFace(2, Size: 80, X: 200)))), 400));
        using var image = await client.GetAsync($"/api/v1/static/{service.FirstKey}/images/{ids[0]}");
        Assert.Equal(HttpStatusCode.NotFound, image.StatusCode);
    }

    [Fact]
    public async Task Of_images_nothing_stays_however_a_request_ends()
    {
        using var client = await CollectionAsync("cleared");
        await EnrolAsync(client, 1, 2);
        var before = service.Buffers.HandedOutCount;
        var marked = FakeImage.Picture("marker-77ab", new FakeFace(1, 4));
        await client.PostAsync($"{Api}/recognize", File(marked)).Json();
        await client.PostAsJsonAsync($"{Api}/recognize", new { file = Convert.ToBase64String(marked) }).Json();
        await client.PostAsync("/api/v1/verification/verify", Files(("source_image", marked), ("target_image", marked))).Json();
        await client.PostAsync("/api/v1/detection/detect", File(marked)).Json();
        await CodeAsync(client.PostAsync($"{Api}/recognize", Files(("other", marked))), 400);
        await CodeAsync(client.PostAsJsonAsync($"{Api}/recognize", new { file = "no base64" }), 400);
        Assert.True(service.Buffers.HandedOutCount > before + 6);
        Assert.True(service.Buffers.AllClear());
        Assert.False(FolderBytes.Contain(service.Data, "marker-77ab"u8.ToArray()));
    }

    [Fact]
    public async Task No_cookie_and_no_bearer_of_another_kind_opens_the_dialect()
    {
        using var pages = await PageClient.SignedInAsync(service, "local", Role.GalleryOwner);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Api}/subjects");
        using var answer = await pages.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    /// <summary>A gallery with a key that stands for it.</summary>
    private Task<HttpClient> CollectionAsync(string name, string? profile = null) => CollectionAsync(name, profile, Requests.Purpose);

    private async Task<HttpClient> CollectionAsync(string name, string? profile, object? purpose)
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync(name, profile is null ? null : new { profile });
        var made = await admin.PostAsJsonAsync("/v1/keys", new { name }).Json(201);
        await admin.PutAsJsonAsync(
            $"/v1/keys/{made.GetProperty("details").Text("id")}/client-settings",
            new { gallery = name, purpose }).Json();
        return Keyed(made.Text("key"));
    }

    private HttpClient Keyed(string key, string? gallery = null)
    {
        var client = service.Client(null);
        client.DefaultRequestHeaders.Add("x-api-key", key);
        if (gallery is not null)
            client.DefaultRequestHeaders.Add("x-matchengine-gallery", gallery);
        return client;
    }

    private static async Task EnrolAsync(HttpClient client, params int[] people)
    {
        foreach (var person in people)
            await client.PostAsync($"{Api}/faces?subject={person}", File(FakeImage.Picture($"{person}", new FakeFace(person)))).Json(201);
    }

    private static MultipartFormDataContent File(byte[] image) => Files(("file", image));

    private static MultipartFormDataContent Files(params (string Name, byte[] Image)[] images)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, image) in images)
            form.Add(new ByteArrayContent(image), name, "photo.jpg");
        return form;
    }

    private static async Task<int> CodeAsync(Task<HttpResponseMessage> answer, int expected)
    {
        var error = await answer.Json(expected);
        Assert.NotEqual("", error.Text("message"));
        return error.Number("code");
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}

/// <summary>Members of JSON.</summary>
internal static class Members
{
    public static string Text(this JsonElement element, string member) => element.GetProperty(member).GetString()!;

    public static int Number(this JsonElement element, string member) => element.GetProperty(member).GetInt32();
}
