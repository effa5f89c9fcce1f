using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Intake;

public class JsonTextTests(TestService service) : IClassFixture<TestService>
{
    private const string Backslash = "\\";

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"name\":\"\\ud83d\\ude00\"}")]
    [InlineData("{\"name\":\"\\\\ud800\"}")]
    [InlineData("{\"name\":\"\\\"\\u00e9\"}")]
    [InlineData("{\"name\":\"\\u12\"}")]
    [InlineData("\\")]
    [InlineData("\\u")]
    public void Whole_texts_pass_and_what_is_no_JSON_is_left_to_the_reader(string json) => JsonText.Require(Encoding.UTF8.GetBytes(json));

    [Theory]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"name\":\"\\udc00\"}")]
    [InlineData("{\"name\":\"\\uD83D\\u0041\"}")]
    [InlineData("{\"name\":\"\\ud83d\\ud83d\\ude00\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public void Half_of_a_pair_is_refused(string json) =>
        Assert.Contains("no Unicode", Assert.Throws<ProblemException>(() => JsonText.Require(Encoding.UTF8.GetBytes(json))).Message);

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() =>
        Assert.Throws<ProblemException>(() => JsonText.Require([(byte)'"', 0xC3, (byte)'"']));

    /// <summary>By a second reader: whatever the framework makes texts of passes, and nothing else does.</summary>
    [Fact]
    public void It_refuses_what_the_framework_cannot_make_a_text_of_and_nothing_else()
    {
        var random = new Random(5);
        string[] parts =
            [Backslash + "ud83d", Backslash + "ude00", Backslash + "u0041", Backslash + Backslash, Backslash + "n", "u", "d800", "é"];
        var (whole, broken) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var json = Encoding.UTF8.GetBytes(
                "{\"a\":\"" + string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => parts[random.Next(parts.Length)])) + "\"}");
            var isText = IsText(json);
            Assert.Equal(isText, Record.Exception(() => JsonText.Require(json)) is null);
            (whole, broken) = isText ? (whole + 1, broken) : (whole, broken + 1);
        }
        Assert.True(whole > 500 && broken > 500, $"{whole} and {broken}");
    }

    [Theory]
    [InlineData("/v1/galleries", "{\"\\ud800\":1}")]
    [InlineData("/v1/redress-requests", "{\"kind\":\"\\ud800\"}")]
    [InlineData("/v1/redress-requests", "{\"kind\":\"correction, deletion\",\"gallery\":\"g\",\"subjectId\":\"s\",\"reference\":\"r\"}")]
    [InlineData("/v1/searches", "{\"galleries\":[\"\\ud800\"],\"image\":\"AAAA\"}")]
    [InlineData("/v1/searches", "{\"\\udfff\":\"AAAA\"}")]
    public async Task A_service_answers_that_the_request_is_wrong(string path, string json)
    {
        using var admin = service.Admin();
        using var answer = await admin.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var bytes = new ByteArrayContent(
            Encoding.Latin1.GetBytes(json.Replace("ud800", "u00e9", StringComparison.Ordinal) + "\u00e9"));
        bytes.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var mangled = await admin.PostAsync(path, bytes);
        Assert.Equal(HttpStatusCode.BadRequest, mangled.StatusCode);
        var form = new MultipartFormDataContent { { new StringContent(json, Encoding.UTF8, "application/json"), "request" } };
        using var parts = await admin.PostAsync("/v1/searches", form);
        Assert.Equal(HttpStatusCode.BadRequest, parts.StatusCode);
    }

    private static bool IsText(byte[] json)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(json);
            return document.RootElement.GetProperty("a").GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
