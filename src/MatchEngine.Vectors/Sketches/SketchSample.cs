using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Sketches;

/// <summary>
/// Templates drawn from a gallery to train a basis of sketches, and others to measure its errors. They are drawn by a fixed seed.
/// </summary>
/// <remarks>
/// The trial consists of short runs of neighbours: encounters of one subject are often enrolled together, and so it holds mates too.
/// </remarks>
internal sealed unsafe class SketchSample
{
    /// <summary>Templates to find directions from.</summary>
    private const int TrainingRows = 8192;

    /// <summary>Runs to measure errors on, and the length of one.</summary>
    private const int TrialRuns = 384, TrialRunLength = 4;

    /// <summary>The share of the squared length which sketches may leave out, on average.</summary>
    private const float ResidualShare = 0.075f;

    /// <summary>A trial of fewer different templates would say nothing about one error in millions.</summary>
    private const int FewestTrials = 256;

    private readonly int _dimension;
    private readonly float[] _training;
    private readonly float[] _trial;
    private readonly long[] _trialSubjects;

    /// <summary>Draws the templates of segments.</summary>
    public SketchSample(Segment[] segments, int dimension)
        : this(segments.Sum(segment => segment.Published), dimension, At(segments, dimension))
    {
    }

    /// <summary>Draws some of a number of templates.</summary>
    /// <param name="total">The number of templates.</param>
    /// <param name="dimension">Their dimension.</param>
    /// <param name="at">The unit vector of a template, null when it is gone, and its subject.</param>
    public SketchSample(int total, int dimension, Func<int, (float[]? Vector, long Subject)> at)
    {
        _dimension = dimension;
        var random = new Random(1);
        List<float[]> training = [], trial = [];
        List<long> subjects = [];

        // With replacement: a small gallery is drawn several times over, which does no harm.
        for (var i = 0; i < TrialRuns; i++)
        {
            var first = random.Next(total);
            for (var j = first; j < Math.Min(first + TrialRunLength, total); j++)
            {
                if (at(j) is ({ } vector, var subject) && !trial.Any(other => other.AsSpan().SequenceEqual(vector)))
                {
                    trial.Add(vector);
                    subjects.Add(subject);
                }
            }
        }
        for (var i = 0; i < Math.Min(TrainingRows, 2 * total); i++)
        {
            if (at(random.Next(total)).Vector is { } vector)
                training.Add(vector);
        }
        _training = Join(training);
        _trial = Join(trial);
        _trialSubjects = [.. subjects];
    }

    /// <summary>Whether there are enough different templates to measure errors on.</summary>
    public bool IsEnough => _trialSubjects.Length >= FewestTrials;

    /// <summary>Trains a basis on the sample.</summary>
    /// <param name="version">Its number.</param>
    /// <param name="elements">The elements of a sketch;
    /// null for as few as leave out less than a share of the squared length, up to 120.</param>
    /// <param name="gallerySize">The size of the gallery.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    public SketchBasis Train(int version, int? elements, int gallerySize, CancellationToken cancellationToken)
    {
        var most = elements ?? Math.Min(120, _dimension);
        var basis = SketchTraining.Train(version, most, _training, _trial, _trialSubjects, _dimension, gallerySize, cancellationToken);
        if (elements is not null)
            return basis;
        // The variance of an element is known from its step.
        float kept = 0;
        for (var i = 0; i < most; i++)
        {
            var deviation = basis.Steps[i] / SketchBasis.StepInDeviations;
            kept += deviation * deviation;
            var wanted = (i + SketchKernel.GroupElements) / SketchKernel.GroupElements * SketchKernel.GroupElements;
            if (1 - kept <= ResidualShare && wanted < most)
                return SketchTraining.Train(version, wanted, _training, _trial, _trialSubjects, _dimension, gallerySize, cancellationToken);
        }
        return basis;
    }

    // By hand: LINQ would build the array in buffers of the shared pool, which keeps them.
    private static float[] Join(List<float[]> vectors)
    {
        var joined = new float[vectors.Sum(vector => vector.Length)];
        var at = 0;
        foreach (var vector in vectors)
        {
            vector.CopyTo(joined, at);
            at += vector.Length;
        }
        return joined;
    }

    private static Func<int, (float[]?, long)> At(Segment[] segments, int dimension)
    {
        var counts = Array.ConvertAll(segments, segment => segment.Published);
        return index =>
        {
            var s = 0;
            // Rows that were published since are none of these.
            while (index >= counts[s] && s + 1 < counts.Length)
                index -= counts[s++];
            return index < segments[s].Published ? (Vector(segments[s], index, dimension), segments[s].Subjects[index]) : default;
        };
    }

    private static float[]? Vector(Segment segment, int row, int dimension)
    {
        Span<sbyte> body = stackalloc sbyte[dimension];
        DotKernel.ReadRow(segment.Body(row), body);
        var vector = UnitVector.Of(body, segment.Scales[row]);
        Volatile.ReadBarrier(); // The vector before the mark: see Segment.
        return segment.IsErased(row) ? null : vector;
    }
}
