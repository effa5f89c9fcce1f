using System.Net.Http.Json;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Rest;
using MatchEngine.Vetting.Targets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>The real service, with the real networks and real people, before the bench that examines any service.</summary>
public class ConductOfTheServiceTests(ConductOfTheServiceTests.RealService service) : IClassFixture<ConductOfTheServiceTests.RealService>
{
    private const int Enrolled = 24, Strangers = 20;

    /// <summary>Explicit: some 200 photos go through the networks.</summary>
    [Theory(Explicit = true)]
    [InlineData("default", false)]
    [InlineData("ngi-ips", true)]
    public async Task The_service_passes_every_check_of_conduct_that_can_be_tried_here(string profile, bool forbidsSingleCandidate)
    {
        var folder = TestData.Require("london-faces");
        string[] people = [.. Directory.EnumerateFiles(Path.Combine(folder, "neutral"), "*.jpg").Order(StringComparer.Ordinal)
            .Select(file => Path.GetFileName(file)!)];
        var photos = new ConductPhotos(
            [.. people.Take(Enrolled).Select(one => new ConductPerson(Photo("neutral", one), Photo("smiling", one)))],
            [.. people.Skip(Enrolled).Take(Strangers).Select(one => Photo("neutral", one))]);
        using (var administrator = service.Admin())
        {
            await administrator.PostAsJsonAsync(
                "/v1/galleries", new { name = $"vetted-{profile}", profile, approved = true },
                TestContext.Current.CancellationToken).Json(201);
            await service.PrepareAsync(administrator);
        }
        var options = new TargetOptions
        {
            Gallery = $"vetted-{profile}",
            Credentials = new TargetCredentials(service.FirstKey, service.KeyOf("others", "operator").Key),
            Timeout = TimeSpan.FromMinutes(2),
        };
        await using var target = await RestTarget.OpenAsync(service.Address, options, TestContext.Current.CancellationToken);
        var report = await ConductBattery.RunAsync(
            target, photos, new ConductOptions { SearchesUnderLoad = 24, ForbidsSingleCandidate = forbidsSingleCandidate }, null,
            TestContext.Current.CancellationToken);
        foreach (var finding in report.Findings)
            TestContext.Current.TestOutputHelper!.WriteLine($"{finding.Verdict,-12} {finding.Check}: {finding.Explanation}");
        Assert.DoesNotContain(report.Findings, one => one.Verdict == Verdict.Fail);
        // Reached within one machine without TLS; of so few people nothing is said about strangers; and a rule that the profile lacks.
        Assert.Equal(
            ["transport", "expected-strangers", .. forbidsSingleCandidate ? (string[])[] : ["no-single-candidate"]],
            report.Findings.Where(one => one.Verdict == Verdict.NotTestable).Select(one => one.Check));

        PhotoInput Photo(string kind, string name) => new(File.ReadAllBytes(Path.Combine(folder, kind, name)));
    }

    public sealed class RealService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            (settings.Model, settings.Limits.BodyBytes, settings.Limits.ImageBytes) = (ModelCatalog.DefaultEmbedder, 32 << 20, 16 << 20);
            return settings;
        }

        internal override void Replace(IServiceCollection services)
        {
            services.AddSingleton<IBufferObserver>(Buffers);
            services.RemoveAll<ILoggerProvider>();
            services.AddSingleton<ILoggerProvider>(Log);
        }
    }
}
