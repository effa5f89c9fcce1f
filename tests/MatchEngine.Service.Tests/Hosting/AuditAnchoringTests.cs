using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Sqlite;

namespace MatchEngine.Service.Tests.Hosting;

public class AuditAnchoringTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_audit_that_was_rolled_back_or_removed_is_named_at_the_start_and_its_numbers_are_never_given_again(bool removed)
    {
        using var folder = new TemporaryFolder();
        var audit = SqliteDataFolder.AuditFile(folder.Sub("data"));
        string key, search;
        long highest;
        await using (var first = new ServiceOn(folder.Sub("data")))
        {
            await first.InitializeAsync();
            key = first.FirstKey;
            using var admin = first.Admin();
            await admin.CreateGalleryAsync("g");
            await admin.EnrolAsync("g", "A", FakeImage.Picture("", new FakeFace(1)));
        }
        File.Copy(audit, audit + ".yesterday");
        await using (var second = new ServiceOn(folder.Sub("data")))
        {
            await second.InitializeAsync();
            using var admin = second.Client(key);
            search = (await admin.SearchAsync(FakeImage.Of(new FakeFace(1)), "g")).GetProperty("searchId").GetString()!;
            Assert.DoesNotContain("rolled back", second.Log.Text, StringComparison.Ordinal);
            highest = second.Get<AuditLog>().Read(count: 1, newestFirst: true)[0].Sequence;
        }
        if (removed)
            File.Delete(audit);
        else
            File.Copy(audit + ".yesterday", audit, overwrite: true);

        await using var third = new ServiceOn(folder.Sub("data"));
        await third.InitializeAsync();
        using var client = third.Client(key);

        Assert.Contains("Critical the audit log was rolled back", third.Log.Text, StringComparison.Ordinal);
        // Somebody else's search gets no number that the lost ones had, and the lost one is read by its own id.
        await client.SearchAsync(FakeImage.Of(new FakeFace(2)), "g");
        Assert.All(
            third.Get<AuditLog>().Read(newestFirst: true).TakeWhile(written => written.Kind != AuditKinds.RolledBack),
            written => Assert.True(written.Sequence > highest));
        Assert.Equal("A", (await client.GetAsync($"/v1/searches/{search}").Json()).GetProperty("audit").GetProperty("candidates")[0]
            .GetProperty("subjectId").GetString());
        using var auditor = third.As("local", Role.ServiceAuditor);
        var verification = await auditor.GetAsync("/v1/audit/verification").Json();
        Assert.False(verification.GetProperty("intact").GetBoolean());
        Assert.DoesNotContain(folder, verification.ToString(), StringComparison.Ordinal);
    }

    private sealed class ServiceOn(string data) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.DataDir = data;
            return settings;
        }
    }
}
