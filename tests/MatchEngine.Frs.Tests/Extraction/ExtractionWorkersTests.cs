using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Extraction;

namespace MatchEngine.Frs.Tests.Extraction;

public class ExtractionWorkersTests
{
    private static readonly Actor Actor = new("account", "name", "organisation", new HashSet<string>());

    [Fact]
    public async Task An_image_that_takes_too_long_is_refused_and_its_worker_is_free_again()
    {
        using var workers = Workers(TimeSpan.FromMilliseconds(20));
        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<AcquisitionException>(() => workers.RunAsync(
                Actor, "m", extractor => extractor.Extract([], new ExtractionRequest(FaceChoice.Only)), CancellationToken.None));
            Assert.Equal(AcquisitionFailure.DecoderFailed, error.Reason);
        }
        Assert.Equal(AcquisitionFailure.DecoderFailed, Assert.Throws<AcquisitionException>(
            () => workers.InBackground(Actor, "m").Extract([], new ExtractionRequest(FaceChoice.Only))).Reason);
        Assert.Equal(0, workers.Waiting);
    }

    [Fact]
    public async Task Whoever_goes_away_ends_the_work_as_cancelled_and_not_as_too_slow()
    {
        using var workers = Workers(TimeSpan.FromMinutes(5));
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => workers.RunAsync(
            Actor, "m", extractor => extractor.Extract([], new ExtractionRequest(FaceChoice.Only), end.Token), CancellationToken.None));
    }

    private static ExtractionWorkers Workers(TimeSpan time) => new(
        new Source(), new FrsOptions { DataFolder = "data", ImportFolder = "imports", Workers = 1, Queue = 2, ImageTime = time });

    private sealed class Source : IExtractorSource
    {
        public EmbedderCard Card(string model) => new(model, new string('0', 64), 64, null);

        public IFaceExtractor Load(string model) => new Endless(Card(model));
    }

    /// <summary>Works until it is told to stop.</summary>
    private sealed class Endless(EmbedderCard card) : IFaceExtractor
    {
        public EmbedderCard Model => card;

        public MatchEngine.Faces.Extraction Extract(
            ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default) =>
            throw Wait(cancellationToken);

        public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) => throw Wait(cancellationToken);

        private static OperationCanceledException Wait(CancellationToken cancellationToken)
        {
            cancellationToken.WaitHandle.WaitOne();
            return new OperationCanceledException(cancellationToken);
        }
    }
}
