using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>A column of a table on the page.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Text">What stands in it.</param>
/// <param name="IsNumber">Whether it is set flush right.</param>
/// <param name="Pictures">Names of photos whose pictures, where there are any, stand before the text.</param>
public sealed record Column(
    string Head, Func<JsonObject, string?> Text, bool IsNumber = false, Func<JsonObject, IEnumerable<string?>>? Pictures = null);

/// <summary>
/// Writes the body of a page: sections with a table of contents, tables that scroll in their own box, charts. Text of the data always goes
/// in encoded.
/// </summary>
/// <param name="pictures">From a photo's name to a small picture as a <c>data:</c> address, or null.</param>
public sealed class PageWriter(Func<string, string?>? pictures = null)
{
    private readonly StringBuilder _html = new();
    private readonly List<(string Id, string Title)> _sections = [];
    private readonly List<Plot> _plots = [];
    private readonly List<Forest> _forests = [];
    private bool _isOpen;

    /// <summary>The charts that were written.</summary>
    public IReadOnlyList<Plot> Plots => _plots;

    /// <summary>The forest plots that were written.</summary>
    public IReadOnlyList<Forest> Forests => _forests;

    /// <summary>Whether a picture was put in.</summary>
    public bool HasPictures { get; private set; }

    /// <summary>The body so far.</summary>
    public string ToHtml() => _html + (_isOpen ? "</section>" : "");

    /// <summary>The links to the sections.</summary>
    public string Contents() => "<nav class=\"contents\" aria-label=\"Contents\"><ol>"
        + string.Concat(_sections.Select(s => $"<li><a href=\"#{s.Id}\">{Encode(s.Title)}</a></li>")) + "</ol></nav>";

    /// <summary>Begins a section.</summary>
    public PageWriter Section(string title, string? hint = null)
    {
        var id = new string([.. title.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
        // Two reports on one page have sections of the same name.
        if (_sections.Count(s => s.Title == title) is > 0 and var before)
            id += $"-{before + 1}";
        _sections.Add((id, title));
        _html.Append(_isOpen ? "</section>" : "")
            .Append(CultureInfo.InvariantCulture, $"<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">")
            .Append(Encode(title)).Append("</h2>");
        _isOpen = true;
        return hint is null ? this : Markup($"<p class=\"hint\">{Encode(hint)}</p>");
    }

    /// <summary>A heading within a section.</summary>
    public PageWriter Heading(string title) => Markup($"<h3>{Encode(title)}</h3>");

    /// <summary>A paragraph.</summary>
    public PageWriter Paragraph(string text) => Markup($"<p>{Encode(text)}</p>");

    /// <summary>A list of sentences.</summary>
    public PageWriter Sentences(IEnumerable<string> sentences) =>
        string.Concat(sentences.Select(s => $"<li>{Encode(s)}</li>")) is { Length: > 0 } items
        ? Markup($"<ul class=\"summary\">{items}</ul>")
        : this;

    /// <summary>Names with what they mean or hold; those without are left out.</summary>
    public PageWriter Facts(IEnumerable<(string Name, string? Value)> facts) => Markup(
        "<dl class=\"facts\">" + string.Concat(facts.Where(f => !string.IsNullOrEmpty(f.Value))
            .Select(f => $"<div><dt>{Encode(f.Name)}</dt><dd>{Encode(f.Value!)}</dd></div>")) + "</dl>");

    /// <summary>Markup as it is.</summary>
    public PageWriter Markup(string html)
    {
        _html.Append(html);
        return this;
    }

    /// <summary>A chart; nothing where it is null or has nothing to show.</summary>
    public PageWriter Chart(Plot? plot)
    {
        if (plot is null || !plot.Series.Any(s => s.Points.Count(p => p.IsKnown) >= (s.Kind is SeriesKind.Dots ? 1 : 2)))
            return this;
        _plots.Add(plot);
        return Markup(plot.ToHtml());
    }

    /// <summary>A forest plot; nothing where no row has a bar.</summary>
    public PageWriter Chart(string caption, string axis, IEnumerable<ForestRow> rows, double? whole = null)
    {
        var known = rows.ToArray();
        var drawn = known.Where(r => r.Estimate.Ends is not null).ToArray();
        var reach = drawn.SelectMany(r => r.Estimate.Reach()).Concat(whole is { } all ? [all] : []);
        if (drawn.Length == 0 || Axis.Log(axis, AxisUnit.Rate, reach) is not { } x)
            return this;
        var forest = new Forest(caption, x, known, whole);
        _forests.Add(forest);
        return Markup(forest.ToHtml());
    }

    /// <summary>A table; nothing where it has no row.</summary>
    /// <param name="name">What it is, for those who hear it.</param>
    /// <param name="rows">Its rows; one that is <c>marked</c> is set apart.</param>
    /// <param name="columns">Its columns; those with nothing in them are left out.</param>
    public PageWriter Table(string name, IReadOnlyList<JsonObject> rows, params IReadOnlyList<Column> columns)
    {
        var shown = columns.Where(c => rows.Any(r => !string.IsNullOrEmpty(c.Text(r)))).ToArray();
        if (rows.Count == 0 || shown.Length == 0)
            return this;
        _html.Append("<div class=\"tablewrap\" role=\"region\" tabindex=\"0\" aria-label=\"").Append(Encode(name))
            .Append("\"><table><thead><tr>");
        foreach (var column in shown)
            _html.Append(column.IsNumber ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">").Append(Encode(column.Head))
                .Append("</th>");
        _html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            _html.Append(row.Flag("marked") ? "<tr class=\"marked\">" : "<tr>");
            foreach (var column in shown)
            {
                _html.Append(column.IsNumber ? "<td class=\"number\">" : "<td>");
                foreach (var photo in column.Pictures?.Invoke(row) ?? [])
                    Picture(photo);
                _html.Append(Encode(column.Text(row) ?? "")).Append("</td>");
            }
            _html.Append("</tr>");
        }
        _html.Append("</tbody></table></div>");
        return this;
    }

    /// <summary>What is folded away on the screen and shown in print.</summary>
    public PageWriter Folded(string title, Action<PageWriter> fill)
    {
        var before = _html.Length;
        fill(this);
        if (_html.Length > before)
        {
            _html.Insert(before, $"<details><summary>{Encode(title)}</summary>");
            _html.Append("</details>");
        }
        return this;
    }

    private void Picture(string? photo)
    {
        if (photo is null || pictures?.Invoke(photo) is not { } picture)
            return;
        HasPictures = true;
        _html.Append("<img class=\"face\" width=\"72\" height=\"72\" alt=\"\" src=\"").Append(picture).Append("\">");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
