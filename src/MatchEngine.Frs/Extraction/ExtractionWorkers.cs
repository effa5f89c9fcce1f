using System.Collections.Concurrent;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Extraction;

/// <summary>
/// The work on images, which is the processor's: a bounded number at a time, a bounded number waiting, and a clear refusal beyond that. The
/// networks of a model are loaded once and shared (see <see cref="FacePipeline"/> on threads).
/// </summary>
/// <param name="source">Loads the networks.</param>
/// <param name="options">How many work and wait at once.</param>
public sealed class ExtractionWorkers(IExtractorSource source, FrsOptions options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Workers);
    private readonly ConcurrentDictionary<string, Lazy<IFaceExtractor>> _extractors = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Requests that wait for a worker.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The card of a model.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public EmbedderCard Card(string model) => source.Card(model);

    /// <summary>The extractor of a model, loaded at the first call. Use it within <see cref="RunAsync"/> only.</summary>
    public IFaceExtractor Extractor(string model) =>
        _extractors.GetOrAdd(model, id => new Lazy<IFaceExtractor>(() => source.Load(id))).Value;

    /// <summary>Runs work on an image when a worker is free.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.QueueFull"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, waiting or working.</exception>
    public async Task<T> RunAsync<T>(string model, Func<IFaceExtractor, T> work, CancellationToken cancellationToken)
    {
        if (!_free.Wait(0, CancellationToken.None))
        {
            if (Interlocked.Increment(ref _waiting) > options.Queue)
            {
                Interlocked.Decrement(ref _waiting);
                throw new CodedException(
                    ErrorCodes.QueueFull, $"all workers are busy and {options.Queue} requests wait already; try again in a moment")
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

    /// <inheritdoc/>
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
