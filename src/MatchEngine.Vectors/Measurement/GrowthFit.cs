namespace MatchEngine.Vectors.Measurement;

/// <summary>
/// How a time grows with the size of the gallery: the power law a·N^b that fits times measured at several sizes, by least squares of their
/// logarithms.
/// </summary>
/// <param name="Factor">a: the time at N = 1, in the unit of the times.</param>
/// <param name="Exponent">b: 1 for a time in proportion to the gallery, 0 for one that does not depend on it.</param>
/// <param name="ExponentError">The standard error of b, from how far the times lie off the fit; null of two sizes,
/// which always fit.</param>
/// <param name="Sizes">The number of sizes.</param>
public sealed record GrowthFit(double Factor, double Exponent, double? ExponentError, int Sizes)
{
    /// <summary>Fits times.</summary>
    /// <param name="times">The sizes, each once, with their times; both above 0.</param>
    /// <returns>The fit; null of fewer than two sizes.</returns>
    /// <exception cref="ArgumentException">A size or a time is not above 0, or a size stands there twice.</exception>
    public static GrowthFit? Of(IReadOnlyCollection<(double Size, double Time)> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        if (times.Any(pair => !(pair.Size > 0 && pair.Time > 0)) || times.DistinctBy(pair => pair.Size).Count() != times.Count)
            throw new ArgumentException("sizes and times must be above 0, and each size stand there once", nameof(times));
        if (times.Count < 2)
            return null;
        var points = times.Select(pair => (X: Math.Log(pair.Size), Y: Math.Log(pair.Time))).ToList();
        double x = points.Average(point => point.X), y = points.Average(point => point.Y);
        var squares = points.Sum(point => (point.X - x) * (point.X - x));
        var slope = points.Sum(point => (point.X - x) * (point.Y - y)) / squares;
        var left = points.Sum(point => Math.Pow(point.Y - y - (slope * (point.X - x)), 2));
        return new GrowthFit(
            Math.Exp(y - (slope * x)), slope, points.Count > 2 ? Math.Sqrt(left / (points.Count - 2) / squares) : null, points.Count);
    }
}
