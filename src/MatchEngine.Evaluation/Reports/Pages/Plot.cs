using System.Globalization;
using System.Net;
using System.Text;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>How the points of a series are drawn.</summary>
public enum SeriesKind
{
    /// <summary>A line from point to point.</summary>
    Line,

    /// <summary>A line that keeps its height until the next point: an empirical curve.</summary>
    Step,

    /// <summary>A line with a dot at each point and a bar between the computed ends, and a band where there are many.</summary>
    Estimates,

    /// <summary>Dots with bars, not joined.</summary>
    Dots,

    /// <summary>The surface below a step line.</summary>
    Area,
}

/// <summary>Points that belong together.</summary>
/// <param name="Name">What the legend calls them; null for none.</param>
/// <param name="Kind">How they are drawn.</param>
/// <param name="Points">The points, in order of x.</param>
public sealed record PlotSeries(string? Name, SeriesKind Kind, IReadOnlyList<PlotPoint> Points);

/// <summary>
/// A chart of values against values as inline SVG with its text as HTML: it needs no script, takes the page's colours, keeps the size of
/// its letters at any width, and prints.
/// </summary>
/// <param name="Caption">What it shows, in words.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">What is drawn.</param>
/// <param name="At">A value of x that a vertical line marks, with what it is; null for none.</param>
public sealed record Plot(string Caption, Axis X, Axis Y, IReadOnlyList<PlotSeries> Series, (double Value, string Text)? At = null)
{
    /// <summary>How many series one can tell apart by colour and dashes.</summary>
    public const int MostSeries = 8;

    // Bands of few points lie upon each other and say no more than the bars.
    private const int ManyPoints = 6;

