using System.Net;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Reports.Pages;

namespace MatchEngine.Evaluation.Reports;

/// <summary>
/// One self-contained page: text, tables, charts (inline SVG) and style are all in it, and no script, so that it opens off-line, years
/// later, and prints.
/// </summary>
public static class HtmlReport
{
    /// <summary>The page of a report.</summary>
    /// <param name="report">The content of <c>report.json</c>.</param>
    /// <param name="options">Pictures, date and times.</param>
    public static string Make(JsonObject report, ReportOptions options) => Make(report, options, []);

    /// <summary>The page of a report.</summary>
    /// <param name="report">The content of <c>report.json</c>.</param>
    /// <param name="options">Pictures, date and times.</param>
    /// <param name="files">Names of the files that lie beside the page.</param>
    internal static string Make(JsonObject report, ReportOptions options, IReadOnlyList<string> files)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(options);
        var page = Body(report, options, files);
        var title = $"{report.Text("provenance.dataSet.name") ?? report.Text("provenance.system") ?? "scores"} · "
            + report.Text("provenance.protocol.name");
        var privacy = page.HasPictures
            ? "<p class=\"privacy\" role=\"note\">This page holds pictures of people, put in with --thumbnails. They are personal data: "
                + "keep it, and pass it on, only as the data set itself may be.</p>"
            : "";
        return Filled(
            title, "MatchEngine evaluation", $"<p class=\"lead\">{WebUtility.HtmlEncode(Headline.Sentence(report))}</p>" + privacy
                + Headline.Of(report, options) + page.Contents(), page.ToHtml());
    }

    /// <summary>Writes the sections of a report.</summary>
    internal static PageWriter Body(JsonObject report, ReportOptions options, IReadOnlyList<string> files)
    {
        var page = new PageWriter(options.Thumbnails is { } thumbnails ? Pictures(thumbnails) : null);
        page.Section("Summary").Sentences(Spoken.Everywhere(report));
        if (report.At("verification") is not null)
            RateSections.Verification(page, report);
        if (report.At("identification") is not null)
            RateSections.Identification(page, report);
        GroupSections.Rates(page, report);
        GroupSections.Refusals(page, report);
        GroupSections.Ageing(page, report);
        FindingSections.Quality(page, report);
        FindingSections.Extrapolation(page, report);
        FindingSections.Worst(page, report);
        FindingSections.Corrected(page, report);
        EvidenceSections.Evaluated(page, report);
        page.Section("Glossary").Facts(Glossary.For(report.At("identification") is not null));
        EvidenceSections.Tables(page, files);
        return page;
    }

    /// <summary>A page of its parts.</summary>
    /// <param name="title">Its title, as text.</param>
    /// <param name="product">What stands above the title, as text.</param>
    /// <param name="head">What stands below it, as markup in which everything of the data is encoded.</param>
    /// <param name="body">The sections, likewise.</param>
    public static string Filled(string title, string product, string head, string body) => Resource("page.html")
        .Replace("{{style}}", Resource("page.css"), StringComparison.Ordinal)
        .Replace("{{product}}", WebUtility.HtmlEncode(product), StringComparison.Ordinal)
        // Last what comes from the data: it is never taken for a place to fill.
        .Replace("{{title}}", WebUtility.HtmlEncode(title).Replace("{{", "{&#123;", StringComparison.Ordinal), StringComparison.Ordinal)
        .Replace("{{head}}", head.Replace("{{", "{&#123;", StringComparison.Ordinal), StringComparison.Ordinal)
        .Replace("{{body}}", body, StringComparison.Ordinal);

    // Each picture is made once.
    private static Func<string, string?> Pictures(Func<string, byte[]?> thumbnails)
    {
        var made = new Dictionary<string, string?>(StringComparer.Ordinal);
        return image =>
        {
            if (!made.TryGetValue(image, out var address))
                made[image] = address = thumbnails(image) is { } jpeg ? "data:image/jpeg;base64," + Convert.ToBase64String(jpeg) : null;
            return address;
        };
    }

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is missing from the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
