using System.Collections.Concurrent;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Pages;

/// <summary>An evaluation report in the folder of reports.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Written">When it was written (UTC).</param>
/// <param name="Bytes">How large the page is.</param>
/// <param name="Headline">What it says first; null where that cannot be read.</param>
public sealed record ReportEntry(string Name, DateTimeOffset Written, long Bytes, ReportHeadline? Headline);

/// <summary>The reports.</summary>
/// <param name="Reports">Newest first.</param>
/// <param name="Open">The name of the one that is shown; null for the list.</param>
public sealed record ReportsModel(IReadOnlyList<ReportEntry> Reports, string? Open);

/// <summary>Two reports beside each other.</summary>
/// <param name="First">The one.</param>
/// <param name="Second">The other.</param>
public sealed record ReportComparisonModel(ReportEntry First, ReportEntry Second);

/// <summary>
/// Evaluation reports, as <c>matchengine eval</c> writes them into the folder of reports. A report's page is shown in
/// a frame without script, forms or network; what it leads to are its own tables.
/// </summary>
internal static class ReportPages
{
    private const string Page = "report.html";
    private const string Data = "report.json";

    // Beyond this it is not read for a line of a list.
    private const long MaxData = 32 << 20;

    // The heads of reports as their files were when they were read.
    private static readonly ConcurrentDictionary<(string File, DateTime Written, long Bytes), ReportHeadline?> Heads = new();

    // Text, tables, charts and style stand in the page itself; the sandbox lets no script of it run and no form be sent. It keeps our
    // origin, or the browser would follow the links to its tables without the reader's cookie.
    private const string Policy =
        "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
            + "frame-ancestors 'self'";

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/reports", (string[]? compare, HttpContext context, ServiceSettings settings) => compare switch
        {
            null or [] => context.Page<ReportsView, ReportsModel>(new ReportsModel(List(settings), null)),
            [var first, var second] => context.Page<ReportComparisonView, ReportComparisonModel>(
                new ReportComparisonModel(Find(settings, first), Find(settings, second))),
            _ => throw new ProblemException(Problem.BadValue, "two reports are compared: tick two of them"),
        })
            .For(Policies.SignedIn);
        pages.MapGet("/reports/{report}", (string report, HttpContext context, ServiceSettings settings) =>
            {
                var found = Find(settings, report);
                return context.Page<ReportsView, ReportsModel>(new ReportsModel([found], found.Name));
            })
            .For(Policies.SignedIn);
        pages.MapGet("/reports/{report}/page", (string report, HttpContext context, ServiceSettings settings) =>
            {
                var file = Path.Combine(settings.ReportFolder, Find(settings, report).Name, Page);
                context.Response.Headers.ContentSecurityPolicy = Policy;
                return Results.File(file, "text/html; charset=utf-8");
            })
            .For(Policies.SignedIn);
        // The tables that the page leads to, to be read in its frame.
        pages.MapGet("/reports/{report}/{table}", (string report, string table, HttpContext context, ServiceSettings settings) =>
            {
                var folder = new DirectoryInfo(Path.Combine(settings.ReportFolder, Find(settings, report).Name));
                var file = folder.EnumerateFiles().FirstOrDefault(
                    f => f.Name == table && f.LinkTarget is null && (f.Extension is ".csv" or ".json"))
                    ?? throw new ProblemException(Problem.NotFound, "the report has no such table");
                context.Response.Headers.ContentSecurityPolicy = Policy;
                return Results.File(file.FullName, "text/plain; charset=utf-8");
            })
            .For(Policies.SignedIn);
    }

    private static List<ReportEntry> List(ServiceSettings settings) => !Directory.Exists(settings.ReportFolder)
        ? []
        : new DirectoryInfo(settings.ReportFolder).EnumerateDirectories()
            .Select(folder => new FileInfo(Path.Combine(folder.FullName, Page)))
            // A link could lead anywhere on the machine.
            .Where(file => file.Exists && file.LinkTarget is null && file.Directory!.LinkTarget is null)
            .Select(file => new ReportEntry(
                file.Directory!.Name, new DateTimeOffset(file.LastWriteTimeUtc), file.Length, Head(file.Directory!)))
            .OrderByDescending(report => report.Written).ThenBy(report => report.Name, StringComparer.Ordinal)
            .ToList();

    private static ReportHeadline? Head(DirectoryInfo folder)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, Data));
        if (!file.Exists || file.LinkTarget is not null || file.Length > MaxData)
            return null;
        // The operator's folder is small; what was replaced there is left behind in memory and is a few hundred bytes.
        return Heads.GetOrAdd((file.FullName, file.LastWriteTimeUtc, file.Length), _ =>
        {
            try
            {
                using var content = file.OpenRead();
                return ReportHeadline.Read(content);
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                return null;
            }
        });
    }

    // The name is compared with those that are there, and is never put into a path as it came.
    private static ReportEntry Find(ServiceSettings settings, string name) =>
        List(settings).FirstOrDefault(report => report.Name == name)
            ?? throw new ProblemException(Problem.NotFound, "there is no such report");
}
