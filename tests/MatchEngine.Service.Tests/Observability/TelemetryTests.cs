using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Observability;

public class TelemetryTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_search_is_measured_by_its_path_and_galleries_and_queue_by_their_sizes()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("measured");
        for (var i = 1; i <= 3; i++)
            await admin.EnrolAsync("measured", $"P{i}", FakeImage.Picture("", new FakeFace(i)));
        service.Get<OpenGalleries>().Load("measured");
        var seen = new ConcurrentBag<(string Name, double Value, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == Service.Observability.Telemetry.Name) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen.Add((instrument.Name, value, Text(tags))));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add((instrument.Name, value, Text(tags))));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => seen.Add((instrument.Name, value, Text(tags))));
        listener.Start();
        await admin.SearchAsync(FakeImage.Of(new FakeFace(1)), "measured");
        listener.RecordObservableInstruments();

        Assert.Contains(seen, measured => measured is { Name: "matchengine.search.duration", Value: > 0, Tags: "path=exact" });
        Assert.Contains(seen, measured => measured is { Name: "matchengine.extraction.duration", Value: > 0 });
        Assert.Contains(seen, measured => measured is { Name: "matchengine.gallery.size", Value: 3, Tags: "gallery=measured" });
        Assert.Contains(seen, measured => measured is { Name: "matchengine.queue.length", Value: 0 });
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
}
