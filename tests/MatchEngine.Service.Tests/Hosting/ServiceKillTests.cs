using System.Net.Http.Json;
using System.Text;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

/// <summary>
/// The service is killed (SIGKILL) at a random moment while clients search, enrol, delete, ask for examinations and read the audit: what
/// was acknowledged is there, what was deleted is not, the chain of the audit holds, and no probe lies about.
/// </summary>
public sealed class ServiceKillTests
{
    private const string Gallery = "people";

    [Fact]
    public Task Killed_under_load_the_service_loses_nothing_it_acknowledged() => KillAndCheckAsync(kills: 3, seed: 1);

    [Fact(Explicit = true)]
    public Task Killed_fifty_times_under_load_the_service_loses_nothing_it_acknowledged() => KillAndCheckAsync(kills: 50, seed: 2);

    [Fact]
    public async Task A_probe_of_a_killed_examination_is_gone_after_its_time()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Sub("data");
        var probe = FakeImage.Salted(MixedLoad.Marker + new string('x', 100_000), new FakeFace(1));
        string key, id;
        using (var service = await ServiceProcess.StartAsync(data))
        {
            key = service.FirstKey!;
            using var admin = service.Client(key);
            await admin.CreateGalleryAsync(Gallery);
            await admin.EnrolAsync(Gallery, "A", FakeImage.Picture("", new FakeFace(1)));
            var answer = await admin.PostAsync("/v1/searches", Requests.Form(
                new { galleries = new[] { Gallery }, purpose = Requests.Purpose, examine = true }, ("image", probe, "p"))).Json();
            id = answer.GetProperty("examinationId").GetString()!;
            using var examiner = service.Client(await ServiceProcess.KeyOfAsync(admin, Role.Examiner));
            await examiner.PostAsync($"/v1/examinations/{id}/take", null).Json();
            await examiner.PutAsJsonAsync($"/v1/examinations/{id}/candidates/1", new { kept = true, level = "support" }).Json();
            await service.KillAsync();
        }
        // What a write that was cut short leaves: a sealed file that no examination knows of.
        var examinations = Path.Combine(data, "examinations");
        File.WriteAllText(Path.Combine(examinations, "orphan.probe"), "sealed");
        File.WriteAllText(Path.Combine(examinations, "orphan.key"), "wrapped");
        using (var service = await ServiceProcess.StartAsync(data))
        {
            Assert.Equal(
                [id + ".key", id + ".probe"], Directory.GetFiles(examinations).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            using var admin = service.Client(key);
            Assert.Equal("taken", (await admin.GetAsync($"/v1/examinations/{id}").Json()).GetProperty("state").GetString());
            await service.KillAsync();
        }
        using (var service = await ServiceProcess.StartAsync(data, ahead: TimeSpan.FromDays(8)))
        {
            Assert.Empty(Directory.GetFiles(examinations));
            using var admin = service.Client(key);
            var ended = await admin.GetAsync($"/v1/examinations/{id}").Json();
            Assert.Equal(
                ("expired", "deleted"),
                (ended.GetProperty("state").GetString(), ended.GetProperty("receipt").GetProperty("status").GetString()));
            Assert.Contains(
                (await admin.GetAsync("/v1/notifications").Json()).EnumerateArray(),
                told => told.GetProperty("kind").GetString() == "examination-expired");
            Assert.DoesNotContain(MixedLoad.Marker, service.Printed, StringComparison.Ordinal);
        }
        Assert.False(FolderBytes.Contain(data, Encoding.UTF8.GetBytes(MixedLoad.Marker)));
    }

    private static async Task KillAndCheckAsync(int kills, int seed)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Sub("data");
        var temporary = TemporaryFiles.Now();
        var random = new Random(seed);
        MixedLoad? load = null;
        string? key = null, auditorKey = null, head = null;
        for (var kill = 0; kill < kills; kill++)
        {
            using var service = await ServiceProcess.StartAsync(data);
            key ??= service.FirstKey!;
            using (var admin = service.Client(key))
            {
                if (load is null)
                {
                    await admin.CreateGalleryAsync(Gallery);
                    await admin.EnrolAsync(Gallery, MixedLoad.Steady, FakeImage.Picture("", new FakeFace(0)));
                    auditorKey = await ServiceProcess.KeyOfAsync(admin, Role.ServiceAuditor);
                    load = new MixedLoad(key, auditorKey, Gallery, seed);
                }
                else
                {
                    head = (await LoadCheck.RunAsync(service, admin, Gallery, load.Acknowledge(), auditorKey!, head)).Head;
                }
            }
            var wanted = load.Answered.Count + random.Next(10, 150);
            var running = load.RunAsync(service, population: 12, examine: 0.1, CancellationToken.None);
            // So far, however slow the machine is; then a moment more, so that it is not always the end of an answer.
            while (load.Answered.Count < wanted && !running.IsCompleted)
                await Task.Delay(1);
            await Task.Delay(random.Next(30));
            await service.KillAsync();
            await running;
            Assert.Empty(load.Faults);
            AssertNowhere(data, service.Printed, temporary);
        }

        using (var service = await ServiceProcess.StartAsync(data))
        using (var admin = service.Client(key))
            await LoadCheck.RunAsync(service, admin, Gallery, load!.Acknowledge(), auditorKey!, head);
        Assert.True(
            load!.Enrolled.Count > kills && load.Searches.Count > kills && !load.Deleted.IsEmpty && !load.Examinations.IsEmpty,
            "the load did nothing");

        // After their time nothing is left of the probes that were kept for examiners.
        using (var service = await ServiceProcess.StartAsync(data, ahead: TimeSpan.FromDays(8)))
        using (var admin = service.Client(key))
        {
            Assert.Empty(LoadCheck.Files(data, "*"));
            foreach (var id in load.Examinations.Keys)
                Assert.Equal("expired", (await admin.GetAsync($"/v1/examinations/{id}").Json()).GetProperty("state").GetString());
            await service.KillAsync();
            AssertNowhere(data, service.Printed, temporary);
        }
    }

    private static void AssertNowhere(string data, string printed, TemporaryFiles temporary)
    {
        foreach (var sought in (string[])[
            MixedLoad.Marker, Convert.ToBase64String(Encoding.UTF8.GetBytes("fake-image\nsalt " + MixedLoad.Marker))[..40]])
        {
            Assert.False(FolderBytes.Contain(data, Encoding.UTF8.GetBytes(sought)), "the data folder holds a probe");
            Assert.DoesNotContain(sought, printed, StringComparison.Ordinal);
            Assert.Null(temporary.NewOneWith(Encoding.UTF8.GetBytes(sought)));
        }
    }
}
