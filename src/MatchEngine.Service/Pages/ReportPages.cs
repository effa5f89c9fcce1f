using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Pages;

/// <summary>An evaluation report in the folder of reports.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Written">When it was written (UTC).</param>
/// <param name="Bytes">How large the page is.</param>
public sealed record ReportEntry(string Name, DateTimeOffset Written, long Bytes);

/// <summary>The reports.</summary>
/// <param name="Reports">Newest first.</param>
/// <param name="Open">The name of the one that is shown; null for the list.</param>
public sealed record ReportsModel(IReadOnlyList<ReportEntry> Reports, string? Open);

/// <summary>
/// Evaluation reports, as <c>matchengine eval</c> writes them into the folder of reports. A report's page brings its own script: it is
/// shown in a frame that is cut off from the service, without a cookie, a store or a network.
/// </summary>
internal static class ReportPages
{
    private const string Page = "report.html";

    // The drawing library compiles its expressions, hence unsafe-eval; the sandbox gives the page an origin of its own,
    // and default-src leaves it no way out.
    private const string Policy =
        "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; "
            + "font-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/reports", (HttpContext context, ServiceSettings settings) =>
            context.Page<ReportsView, ReportsModel>(new ReportsModel(List(settings), null))).For(Policies.SignedIn);
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
    }

    private static List<ReportEntry> List(ServiceSettings settings) => !Directory.Exists(settings.ReportFolder)
        ? []
        : new DirectoryInfo(settings.ReportFolder).EnumerateDirectories()
            .Select(folder => new FileInfo(Path.Combine(folder.FullName, Page)))
            // A link could lead anywhere on the machine.
            .Where(file => file.Exists && file.LinkTarget is null && file.Directory!.LinkTarget is null)
            .Select(file => new ReportEntry(file.Directory!.Name, new DateTimeOffset(file.LastWriteTimeUtc), file.Length))
            .OrderByDescending(report => report.Written).ThenBy(report => report.Name, StringComparer.Ordinal)
            .ToList();

    // The name is compared with those that are there, and is never put into a path as it came.
    private static ReportEntry Find(ServiceSettings settings, string name) =>
        List(settings).FirstOrDefault(report => report.Name == name)
            ?? throw new ProblemException(Problem.NotFound, "there is no such report");
}
