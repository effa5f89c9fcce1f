using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Imports;

public class ImportRunnerTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task An_import_names_each_of_its_subjects_and_ends_with_counts_by_whoever_asked_for_it()
    {
        var folder = Path.Combine(service.Data, "imports", "local", "named");
        Directory.CreateDirectory(folder);
        for (var i = 1; i <= 12; i++)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"person{i}.ppm"), FakeImage.Picture("", new FakeFace(i)));
        await File.WriteAllTextAsync(Path.Combine(folder, "broken.jpg"), "no image");
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("named");
        var account = (await admin.GetAsync("/v1/session").Json()).GetProperty("account").GetString();

        var operation = (await admin.PostAsJsonAsync("/v1/galleries/named/imports", new { folder = "named" }).Json(202))
            .GetProperty("id").GetString()!;
        while ((await admin.GetAsync($"/v1/operations/{operation}").Json()).GetProperty("state").GetString() is "queued" or "running")
            await Task.Delay(5);

        var events = service.Get<AuditLog>().Read(new AuditFilter { Gallery = "named" })
            .Where(written => Payload(written).TryGetProperty("operation", out var id) && id.GetString() == operation).ToList();
        Assert.All(events, written => Assert.Equal((account, "local"), (written.Actor, written.Organisation)));
        var commits = events.Where(written => written.Kind == AuditKinds.SubjectEnrolled).ToList();
        Assert.Equal(
            Enumerable.Range(1, 12).Select(i => $"person{i}").Order(StringComparer.Ordinal),
            commits.SelectMany(written => Payload(written).GetProperty("subjects").EnumerateArray()).Select(id => id.GetString()!)
                .Order(StringComparer.Ordinal));
        Assert.Equal(12, commits.Sum(written => Payload(written).GetProperty("encounters").GetArrayLength()));
        var end = Payload(events[^1]);
        Assert.Equal(
            (AuditKinds.EnrolmentEnded, "done", 12, 0, 1),
            (events[^1].Kind, end.GetProperty("outcome").GetString(), end.GetProperty("enrolled").GetInt32(),
                end.GetProperty("duplicates").GetInt32(), end.GetProperty("failed").GetInt32()));
    }

    private static JsonElement Payload(AuditEvent written) => JsonElement.Parse(written.Payload);
}
