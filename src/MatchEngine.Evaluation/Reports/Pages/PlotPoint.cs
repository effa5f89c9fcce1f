using System.Text.Json.Nodes;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>
/// What is drawn of one value. A bar or band is drawn only between two computed ends: where either is missing there is none.
/// </summary>
/// <param name="X">Where it stands; in a forest the row says that.</param>
/// <param name="Y">The value; null where only a bound is known (no error was seen).</param>
/// <param name="Ends">Both computed ends of its interval, or null.</param>
public sealed record PlotPoint(double X, double? Y, (double Low, double High)? Ends)
{
    /// <summary>A rate of <c>report.json</c> with its <c>…Low</c> and <c>…High</c>.</summary>
    public static PlotPoint OfRate(JsonNode row, string name, double x = 0) => new(
        x, row.Number(name),
        row.Number(name + "Low") is { } low && row.Number(name + "High") is { } high ? (low, high) : null);

    /// <summary>A mean of <c>report.json</c> whose interval stands under another key as an array.</summary>
    public static PlotPoint OfMean(JsonNode row, string name, string interval, double x = 0) => new(
        x, row.Number(name), row.Range(interval) is { High: { } high } ends ? (ends.Low, high) : null);

    /// <summary>Whether there is anything to draw.</summary>
    public bool IsKnown => Y is not null || Ends is not null;

    /// <summary>The values that an axis must reach.</summary>
    public IEnumerable<double> Reach() =>
        new[] { Y, Ends?.Low, Ends?.High }.OfType<double>();
}
