using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Reports;

/// <summary>
/// One self-contained page: data, style, script and the drawing libraries (vega, vega-lite) are all in it,
/// so it opens off-line and years later.
/// </summary>
public static class HtmlReport
{
    /// <summary>The page of a report.</summary>
    /// <param name="report">The content of <c>report.json</c>.</param>
    /// <param name="options">Pictures.</param>
    /// <exception cref="EvaluationException">The drawing libraries do not lie beside the program.</exception>
    public static string Make(JsonObject report, ReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(options);
        var title =
            $"{report["provenance"]?["dataSet"]?["name"] ?? report["provenance"]?["system"] ?? "scores"} · "
                + $"{report["provenance"]?["protocol"]?["name"]}";
        return Resource("page.html")
            .Replace("{{title}}", WebUtility.HtmlEncode(title), StringComparison.Ordinal)
            .Replace("{{style}}", Resource("page.css"), StringComparison.Ordinal)
            .Replace("{{vega}}", Script(Library("vega.min.js")), StringComparison.Ordinal)
            .Replace("{{vega-lite}}", Script(Library("vega-lite.min.js")), StringComparison.Ordinal)
            .Replace("{{script}}", Script(Resource("page.js")), StringComparison.Ordinal)
            // Last: what stands in the data is never taken for a place to fill.
            .Replace("{{pictures}}", Json(Pictures(report, options)), StringComparison.Ordinal)
            .Replace("{{report}}", Json(report), StringComparison.Ordinal);
    }

    /// <summary>The page of two systems side by side.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="body">Text and tables, as markup in which everything from the data is encoded.</param>
    /// <param name="comparison">The content of <c>comparison.json</c>.</param>
    /// <exception cref="EvaluationException">The drawing libraries do not lie beside the program.</exception>
    internal static string Comparison(string title, string body, JsonObject comparison) => Resource("comparison.html")
        .Replace("{{title}}", WebUtility.HtmlEncode(title), StringComparison.Ordinal)
        .Replace("{{style}}", Resource("page.css"), StringComparison.Ordinal)
        .Replace("{{vega}}", Script(Library("vega.min.js")), StringComparison.Ordinal)
        .Replace("{{vega-lite}}", Script(Library("vega-lite.min.js")), StringComparison.Ordinal)
        .Replace("{{script}}", Script(Resource("comparison.js")), StringComparison.Ordinal)
        .Replace("{{report}}", Json(comparison), StringComparison.Ordinal)
        .Replace("{{body}}", body, StringComparison.Ordinal);

    private static JsonObject Pictures(JsonObject report, ReportOptions options)
    {
        var pictures = new JsonObject();
        if (options.Thumbnails is not { } thumbnails || report["hygiene"] is not JsonObject hygiene)
            return pictures;
        var named = hygiene["topImpostors"]!.AsArray().Concat(hygiene["lowestMated"]!.AsArray())
            .SelectMany(p => new[] { p!["first"], p["second"] })
            .Concat(hygiene["photos"]!.AsArray().Select(p => p!["image"]))
            .Concat(hygiene["subjectPairs"]!.AsArray().SelectMany(p => new[] { p!["firstImage"], p["secondImage"] }));
        foreach (var image in named.Select(n => n!.GetValue<string>()).Distinct().Order(StringComparer.Ordinal))
        {
            if (thumbnails(image) is { } jpeg)
                pictures[image] = "data:image/jpeg;base64," + Convert.ToBase64String(jpeg);
        }
        return pictures;
    }

    // The default encoder escapes <, > and &, so that no text of the data can end the script element.
    private static string Json(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { WriteIndented = false });

    private static string Script(string text) => text.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is missing from the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Library(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "report", name);
        return File.Exists(file)
            ? File.ReadAllText(file)
            : throw new EvaluationException(
                $"{file}: the drawing library is missing; build or publish again, so that models/node_modules is installed and copied");
    }
}
