using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Sketches;

/// <summary>
/// The directions in which sketches are drawn, and what was measured of the error that sketches make. Immutable; one for the whole gallery,
/// replaced when it no longer fits.
/// </summary>
/// <remarks>
/// <para><b>The sketch.</b> With P the m × d matrix of orthonormal directions and x̂ the unit vector of a template's body, z = P·x̂ is
/// quantised to 4 bits an element: code cᵢ = ⌊zᵢ/stepᵢ⌋ + 8, kept within 0 … 15, stands for (cᵢ − 7.5)·stepᵢ. A probe q̂ has p = P·q̂, and
/// its elements pᵢ·stepᵢ are quantised to signed bytes with one factor a.
/// The estimate of the score s = x̂·q̂ is a·(Σ bᵢcᵢ − 7.5·Σ bᵢ).</para>
/// <para><b>The error bound.</b> With r the parts of vectors outside the span of P, ε the quantisation error of z and δ that of the probe's
/// elements, s − estimate = r_x·r_q + ε·p + δ·(c − 7.5). The first term has a systematic part: of two templates of one subject the
/// residuals are as similar as the rest, so r_x·r_q ≈ s·|r_x|·|r_q|, of which s·|r_q|·max(r̄, |r_q|) is expected, with r̄ the root mean
/// square of |r_x| (a mate's residual is about as long as the probe's own), and s·v·|r_q| is the spread, v being the standard deviation of
/// |r_x|, widened to what mates show, or fourfold where the gallery has too few mates to tell. What remains is a sum of hundreds of small
/// terms of either sign with the spread w² = (s·v·|r_q|)² + |r_q|²·ρ² + Σ(pᵢ·stepᵢ)²·D + m·(21.25·a²/12), where ρ is the spread of
/// x̂·r_q/|r_q| among strangers, D the mean squared error of a code in squared steps, and 21.25 the mean of (c − 7.5)² over even codes.
/// Where the score that counts is that of float16 copies, its difference from s, of vectors whose distances from the bodies are the chords,
/// is one more such term: the squares of both chords times that of the strangers' spread. |r_q|, p and a are the probe's own: a probe that
/// the directions do not fit has a wider bound and makes the search score more rows in full.</para>
/// <para>r̄, ρ, D come from templates of the gallery, and so does the tail: on templates that the directions were not trained on,
/// t = (s − estimate − s⁺·|r_q|·max(r̄, |r_q|))/w is taken of millions of pairs of strangers and of all pairs of one subject at hand, and
/// <see cref="SketchErrors.Tail"/> is the largest ratio of a quantile of t to that of a normal variable, from one in ten to the rarest
/// which the sample supports, plus an allowance. Assuming that the tail goes on no heavier than that (the terms are many and bounded), a
/// row of score s ≥ T has an estimate below T − |T|·|r_q|·max(r̄, |r_q|) − z·Tail·w with a probability of at most P(Z &gt; z), Z being
/// normal and w taken at T (the bound rises with s as long as r̄·|r_q| + z·Tail·v·|r_q| &lt; 1, which far wider residuals than any basis is
/// given keep). A list holds k candidates; with z such that P(Z &gt; z) = 10⁻⁶/k the probability that any of them is lost is at most 10⁻⁶
/// per search. Rows whose |r_x| or quantisation error is beyond the limits that all but a few in ten thousand keep are left out of all
/// this: they are scored in full by every search.</para>
/// </remarks>
internal sealed class SketchBasis
{
    /// <summary>The probability, per search, that sketches lose any candidate of the list.</summary>
    public const double FailureProbability = 1e-6;

    /// <summary>
    /// The width of a code's cell in standard deviations of its element: the best for 16 levels and a normal variable (Max 1960).
    /// </summary>
    public const float StepInDeviations = 0.3352f;

    private readonly float[] _matrix;
    private readonly float[] _steps;

    /// <summary>A basis of measured constants.</summary>
    public SketchBasis(int version, int dimension, float[] matrix, float[] steps, SketchErrors errors)
    {
        if (steps.Length == 0 || steps.Length % SketchKernel.GroupElements != 0 || matrix.Length != steps.Length * dimension)
            throw new ArgumentException(
                $"{matrix.Length} numbers are no basis of {steps.Length} directions in {dimension} dimensions", nameof(matrix));
        Version = version;
        Dimension = dimension;
        _matrix = matrix;
        _steps = steps;
        Errors = errors;
    }

