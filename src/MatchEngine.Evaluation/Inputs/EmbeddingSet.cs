namespace MatchEngine.Evaluation.Inputs;

/// <summary>A photo of which no template could be made (FTA: failure to acquire).</summary>
/// <param name="Image">The photo, as metadata.csv names it.</param>
/// <param name="Reason">A short fixed name, such as <c>no face</c>.</param>
public sealed record AcquisitionFault(string Image, string Reason);

/// <summary>
/// The hand-over from the face pipeline: for each photo its embedding, and the photos that gave none. The score of two embeddings is their
/// inner product times their scales, so float embeddings are handed over with length 1 and int8 templates with their per-vector scale.
/// </summary>
public sealed class EmbeddingSet
{
    private readonly List<string> _images = [];
    private readonly List<string?> _digests = [];
    private readonly List<double?> _qualities = [];
    private readonly List<AcquisitionFault> _failures = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private float[] _values;
    private float[]? _scales;

    /// <summary>Makes an empty set.</summary>
    /// <param name="dimension">Length of an embedding, 1 … 4096.</param>
    /// <param name="capacity">How many photos to reserve memory for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is out of range.</exception>
    public EmbeddingSet(int dimension, int capacity = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, 4096);
        Dimension = dimension;
        _values = new float[(long)dimension * capacity];
    }

    /// <summary>Length of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>How many photos have an embedding.</summary>
    public int Count => _images.Count;

    /// <summary>The photos that have an embedding, in the order they were added.</summary>
    public IReadOnlyList<string> Images => _images;

    /// <summary>SHA-256 of each photo's bytes, or null where it is not known.</summary>
    public IReadOnlyList<string?> Digests => _digests;

    /// <summary>A quality score of each photo (higher is better), or null where there is none.</summary>
    public IReadOnlyList<double?> Qualities => _qualities;

    /// <summary>The photos of which no template could be made.</summary>
    public IReadOnlyList<AcquisitionFault> Failures => _failures;

    /// <summary>Digest of the model's card that made the embeddings, or null.</summary>
    public string? ModelDigest { get; init; }

    /// <summary>Adds a float embedding.</summary>
    /// <param name="image">The photo, as metadata.csv names it.</param>
    /// <param name="embedding">Of length 1 (L2 norm) for the score to be the cosine similarity.</param>
    /// <param name="digest">SHA-256 of the photo's bytes, by which identical photos are found.</param>
    /// <param name="quality">A quality score, higher is better.</param>
    /// <exception cref="ArgumentException">The dimension is wrong, a value is not finite, or the photo was added before.</exception>
    public void Add(string image, ReadOnlySpan<float> embedding, string? digest = null, double? quality = null)
    {
        if (embedding.Length != Dimension)
            throw new ArgumentException($"'{image}': the embedding has {embedding.Length} values, the set {Dimension}", nameof(embedding));
        foreach (var value in embedding)
        {
            if (!float.IsFinite(value))
                throw new ArgumentException($"'{image}': the embedding holds a value that is not a finite number", nameof(embedding));
        }
        var row = Append(image, digest, quality);
        embedding.CopyTo(row);
        if (_scales is not null)
            _scales[Count - 1] = 1;
    }

    /// <summary>Adds an int8 template.</summary>
    /// <param name="image">The photo, as metadata.csv names it.</param>
    /// <param name="template">The body.</param>
    /// <param name="scale">What the integers are multiplied by to give the embedding; above 0.</param>
    /// <param name="digest">SHA-256 of the photo's bytes.</param>
    /// <param name="quality">A quality score, higher is better.</param>
    /// <exception cref="ArgumentException">The dimension or the scale is wrong, or the photo was added before.</exception>
    public void Add(string image, ReadOnlySpan<sbyte> template, float scale, string? digest = null, double? quality = null)
    {
        if (template.Length != Dimension)
            throw new ArgumentException($"'{image}': the template has {template.Length} values, the set {Dimension}", nameof(template));
        if (!float.IsFinite(scale) || scale <= 0)
            throw new ArgumentException($"'{image}': the scale {scale} is not above 0", nameof(scale));
        var row = Append(image, digest, quality);
        for (var i = 0; i < template.Length; i++)
            row[i] = template[i];
        if (_scales is null)
        {
            _scales = new float[_values.Length / Dimension];
            _scales.AsSpan(0, Count).Fill(1);
        }
        _scales[Count - 1] = scale;
    }

    /// <summary>Notes a photo of which no template could be made.</summary>
    /// <param name="image">The photo, as metadata.csv names it.</param>
    /// <param name="reason">A short fixed name, such as <c>no face</c>.</param>
    /// <exception cref="ArgumentException">The photo was added before.</exception>
    public void AddFailure(string image, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Enter(image);
        _failures.Add(new AcquisitionFault(image, reason));
    }

    /// <summary>The values of one embedding: as added, before its scale.</summary>
    public ReadOnlySpan<float> Values(int index) => _values.AsSpan(checked(index * Dimension), Dimension);

    /// <summary>The scale of one embedding; 1 for float embeddings.</summary>
    public float Scale(int index) => _scales is null ? 1 : _scales[index];

    /// <summary>The part of the set whose photos are wanted.</summary>
    internal EmbeddingSet Where(Func<string, bool> wanted)
    {
        var part = new EmbeddingSet(Dimension, Count) { ModelDigest = ModelDigest };
        for (var i = 0; i < Count; i++)
        {
            if (!wanted(_images[i]))
                continue;
            Values(i).CopyTo(part.Append(_images[i], _digests[i], _qualities[i]));
            if (_scales is not null)
                (part._scales ??= new float[Math.Max(Count, 256)])[part.Count - 1] = _scales[i];
        }
        foreach (var failure in _failures.Where(f => wanted(f.Image)))
            part.AddFailure(failure.Image, failure.Reason);
        return part;
    }

    private Span<float> Append(string image, string? digest, double? quality)
    {
        Enter(image);
        var start = checked(_images.Count * Dimension);
        if (_values.Length < start + Dimension)
        {
            // Int32 indices keep the kernels simple: 4 million photos of 512 values are the most one set can hold.
            var rows = Math.Min(Math.Max(256, _images.Count * 2L), (Array.MaxLength - Dimension) / Dimension);
            Array.Resize(ref _values, checked((int)(rows * Dimension)));
            if (_scales is not null)
                Array.Resize(ref _scales, (int)rows);
        }
        _images.Add(image);
        _digests.Add(digest);
        _qualities.Add(quality);
        return _values.AsSpan(start, Dimension);
    }

    private void Enter(string image)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(image);
        if (!_seen.Add(image))
            throw new ArgumentException($"photo '{image}' was added before", nameof(image));
    }
}
