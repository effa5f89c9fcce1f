using System.Globalization;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Cli.Output;

/// <summary>Shows the quality of a face: all of it as JSON, in text what an operator can act on.</summary>
internal static class QualityOutput
{
    /// <summary>
    /// <c>{"overall", "components": [{"name", "value", "unit", "score", "limit", "limitIs", "advice"}]}</c>; null without a quality.
    /// </summary>
    public static object? ToJson(FaceQuality? quality) => quality is null ? null : new
    {
        Overall = Math.Round(quality.Overall, 1),
        Components = quality.Components.Select(component => new
        {
            component.Name,
            Value = Rounded(component.Value, 3),
            component.Unit,
            Score = Rounded(component.Score, 1),
            component.Limit,
            LimitIs = component.Measure.IsLimitLeast ? "least" : "most",
            component.Advice,
        }),
    };

    /// <summary>Writes the overall quality and, a line each, the advice.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="what">Whose quality it is.</param>
    /// <param name="quality">The quality; nothing is written for null.</param>
    public static void Write(TextWriter writer, string what, FaceQuality? quality)
    {
        if (quality is null)
            return;
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {quality.Overall:0} of 100"));
        foreach (var advice in quality.Advice)
            writer.WriteLine($"  {advice}");
    }

    /// <summary>Writes every component as a table.</summary>
    public static void WriteAll(string what, FaceQuality quality)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {quality.Overall:0} of 100"));
        var table = Terminal.Table("component", ">value", "unit", ">score", ">limit", "advice");
        foreach (var component in quality.Components)
            table.AddPlainRow(
                component.Name,
                component.Value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "-",
                component.Unit,
                component.Score?.ToString("0", CultureInfo.InvariantCulture) ?? "-",
                component.Limit is { } limit
                    ? (component.Measure.IsLimitLeast ? "≥ " : "≤ ") + limit.ToString("0.##", CultureInfo.InvariantCulture)
                    : "-",
                component.Advice ?? (component.Value is null ? "not measured with these models" : ""));
        Terminal.Out.Write(table);
    }

    private static double? Rounded(double? value, int digits) => value is { } number ? Math.Round(number, digits) : null;
}
