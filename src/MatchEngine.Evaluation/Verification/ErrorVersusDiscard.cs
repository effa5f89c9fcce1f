using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>
/// The error-versus-discard curve of a quality measure (Grother and Tabassi, IEEE PAMI 29, 2007): FNMR among the mated comparisons that are
/// left when those of the lowest quality are dropped. A comparison has the lower quality of its two photos;
/// the threshold stays where it was.
/// </summary>
/// <param name="Threshold">The fixed threshold.</param>
/// <param name="Comparisons">Mated comparisons with a known quality.</param>
/// <param name="Points">Share discarded and FNMR of the rest, from 0 to 0.95 in steps of 0.01.</param>
/// <param name="Area">Mean FNMR over the first <see cref="AreaTo"/> of the curve (the area divided by its width): lower is better, a
/// useless measure gives the FNMR at the start.</param>
/// <param name="IdealArea">The same for a measure that drops exactly the errors first.</param>
public sealed record ErrorVersusDiscard(
    double Threshold, long Comparisons, IReadOnlyList<ErrorVersusDiscard.Point> Points, double Area, double IdealArea)
{
    /// <summary>Up to which discarded share the area is taken.</summary>
    public const double AreaTo = 0.2;

    /// <summary>One point.</summary>
    /// <param name="Discarded">Share of the comparisons that is dropped.</param>
    /// <param name="Fnmr">FNMR of the rest.</param>
    public readonly record struct Point(double Discarded, double Fnmr);

    /// <summary>The curve; null when no mated comparison has a quality or none is an error.</summary>
    public static ErrorVersusDiscard? Of(Comparisons comparisons, double threshold)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        if (comparisons.Qualities is not { } qualities)
            return null;
        var mated = comparisons.Mated;
        var list = new List<(double Quality, bool Error)>();
        for (var i = 0; i < mated.Count; i++)
        {
            var quality = Math.Min(qualities[mated.First[i]], qualities[mated.Second[i]]);
            if (!double.IsNaN(quality))
                list.Add((quality, mated.Scores[i] < threshold));
        }
        var errors = list.Count(c => c.Error);
        if (errors == 0)
            return null;
        // Comparisons of one quality are dropped together in expectation: their errors are spread evenly over them.
        var dropped = new double[list.Count + 1];
        var position = 0;
        foreach (var equal in list.GroupBy(c => c.Quality).OrderBy(g => g.Key))
        {
            var (size, wrong) = (equal.Count(), equal.Count(c => c.Error));
            for (var i = 1; i <= size; i++)
                dropped[position + i] = dropped[position] + (double)wrong * i / size;
            position += size;
        }
        double At(double share, Func<double, double> droppedErrors)
        {
            var gone = share * list.Count;
            return Math.Max(0, errors - droppedErrors(gone)) / (list.Count - gone);
        }
        double Measured(double gone)
        {
            var below = (int)gone;
            return below >= list.Count ? dropped[^1] : dropped[below] + (gone - below) * (dropped[below + 1] - dropped[below]);
        }
        var points = Enumerable.Range(0, 96).Select(step => new Point(step / 100.0, At(step / 100.0, Measured))).ToArray();
        double Area(Func<double, double> droppedErrors)
        {
            const int Steps = 200;
            var sum = 0.0;
            for (var s = 0; s < Steps; s++)
                sum += (At(AreaTo * s / Steps, droppedErrors) + At(AreaTo * (s + 1) / Steps, droppedErrors)) / 2;
            return sum / Steps;
        }
        return new ErrorVersusDiscard(threshold, list.Count, points, Area(Measured), Area(gone => Math.Min(gone, errors)));
    }
}
