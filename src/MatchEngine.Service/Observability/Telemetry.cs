using System.Diagnostics;
using System.Diagnostics.Metrics;
using MatchEngine.Frs;

namespace MatchEngine.Service.Observability;

/// <summary>
/// What the service tells of itself to OpenTelemetry. Tags name galleries, paths and kinds of problems; nothing about a person.
/// </summary>
internal sealed class Telemetry : IServiceMeter, IDisposable
{
    /// <summary>The name of the meter and of the source of traces.</summary>
    public const string Name = "MatchEngine.Service";

    private readonly Meter _meter;
    private readonly Histogram<double> _search;
    private readonly Histogram<double> _extraction;
    private readonly Counter<long> _enrolled;

    public Telemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _search = _meter.CreateHistogram<double>("matchengine.search.duration", "s", "Comparison with the galleries, by the path that ran");
        _extraction = _meter.CreateHistogram<double>("matchengine.extraction.duration", "s", "From a probe's bytes to its template");
        _enrolled = _meter.CreateCounter<long>("matchengine.encounters.enrolled", "{encounter}", "Encounters enrolled");
    }

    public ActivitySource Activities { get; } = new(Name);

    public void Searched(string path, TimeSpan search, TimeSpan extraction)
    {
        _search.Record(search.TotalSeconds, new KeyValuePair<string, object?>("path", path));
        if (extraction > TimeSpan.Zero)
            _extraction.Record(extraction.TotalSeconds);
    }

    public void Enrolled(string gallery, long encounters) =>
        _enrolled.Add(encounters, new KeyValuePair<string, object?>("gallery", gallery));

    public void ObserveQueue(Func<int> waiting) =>
        _meter.CreateObservableGauge("matchengine.queue.length", waiting, "{request}", "Requests that wait for a worker");

    public void ObserveGalleries(Func<IEnumerable<KeyValuePair<string, long>>> sizes) => _meter.CreateObservableGauge(
        "matchengine.gallery.size",
        () => sizes().Select(gallery => new Measurement<long>(gallery.Value, new KeyValuePair<string, object?>("gallery", gallery.Key))),
        "{template}",
        "Templates loaded, by gallery");

    public void Dispose()
    {
        Activities.Dispose();
        _meter.Dispose();
    }
}
