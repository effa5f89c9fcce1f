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
}
