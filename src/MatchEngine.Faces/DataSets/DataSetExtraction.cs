using System.Security.Cryptography;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces.DataSets;

/// <summary>Makes the embeddings of a data set, many photos at once, through a cache that makes a second run skip the networks.</summary>
public static class DataSetExtraction
{
    /// <summary>Extracts every photo.</summary>
    /// <param name="pipeline">Makes the embeddings.</param>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="images">The photos, relative to it.</param>
    /// <param name="choice">Which face of a photo with several; <see cref="FaceChoice.Central"/> suits most sets. Not all of them.</param>
    /// <param name="cache">Where embeddings are kept; null for nowhere. It must be of this pipeline and choice (see
    /// <see cref="EmbeddingCache"/>).</param>
    /// <param name="withQuality">Whether the quality of each face is wanted too.</param>
    /// <param name="qualities">Where its native values are kept (<see cref="EmbeddingCache.OpenQuality"/>); null for nowhere.</param>
    /// <param name="minQuality">The least overall quality of a face, 0 … 100; null takes any. A poorer one is refused
    /// (<see cref="AcquisitionFailure.LowQuality"/>), and is no other face beside the only one, as everywhere
    /// (<see cref="FaceChoice.Only"/>). The caches must be of it too.</param>
    /// <param name="workers">Photos worked on at once; null for one a processor.</param>
    /// <param name="progress">Told how many photos are done.</param>
    /// <param name="cancellationToken">Ends it; what was done is in the cache.</param>
    /// <returns>One outcome a photo, in the order of <paramref name="images"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="choice"/> picks all faces.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PhotoEmbedding[] Run(
        FacePipeline pipeline,
        string folder,
        IReadOnlyList<string> images,
        FaceChoice choice,
        EmbeddingCache? cache = null,
        bool withQuality = false,
        EmbeddingCache? qualities = null,
        double? minQuality = null,
        int? workers = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(images);
        if (choice == FaceChoice.All)
            throw new ArgumentException("a photo of a data set shows one labelled face: choose it", nameof(choice));
        var outcomes = new PhotoEmbedding[images.Count];
        var done = 0;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = workers ?? Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        var request = Request(choice, minQuality) with { Quality = withQuality || minQuality is not null };
        Parallel.For(0, images.Count, options, i =>
        {
            outcomes[i] = Extract(pipeline, folder, images[i], request, minQuality, cache, qualities, cancellationToken);
            progress?.Report(Interlocked.Increment(ref done));
        });
        return outcomes;
    }

    /// <summary>
    /// What is asked of an image. Where the only face is meant, a least quality says which faces there are; elsewhere it refuses the one
    /// that was chosen, whose embedding is then known all the same and can be kept.
    /// </summary>
    /// <param name="choice">Which face of a photo with several.</param>
    /// <param name="minQuality">The least overall quality of a face, 0 … 100; null takes any.</param>
    public static ExtractionRequest Request(FaceChoice choice, double? minQuality) =>
        new(choice) { MinQuality = choice == FaceChoice.Only ? minQuality : null };

    private static PhotoEmbedding Extract(
        FacePipeline pipeline, string folder, string image, ExtractionRequest request, double? minQuality, EmbeddingCache? cache,
        EmbeddingCache? qualities, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            var file = new FileInfo(Path.Combine(folder, image));
            ImageDecoder.CheckByteSize(file.Length, pipeline.Limits);
            bytes = File.ReadAllBytes(file.FullName);
        }
        catch (AcquisitionException error)
        {
            return new PhotoEmbedding(image, null, null, error.Reason);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new PhotoEmbedding(image, null, null, AcquisitionFailure.Unreadable);
        }
        var digest = SHA256.HashData(bytes);
        var sha256 = Convert.ToHexStringLower(digest);
        if (cache?.Find(digest) is { } known)
        {
            var measured = qualities?.Find(digest)?.Embedding is { } values ? pipeline.QualityOf(values) : null;
            if (!request.Quality || known.Failure is not null || measured is not null)
                return Judged(
                    new PhotoEmbedding(image, sha256, known.Embedding, known.Failure) { Quality = request.Quality ? measured : null });
        }
        try
        {
            var face = pipeline.Extract(bytes, request, cancellationToken).Faces[0];
            cache?.Add(digest, face.Embedding);
            Keep(face.Quality);
            return Judged(new PhotoEmbedding(image, sha256, face.Embedding, null) { Quality = face.Quality });
        }
        catch (AcquisitionException error)
        {
            cache?.Add(digest, error.Reason);
            Keep(error.Quality);
            return new PhotoEmbedding(image, sha256, null, error.Reason) { Quality = error.Quality };
        }

        void Keep(FaceQuality? quality)
        {
            if (quality is not null)
                qualities?.Add(digest, [.. quality.Components.Select(component => (float)(component.Value ?? double.NaN))]);
        }

        PhotoEmbedding Judged(PhotoEmbedding made) => made.Quality?.Shortfall(minQuality) is null
            ? made
            : made with { Embedding = null, Failure = AcquisitionFailure.LowQuality };
    }
}
