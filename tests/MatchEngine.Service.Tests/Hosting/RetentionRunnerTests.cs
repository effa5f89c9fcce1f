using System.Net.Http.Headers;
using System.Net.Http.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Hosting;

public class RetentionRunnerTests
{
    [Fact]
    public async Task What_a_gallerys_rule_lets_expire_is_removed_and_the_audit_says_how_much()
    {
        var clock = new MovableClock();
        await using var service = new ClockedService(clock);
        await service.InitializeAsync();
        using var admin = service.Admin();
        using var auditor = service.As("local", Role.ServiceAuditor);
        await admin.CreateGalleryAsync("short", new { retention = new { days = 30 } });
        await admin.CreateGalleryAsync("kept");
        foreach (var gallery in (string[])["short", "kept"])
            await admin.EnrolAsync(gallery, "A", FakeImage.Picture("", new FakeFace(1)));
        clock.Advance(TimeSpan.FromDays(20));
        await admin.EnrolAsync("short", "B", FakeImage.Picture("", new FakeFace(2)));
        clock.Advance(TimeSpan.FromDays(11));

        ActivatorUtilities.CreateInstance<RetentionRunner>(service.App.Services).Purge(CancellationToken.None);

        var left = (await admin.SearchAsync(FakeImage.Of(new FakeFace(1)), "short")).GetProperty("candidates").EnumerateArray()
            .Select(c => c.GetProperty("subjectId").GetString());
        Assert.Equal(["B"], left);
        Assert.Equal(1, (await admin.GetAsync("/v1/galleries/kept").Json()).GetProperty("subjects").GetInt32());
        var told = Assert.Single((await auditor.GetAsync("/v1/audit?kind=retention.purged").Json()).GetProperty("events").EnumerateArray());
        Assert.Equal(1, told.GetProperty("payload").GetProperty("encounters").GetInt32());
    }

    [Fact]
    public async Task What_has_expired_is_found_nowhere_before_the_runner_comes()
    {
        var clock = new MovableClock();
        await using var service = new ClockedService(clock);
        await service.InitializeAsync();
        using var admin = service.Admin();
        using var auditor = service.As("local", Role.ServiceAuditor);
        using var examiner = service.As("local", Role.Examiner);
        await admin.CreateGalleryAsync("short", new { profile = "fusion-center", retention = new { days = 30, basis = "captured" } });
        var photo = FakeImage.Picture("A", new FakeFace(1, Size: 60));
        var encounter = (await admin.EnrolAsync("short", "A", photo, new { metadata = new { captured_on = "2026-01-10" } }))
            .GetProperty("photos")[0].GetProperty("encounterId").GetString();
        await admin.EnrolAsync("short", "B", FakeImage.Picture("B", new FakeFace(2, Size: 60)));
        await admin.PutAsJsonAsync("/v1/galleries/short/subjects/A/links/B", new { note = "kin" }).Json(204);
        var probe = FakeImage.Picture("p", new FakeFace(1, Variation: 2, Size: 60));
        var answer = await admin.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "short" }, purpose = Requests.Purpose, examine = true }, ("image", probe, "p"))).Json();
        var (search, examination) = (
            answer.GetProperty("searchId").GetString(), answer.GetProperty("examinationId").GetString());
        Assert.Equal("A", answer.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        // Midnight of the thirtieth day; the examination's own week is not over yet.
        string[] there =
        [
            $"/v1/searches/{search}/candidates/1", $"/v1/searches/{search}/candidates/1/crop", "/v1/galleries/short/subjects/A",
            $"/v1/galleries/short/subjects/A/encounters/{encounter}", $"/v1/galleries/short/subjects/A/encounters/{encounter}/crop",
        ];
        clock.Advance(new DateTimeOffset(2026, 2, 8, 23, 59, 59, TimeSpan.Zero) - clock.GetUtcNow());
        using var late = service.As("local", Role.Agent, Role.GalleryOwner, Role.Examiner);
        var (_, key) = service.KeyOf("local", Role.Agent, Role.GalleryOwner);
        using var own = service.Client(key);
        foreach (var path in there)
            Assert.Equal(200, (int)(await admin.GetAsync(path)).StatusCode);
        var fresh = await own.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "short" }, purpose = Requests.Purpose, examine = true }, ("image", probe, "p"))).Json();
        examination = fresh.GetProperty("examinationId").GetString();
        await late.PostAsync($"/v1/examinations/{examination}/take", null).Json();
        Assert.Equal(200, (int)(await late.GetAsync($"/v1/examinations/{examination}/candidates/1/crop")).StatusCode);

        clock.Advance(TimeSpan.FromSeconds(1));

        foreach (var path in there)
            Assert.Equal("not_found", await admin.GetAsync(path).Code(404));
        await late.GetAsync($"/v1/examinations/{examination}/candidates/1/crop").Code(404);
        await late.GetAsync($"/v1/examinations/{examination}/candidates/1/photo").Code(404);
        Assert.DoesNotContain("\"A\"", (await admin.SearchAsync(probe, "short")).GetProperty("candidates").GetRawText());
        Assert.Equal("not_found", await admin.PostAsync(
            "/v1/galleries/short/subjects/A/comparisons",
            Requests.Form(new { purpose = Requests.Purpose }, ("first", probe, "p"))).Code(404));
        Assert.Equal("not_found", await admin.PostAsJsonAsync("/v1/searches", new
        {
            galleries = new[] { "short" }, encounterId = encounter, purpose = Requests.Purpose,
        }).Code(404));
        Assert.Equal(["B"], (await admin.GetAsync("/v1/galleries/short/subjects").Json()).GetProperty("subjects").EnumerateArray()
            .Select(row => row.GetProperty("id").GetString()));
        Assert.Empty((await admin.GetAsync("/v1/galleries/short/subjects/B/links").Json()).EnumerateArray());
        using var archive = await admin.GetAsync("/v1/galleries/short/export");
        using (var restoring = new ByteArrayContent(await archive.Content.ReadAsByteArrayAsync())
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/zip") },
        })
            await admin.PostAsync("/v1/galleries/copy/restoration", restoring).Json(201);
        Assert.Equal(1, (await admin.GetAsync("/v1/galleries/copy").Json()).GetProperty("subjects").GetInt32());
        // Nothing was removed from the gallery itself yet.
        Assert.Empty((await auditor.GetAsync("/v1/audit?kind=retention.purged").Json()).GetProperty("events").EnumerateArray());
        Assert.Equal(2, (await admin.GetAsync("/v1/galleries/short").Json()).GetProperty("subjects").GetInt32());
    }

    [Theory]
    [InlineData("in spring")]
    [InlineData("10.01.2026")]
    [InlineData("2026-03-01")]
    public async Task A_date_of_capture_that_cannot_be_one_is_refused(string captured)
    {
        await using var service = new ClockedService(new MovableClock());
        await service.InitializeAsync();
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("dated");
        Assert.Equal("bad_value", await admin.PostAsync("/v1/galleries/dated/subjects/A/encounters", Requests.Form(
            new { metadata = new { captured_on = captured } }, ("image", FakeImage.Picture("", new FakeFace(1)), "p"))).Code(400));
        var document = await admin.GetStringAsync("/openapi/v1.json");
        Assert.Contains("captured_on is the date of capture, from which", document, StringComparison.Ordinal);
    }
}