    /// <summary>The number of the basis in its gallery, from 1 on.</summary>
    public int Version { get; }

    /// <summary>The dimension of templates.</summary>
    public int Dimension { get; }

    /// <summary>The number of elements of a sketch.</summary>
    public int Elements => _steps.Length;

    /// <summary>The number of groups of eight elements.</summary>
    public int Groups => Elements / SketchKernel.GroupElements;

    /// <summary>The directions, one after the other.</summary>
    public ReadOnlySpan<float> Matrix => _matrix;

    /// <summary>The width of a code's cell, for each element.</summary>
    public ReadOnlySpan<float> Steps => _steps;

    /// <summary>What was measured of the error.</summary>
    public SketchErrors Errors { get; }

    /// <summary>The elements of a unit vector: the products with the directions.</summary>
    public void Project(ReadOnlySpan<float> vector, Span<float> elements)
    {
        for (var i = 0; i < elements.Length; i++)
            elements[i] = FloatDot.Of(_matrix.AsSpan(i * Dimension, Dimension), vector);
    }

    /// <summary>The codes of a template's body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="codes">Receives one code an element, 0 … 15.</param>
    /// <returns>Whether the sketch may be relied on: whether residual and quantisation error are within the measured limits.</returns>
    public bool Encode(ReadOnlySpan<sbyte> body, float scale, Span<byte> codes)
    {
        Span<float> vector = stackalloc float[body.Length];
        UnitVector.Write(body, scale, vector);
        Span<float> elements = stackalloc float[Elements];
        Project(vector, elements);
        var (residual, error) = Quantise(elements, codes);
        return residual <= Errors.ResidualLimit && error <= Errors.QuantisationLimit;
    }

    /// <summary>The codes of a unit vector's elements, with the length of its residual and of the codes' error.</summary>
    public (float Residual, float Error) Quantise(ReadOnlySpan<float> elements, Span<byte> codes)
    {
        float squares = 0, errors = 0;
        for (var i = 0; i < elements.Length; i++)
        {
            var code = Math.Clamp(MathF.Floor(elements[i] / _steps[i]) + 8, 0, 15);
            codes[i] = (byte)code;
            var error = elements[i] - ((code - 7.5f) * _steps[i]);
            squares += elements[i] * elements[i];
            errors += error * error;
        }
        return (MathF.Sqrt(Math.Max(0, 1 - squares)), MathF.Sqrt(errors));
    }

    /// <summary>Prepares a probe.</summary>
    /// <param name="body">The probe's body.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="elements">Receives its quantised elements, one an element of the sketch, −127 … 127.</param>
    public SketchProbe Prepare(ReadOnlySpan<sbyte> body, float scale, Span<sbyte> elements)
    {
        Span<float> vector = stackalloc float[body.Length];
        UnitVector.Write(body, scale, vector);
        Span<float> projected = stackalloc float[Elements];
        Project(vector, projected);
        return Prepare(projected, elements);
    }

    /// <summary>Prepares a probe from its projection.</summary>
    public SketchProbe Prepare(ReadOnlySpan<float> projected, Span<sbyte> elements)
    {
        float squares = 0, weighted = 0, largest = 1e-20f;
        for (var i = 0; i < projected.Length; i++)
        {
            var weight = projected[i] * _steps[i];
            squares += projected[i] * projected[i];
            weighted += weight * weight;
            largest = Math.Max(largest, Math.Abs(weight));
        }
        var factor = largest / 127;
        var sum = 0;
        for (var i = 0; i < projected.Length; i++)
        {
            elements[i] = (sbyte)MathF.Round(projected[i] * _steps[i] / factor);
            sum += elements[i];
        }
        var residual = MathF.Sqrt(Math.Max(0, 1 - squares));
        var lacking = (residual * residual * Errors.ResidualSpread * Errors.ResidualSpread) + (weighted * Errors.CodeError);
        var rounding = Elements * 21.25f * factor * factor / 12;
        return new SketchProbe(
            factor, 7.5f * sum, residual * Math.Max(residual, Errors.ResidualMean),
            residual * Errors.ResidualDeviation, MathF.Sqrt(lacking + rounding), Errors.Tail)
        {
            ExcessVariance = rounding - lacking,
        };
    }
}
