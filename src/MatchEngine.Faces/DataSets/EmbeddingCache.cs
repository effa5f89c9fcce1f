using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces.DataSets;

/// <summary>What a cache knows of a photo: its embedding, or why it has none.</summary>
/// <param name="Embedding">The embedding, or null.</param>
/// <param name="Failure">Why there is none, or null.</param>
public readonly record struct CachedEmbedding(float[]? Embedding, AcquisitionFailure? Failure);

/// <summary>
/// Embeddings of photos by the digest of their bytes, for one pipeline and one choice of face. For data sets only: probes of searches and
/// photos of galleries never come here. Thread-safe.
/// </summary>
/// <remarks>
/// <para>One file, to which records of a fixed length are appended: SHA-256 of the photo (32 bytes), a code (0: embedding; 1 + failure
/// otherwise) and three zero bytes, the embedding (float32, little-endian; zeros for a failure), and the first four bytes of the SHA-256 of
/// all that. The file's name holds a digest of everything that an embedding depends on. A record that was cut short by a kill, and whatever
/// lies behind a damaged one, is dropped when the file is opened the next time.</para>
/// <para>One process at a time writes: a second one reads what is there and keeps what it makes in memory only.</para>
/// </remarks>
public sealed class EmbeddingCache : IDisposable
{
    private const int DigestBytes = SHA256.HashSizeInBytes;
    private const int CodeBytes = 4;
    private const int CheckBytes = 4;

    private readonly int _dimension;
    private readonly Dictionary<string, CachedEmbedding> _known = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private FileStream? _file;

    private EmbeddingCache(int dimension) => _dimension = dimension;

    private int RecordBytes => DigestBytes + CodeBytes + _dimension * sizeof(float) + CheckBytes;

    /// <summary>How many photos are known.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    /// <summary>Opens the cache of a pipeline and choice of face; an absent one is made.</summary>
    /// <param name="folder">Where caches lie.</param>
    /// <param name="pipeline">Makes the embeddings.</param>
    /// <param name="choice">Which face of a photo with several.</param>
    /// <param name="minQuality">The least quality that is asked for; null for any. It tells two caches apart where it says which face is
    /// the only one.</param>
    /// <exception cref="IOException">The folder or file cannot be made or read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static EmbeddingCache Open(string folder, FacePipeline pipeline, FaceChoice choice, double? minQuality = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return Open(folder, pipeline.Fingerprint, choice, minQuality, pipeline.Model.Dimension);
    }

    /// <summary>
    /// Opens the cache that keeps the native values of quality, one a measure, where the other keeps embeddings; an absent one is made.
    /// </summary>
    /// <inheritdoc cref="Open(string, FacePipeline, FaceChoice, double?)"/>
    public static EmbeddingCache OpenQuality(string folder, FacePipeline pipeline, FaceChoice choice, double? minQuality = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return Open(folder, pipeline.QualityFingerprint, choice, minQuality, QualityMeasure.All.Count);
    }

    private static EmbeddingCache Open(string folder, string fingerprint, FaceChoice choice, double? minQuality, int dimension)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var least = DataSetExtraction.Request(choice, minQuality).MinQuality is { } asked
            ? string.Create(CultureInfo.InvariantCulture, $"\n{asked:R}")
            : "";
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{fingerprint}\n{choice}{least}")));
        return Open(Path.Combine(folder, "embeddings", key[..32] + ".bin"), dimension);
    }

    /// <summary>Opens a cache file.</summary>
    internal static EmbeddingCache Open(string path, int dimension)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var cache = new EmbeddingCache(dimension);
        try
        {
            // Nobody else may write; others may read while we append, and see whole records or a check that does not fit.
            cache._file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            cache._file.SetLength(cache.Load(cache._file));
            cache._file.Seek(0, SeekOrigin.End);
        }
        catch (IOException) when (cache._file is null && File.Exists(path))
        {
            using var shared = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            cache.Load(shared);
        }
        return cache;
    }

    /// <summary>What is known of a photo, or null.</summary>
    /// <param name="digest">SHA-256 of the photo's bytes.</param>
    public CachedEmbedding? Find(ReadOnlySpan<byte> digest)
    {
        lock (_lock)
            return _known.TryGetValue(Convert.ToHexStringLower(digest), out var known) ? known : null;
    }

    /// <summary>Keeps an embedding.</summary>
    /// <param name="digest">SHA-256 of the photo's bytes.</param>
    /// <param name="embedding">Its embedding.</param>
    /// <exception cref="ArgumentException">The embedding has another dimension.</exception>
    public void Add(ReadOnlySpan<byte> digest, float[] embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (embedding.Length != _dimension)
            throw new ArgumentException($"the embedding has {embedding.Length} values, the cache {_dimension}", nameof(embedding));
        Append(digest, new CachedEmbedding(embedding, null));
    }

    /// <summary>
    /// Keeps a failure. A photo that could not be read is not kept, nor one over which the decoder died: it may go well the next time.
    /// </summary>
    /// <param name="digest">SHA-256 of the photo's bytes.</param>
    /// <param name="failure">Why there is no embedding.</param>
    public void Add(ReadOnlySpan<byte> digest, AcquisitionFailure failure)
    {
        if (failure is not (AcquisitionFailure.Unreadable or AcquisitionFailure.DecoderFailed))
            Append(digest, new CachedEmbedding(null, failure));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    private void Append(ReadOnlySpan<byte> digest, CachedEmbedding value)
    {
        var record = new byte[RecordBytes];
        digest.CopyTo(record);
        record[DigestBytes] = value.Failure is { } failure ? (byte)(1 + (int)failure) : (byte)0;
        for (var i = 0; i < (value.Embedding?.Length ?? 0); i++)
            BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(DigestBytes + CodeBytes + i * sizeof(float)), value.Embedding![i]);
        SHA256.HashData(record.AsSpan(..^CheckBytes)).AsSpan(..CheckBytes).CopyTo(record.AsSpan(^CheckBytes..));
        lock (_lock)
        {
            if (!_known.TryAdd(Convert.ToHexStringLower(digest), value) || _file is null)
                return;
            try
            {
                _file.Write(record);
            }
            catch (IOException)
            {
                // A full disk costs the next run some time and this one nothing; the torn record is dropped when the file is opened again.
                _file.Dispose();
                _file = null;
            }
        }
    }

    /// <summary>Reads whole, sound records from the start; returns where they end.</summary>
    private long Load(FileStream file)
    {
        var record = new byte[RecordBytes];
        Span<byte> check = stackalloc byte[DigestBytes];
        long end = 0;
        while (file.ReadAtLeast(record, record.Length, throwOnEndOfStream: false) == record.Length)
        {
            SHA256.HashData(record.AsSpan(..^CheckBytes), check);
            if (!check[..CheckBytes].SequenceEqual(record.AsSpan(^CheckBytes..)))
                break;
            var code = record[DigestBytes];
            float[]? embedding = null;
            if (code == 0)
            {
                embedding = new float[_dimension];
                for (var i = 0; i < _dimension; i++)
                    embedding[i] = BinaryPrimitives.ReadSingleLittleEndian(record.AsSpan(DigestBytes + CodeBytes + i * sizeof(float)));
            }
            _known.TryAdd(
                Convert.ToHexStringLower(record.AsSpan(..DigestBytes)),
                new CachedEmbedding(embedding, code == 0 ? null : (AcquisitionFailure)(code - 1)));
            end += record.Length;
        }
        return end;
    }
}
