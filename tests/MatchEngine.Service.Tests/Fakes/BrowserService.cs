using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Settings;
using MatchEngine.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// The real service with the real networks, the sample photos, and a browser. Without a browser its tests are skipped and say so.
/// </summary>
public sealed class BrowserService : TestService
{
    /// <summary>An agent who is everything else too.</summary>
    public const string Name = "Ada";

    private TestBrowser? _browser;

    /// <summary>Portraits cut out of the sample photos (npm package @vladmandic/face-api, MIT): one a face, by name.</summary>
    internal IReadOnlyDictionary<string, byte[]> Portraits { get; private set; } = new Dictionary<string, byte[]>();

    /// <summary>The portraits once more: wider, and coarser.</summary>
    internal IReadOnlyDictionary<string, byte[]> Probes { get; private set; } = new Dictionary<string, byte[]>();

    /// <summary>A sample photo with several faces.</summary>
    internal static byte[] Group => File.ReadAllBytes(Sample(3));

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

    public override async ValueTask InitializeAsync()
    {
        _browser = await TestBrowser.LaunchAsync();
        if (_browser is null)
            return;
        await ReadyAsync();
        var pipeline = (FacePipeline)Get<ExtractionWorkers>().Extractor(ModelCatalog.DefaultEmbedder);
        var (portraits, probes) = (new Dictionary<string, byte[]>(), new Dictionary<string, byte[]>());
        foreach (var number in new[] { 3, 5 })
        {
            using var photo = ImageDecoder.Decode(File.ReadAllBytes(Sample(number)));
            foreach (var (index, face) in pipeline.Detect(photo).Take(4).Index())
            {
                using var portrait = FaceCrop.Take(photo, face.Box, 1.8f, 320);
                using var probe = FaceCrop.Take(photo, face.Box, 2f, 300);
                // In the crowd a neighbour may be in the picture too.
                if (pipeline.Detect(portrait).Count != 1 || pipeline.Detect(probe).Count != 1)
                    continue;
                portraits[$"photo{number}-face{index + 1}"] = ImageEncoder.ToJpeg(portrait, 92);
                probes[$"photo{number}-face{index + 1}"] = ImageEncoder.ToJpeg(probe, 60);
            }
        }
        (Portraits, Probes) = (portraits, probes);
        Get<IAccounts>().Add(BookChange.None, Name, FirstAdministrator.Organisation, Role.All, PageClient.Password);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>
    /// A fresh browser profile that is off-line but for the service; the calling test is skipped where there is no browser.
    /// </summary>
    internal Task<Tab> OpenAsync(int width = 1200, int height = 900, ColorScheme scheme = ColorScheme.Light) =>
        TestBrowser.OpenAsync(_browser, [Address], width, height, scheme);

    private static string Sample(int number) =>
        Path.Combine(TestData.Repository, "models", "node_modules", "@vladmandic", "face-api", "demo", $"sample{number}.jpg");
}
