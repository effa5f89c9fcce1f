using System.Text;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Rest;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

public class JsonFaultsTests(TestService service) : IClassFixture<TestService>
{
    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    [Theory]
    [InlineData("\"top\":5", "'top' is not known here; did you mean listLength; known are galleries, listLength, ")]
    [InlineData("\"scoreFlor\":0.5", "'scoreFlor' is not known here; did you mean scoreFloor; known are ")]
    [InlineData("\"list_length\":5", "'list_length' is not known here; did you mean listLength; known are ")]
    [InlineData("\"imgae\":\"AAEC\"", "'imgae' is not known here; did you mean image; known are ")]
    [InlineData("\"nonsense\":5", "'nonsense' is not known here; known are ")]
    [InlineData(
        "\"purpose\":{\"case\":\"C\"}",
        "'purpose.case' is not known here; did you mean caseNumber; known are caseNumber, basis, requester")]
    [InlineData("\"listLength\":\"5\"", "'listLength' is a whole number; a text stands there")]
    [InlineData("\"listLength\":5.5", "'listLength' is a whole number; a number stands there")]
    [InlineData("\"listLength\":[5]", "'listLength' is a whole number; a list stands there")]
    [InlineData("\"listLength\":1e12", "'listLength' is a whole number; a number stands there")]
    [InlineData("\"scoreFloor\":true", "'scoreFloor' is a number; true stands there")]
    [InlineData("\"examine\":null", "'examine' is true or false; null stands there")]
    [InlineData("\"examine\":\"yes\"", "'examine' is true or false; a text stands there")]
    [InlineData("\"galleries\":\"people\"", "'galleries' is a list; a text stands there")]
    [InlineData("\"galleries\":[\"people\",7]", "'galleries[1]' is a text; a number stands there")]
    [InlineData("\"purpose\":[]", "'purpose' is an object; a list stands there")]
    [InlineData("\"face\":1,\"face\":1", "'face' is a text; a number stands there")]
    [InlineData("\"face\":\"only\",\"FACE\":\"only\"", "'FACE' stands there twice")]
    public async Task A_request_with_an_image_names_the_member_and_what_is_meant(string member, string expected)
    {
        using var admin = service.Admin();
        var probe = Convert.ToBase64String(FakeImage.Of(new FakeFace(1)));
        AssertTold(expected, await admin.PostAsync("/v1/searches", Json($$"""{"image":"{{probe}}",{{member}}}""")).Json(400));
        // The other form has the same words; only an image has no member there.
        if (!member.StartsWith("\"imgae", StringComparison.Ordinal))
        {
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(FakeImage.Of(new FakeFace(1))), "image", "probe.jpg" },
                { Json($"{{{member}}}"), "request" },
            };
            AssertTold(expected, await admin.PostAsync("/v1/searches", form).Json(400));
        }
        Assert.True(service.Buffers.AllClear());
    }

    [Theory]
    [InlineData("/v1/keys", """{"nam":"x"}""", "'nam' is not known here; did you mean name; known are ")]
    [InlineData("/v1/galleries", """{"name":7}""", "'name' is a text; a number stands there")]
    [InlineData("/v1/galleries", """{"name":null}""", "'name' is a text; null stands there")]
    [InlineData("/v1/galleries", """{"profile":"vendor"}""", "'name' is missing")]
    [InlineData("/v1/galleries", """["people"]""", "the request is an object; a list stands there")]
    [InlineData("/v1/galleries", """{"name":"x","retention":{"days":"30"}}""", "'retention.days' is a whole number; a text stands there")]
    [InlineData(
        "/v1/galleries", """{"name":"x","retention":{"days":30,"basis":"captrue"}}""",
        "'retention.basis': 'captrue' is not known here; did you mean captured; known are ")]
    [InlineData(
        "/v1/galleries", """{"name":"x","retention":{"days":30,"basis":1}}""", "'retention.basis' is one of ")]
    [InlineData("/v1/galleries", "{\"name\":\"x\"", "the JSON cannot be read: line 1, byte ")]
    [InlineData("/v1/galleries", "", "the body is empty: send a JSON object")]
    public async Task A_request_without_an_image_does_so_too(string path, string body, string expected)
    {
        using var admin = service.Admin();
        AssertTold(expected, await admin.PostAsync(path, Json(body)).Json(400));
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task What_was_sent_is_repeated_shortened_and_without_control_characters()
    {
        using var admin = service.Admin();
        var detail = (await admin.PostAsync("/v1/keys", Json($$"""{"a\u0007{{new string('b', 5000)}}":1}""")).Json(400))
            .GetProperty("detail").GetString()!;
        Assert.StartsWith("'a bbb", detail, StringComparison.Ordinal);
        Assert.True(detail.Length < 400, detail);
    }

    [Fact]
    public async Task A_model_that_nobody_installed_is_refused_with_its_name()
    {
        using var admin = service.Admin();
        AssertTold("model: this service has no embedder 'nope'", await admin.PostAsync(
            "/v1/galleries", Json("""{"name":"models","model":"nope"}""")).Json(400));
    }

    private static void AssertTold(string expected, System.Text.Json.JsonElement problem) =>
        Assert.StartsWith(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

    /// <summary>The framework's reader makes one value of several: improper and follow-up would be a finding of their own.</summary>
    [Theory]
    [InlineData("""{"finding":"improper, follow-up"}""", "finding")]
    [InlineData("""{"FINDING":"proper,proper"}""", "FINDING")]
    public void Several_names_are_no_value_and_the_member_is_told(string json, string member)
    {
        var told = Assert.Throws<ProblemException>(
            () => JsonFaults.RequireSingleNames(Encoding.UTF8.GetBytes(json), typeof(ReviewRequest))).Message;
        Assert.Contains($"'{member}'", told, StringComparison.Ordinal);
        Assert.Contains("improper", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"finding":"improper"}""")]
    [InlineData("""{"finding":"proper","note":"a, b"}""")]
    [InlineData("{")]
    [InlineData("null")]
    public void One_name_and_what_is_wrong_otherwise_pass(string json) =>
        JsonFaults.RequireSingleNames(Encoding.UTF8.GetBytes(json), typeof(ReviewRequest));
}
