using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors;

/// <summary>
/// A face template: the embedding of one encounter as a unit vector, held as one signed byte a dimension and one scale, with the digest of
/// the model that made it. Immutable, until <see cref="Erase"/> ends it; safe to share between threads.
/// </summary>
/// <remarks>
/// <para>With x the embedding over its Euclidean norm, the body is q = round(x · 127 / max|x|), so every element lies in −127 … 127, and
/// the scale is 1 / ‖q‖. The scale belongs to the quantised vector, not to the embedding: q · scale has length one, a template's score with
/// itself is 1, and by Cauchy–Schwarz no score leaves −1 … 1.</para>
/// <para>Rounding moves each element of q by at most ½, so the angle between q and x is at most asin(½ · √d · max|x| / 127), and a score
/// differs from the cosine of the two embeddings by at most the sum of both templates' angles (the cosine changes no faster than its
/// angle). On 512-d face embeddings the difference is of the order of 0.001.</para>
/// </remarks>
public sealed class Template
{
    /// <summary>The largest dimension of a template.</summary>
    public const int MaxDimension = 4096;

    /// <summary>Every dimension is a multiple of this, which the comparison kernels take in one step.</summary>
    public const int DimensionStep = 16;

    private readonly sbyte[] _body;
    private readonly Half[]? _float16;
    private volatile bool _erased;
    private float _chord = float.NaN;

    private Template(ModelDigest model, sbyte[] body, float scale, Half[]? float16)
    {
        Model = model;
        _body = body;
        Scale = scale;
        _float16 = float16;
    }

    /// <summary>The digest of the embedder that made the embedding.</summary>
    public ModelDigest Model { get; }

    /// <summary>The number of elements of the vector.</summary>
    public int Dimension => _body.Length;

    /// <summary>1 / ‖body‖: the factor that makes the body a unit vector.</summary>
    public float Scale { get; }

    /// <summary>The quantised vector, <see cref="Dimension"/> elements in −127 … 127.</summary>
    /// <exception cref="ObjectDisposedException">The template was erased.</exception>
    public ReadOnlySpan<sbyte> Body
    {
        get
        {
            ObjectDisposedException.ThrowIf(_erased, this);
            return _body;
        }
    }

    /// <summary>Whether the template carries the float16 copy of its unit vector.</summary>
    public bool HasFloat16 => _float16 is not null;

    /// <summary>
    /// The unit vector in float16, for re-scoring a short list: <see cref="Dimension"/> elements in −1 … 1, or empty when there is no copy.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The template was erased.</exception>
    public ReadOnlySpan<Half> Float16
    {
        get
        {
            ObjectDisposedException.ThrowIf(_erased, this);
            return _float16;
        }
    }

    /// <summary>
    /// The distance between the body and the float16 copy, both as unit vectors: 0 … 2,
    /// of the order of 0.008 for a 512-d face; 0 without a copy.
    /// </summary>
    /// <remarks>
    /// By |a·b − c·d| ≤ |a − c| + |b − d| for unit vectors,
    /// the scores from bodies and from copies differ by at most the sum of both chords.
    /// </remarks>
    internal float Chord
    {
        get
        {
            // Computed when first asked for, perhaps by several threads, which all find the same.
            if (float.IsNaN(_chord))
                _chord = HasFloat16 ? ChordOf(Body, Float16) : 0;
            return _chord;
        }
    }

    /// <summary>Whether there is a float16 copy and it has a direction, which a copy read from bytes need not have.</summary>
    internal bool HasUsableFloat16 => HasFloat16 && Chord < 2;

    /// <summary>Whether <paramref name="dimension"/> is one that templates and indexes take: a multiple of 16 from 16 to 4096.</summary>
    public static bool IsSupportedDimension(int dimension) =>
        dimension is >= DimensionStep and <= MaxDimension && dimension % DimensionStep == 0;

