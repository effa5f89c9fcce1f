using System.Net;
using System.Text.Json.Nodes;
using static MatchEngine.Evaluation.Reports.Pages.PageNumbers;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>What the rates rest on: data, protocol, what was left out, and the tables beside the page.</summary>
internal static class EvidenceSections
{
    /// <summary>Writes what was evaluated.</summary>
    public static void Evaluated(PageWriter page, JsonObject report)
    {
        var (counts, set) = (report.At("counts"), report.At("provenance.dataSet"));
        page.Section("What was evaluated").Facts(
        [
            ("Data set", set.Text("name") is { } name ? name + (set.Text("citation") is { } citation ? $" ({citation})" : "") : null),
            ("Terms", set.Text("terms")),
            ("System", report.Text("provenance.system")),
            ("Protocol", report.Text("provenance.protocol.name")
                + (report.Text("provenance.protocol.description") is { Length: > 0 } described ? $": {described}" : "")),
            ("Images / subjects", Both(counts, "images", "subjects")),
            ("Mated / impostor comparisons", Both(counts, "mated", "impostors")),
            ("Gallery", counts.Number("gallerySubjects") is { } enrolled
                ? $"{Whole(enrolled)} subjects, {Whole(counts.Number("galleryImages"))} images, "
                    + $"{Whole(counts.Number("failedEnrolments"))} failed to enrol"
                : null),
            ("Mated / non-mated searches", Both(counts, "matedSearches", "nonMatedSearches")),
            .. Counted(counts, "acquisitionFailures", "No template"),
            .. Counted(counts, "leftOut", "Left out"),
            .. Counted(counts, "faults.byKind", "Not usable"),
            .. (set.At("labels") as JsonObject ?? []).Select(l => ($"Label {l.Key}", l.Value?.GetValue<string>())),
            ("Convention", report.Text("provenance.convention")),
            ("Intervals", $"{Short(report.Number("provenance.confidence") * 100)} %, "
                + $"{Whole(report.Number("provenance.bootstrapReplicates"))} draws of subjects, "
                + $"seed {report.At("provenance.seed")?.ToJsonString()}"),
            ("Data digest", set.Text("digest")),
            .. (report.At("provenance.inputs") as JsonObject ?? []).Select(i => ($"Digest of {i.Key}", i.Value?.GetValue<string>())),
            ("Model digest", report.Text("provenance.modelDigest")),
            ("Protocol digest", report.Text("provenance.protocol.digest")),
            ("Software", report.Text("provenance.software")),
        ]);
    }

    /// <summary>Writes the links to the tables that lie beside the page.</summary>
    public static void Tables(PageWriter page, IReadOnlyList<string> files)
    {
        if (files.Count == 0)
            return;
        page.Section("Tables", "Every number of this page, and more, for other programs; the keys are described in eval/README.md.");
        page.Markup("<ul class=\"files\">" + string.Concat(files.Select(f =>
            $"<li><a href=\"{WebUtility.HtmlEncode(Uri.EscapeDataString(f))}\">{WebUtility.HtmlEncode(f)}</a></li>")) + "</ul>");
    }

    private static string? Both(JsonNode? counts, string first, string second) =>
        counts.Number(first) is { } one ? $"{Whole(one)} / {Whole(counts.Number(second))}" : null;

    private static IEnumerable<(string Name, string? Value)> Counted(JsonNode? counts, string path, string name) =>
        (counts.At(path) as JsonObject ?? []).Select(
            c => (name, (string?)$"{Whole(JsonRows.Number(c.Value))} × {c.Key}"));
}
