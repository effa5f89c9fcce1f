using System.Globalization;
using System.Net;
using System.Text;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>One row of a forest.</summary>
/// <param name="Name">The group.</param>
/// <param name="Estimate">Its value with the computed ends.</param>
/// <param name="Text">The same in words.</param>
/// <param name="IsMarked">Whether the group is too small to be compared.</param>
public sealed record ForestRow(string Name, PlotPoint Estimate, string Text, bool IsMarked);

/// <summary>
/// A forest plot: a row a group, a dot for the rate, a bar between the computed ends of its interval, and the numbers beside it. Where no
/// error was seen there is the bar up to the bound and no dot.
/// </summary>
/// <param name="Caption">What it shows, in words.</param>
/// <param name="X">The axis of the rates.</param>
/// <param name="Rows">The groups.</param>
/// <param name="Whole">The rate of all groups together, which a dashed line shows; null for none.</param>
public sealed record Forest(string Caption, Axis X, IReadOnlyList<ForestRow> Rows, double? Whole = null)
{
    /// <summary>The plot as markup.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<figure class=\"forest\"><figcaption>").Append(WebUtility.HtmlEncode(Caption))
            .Append("</figcaption><ul>");
        foreach (var row in Rows)
        {
            html.Append(row.IsMarked ? "<li class=\"marked\">" : "<li>").Append("<span class=\"name\">")
                .Append(WebUtility.HtmlEncode(row.Name)).Append(row.IsMarked ? " *" : "")
                .Append("</span><svg class=\"area\" aria-hidden=\"true\" viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\">");
            foreach (var tick in X.Ticks)
                html.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Across(tick)} 0V20\"/>");
            if (Whole is { } whole)
                html.Append(CultureInfo.InvariantCulture, $"<path class=\"at\" d=\"M{Across(whole)} 0V20\"/>");
            html.Append("<g class=\"mark s1\">");
            if (row.Estimate.Ends is { } ends)
                html.Append(CultureInfo.InvariantCulture, $"<path class=\"bar\" d=\"M{Across(ends.Low)} 10H{Across(ends.High)}\"/>");
            if (row.Estimate.Y is { } rate)
                html.Append(CultureInfo.InvariantCulture, $"<path class=\"dot\" d=\"M{Across(rate)} 10h0\"/>");
            html.Append("</g></svg><span class=\"value\">").Append(WebUtility.HtmlEncode(row.Text)).Append("</span></li>");
        }
        html.Append("<li class=\"axis\" aria-hidden=\"true\"><span class=\"name\"></span><div class=\"xlabels\">");
        foreach (var tick in X.Ticks)
            html.Append(CultureInfo.InvariantCulture, $"<span style=\"left:{100 * X.Place(tick):0.##}%\">")
                .Append(WebUtility.HtmlEncode(X.Label(tick))).Append("</span>");
        return html.Append("</div><span class=\"value\"></span></li></ul></figure>").ToString();
    }

    private string Across(double value) => (1000 * X.Place(value)).ToString("0.#", CultureInfo.InvariantCulture);
}