    /// <summary>Normalises an embedding to length one and quantises it.</summary>
    /// <param name="embedding">The embedder's output, at any length but zero; its size is the dimension.</param>
    /// <param name="model">The digest of the embedder.</param>
    /// <param name="keepFloat16">Whether to keep a float16 copy (two bytes a dimension) for re-scoring.</param>
    /// <exception cref="ArgumentException">The dimension is not supported, an element is NaN or infinite,
    /// or every element is zero.</exception>
    public static Template FromEmbedding(ReadOnlySpan<float> embedding, ModelDigest model, bool keepFloat16 = true)
    {
        if (!IsSupportedDimension(embedding.Length))
        {
            throw new ArgumentException(
                $"an embedding of {embedding.Length} dimensions is not supported: the dimension must be a "
                    + $"multiple of {DimensionStep} up to {MaxDimension}",
                nameof(embedding));
        }

        // In double neither the squares of denormal elements vanish nor those of the largest floats overflow.
        double squares = 0, largest = 0;
        for (var i = 0; i < embedding.Length; i++)
        {
            double x = embedding[i];
            if (!double.IsFinite(x))
                throw new ArgumentException(
                    $"element {i} of the embedding is {embedding[i]}: the embedder failed on this image", nameof(embedding));
            squares += x * x;
            largest = Math.Max(largest, Math.Abs(x));
        }
        if (largest == 0)
            throw new ArgumentException(
                "the embedding is zero in every element, it has no direction: the embedder failed on this image", nameof(embedding));

        var body = new sbyte[embedding.Length];
        var toBody = 127 / largest;
        for (var i = 0; i < body.Length; i++)
            body[i] = (sbyte)Math.Round(embedding[i] * toBody);

        Half[]? float16 = null;
        if (keepFloat16)
        {
            float16 = new Half[embedding.Length];
            var toUnit = 1 / Math.Sqrt(squares);
            for (var i = 0; i < float16.Length; i++)
                float16[i] = (Half)(embedding[i] * toUnit);
        }
        return new Template(model, body, ScaleOf(body), float16);
    }

    /// <summary>The template of a body that a template had, with its float16 copy unless that is empty.</summary>
    internal static Template FromBody(ReadOnlySpan<sbyte> body, ModelDigest model, ReadOnlySpan<Half> float16 = default) =>
        new(model, body.ToArray(), ScaleOf(body), float16.IsEmpty ? null : float16.ToArray());

    /// <summary>
    /// The comparison score of the two templates, the cosine of their angle, −1 … 1: the very score that every index lists for the pair. It
    /// is computed from their float16 copies where both have one, else from their quantised bodies;
    /// the same in either order and on every machine.
    /// </summary>
    /// <exception cref="ModelMismatchException">The templates were made with different models.</exception>
    /// <exception cref="ArgumentException">The templates differ in dimension.</exception>
    /// <exception cref="ObjectDisposedException">A template was erased.</exception>
    public static float Similarity(Template a, Template b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Model != b.Model)
            throw new ModelMismatchException(a.Model, b.Model);
        if (a.Dimension != b.Dimension)
            throw new ArgumentException(
                $"the templates have {a.Dimension} and {b.Dimension} dimensions: they cannot come from one model", nameof(b));
        if (!a.HasUsableFloat16 || !b.HasUsableFloat16)
            return Score.FromDot(DotProduct.Of(a.Body, b.Body), a.Scale * b.Scale);
        Span<float> wide = stackalloc float[a.Dimension];
        try
        {
            Float16Dot.Widen(a.Float16, wide);
            var (dot, squares) = Float16Dot.Of(wide, b.Float16);
            return Score.FromFloat16(dot, Float16Dot.Squares(wide), squares);
        }
        finally
        {
            wide.Clear();
        }
    }

    /// <summary>
    /// The template as bytes: a versioned header, the body, the float16 copy if there is one, and a CRC-32C.
    /// Read them with <see cref="Parse"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The template was erased.</exception>
    public byte[] ToBytes() => TemplateFormat.Write(this);

    /// <summary>Reads a template from the bytes of <see cref="ToBytes"/>; the span must hold the template and nothing else.</summary>
    /// <exception cref="TemplateFormatException">The bytes are no template, are damaged, or were written by a newer version.</exception>
    public static Template Parse(ReadOnlySpan<byte> bytes)
    {
        var (model, body, scale, float16) = TemplateFormat.Read(bytes);
        return new Template(model, body, scale, float16);
    }

    /// <summary>
    /// Overwrites the vectors with zeros: for the template of a probe when its search has ended. Any later use of the vectors throws
    /// <see cref="ObjectDisposedException"/>. The caller sees to it that nothing else is using the template. Erasing twice is harmless.
    /// </summary>
    public void Erase()
    {
        _erased = true;
        Array.Clear(_body);
        if (_float16 is not null)
            Array.Clear(_float16);
    }

    private static float ChordOf(ReadOnlySpan<sbyte> body, ReadOnlySpan<Half> copy)
    {
        double dot = 0, bodySquares = 0, copySquares = 0;
        for (var i = 0; i < body.Length; i++)
        {
            double b = body[i], c = (double)copy[i];
            dot += b * c;
            bodySquares += b * b;
            copySquares += c * c;
        }
        if (copySquares == 0)
            return 2;
        // Rounded upwards: it bounds an error.
        return MathF.BitIncrement((float)Math.Sqrt(Math.Max(0, 2 - (2 * dot / Math.Sqrt(bodySquares * copySquares))) + 1e-12));
    }

    /// <summary>1 / ‖body‖. Square root and division are correctly rounded everywhere, so that equal bodies have equal scales.</summary>
    internal static float ScaleOf(ReadOnlySpan<sbyte> body)
    {
        long squares = 0;
        foreach (var q in body)
            squares += q * q;
        return (float)(1 / Math.Sqrt(squares));
    }
}
