using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Sketches;

/// <summary>
/// Finds the directions in which a gallery's templates vary most, and measures on other templates of it what error sketches make.
/// </summary>
/// <remarks>
/// The directions are the leading eigenvectors of the second-moment matrix, by orthogonal iteration (Golub and Van Loan, Matrix
/// Computations, 8.2.4) from a fixed start: the same templates give the same directions on one machine. Sixteen more directions than wanted
/// are iterated, which makes the wanted ones converge. They need not be perfect: whatever orthonormal directions result,
/// the error is measured for them.
/// </remarks>
internal static class SketchTraining
{
    private const int Spare = 16;
    private const int Iterations = 24;
    private const float Allowance = 1.1f;
    private const int FewestMates = 100;
    private const float WidestFactor = 4;
    private const float OrdinaryThreshold = 0.35f;

    /// <summary>Trains a basis.</summary>
    /// <param name="version">The number to give to it.</param>
    /// <param name="elements">The number of directions, a multiple of 8.</param>
    /// <param name="training">Unit vectors, one after the other, to find directions from.</param>
    /// <param name="trial">Others, to measure errors on; mates next to each other.</param>
    /// <param name="trialSubjects">The subject of each of these.</param>
    /// <param name="dimension">The dimension of all.</param>
    /// <param name="gallerySize">The size of the gallery, for the record.</param>
    /// <param name="cancellationToken">Ends the training without a result.</param>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static SketchBasis Train(
        int version, int elements, float[] training, float[] trial, long[] trialSubjects, int dimension, int gallerySize,
        CancellationToken cancellationToken)
    {
        var directions = Directions(training, dimension, Math.Min(dimension, elements + Spare), cancellationToken);
        var matrix = directions.AsSpan(0, elements * dimension).ToArray();
        var count = training.Length / dimension;

        var steps = new float[elements];
        var projected = new float[count * elements];
        var provisional = new SketchBasis(version, dimension, matrix, steps, new SketchErrors(1, 1, 1, 1, 1, 1, 1, 1, gallerySize));
        for (var i = 0; i < count; i++)
        {
            var z = projected.AsSpan(i * elements, elements);
            provisional.Project(training.AsSpan(i * dimension, dimension), z);
            for (var j = 0; j < elements; j++)
                steps[j] += z[j] * z[j];
        }
        for (var j = 0; j < elements; j++)
            steps[j] = SketchBasis.StepInDeviations * Math.Max(1e-4f, MathF.Sqrt(steps[j] / count));
        cancellationToken.ThrowIfCancellationRequested();

        var (residuals, errors) = (new float[count], new float[count]);
        var codes = new byte[elements];
        double squaredError = 0, squaredResidual = 0;
        for (var i = 0; i < count; i++)
        {
            var z = projected.AsSpan(i * elements, elements);
            (residuals[i], errors[i]) = provisional.Quantise(z, codes);
            squaredResidual += residuals[i] * residuals[i];
            for (var j = 0; j < elements; j++)
                squaredError += Math.Pow((z[j] / steps[j]) - (codes[j] - 7.5), 2);
        }
        double mean = residuals.Average(), residualMean = Math.Sqrt(squaredResidual / count);
        var deviation = Math.Sqrt(Math.Max(0, (squaredResidual / count) - (mean * mean)));
        var limits = new SketchErrors(
            Limit(residuals), Limit(errors), (float)residualMean, (float)deviation, 1, 1,
            (float)(squaredError / count / elements), 1, gallerySize);
        return Measure(new SketchBasis(version, dimension, matrix, steps, limits), trial, trialSubjects, cancellationToken);
    }

    // All but a few in ten thousand are within; those few cost a search a full comparison each.
    private static float Limit(float[] values)
    {
        Array.Sort(values);
        return Math.Min(1, 1.02f * values[(int)((values.Length - 1) * 0.9997)]);
    }

    /// <summary>Orthonormal directions of large variance, strongest first.</summary>
    private static float[] Directions(float[] vectors, int dimension, int count, CancellationToken cancellationToken)
    {
        var moments = new float[dimension * dimension];
        for (var at = 0; at < vectors.Length; at += dimension)
        {
            if (at % (64 * dimension) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var x = vectors.AsSpan(at, dimension);
            for (var i = 0; i < dimension; i++)
                FloatDot.AddScaled(moments.AsSpan(i * dimension, dimension), x[i], x);
        }

        var random = new Random(1);
        var current = new float[count * dimension];
        foreach (ref var element in current.AsSpan())
            element = (float)random.NextDouble() - 0.5f;
        var next = new float[count * dimension];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var j = 0; j < count; j++)
            {
                var source = current.AsSpan(j * dimension, dimension);
                for (var i = 0; i < dimension; i++)
                    next[(j * dimension) + i] = FloatDot.Of(moments.AsSpan(i * dimension, dimension), source);
            }
            Orthonormalise(next, dimension, random);
            (current, next) = (next, current);
        }
        return current;
    }

    /// <summary>
    /// Gram–Schmidt, twice over each vector, which keeps float32 orthogonal. A vector that vanishes is replaced by a random one.
    /// </summary>
    private static void Orthonormalise(float[] vectors, int dimension, Random random)
    {
        for (var at = 0; at < vectors.Length; at += dimension)
        {
            var x = vectors.AsSpan(at, dimension);
            for (var attempt = 0; ; attempt++)
            {
                var before = MathF.Sqrt(FloatDot.Of(x, x));
                if (before > 0)
                    Scale(x, 1 / before);
                for (var pass = 0; pass < 2; pass++)
                {
                    for (var other = 0; other < at; other += dimension)
                    {
                        var y = vectors.AsSpan(other, dimension);
                        FloatDot.AddScaled(x, -FloatDot.Of(x, y), y);
                    }
                }
                var length = MathF.Sqrt(FloatDot.Of(x, x));
                if (length > 1e-4f)
                {
                    Scale(x, 1 / length);
                    break;
                }
                foreach (ref var element in x)
                    element = (float)random.NextDouble() - 0.5f;
            }
        }
    }

    private static void Scale(Span<float> x, float factor)
    {
        foreach (ref var element in x)
            element *= factor;
    }

    /// <summary>The same basis with ρ and the tail measured.</summary>
    private static SketchBasis Measure(SketchBasis basis, float[] trial, long[] subjects, CancellationToken cancellationToken)
    {
        int dimension = basis.Dimension, elements = basis.Elements, count = subjects.Length;
        var projected = new float[count * elements];
        var represented = new float[count * elements];
        var residuals = new float[count];
        var fits = new bool[count];
        var codes = new byte[elements];
        for (var i = 0; i < count; i++)
        {
            var z = projected.AsSpan(i * elements, elements);
            basis.Project(trial.AsSpan(i * dimension, dimension), z);
            (residuals[i], var error) = basis.Quantise(z, codes);
            fits[i] = residuals[i] <= basis.Errors.ResidualLimit && error <= basis.Errors.QuantisationLimit;
            for (var j = 0; j < elements; j++)
                represented[(i * elements) + j] = (codes[j] - 7.5f);
        }

        // Scores and what of them lies outside the directions, of every pair.
        double outside = 0, squares = 0;
        long strangers = 0;
        var scores = new float[count * count];
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var q = trial.AsSpan(i * dimension, dimension);
            for (var j = 0; j < count; j++)
            {
                var s = scores[(i * count) + j] = FloatDot.Of(q, trial.AsSpan(j * dimension, dimension));
                if (subjects[i] == subjects[j])
                    continue;
                var part = (s - FloatDot.Of(projected.AsSpan(i * elements, elements), projected.AsSpan(j * elements, elements)))
                    / Math.Max(1e-6f, residuals[i]);
                outside += part * part;
                squares += s * s;
                strangers++;
            }
        }
        var errors = basis.Errors with
        {
            ResidualSpread = (float)Math.Sqrt(outside / Math.Max(1, strangers)),
            ScoreSpread = (float)Math.Sqrt(squares / Math.Max(1, strangers)),
        };
        basis = new SketchBasis(basis.Version, dimension, basis.Matrix.ToArray(), basis.Steps.ToArray(), errors);

        List<float> strange = [];
        List<(float Error, float Squares, float Share)> mated = [];
        double meanSpread = 0, meanShare = 0;
        var bytes = new sbyte[elements];
        var floats = new float[elements];
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var probe = basis.Prepare(projected.AsSpan(i * elements, elements), bytes);
            meanSpread += probe.Spread / count;
            meanShare += probe.ShrinkageDeviation / count;
            for (var j = 0; j < elements; j++)
                floats[j] = bytes[j];
            for (var j = 0; j < count; j++)
            {
                if (i == j || !fits[j])
                    continue;
                var s = scores[(i * count) + j];
                var estimate = probe.Factor * FloatDot.Of(floats, represented.AsSpan(j * elements, elements));
                var error = s - estimate - (Math.Max(s, 0) * probe.Shrinkage);
                if (subjects[i] == subjects[j])
                    mated.Add((error, probe.Spread * probe.Spread, s * probe.ShrinkageDeviation));
                else
                    strange.Add(error / probe.SpreadAt(s));
            }
        }

        // Of mates the residuals vary more than their lengths tell: v is widened as far as it narrows the bound at an ordinary threshold.
        var (tail, factor, narrowest) = (0f, 1f, double.MaxValue);
        var strangersTail = TailRatio(strange);
        for (var f = mated.Count < FewestMates ? WidestFactor : 1; f <= WidestFactor; f += 0.5f)
        {
            var ratio = Math.Max(
                Math.Max(1, strangersTail),
                TailRatio([.. mated.Select(m => m.Error / MathF.Sqrt(m.Squares + (f * f * m.Share * m.Share)))]));
            var bound = ratio * Math.Sqrt((meanSpread * meanSpread) + Math.Pow(OrdinaryThreshold * f * meanShare, 2));
            if (bound < narrowest)
                (tail, factor, narrowest) = (ratio, f, bound);
        }
        return new SketchBasis(basis.Version, dimension, basis.Matrix.ToArray(), basis.Steps.ToArray(),
            errors with { Tail = Allowance * tail, ResidualDeviation = factor * errors.ResidualDeviation });
    }

    /// <summary>
    /// The largest ratio of a quantile to the normal one, over one in ten, one in a hundred … as long as ten values lie beyond.
    /// </summary>
    private static float TailRatio(List<float> values)
    {
        values.Sort();
        var ratio = 0f;
        for (var share = 0.1; share * values.Count >= 10; share /= 10)
            ratio = Math.Max(ratio, values[(int)(values.Count * (1 - share))] / (float)NormalQuantile(share));
        return ratio;
    }

    /// <summary>
    /// The value that a normal variable exceeds with a probability below ½ (Abramowitz and Stegun 26.2.23, error below 4.5·10⁻⁴).
    /// </summary>
    internal static double NormalQuantile(double probability)
    {
        var t = Math.Sqrt(-2 * Math.Log(probability));
        return t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308)))))));
    }
}
