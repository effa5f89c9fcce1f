using System.Runtime.Intrinsics;
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
    /// <summary>As many edges as there can be, and room for the last vector of them.</summary>
    public const int MaxEdges = ScoreGrid.Cells + 1 + Lanes;

    private const int PartOfRest = 4;
    private const int Lanes = 4;

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
        // Whole vectors are read.
        _numbers.Slice(Count, Lanes).Clear();
        _edges.Slice(Count + 1, Lanes).Clear();
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
    /// <remarks>A search asks for some thirty of these, so four bins are done at a time.</remarks>
    public readonly (double Value, double First, double Second) LogLikelihood(double shape, double scale)
    {
        // At each edge what is left beyond it; at the first, which is the threshold, everything.
        var length = Count + 1 + Lanes;
        Span<double> shares = stackalloc double[length], slopes = stackalloc double[length], bends = stackalloc double[length];
        (shares[0], slopes[0], bends[0]) = (1, 0, 0);
        var (shapes, inverse) = (Vector256.Create(shape), Vector256.Create(1 / scale));
        for (var bin = 0; bin < Count; bin += Lanes)
        {
            var (share, q, rest) = ParetoTail.Beyond(shapes, Vector256.LoadUnsafe(in _edges[bin + 1]) * inverse);
            share.StoreUnsafe(ref shares[bin + 1]);
            (share * q).StoreUnsafe(ref slopes[bin + 1]);
            (share * q * (q - Vector256<double>.One / rest)).StoreUnsafe(ref bends[bin + 1]);
        }
        var (value, first, second) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var least = Vector256.Create(1e-300);
        for (var bin = 0; bin < Count; bin += Lanes)
        {
            // Numbers past the last bin are 0, and so is what they add, whatever stands beside them.
            var number = Vector256.LoadUnsafe(in _numbers[bin]);
            var some = Vector256.GreaterThan(number, Vector256<double>.Zero);
            var share = Vector256.Max(Between(shares, bin), least);
            var slope = Between(slopes, bin) / share;
            value += number * Vector256.Log(share) & some;
            first += number * slope & some;
            second += number * (Between(bends, bin) / share - slope * slope) & some;
        }
        return (Vector256.Sum(value), Vector256.Sum(first), Vector256.Sum(second));
    }

    private static Vector256<double> Between(ReadOnlySpan<double> atEdges, int bin) =>
        Vector256.LoadUnsafe(in atEdges[bin]) - Vector256.LoadUnsafe(in atEdges[bin + 1]);
}
