using System.Runtime.CompilerServices;
using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Tails;

/// <summary>
/// The exceedances of a threshold as numbers of subjects between rising edges: what the likelihood of a tail is computed from. Numbers
/// need not
/// be whole: a subject that is a stranger with probability w counts w.
/// </summary>
/// <remarks>
/// A bin is closed when it holds a quarter of what is still to come. That makes about log(k)/log(4/3) bins of k exceedances, fine where
/// they
/// are few, and costs the estimate of the shape nothing that simulation can see.
/// </remarks>
internal ref struct ExceedanceBins
{
    /// <summary>As many edges as there can be.</summary>
    public const int MaxEdges = ScoreGrid.Cells + 1;

    private const int PartOfRest = 4;

    private readonly Span<double> _edges;
    private readonly Span<double> _numbers;

    /// <summary>Cuts the cells from <paramref name="first"/> on into bins.</summary>
    /// <param name="cells">The number of subjects in each cell of the grid.</param>
    /// <param name="first">The cell whose lower edge is the threshold.</param>
    /// <param name="edges">Room for <see cref="MaxEdges"/> edges.</param>
    /// <param name="numbers">Room for as many numbers.</param>
    public ExceedanceBins(ReadOnlySpan<double> cells, int first, Span<double> edges, Span<double> numbers)
    {
        _edges = edges;
        _numbers = numbers;
        var rest = 0.0;
        var last = first;
        for (var cell = first; cell < cells.Length; cell++)
        {
            rest += cells[cell];
            if (cells[cell] > 0)
                last = cell;
        }
        Total = rest;
        Threshold = ScoreGrid.ScoreAt(first);
        _edges[0] = 0;
        var inBin = 0.0;
        for (var cell = first; cell <= last; cell++)
        {
            if (cells[cell] > 0)
                OccupiedCells++;
            inBin += cells[cell];
            if (cell < last && inBin * PartOfRest < rest)
                continue;
            _numbers[Count] = inBin;
            // The last bin is the last subject's own cell: what lies above it is empty, which the likelihood must know.
            _edges[++Count] = (cell + 1 < ScoreGrid.Cells ? ScoreGrid.ScoreAt(cell + 1) : ScoreGrid.ScoreAt(cell) + 0.01) - Threshold;
            rest -= inBin;
            inBin = 0;
        }
    }

    /// <summary>The score that is exceeded.</summary>
    public double Threshold { get; private set; }

    /// <summary>How many exceedances there are.</summary>
    public double Total { get; }

    /// <summary>How many bins there are.</summary>
    public int Count { get; }

    /// <summary>How many cells of the grid hold anyone: with fewer than three there is no tail to see.</summary>
    public int OccupiedCells { get; }

    /// <summary>The lower edge of the last bin, less the threshold: no fitted tail may end before it.</summary>
    public readonly double LastEdge => _edges[Count - 1];

    /// <summary>The mean excess, each subject taken in the middle of its bin.</summary>
    public readonly double MeanExcess()
    {
        var sum = 0.0;
        for (var bin = 0; bin < Count; bin++)
            sum += _numbers[bin] * (_edges[bin] + _edges[bin + 1]) / 2;
        return sum / Total;
    }

    /// <summary>
    /// Moves the edges, which are edges of estimates, to where as many exact scores lie: P(x + e &gt; t) ≈ P(x &gt; t)·exp(h²τ²/2) for a
    /// tail
    /// of hazard h and an error of variance τ², which is P(x &gt; t − hτ²/2). Where the estimate lacks a part of the score τ² is below 0.
    /// </summary>
    /// <param name="tail">A tail fitted to the estimates.</param>
    /// <param name="excessVariance">τ².</param>
    public void MoveToExact(ParetoTail tail, double excessVariance)
    {
        var threshold = Math.Min(tail.Hazard(0) * excessVariance / 2, _edges[1] / 2);
        var before = 0.0;
        for (var edge = 1; edge <= Count; edge++)
        {
            // Past the tail's end the last finite hazard holds on; and edges keep their order, whatever the variance.
            var hazard = Math.Min(tail.Hazard(_edges[edge]), 3 * tail.Hazard(0));
            var moved = _edges[edge] - hazard * excessVariance / 2 + threshold;
            before = _edges[edge] = Math.Max(moved, before + 1e-4);
        }
        Threshold -= threshold;
    }

    /// <summary>
    /// The log-likelihood Σ n·ln(S(a) − S(b)) of a tail, with its first and second derivative by ln σ. With q = z/(1 + ξz), z = y/σ:
    /// ∂S/∂ln σ = S·q and ∂²S/∂(ln σ)² = S·q·(q − 1/(1 + ξz)).
    /// </summary>
    /// <param name="shape">ξ, not 0.</param>
    /// <param name="scale">σ.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly (double Value, double First, double Second) LogLikelihood(double shape, double scale)
    {
        var (value, first, second) = (0.0, 0.0, 0.0);
        var (power, inverse) = (-1 / shape, 1 / scale);
        var (above, aboveFirst, aboveSecond) = (1.0, 0.0, 0.0);
        for (var bin = 0; bin < Count; bin++)
        {
            var z = _edges[bin + 1] * inverse;
            var rest = 1 + shape * z;
            var (s, d, dd) = (0.0, 0.0, 0.0);
            if (rest > 0)
            {
                s = Math.Exp(power * Math.Log(rest));
                var q = z / rest;
                d = s * q;
                dd = d * (q - 1 / rest);
            }
            var number = _numbers[bin];
            if (number > 0)
            {
                var share = Math.Max(above - s, 1e-300);
                var slope = (aboveFirst - d) / share;
                value += number * Math.Log(share);
                first += number * slope;
                second += number * ((aboveSecond - dd) / share - slope * slope);
            }
            (above, aboveFirst, aboveSecond) = (s, d, dd);
        }
        return (value, first, second);
    }
}
