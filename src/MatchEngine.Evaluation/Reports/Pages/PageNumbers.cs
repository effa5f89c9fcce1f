using System.Globalization;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>How numbers are written on the page: a value and the ends of its interval always in one unit.</summary>
public static class PageNumbers
{
    /// <summary>A whole number with thousands set apart.</summary>
    public static string? Whole(double? value) => value?.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A score.</summary>
    public static string? Score(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A number with three digits.</summary>
    public static string? Short(double? value) => value?.ToString("G3", CultureInfo.InvariantCulture);

    /// <summary>A wanted rate, such as an FMR of 0.001.</summary>
    public static string? Wanted(double? value) => value?.ToString("0.########", CultureInfo.InvariantCulture);

    /// <summary>A rate, and its interval where it has one.</summary>
    public static string? Share(double? value, (double Low, double? High)? range = null) => (value, range) switch
    {
        (null, _) => null,
        ({ } v, { High: { } high } ends) when v >= 0 && ends.Low >= 0 => JsonParts.Mean(v, new Interval(ends.Low, high)),
        ({ } v, _) => RateEstimate.Percent(v),
    };

    /// <summary>A difference of rates in points, with its interval.</summary>
    public static string? Points(double? value, (double Low, double? High)? range) => value is not { } v ? null
        : Signed(v) + (range is { High: { } high } ends ? $" ({Signed(ends.Low)} … {Signed(high)})" : "") + " points";

    /// <summary>The ends of an interval that is not of a rate.</summary>
    public static string? Range((double Low, double? High)? range) => range is not { } ends ? null
        // No upper end: in some draws the reference group had no error.
        : ends.High is { } high ? $"{Short(ends.Low)} … {Short(high)}" : $"from {Short(ends.Low)}";

    /// <summary>A ratio to the reference group with its interval, or its bound.</summary>
    public static string? Ratio(JsonObject row, string name) =>
        row.Number(name) is { } value ? Short(value) + (Range(row.Range(name + "Interval")) is { } range ? $" ({range})" : "")
        : row.Number(name + "Below") is { } below ? $"below {Short(below)}"
        : row.Number(name + "Above") is { } above ? $"above {Short(above)}"
        : null;

    private static string Signed(double difference) => (100 * difference).ToString("+0.###;−0.###;0", CultureInfo.InvariantCulture);
}
