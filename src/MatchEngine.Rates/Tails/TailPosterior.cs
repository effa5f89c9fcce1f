using System.Runtime.Intrinsics;

namespace MatchEngine.Rates.Tails;

/// <summary>
/// The tails that a probe's exceedances leave possible, each with its weight: shapes at equal steps over ± 2.25 standard deviations, at
/// each
/// shape the likeliest scale with the variance of its logarithm (Laplace's method; Coles 2001, chapter 9 on Bayesian fits of tails).
/// </summary>
internal sealed class TailPosterior
{
    private const int Nodes = 7;
    private const double Step = 0.75;

    // Beyond this the normal approximation in ln σ says nothing (a node's tail ends just there); the node's neighbours carry on.
    private const double MostSpread = 0.5;

    // Whole vectors: what there is past the last node is a tail like another, of no weight.
    private const int Lanes = 4;
    private const int Room = (Nodes + Lanes - 1) / Lanes * Lanes;

    private readonly double[] _weights = new double[Room];
    private readonly double[] _variances = new double[Room];
    private readonly double[] _shapes = new double[Room];
    private readonly double[] _scales = new double[Room];
    private readonly double _threshold;
    private readonly double _exceedances;

    private TailPosterior(in ExceedanceBins bins, TailPrior prior, TailMode mode)
    {
        (_threshold, _exceedances) = (bins.Threshold, bins.Total);
        var logs = (Span<double>)stackalloc double[Nodes];
        var best = double.NegativeInfinity;
        for (var i = 0; i < Nodes; i++)
        {
            var shape = Math.Clamp(mode.Tail.Shape + (i - Nodes / 2) * Step * mode.Deviation, TailPrior.MinShape, TailPrior.MaxShape);
            var profile = ShapeProfile.At(bins, prior, shape, mode.ScaleAt(shape));
            (_shapes[i], _scales[i], _variances[i]) = (profile.Tail.Shape, profile.Tail.Scale, 1 / profile.Information);
            best = Math.Max(best, logs[i] = profile.Marginal);
        }
        var sum = 0.0;
        for (var i = 0; i < Nodes; i++)
            sum += _weights[i] = Math.Exp(logs[i] - best);
        for (var i = 0; i < Nodes; i++)
            _weights[i] /= sum;
        _shapes.AsSpan(Nodes).Fill(_shapes[0]);
        _scales.AsSpan(Nodes).Fill(_scales[0]);
    }

    /// <summary>The score that is exceeded.</summary>
    public double Threshold => _threshold;

    /// <summary>How many exceedances there are.</summary>
    public double Exceedances => _exceedances;

    /// <summary>The likeliest tail.</summary>
    public ParetoTail Mode => new(_shapes[Nodes / 2], _scales[Nodes / 2]);

    /// <summary>The standard deviation of the shape.</summary>
    public double ShapeDeviation
    {
        get
        {
            var (mean, square) = (0.0, 0.0);
            for (var i = 0; i < Nodes; i++)
            {
                mean += _weights[i] * _shapes[i];
                square += _weights[i] * _shapes[i] * _shapes[i];
            }
            return Math.Sqrt(Math.Max(0, square - mean * mean));
        }
    }

    /// <summary>The variance of ln σ at the likeliest shape.</summary>
    public double LogScaleVariance => _variances[Nodes / 2];

    /// <summary>The tails about the likeliest one.</summary>
    public static TailPosterior About(in ExceedanceBins bins, TailPrior prior, TailMode mode) => new(bins, prior, mode);

    /// <summary>Mean and variance of the expected number of exceedances beyond a score.</summary>
    /// <param name="score">At or above the threshold.</param>
    public (double Mean, double Variance) Beyond(double score)
    {
        var excess = Vector256.Create(Math.Max(0, score - _threshold));
        var (means, squares) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var i = 0; i < Nodes; i += Lanes)
        {
            var (share, slope, _) = ParetoTail.Beyond(
                Vector256.LoadUnsafe(in _shapes[i]), excess / Vector256.LoadUnsafe(in _scales[i]));
            var number = _exceedances * share;
            var spread = Vector256.Min(slope * slope * Vector256.LoadUnsafe(in _variances[i]), Vector256.Create(MostSpread));
            var half = Vector256.Exp(spread / 2);
            var weighed = Vector256.LoadUnsafe(in _weights[i]) * number;
            means += weighed * half;
            squares += weighed * number * (half * half * half * half);
        }
        var mean = Vector256.Sum(means);
        // The number of exceedances itself is a count.
        return (mean, Math.Max(0, Vector256.Sum(squares) * (1 + 1 / _exceedances) - mean * mean));
    }
}