    /// <summary>The chart as markup.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<figure class=\"plot\">");
        if (Series.Any(s => s.Name is not null))
        {
            html.Append("<ul class=\"legend\">");
            foreach (var (series, i) in Series.Select((s, i) => (s, i)).Where(s => s.s.Name is not null))
                html.Append(CultureInfo.InvariantCulture, $"<li class=\"s{i + 1}\"><svg aria-hidden=\"true\" viewBox=\"0 0 28 10\">")
                    .Append("<path class=\"line\" d=\"M1 5H27\"/></svg>").Append(Encode(series.Name!)).Append("</li>");
            html.Append("</ul>");
        }
        html.Append("<div class=\"frame\"><div class=\"ylabels\" aria-hidden=\"true\">");
        foreach (var tick in Y.Ticks)
            html.Append(CultureInfo.InvariantCulture, $"<span style=\"bottom:{100 * Y.Place(tick):0.##}%\">{Encode(Y.Label(tick))}</span>");
        html.Append("</div><svg class=\"area\" role=\"img\" viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" aria-label=\"")
            .Append(Encode(Caption)).Append("\">");
        foreach (var tick in X.Ticks)
            html.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Across(tick)} 0V1000\"/>");
        foreach (var tick in Y.Ticks)
            html.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M0 {Up(tick)}H1000\"/>");
        if (At is { } at)
            html.Append(CultureInfo.InvariantCulture,
                $"<path class=\"at\" d=\"M{Across(at.Value)} 0V1000\"><title>{Encode(at.Text)}</title></path>");
        foreach (var (series, i) in Series.Select((s, i) => (s, i)))
        {
            html.Append(CultureInfo.InvariantCulture, $"<g class=\"s{i + 1}\">");
            Draw(html, series);
            html.Append("</g>");
        }
        html.Append("</svg><div class=\"xlabels\" aria-hidden=\"true\">");
        foreach (var tick in X.Ticks)
            html.Append(CultureInfo.InvariantCulture, $"<span style=\"left:{100 * X.Place(tick):0.##}%\">{Encode(X.Label(tick))}</span>");
        return html.Append("</div><p class=\"ytitle\" aria-hidden=\"true\">").Append(Encode(Y.Title)).Append("</p>")
            .Append("<p class=\"xtitle\" aria-hidden=\"true\">").Append(Encode(X.Title))
            .Append(At is { } marked ? $"; dashed: {Encode(marked.Text)}" : "").Append("</p></div><figcaption>").Append(Encode(Caption))
            .Append("</figcaption></figure>").ToString();
    }

    private void Draw(StringBuilder html, PlotSeries series)
    {
        if (series.Kind == SeriesKind.Estimates && series.Points.Count >= ManyPoints)
            Bands(html, series.Points);
        foreach (var run in Runs(series.Points, p => p.Y is not null).Where(r => series.Kind != SeriesKind.Dots && r.Count > 1))
        {
            var path = new StringBuilder();
            foreach (var point in run)
            {
                var (x, y) = (Across(point.X), Up(point.Y!.Value));
                if (path.Length == 0)
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}");
                else if (series.Kind is SeriesKind.Step or SeriesKind.Area)
                    path.Append(CultureInfo.InvariantCulture, $"H{x}V{y}");
                else
                    path.Append(CultureInfo.InvariantCulture, $"L{x} {y}");
            }
            if (series.Kind == SeriesKind.Area)
                html.Append("<path class=\"fill\" d=\"").Append(path)
                    .Append(CultureInfo.InvariantCulture, $"V1000H{Across(run[0].X)}Z\"/>");
            html.Append("<path class=\"line\" d=\"").Append(path).Append("\"/>");
        }
        if (series.Kind is not (SeriesKind.Estimates or SeriesKind.Dots))
            return;
        foreach (var point in series.Points.Where(p => p.IsKnown))
        {
            html.Append("<g class=\"mark\"><title>").Append(Encode($"{series.Name}{(series.Name is null ? "" : ": ")}{Words(point)}"))
                .Append("</title>");
            if (point.Ends is { } ends)
                html.Append(CultureInfo.InvariantCulture, $"<path class=\"bar\" d=\"M{Across(point.X)} {Up(ends.Low)}V{Up(ends.High)}\"/>");
            if (point.Y is { } y)
                html.Append(CultureInfo.InvariantCulture, $"<path class=\"dot\" d=\"M{Across(point.X)} {Up(y)}h0\"/>");
            html.Append("</g>");
        }
    }

    // A band from end to end of neighbouring points; one without both ends parts it.
    private void Bands(StringBuilder html, IReadOnlyList<PlotPoint> points)
    {
        foreach (var run in Runs(points, p => p.Ends is not null).Where(r => r.Count > 1))
        {
            var path = string.Join('L', run.Select(p => string.Create(
                CultureInfo.InvariantCulture, $"{Across(p.X)} {Up(p.Ends!.Value.High)}"))
                .Concat(run.Reverse<PlotPoint>().Select(p => string.Create(
                    CultureInfo.InvariantCulture, $"{Across(p.X)} {Up(p.Ends!.Value.Low)}"))));
            html.Append("<path class=\"band\" d=\"M").Append(path).Append("Z\"/>");
        }
    }

    private static IEnumerable<List<PlotPoint>> Runs(IReadOnlyList<PlotPoint> points, Func<PlotPoint, bool> belongs)
    {
        var run = new List<PlotPoint>();
        foreach (var point in points)
        {
            if (belongs(point))
            {
                run.Add(point);
                continue;
            }
            yield return run;
            run = [];
        }
        yield return run;
    }

    private string Words(PlotPoint point) => string.Create(CultureInfo.InvariantCulture, $"{X.Title} {X.Label(point.X)}, {Y.Title} ")
        + (point.Y is { } y ? Y.Label(y) : "no error seen")
        + (point.Ends is { } ends ? $" ({Y.Label(ends.Low)} … {Y.Label(ends.High)})" : "");

    private string Across(double value) => (1000 * X.Place(value)).ToString("0.#", CultureInfo.InvariantCulture);

    private string Up(double value) => (1000 - 1000 * Y.Place(value)).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
