using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>A page of the audit log.</summary>
/// <param name="Page">The events.</param>
/// <param name="Filter">Which events were asked for.</param>
/// <param name="OldestFirst">Whether they stand in the order of writing.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="More">The address of the next page; null at the end.</param>
/// <param name="Check">What came of checking the chain; null when it was not asked for.</param>
public sealed record AuditModel(
    AuditPage Page, AuditFilter Filter, bool OldestFirst, IReadOnlyDictionary<string, string> Names,
    string? More, AuditVerificationResponse? Check);

/// <summary>The audit log, for auditors.</summary>
internal static class AuditPages
{
    private const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/audit", (
                string? kind, string? actor, string? organisation, string? gallery, string? since, string? until, long? after,
                bool? oldestFirst, HttpContext context, AuditLog log, Accounts accounts) =>
            context.Page<AuditView, AuditModel>(
                Read(kind, actor, organisation, gallery, since, until, after, oldestFirst ?? false, context, log, accounts, null)))
            .For(Policies.Audit);
        // A check reads the whole log: a form's work, not a link's.
        pages.MapPost("/audit", async (HttpContext context, AuditLog log, Accounts accounts) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var check = await AuditResource.Verify(form.Text("head"), context, log);
                return context.WantsFragment()
                    ? context.Page<AuditCheckPart, AuditVerificationResponse>(check)
                    : context.Page<AuditView, AuditModel>(
                        Read(null, null, null, null, null, null, null, false, context, log, accounts, check));
            })
            .For(Policies.Audit);
    }

    private static AuditModel Read(
        string? kind, string? actor, string? organisation, string? gallery, string? since, string? until, long? after, bool oldestFirst,
        HttpContext context, AuditLog log, Accounts accounts, AuditVerificationResponse? check)
    {
        var names = accounts.Names();
        // People know names; the log knows ids.
        var account = names.FirstOrDefault(pair => string.Equals(pair.Value, actor?.Trim(), StringComparison.OrdinalIgnoreCase)).Key
            ?? Given(actor);
        var filter = new AuditFilter
        {
            Kind = Given(kind),
            Actor = account,
            Organisation = Given(organisation),
            Gallery = Given(gallery),
            Since = Day(since),
            Until = Day(until)?.AddDays(1),
        };
        var page = AuditResource.Read(filter, after ?? 0, PageSize, !oldestFirst, log);
        var more = page.Next is { } next
            ? "/audit" + QueryString.Create([
                .. context.Request.Query.Where(pair => pair.Key is not ("after" or "done"))
                    .Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)),
                KeyValuePair.Create("after", (string?)next.ToString(System.Globalization.CultureInfo.InvariantCulture))])
            : null;
        return new AuditModel(page, filter with { Actor = Given(actor) }, oldestFirst, names, more, check);
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateTimeOffset? Day(string? text) => Given(text) is not { } day
        ? null
        : DateOnly.TryParseExact(day, "yyyy-MM-dd", out var date)
            ? new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero)
            : throw new ProblemException(Problem.BadValue, "a day is written like 2026-01-31");
}
