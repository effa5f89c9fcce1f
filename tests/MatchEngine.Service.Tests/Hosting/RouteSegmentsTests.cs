using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

/// <summary>Every id that a subject can have stands in an address and comes back from there as it was.</summary>
public class RouteSegmentsTests(TestService service) : IClassFixture<TestService>
{
    private static readonly string[] Ids =
    [
        "a/b", "a%2Fb", "a%2fb", "a%252Fb", "/", "//", "a/", "/a", "100%", "%", "%%", "%41", "Zoë Ångström/2", "李 明", "a b", " a ", "a?b#c",
        "a;b=c,d", "a&b", "a+b", "'\"<>", "back\\slash", "~tilde", "...", "..a", "a..", "a/../b",
        "people/group.jpg#3", "😀/🎂", "e\u0301", "\u202Eabc",
    ];

    public static TheoryData<string> AllIds => [.. Ids, .. Random()];

    [Theory]
    [MemberData(nameof(AllIds))]
    public async Task A_subject_is_enrolled_read_corrected_linked_and_removed_under_any_id(string id)
    {
        using var admin = service.Admin();
        var gallery = $"ids-{Guid.NewGuid():N}";
        await admin.CreateGalleryAsync(gallery, new { profile = "fusion-center" });
        var other = id + "%2F/";
        var path = $"/v1/galleries/{gallery}/subjects/{Uri.EscapeDataString(id)}";
        var encounter = (await admin.EnrolAsync(gallery, id, FakeImage.Picture("1", new FakeFace(1)))).GetProperty("photos")[0]
            .GetProperty("encounterId").GetString();
        await admin.EnrolAsync(gallery, other, FakeImage.Picture("2", new FakeFace(2)));

        Assert.Equal(id, (await admin.GetAsync(path).Json()).GetProperty("id").GetString());
        await admin.GetAsync($"{path}/encounters/{encounter}").Json();
        using (var crop = await admin.GetAsync($"{path}/encounters/{encounter}/crop"))
            Assert.Equal(HttpStatusCode.OK, crop.StatusCode);
        var corrected = await admin.PatchAsJsonAsync(path, new { set = new { name = "N" } }).Json();
        Assert.Equal(id, corrected.GetProperty("id").GetString());
        await admin.PutAsJsonAsync($"{path}/links/{Uri.EscapeDataString(other)}", new { note = "kin" }).Json(204);
        Assert.Equal(
            other, Assert.Single((await admin.GetAsync($"{path}/links").Json()).EnumerateArray()).GetProperty("subjectId").GetString());
        await admin.PostAsync(
            $"{path}/comparisons", Requests.Form(new { purpose = Requests.Purpose }, ("first", FakeImage.Of(new FakeFace(1)), "p"))).Json();
        var page = await admin.GetAsync($"/v1/galleries/{gallery}/subjects?count=1").Json();
        var rest = await admin.GetAsync(
            $"/v1/galleries/{gallery}/subjects?after={Uri.EscapeDataString(page.GetProperty("next").GetString()!)}").Json();
        Assert.Equal(new[] { id, other }.Order(StringComparer.Ordinal), page.GetProperty("subjects").EnumerateArray()
            .Concat(rest.GetProperty("subjects").EnumerateArray()).Select(Id).Order(StringComparer.Ordinal));
        await admin.DeleteAsync(path).Json(204);
        Assert.Equal(other, Assert.Single(
            (await admin.GetAsync($"/v1/galleries/{gallery}/subjects").Json()).GetProperty("subjects").EnumerateArray().Select(Id)));

        static string Id(JsonElement subject) => subject.GetProperty("id").GetString()!;
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task An_id_that_no_address_can_hold_is_refused_where_it_would_be_enrolled(string id)
    {
        using var admin = service.Admin();
        var gallery = $"dots-{Guid.NewGuid():N}";
        await admin.CreateGalleryAsync(gallery);
        Directory.CreateDirectory(Path.Combine(service.Data, "imports", "local", gallery));
        File.WriteAllBytes(Path.Combine(service.Data, "imports", "local", gallery, "photo.ppm"), FakeImage.Picture("", new FakeFace(1)));
        File.WriteAllText(Path.Combine(service.Data, "imports", "local", gallery, "metadata.csv"), $"image,subject\nphoto.ppm,{id}\n");
        var started = await admin.PostAsJsonAsync(
            $"/v1/galleries/{gallery}/imports", new { metadata = $"{gallery}/metadata.csv" }).Json(202);
        var ended = started;
        while (ended.GetProperty("state").GetString() is "queued" or "running")
            ended = await admin.GetAsync($"/v1/operations/{started.GetProperty("id").GetString()}").Json();
        Assert.Contains(
            "folder", Assert.Single(ended.GetProperty("progress").GetProperty("failures").EnumerateArray()).GetProperty("detail")
                .GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/galleries/raw/subjects/a%2Fb", 200)]
    [InlineData("/v1/galleries/raw/subjects/a%2fb", 200)]
    // What follows is no part of the path; the resource is found, and knows no such member.
    [InlineData("/v1/galleries/raw/subjects/a%2fb?x=/y/z", 400)]
    [InlineData("/v1/galleries/./raw/subjects/a%2Fb", 404)]
    [InlineData("/v1/galleries/raw/subjects/a%252Fb", 404)]
    [InlineData("http://localhost/v1/galleries/raw/subjects/a%2Fb", 404)]
    public async Task The_target_as_it_was_sent_decides(string target, int status)
    {
        using var admin = service.Admin();
        using (await admin.PostAsJsonAsync("/v1/galleries", new { name = "raw" }))
        using (await admin.PostAsync(
            "/v1/galleries/raw/subjects/a%2Fb/encounters", Requests.Form(null, ("image", FakeImage.Picture("", new FakeFace(1)), "p"))))
        {
        }
        using var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {service.FirstKey}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        Assert.Equal($"HTTP/1.1 {status}", (await reader.ReadLineAsync())![..12]);
    }

    private static IEnumerable<string> Random()
    {
        const string Letters = "/%2Ff.?#&=+;:@ \\'\"<>äλ中ab";
        var random = new Random(7);
        return Enumerable.Range(0, 20).Select(
            _ => new string([.. Enumerable.Range(0, random.Next(3, 12)).Select(_ => Letters[random.Next(Letters.Length)])]) + "x");
    }
}
