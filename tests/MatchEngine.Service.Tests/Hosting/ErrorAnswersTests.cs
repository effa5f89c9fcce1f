using System.Net.Http.Json;
using System.Text;
using MatchEngine.Faces;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Extraction;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

public class ErrorAnswersTests(TestService service) : IClassFixture<TestService>
{
    [Theory]
    [InlineData(AcquisitionFailure.NoFace, 422, "no_face")]
    [InlineData(AcquisitionFailure.MultipleFaces, 422, "multiple_faces")]
    [InlineData(AcquisitionFailure.Undecodable, 422, "undecodable")]
    [InlineData(AcquisitionFailure.TooLarge, 413, "too_large")]
    [InlineData(AcquisitionFailure.TooManyPixels, 413, "too_many_pixels")]
    [InlineData(AcquisitionFailure.UnsupportedFormat, 415, "unsupported_format")]
    public async Task A_probe_that_gives_no_template_is_refused_with_the_reason(AcquisitionFailure reason, int status, string code)
    {
        using var admin = service.Admin();
        Assert.Equal(
            code, await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", FakeImage.Failing(reason), "p"))).Code(status));
    }

    [Fact]
    public async Task Several_faces_are_named_with_their_boxes_and_one_can_be_chosen()
    {
        using var admin = service.Admin();
        var group = FakeImage.Of(new FakeFace(1, Size: 100, X: 10), new FakeFace(2, Size: 50, X: 200));
        var response = await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", group, "p"))).Json(422);
        Assert.Equal("multiple_faces", response.GetProperty("code").GetString());
        Assert.Equal([100, 50], response.GetProperty("faces").EnumerateArray().Select(face => face.GetProperty("width").GetInt32()));
        var chosen = await admin.PostAsync("/v1/quality", Requests.Form(new { face = "2" }, ("image", group, "p"))).Json();
        Assert.Equal(50, chosen.GetProperty("face").GetProperty("box").GetProperty("width").GetInt32());
        Assert.Equal(
            "no_such_face", await admin.PostAsync("/v1/quality", Requests.Form(new { face = "3" }, ("image", group, "p"))).Code(422));
    }

    [Fact]
    public async Task A_body_or_image_beyond_the_limit_is_413_and_another_kind_415()
    {
        using var admin = service.Admin();
        Assert.Equal("too_large", await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", new byte[3 << 20], "p"))).Code(413));
        // The body is refused before it is sent: the client asks first, as curl does.
        admin.DefaultRequestHeaders.ExpectContinue = true;
        Assert.Equal("too_large", await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", new byte[5 << 20], "p"))).Code(413));
        admin.DefaultRequestHeaders.ExpectContinue = null;
        Assert.Equal("unsupported", await admin.PostAsync("/v1/quality", new ByteArrayContent([1, 2, 3])).Code(415));
        Assert.Equal("unsupported", await admin.PostAsync("/v1/quality", new StringContent("x", Encoding.UTF8, "text/plain")).Code(415));
    }

    [Fact]
    public async Task What_cannot_be_understood_says_so()
    {
        using var admin = service.Admin();
        await admin.PostAsync("/v1/quality", new StringContent("{", Encoding.UTF8, "application/json")).Code(400);
        await admin.PostAsync(
            "/v1/quality", new StringContent("""{"image":"AAEC","surprise":1}""", Encoding.UTF8, "application/json")).Code(400);
        await admin.PostAsync("/v1/quality", new StringContent("{}", Encoding.UTF8, "application/json")).Code(400);
        await admin.PostAsync("/v1/quality", new MultipartFormDataContent { { new ByteArrayContent([1]), "other", "p" } }).Code(400);
        await admin.PostAsJsonAsync("/v1/keys", new { nam = "x" }).Code(400);
        Assert.Equal("not_found", await admin.GetAsync("/v1/nothing").Code(404));
        Assert.Equal("method_not_allowed", await admin.PutAsync("/v1/keys", null).Code(405));
        Assert.Equal("not_found", await admin.GetAsync("/v1/galleries/none").Code(404));
    }

    [Fact]
    public async Task A_request_id_is_kept_when_it_is_well_formed_and_made_when_it_is_not()
    {
        using var client = service.Client(null);
        async Task<string> Send(string? id)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
            if (id is not null)
                request.Headers.TryAddWithoutValidation("x-request-id", id);
            using var response = await client.SendAsync(request);
            return response.Headers.GetValues("x-request-id").Single();
        }
        Assert.Equal("abc-1.2_X", await Send("abc-1.2_X"));
        foreach (var odd in (string?[])[null, "", "with space", new string('a', 65), "<script>"])
        {
            var made = await Send(odd);
            Assert.NotEqual(odd, made);
            Assert.True(RequestIds.IsWellFormed(made));
        }
    }

    [Fact]
    public async Task Too_many_requests_of_one_account_are_429_with_a_time_to_wait()
    {
        await using var strict = new StrictService();
        await strict.InitializeAsync();
        using var admin = strict.Admin();
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 100 && refused is null; i++)
        {
            var response = await admin.GetAsync("/v1/session");
            refused = (int)response.StatusCode == 429 ? response : null;
        }
        Assert.NotNull(refused);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        // Another account is not held up by it.
        using var other = strict.As("other", Role.Agent);
        await other.GetAsync("/v1/session").Json();
    }

    [Fact]
    public async Task A_full_queue_is_503_with_a_time_to_wait()
    {
        using var entered = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        await using var narrow = new NarrowService { Extractor = new FakeExtractor { Before = _ => { entered.Release(); go.Wait(); } } };
        await narrow.InitializeAsync();
        using var admin = narrow.Admin();
        Task<HttpResponseMessage> Ask() =>
            admin.PostAsync("/v1/quality", Requests.Form(null, ("image", FakeImage.Of(new FakeFace(1)), "p")));
        var working = Ask();
        await entered.WaitAsync();
        var waiting = Ask();
        while (narrow.Get<ExtractionWorkers>().Waiting == 0)
            await Task.Delay(1);
        using var refused = await Ask();
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        go.Set();
        await working.Json();
        await waiting.Json();
    }

    private sealed class StrictService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.Limits.RequestsPerMinute = 30;
            return settings;
        }
    }

    private sealed class NarrowService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            (settings.Limits.Workers, settings.Limits.Queue) = (1, 1);
            return settings;
        }
    }
}
