using System.Globalization;

namespace MatchEngine.Evaluation.Demographics;

/// <summary>Bands of numbers, given by their lower edges: [0, 18, 30] means 0–17, 18–29, 30+ for whole numbers.</summary>
public static class Bands
{
    /// <summary>The band of a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="edges">Lower edges, rising.</param>
    /// <returns>The lower edge and the band's name, such as <c>18–29</c> or <c>30+</c>; null below the first edge.</returns>
    public static (double Edge, string Text)? Of(double number, IReadOnlyList<double> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        for (var i = edges.Count - 1; i >= 0; i--)
        {
            if (number >= edges[i])
                return (edges[i], Name(i, edges));
        }
        return null;
    }

    private static string Name(int band, IReadOnlyList<double> edges)
    {
        static string Text(double edge) => edge.ToString("0.##", CultureInfo.InvariantCulture);
        if (band + 1 == edges.Count)
            return Text(edges[band]) + "+";
        var whole = edges.All(double.IsInteger);
        return whole
            ? edges[band + 1] - 1 == edges[band] ? Text(edges[band]) : $"{Text(edges[band])}–{Text(edges[band + 1] - 1)}"
            : $"{Text(edges[band])} to below {Text(edges[band + 1])}";
    }
}
