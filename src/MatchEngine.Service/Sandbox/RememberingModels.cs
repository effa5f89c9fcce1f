using System.Collections.Concurrent;
using System.Security.Cryptography;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Extraction;

namespace MatchEngine.Service.Sandbox;

/// <summary>
/// The models while a sandbox is made: the same few photos go into every gallery, and each is embedded once. What the networks gave is
/// what every gallery gets.
/// </summary>
/// <param name="models">The models.</param>
internal sealed class RememberingModels(IExtractorSource models) : IExtractorSource
{
    /// <inheritdoc/>
    public EmbedderCard Card(string model) => models.Card(model);

    /// <inheritdoc/>
    public IFaceExtractor Load(string model) => new Remembering(models.Load(model));

    private sealed class Remembering(IFaceExtractor extractor) : IFaceExtractor, IDisposable
    {
        private readonly ConcurrentDictionary<(string Photo, ExtractionRequest Request), Extraction> _known = [];

        public EmbedderCard Model => extractor.Model;

        public Extraction Extract(ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default)
        {
            var asked = (Convert.ToHexString(SHA256.HashData(image)), request with { Show = null });
            if (!_known.TryGetValue(asked, out var known))
                known = _known[asked] = Copy(extractor.Extract(image, asked.Item2, cancellationToken));
            // Whoever asked overwrites what was given.
            var given = Copy(known);
            if (request.Show is { } show)
            {
                using var pixels = extractor.Decode(image, cancellationToken);
                show(pixels, given);
            }
            return given;
        }

        public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) =>
            extractor.Decode(image, cancellationToken);

        public void Dispose()
        {
            foreach (var known in _known.Values)
                known.Clear();
            (extractor as IDisposable)?.Dispose();
        }

        private static Extraction Copy(Extraction of) =>
            of with { Faces = [.. of.Faces.Select(face => face with { Embedding = [.. face.Embedding] })] };
    }
}
