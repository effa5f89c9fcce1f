using System.Globalization;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>What the numbers along an axis are.</summary>
public enum AxisUnit
{
    /// <summary>Plain numbers, such as scores.</summary>
    Plain,

    /// <summary>Shares, written in per cent or, where one is below 0.001 %, in powers of ten: one unit for the whole axis.</summary>
    Rate,
}

/// <summary>An axis: from values to places between 0 and 1, with the values that are written along it.</summary>
public sealed class Axis
{
    private static readonly double[] Steps = [1, 2, 5];

    private readonly bool _isLog;
    private readonly AxisUnit _unit;

    private Axis(string title, AxisUnit unit, bool isLog, double from, double to, double[] ticks) =>
        (Title, _unit, _isLog, From, To, Ticks) = (title, unit, isLog, from, to, ticks);

    /// <summary>What is written beside it.</summary>
    public string Title { get; }

    /// <summary>Its lower end.</summary>
    public double From { get; }

    /// <summary>Its upper end.</summary>
    public double To { get; }

    /// <summary>The values that are written along it, rising.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A logarithmic axis that reaches all values above 0; null where there is none. What is 0 stands at its lower edge.</summary>
    public static Axis? Log(string title, AxisUnit unit, IEnumerable<double> values)
    {
        var known = values.Where(v => v > 0 && double.IsFinite(v)).ToArray();
        if (known.Length == 0)
            return null;
        var (from, to) = (Below(known.Min()), Above(known.Max()));
        if (to / from < 9.99)
            (from, to) = (Below(from * 0.99), Above(to * 1.01));
        // Nothing is more often than always.
        if (unit == AxisUnit.Rate && known.Max() <= 1)
            to = Math.Min(1, to);
        var decades = Enumerable.Range((int)Math.Floor(Math.Log10(from)), (int)Math.Ceiling(Math.Log10(to / from)) + 2).ToArray();
        double[] all = [.. decades.SelectMany(d => Steps.Select(s => Round(s * Math.Pow(10, d))))
            .Where(v => v >= from * 0.999 && v <= to * 1.001)];
        if (all.Length > 6)
            all = [.. all.Where(v => Mantissa(v) == 1)];
        while (all.Length > 7)
            all = [.. all.Where((_, i) => i % 2 == 0)];
        return new Axis(title, unit, true, from, to, all);
    }

    /// <summary>A linear axis that reaches all values; null where there is none.</summary>
    /// <param name="title">What is written beside it.</param>
    /// <param name="unit">What the numbers are.</param>
    /// <param name="values">What it must reach.</param>
    /// <param name="fromZero">Whether it begins at 0.</param>
    public static Axis? Linear(string title, AxisUnit unit, IEnumerable<double> values, bool fromZero = false)
    {
        var known = values.Where(double.IsFinite).ToArray();
        if (known.Length == 0)
            return null;
        var (low, high) = (fromZero ? Math.Min(0, known.Min()) : known.Min(), known.Max());
        if (high <= low)
            high = low + (low == 0 ? 1 : Math.Abs(low) / 10);
        var rough = (high - low) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = Steps.Append(10).Select(s => s * power).First(s => s >= rough * 0.999);
        var (first, last) = ((long)Math.Floor(low / step + 1e-9), (long)Math.Ceiling(high / step - 1e-9));
        return new Axis(
            title, unit, false, first * step, last * step,
            [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 12))]);
    }

    /// <summary>Where a value stands: 0 at the lower end, 1 at the upper. What a logarithmic axis cannot show stands at its edge.</summary>
    public double Place(double value) => Math.Clamp(
        !_isLog ? (value - From) / (To - From) : value <= 0 ? 0 : Math.Log(value / From) / Math.Log(To / From), 0, 1);

    /// <summary>How a value is written along it.</summary>
    public string Label(double value) => _unit switch
    {
        AxisUnit.Rate when value != 0 && Ticks.Any(t => t is > 0 and < 1e-5) => Power(value),
        AxisUnit.Rate => Trimmed(value * 100) + " %",
        _ => value >= 10_000 ? value.ToString("N0", CultureInfo.InvariantCulture) : Trimmed(value),
    };

    private static string Trimmed(double value) => Round(value).ToString("0.#######", CultureInfo.InvariantCulture);

    private static string Power(double value)
    {
        var exponent = (int)Math.Floor(Math.Log10(value) + 1e-9);
        var digits = string.Concat(Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).Select(d => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d - '0']));
        var (mantissa, sign) = (Mantissa(value), exponent < 0 ? "⁻" : "");
        return mantissa == 1 ? $"10{sign}{digits}" : $"{Trimmed(mantissa)}·10{sign}{digits}";
    }

    private static double Below(double value) => Steps.Append(10).Select(s => Round(s * Decade(value))).Last(v => v <= value * 1.0000001);

    private static double Above(double value) => Steps.Append(10).Select(s => Round(s * Decade(value))).First(v => v >= value * 0.9999999);

    private static double Decade(double value) => Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-9));

    private static double Mantissa(double value) => Round(value / Decade(value));

    // 0.1 + 0.2: the numbers along an axis are short ones.
    private static double Round(double value) => double.Parse(
        value.ToString("G6", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}
