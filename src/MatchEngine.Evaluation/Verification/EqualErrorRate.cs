using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Verification;

/// <summary>
/// The equal error rate. With finitely many scores FMR and FNMR need not meet at any threshold, so it is given as the interval between the
/// two at the threshold where they change places, and as the middle of it: the definition of FVC2000 (Maio et al., IEEE PAMI 24(3), 2002).
/// </summary>
/// <param name="Value">Middle of the interval.</param>
/// <param name="Low">The smaller of FMR and FNMR at the threshold.</param>
/// <param name="High">The larger of them.</param>
/// <param name="Threshold">The threshold.</param>
public sealed record EqualErrorRate(double Value, double Low, double High, double Threshold)
{
    /// <summary>
    /// In words: <c>0.43 % (FMR 0.428 %, FNMR 0.438 %)</c>, or, where no threshold makes an error, the bounds: no rate is 0.
    /// </summary>
    /// <param name="curve">The curve it is of.</param>
    public string ToString(DetCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        var point = curve.At(Threshold);
        if (point.FalseMatches == 0 && point.FalseNonMatches == 0)
            return $"no error at this threshold in {RateEstimate.Count(curve.Mated.Total)} mated and "
                + $"{RateEstimate.Count(curve.Impostor.Total)} impostor comparisons";
        string Of(double rate) => rate == 0 ? "no error" : RateEstimate.Percent(rate);
        return Low == High ? Of(Value) : $"{Of(Value)} (FMR {Of(point.Fmr)}, FNMR {Of(point.Fnmr)})";
    }

    /// <summary>The equal error rate of a curve.</summary>
    public static EqualErrorRate Of(DetCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        // FMR − FNMR falls with the threshold from 1 to −1, so the first point at or below 0 can be bisected.
        var (low, high) = (0, curve.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (curve[middle].Fmr <= curve[middle].Fnmr)
                high = middle;
            else
                low = middle + 1;
        }
        var after = curve[low];
        var before = after.Fmr == after.Fnmr || low == 0 ? after : curve[low - 1];
        var point = before.Fmr + before.Fnmr <= after.Fmr + after.Fnmr ? before : after;
        return new EqualErrorRate(
            (point.Fmr + point.Fnmr) / 2, Math.Min(point.Fmr, point.Fnmr), Math.Max(point.Fmr, point.Fnmr), point.Threshold);
    }
}
