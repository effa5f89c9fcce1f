using System.Text;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Sqlite;

namespace MatchEngine.Service.Tests.Hosting;

/// <summary>
/// The data folder is backed up by another process while clients search, enrol, delete, ask for examinations and read the audit. A service
/// on the restored folder has all that was acknowledged before, every change with its event and every event with its change.
/// </summary>
public sealed class BackupUnderLoadTests
{
    private const string Gallery = "people";

    [Fact]
    public Task Backed_up_under_load_the_folder_is_restored_as_it_was_at_one_moment() => BackUpAndCheckAsync(backups: 3, seed: 11);

    [Fact(Explicit = true)]
    public Task Backed_up_fifty_times_under_load_the_folder_is_restored_as_it_was_at_one_moment() =>
        BackUpAndCheckAsync(backups: 50, seed: 12);

    private static async Task BackUpAndCheckAsync(int backups, int seed)
    {
        using var folder = new TemporaryFolder();
        var made = new List<(string File, Acknowledged Before)>();
        string key, auditorKey;
        using (var service = await ServiceProcess.StartAsync(folder.Sub("data")))
        {
            key = service.FirstKey!;
            using var admin = service.Client(key);
            await admin.CreateGalleryAsync(Gallery);
            await admin.EnrolAsync(Gallery, MixedLoad.Steady, FakeImage.Picture("", new FakeFace(0)));
            auditorKey = await ServiceProcess.KeyOfAsync(admin, Role.ServiceAuditor);
            var load = new MixedLoad(key, auditorKey, Gallery, seed);
            using var until = new CancellationTokenSource();
            var running = load.RunAsync(service, population: 12, examine: 0.1, until.Token);
            for (var backup = 0; backup < backups; backup++)
            {
                for (var wanted = load.Answered.Count + 60; load.Answered.Count < wanted;)
                    await Task.Delay(1);
                var before = load.Acknowledge();
                var file = folder.Sub($"{backup}.zip");
                using (var output = new FileStream(file, FileMode.CreateNew))
                    SqliteDataFolder.Backups(service.Data).Write(output, null, CancellationToken.None);
                made.Add((file, before));
            }
            var answered = load.Answered.Count;
            while (load.Answered.Count < answered + 60)
                await Task.Delay(1);
            await until.CancelAsync();
            await running;
            // Nobody was refused or kept waiting until he gave up.
            Assert.Empty(load.Faults);
            Assert.True(load.Enrolled.Count > backups && !load.Deleted.IsEmpty && !load.Examinations.IsEmpty, "the load did nothing");
        }
        foreach (var (file, before) in made)
        {
            var restored = Path.ChangeExtension(file, null);
            using (var archive = File.OpenRead(file))
                SqliteDataFolder.Backups(restored).Restore(archive, _ => { }, null, CancellationToken.None);
            File.Delete(file);
            Assert.False(FolderBytes.Contain(restored, Encoding.UTF8.GetBytes(MixedLoad.Marker)), "the backup holds a probe");
            using var service = await ServiceProcess.StartAsync(restored);
            using var admin = service.Client(key);
            var (_, notMade) = await LoadCheck.RunAsync(service, admin, Gallery, before, auditorKey, head: null, probes: false);
            Assert.Empty(notMade);
        }
    }

    [Fact]
    public async Task What_has_expired_since_the_backup_is_gone_when_a_service_starts_on_the_restored_folder()
    {
        using var folder = new TemporaryFolder();
        string key;
        using (var service = await ServiceProcess.StartAsync(folder.Sub("data")))
        {
            key = service.FirstKey!;
            using var admin = service.Client(key);
            await admin.CreateGalleryAsync(Gallery);
            await admin.EnrolAsync(Gallery, "A", FakeImage.Picture("", new FakeFace(1)));
            using var output = new FileStream(folder.Sub("b.zip"), FileMode.CreateNew);
            using (var gallery = SqliteDataFolder.Open(service.Data).Open(Gallery))
                gallery.SetProperties(gallery.Properties with { Retention = new RetentionRule(7) }, NoAudit.Record);
            SqliteDataFolder.Backups(service.Data).Write(output, null, CancellationToken.None);
        }
        using (var archive = File.OpenRead(folder.Sub("b.zip")))
            SqliteDataFolder.Backups(folder.Sub("again")).Restore(archive, _ => { }, null, CancellationToken.None);
        using (var service = await ServiceProcess.StartAsync(folder.Sub("again"), ahead: TimeSpan.FromDays(6)))
        using (var admin = service.Client(key))
            Assert.Equal(["A"], await MixedLoad.SubjectsAsync(admin, Gallery));

        using (var service = await ServiceProcess.StartAsync(folder.Sub("again"), ahead: TimeSpan.FromDays(8)))
        using (var admin = service.Client(key))
        using (var auditor = service.Client(await ServiceProcess.KeyOfAsync(admin, Role.ServiceAuditor)))
        {
            Assert.Empty(await MixedLoad.SubjectsAsync(admin, Gallery));
            while ((await auditor.GetAsync("/v1/audit?kind=retention.purged").Json()).GetProperty("events").GetArrayLength() == 0)
                await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
