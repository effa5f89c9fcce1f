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
    private readonly FairTurns _turns = new(options.Workers, options.Queue);
    private readonly ConcurrentDictionary<string, Lazy<IFaceExtractor>> _extractors = new(StringComparer.Ordinal);

    /// <summary>Requests that wait for a worker.</summary>
    public int Waiting => _turns.Waiting;

    /// <summary>The card of a model.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public EmbedderCard Card(string model) => source.Card(model);

    /// <summary>The extractor of a model, loaded at the first call. Use it within <see cref="RunAsync"/> only.</summary>
    public IFaceExtractor Extractor(string model) =>
        _extractors.GetOrAdd(model, id => new Lazy<IFaceExtractor>(() => source.Load(id))).Value;

    /// <summary>Runs work on an image when a worker is free and it is the actor's organisation's turn.</summary>
    /// <param name="actor">For whom.</param>
    /// <param name="model">The model.</param>
    /// <param name="work">The work; each image that it extracts has the time that the options give it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.QueueFull"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, waiting or working.</exception>
    public async Task<T> RunAsync<T>(Actor actor, string model, Func<IFaceExtractor, T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await _turns.TakeAsync(actor.Organisation, background: false, cancellationToken);
        try
        {
            // The work blocks a thread for milliseconds; the server's own threads stay free for the network.
            return await Task.Run(() => work(new Timed(Extractor(model), options.ImageTime)), cancellationToken);
        }
        finally
        {
            _turns.End(actor.Organisation);
        }
    }

    /// <summary>
    /// The extractor for work in the background (an import): it takes its turn image by image,
    /// and never makes the queue of requests longer.
    /// </summary>
    /// <param name="actor">For whom.</param>
    /// <param name="model">The model.</param>
    public IFaceExtractor InBackground(Actor actor, string model)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return new Turns(new Timed(Extractor(model), options.ImageTime), _turns, actor.Organisation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var extractor in _extractors.Values.Where(extractor => extractor.IsValueCreated))
            (extractor.Value as IDisposable)?.Dispose();
    }

    private sealed class Turns(IFaceExtractor extractor, FairTurns turns, string party) : IFaceExtractor
    {
        public EmbedderCard Model => extractor.Model;

        public Faces.Extraction Extract(
            ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default)
        {
            turns.TakeAsync(party, background: true, cancellationToken).GetAwaiter().GetResult();
            try
            {
                return extractor.Extract(image, request, cancellationToken);
            }
            finally
            {
                turns.End(party);
            }
        }

        public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) =>
            extractor.Decode(image, cancellationToken);
    }

    /// <summary>An extractor that gives each image so much time and no more.</summary>
    private sealed class Timed(IFaceExtractor extractor, TimeSpan time) : IFaceExtractor
    {
        public EmbedderCard Model => extractor.Model;

        public Faces.Extraction Extract(
            ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default)
        {
            using var late = new CancellationTokenSource(time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            try
            {
                return extractor.Extract(image, request, either.Token);
            }
            catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw TooSlow(e);
            }
        }

        public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default)
        {
            using var late = new CancellationTokenSource(time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            try
            {
                return extractor.Decode(image, either.Token);
            }
            catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw TooSlow(e);
            }
        }

        private AcquisitionException TooSlow(Exception cause) => new(
            AcquisitionFailure.DecoderFailed,
            $"the image took longer than the {time.TotalSeconds:0.#} s that one may take here. Scale it down", innerException: cause);
    }
}
