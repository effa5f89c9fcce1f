using System.Net.Http.Json;
using System.Text;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>A null where a value is meant is refused by its member, and leaves everything readable.</summary>
public class NullElementsTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_null_in_a_list_or_a_table_is_refused_by_name_and_nothing_of_it_is_kept()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("nulls");
        await admin.PostAsJsonAsync("/v1/organisations", new { id = "nulls-partner", name = "p" }).Json(201);
        await admin.EnrolAsync("nulls", "S1", FakeImage.Picture("", new FakeFace(1)), new { metadata = new { sex = "F" } });
        (string Member, Task<HttpResponseMessage> Answer)[] sent =
        [
            ("metadata", admin.PostAsync("/v1/galleries/nulls/subjects/S2/encounters", Requests.Form(
                new { metadata = new { k = (string?)null } }, ("image", FakeImage.Picture("", new FakeFace(2)), "p")))),
            ("fields", PutAsync(admin, "/v1/galleries/nulls/permissions/nulls-partner", """{"maySearch":true,"fields":[null]}""")),
            ("galleries", admin.PostAsync("/v1/searches", Requests.Form(
                new { galleries = new string?[] { null }, purpose = Requests.Purpose }, ("image", FakeImage.Of(new FakeFace(1)), "p")))),
            ("filter", admin.PostAsync("/v1/searches", Requests.Form(
                new { galleries = new[] { "nulls" }, filter = new string?[] { null }, purpose = Requests.Purpose },
                ("image", FakeImage.Of(new FakeFace(1)), "p")))),
            ("roles", admin.PostAsync("/v1/accounts", Body("""{"name":"n","organisation":"local","roles":[null]}"""))),
            ("scopes", admin.PostAsync("/v1/keys", Body("""{"name":"n","scopes":[null]}"""))),
        ];
        foreach (var (member, answer) in sent)
            Assert.Contains(member, await DetailAsync(answer), StringComparison.Ordinal);
        // An empty condition is none, and no reason to search everybody.
        Assert.Contains("filter", await DetailAsync(admin.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "nulls" }, filter = new[] { "" }, purpose = Requests.Purpose },
            ("image", FakeImage.Of(new FakeFace(1)), "p")))), StringComparison.Ordinal);

        Assert.Single((await admin.SearchAsync(FakeImage.Of(new FakeFace(1)), "nulls")).GetProperty("candidates").EnumerateArray());
        await admin.GetAsync("/v1/galleries/nulls/subjects/S2").Code(404);
    }

    private static async Task<string> DetailAsync(Task<HttpResponseMessage> answer)
    {
        var problem = await answer.Json(400);
        return problem.GetProperty("detail").GetString()!;
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string path, string json) => client.PutAsync(path, Body(json));

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");
}
