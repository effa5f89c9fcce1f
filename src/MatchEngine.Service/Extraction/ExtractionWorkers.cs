using System.Collections.Concurrent;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Faces.Models;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Observability;

namespace MatchEngine.Service.Extraction;

/// <summary>Loads the extractor of a model. Tests put another in its place.</summary>
internal interface IExtractorSource
{
    /// <summary>The card of a model.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    EmbedderCard Card(string model);

    /// <summary>Loads the networks; called once a model.</summary>
    /// <exception cref="ModelException">A card or file is missing, swapped or damaged.</exception>
    IFaceExtractor Load(string model);
}

/// <summary>The models of the data folder.</summary>
internal sealed class InstalledModels(ServiceSettings settings) : IExtractorSource
{
    public EmbedderCard Card(string model) =>
        Galleries.DataFolder.Models(settings.DataFolder).Find(model, ModelTask.Embedding).ToEmbedderCard();

    public IFaceExtractor Load(string model) => new FacePipeline(
        Galleries.DataFolder.Models(settings.DataFolder),
        model,
        new FacePipelineOptions(
            CacheFolder: Path.Combine(settings.DataFolder, "cache"), Limits: settings.Limits.Images,
            Decoder: settings.IsolateDecoder ? new IsolatedImageDecoder() : null));
}

/// <summary>
/// The work on images, which is the processor's: a bounded number at a time, a bounded number waiting, and a clear refusal beyond that. The
/// networks of a model are loaded once and shared (see <see cref="FacePipeline"/> on threads).
/// </summary>
internal sealed class ExtractionWorkers : IDisposable
{
    private readonly IExtractorSource _source;
    private readonly SemaphoreSlim _free;
    private readonly int _queue;
    private readonly ConcurrentDictionary<string, Lazy<IFaceExtractor>> _extractors = new(StringComparer.Ordinal);
    private int _waiting;

    public ExtractionWorkers(IExtractorSource source, ServiceSettings settings, Telemetry telemetry)
    {
        _source = source;
        _free = new SemaphoreSlim(settings.Limits.WorkerCount);
        _queue = settings.Limits.Queue;
        telemetry.ObserveQueue(() => Volatile.Read(ref _waiting));
    }

    /// <summary>Requests that wait for a worker.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public EmbedderCard Card(string model) => _source.Card(model);

    /// <summary>The extractor of a model, loaded at the first call. Use it within <see cref="RunAsync"/> only.</summary>
    public IFaceExtractor Extractor(string model) =>
        _extractors.GetOrAdd(model, id => new Lazy<IFaceExtractor>(() => _source.Load(id))).Value;

    /// <summary>Runs work on an image when a worker is free.</summary>
    /// <exception cref="ProblemException">The queue is full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, waiting or working.</exception>
    public async Task<T> RunAsync<T>(string model, Func<IFaceExtractor, T> work, CancellationToken cancellationToken)
    {
        if (!_free.Wait(0, CancellationToken.None))
        {
            if (Interlocked.Increment(ref _waiting) > _queue)
            {
                Interlocked.Decrement(ref _waiting);
                throw new ProblemException(
                    Problem.QueueFull, $"all workers are busy and {_queue} requests wait already; try again in a moment")
                {
                    RetryAfter = TimeSpan.FromSeconds(1),
                };
            }
            try
            {
                await _free.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
        try
        {
            // The work blocks a thread for milliseconds; the server's own threads stay free for the network.
            return await Task.Run(() => work(Extractor(model)), cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>
    /// The extractor for work in the background (an import): it takes its turn image by image,
    /// and never makes the queue of requests longer.
    /// </summary>
    public IFaceExtractor InBackground(string model) => new Turns(Extractor(model), _free);

    public void Dispose()
    {
        foreach (var extractor in _extractors.Values.Where(extractor => extractor.IsValueCreated))
            (extractor.Value as IDisposable)?.Dispose();
        _free.Dispose();
    }

    private sealed class Turns(IFaceExtractor extractor, SemaphoreSlim free) : IFaceExtractor
    {
        public EmbedderCard Model => extractor.Model;

        public Faces.Extraction Extract(
            ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default)
        {
            free.Wait(cancellationToken);
            try
            {
                return extractor.Extract(image, request, cancellationToken);
            }
            finally
            {
                free.Release();
            }
        }

        public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) =>
            extractor.Decode(image, cancellationToken);
    }
}
